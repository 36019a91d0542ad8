/* SPDX-License-Identifier: Apache-2.0 */
/* Two programs are built, and every file goes through both. */
#include "driver/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/build.h"

enum { FILE_MOST = SOURCE_MAX_BYTES };

struct work {
    struct session *session;
    const struct replay_request *request;
    const struct tmap *map;
    const char *folder;
    const char *program[2];     /* as it was, as it is */
    const char *out[2];
    enum mapc_exit *code;
    struct replay *replay;
};

static bool
fail(struct work *w, enum mapc_exit code)
{
    *w->code = code;
    return false;
}

/* --- which map, from where --- */

static const struct tmap *
find_map(const struct tprogram *p, const struct replay_request *r)
{
    const struct tmap *found = NULL;
    size_t n = 0;

    for (size_t i = 0; i < p->maps.n; i++) {
        const struct tmap *m = p->maps.at[i];

        if (m->call != NULL ||
            (r->map != NULL && strcmp(m->name, r->map) != 0))
            continue;
        found = m;
        n++;
    }
    if (n == 1)
        return found;
    fprintf(stderr, "mapc upgrade: which map do the documents take? Say it "
            "with --map:");
    for (size_t i = 0; i < p->maps.n; i++)
        if (p->maps.at[i]->call == NULL)
            fprintf(stderr, " %s", p->maps.at[i]->name);
    fputc('\n', stderr);
    return NULL;
}

static bool
is_xml(const struct tsystem *s)
{
    return s->protocol == PROTOCOL_IDOC || s->protocol == PROTOCOL_XML;
}

/* The side that sent a file: as said, else by how the file begins. */
static bool
find_side(struct work *w, const char *path, const struct source *src,
          enum side *side)
{
    const char *sender = w->request->sender;
    const char *p = src->bytes;
    bool fits[2];

    p += strncmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    p += strspn(p, " \t\r\n");
    for (int i = LEFT; i <= RIGHT; i++)
        fits[i] = sender != NULL
                      ? strcmp(w->map->systems[i]->name, sender) == 0
                      : is_xml(w->map->systems[i]) == (*p == '<');
    if (fits[LEFT] != fits[RIGHT]) {
        *side = fits[LEFT] ? LEFT : RIGHT;
        return true;
    }
    fprintf(stderr, "mapc upgrade: which system sent %s? Say it with "
            "--sender: %s or %s\n", path, w->map->systems[LEFT]->name,
            w->map->systems[RIGHT]->name);
    return fail(w, MAPC_USAGE);
}

/* --- programs --- */

static bool
build(struct work *w, const struct tprogram *p, int i)
{
    struct session *s = w->session;
    struct diags *diags = diags_new(s->arena);
    struct plan *plan = plan_lower(s->arena, diags, (struct tprogram *)p);
    struct build_options options = { .out = w->program[i] };

    if (diags_errors(diags) == 0)
        plan_verify(plan, diags);
    if (diags_errors(diags) > 0) {
        s->diags = diags;
        session_report(s, stderr);
        return fail(w, MAPC_FINDINGS);
    }
    enum build_exit built = build_program(s->arena, plan, &options, stderr);
    return built == BUILD_OK || fail(w, (enum mapc_exit)built);
}

/* What it says is not shown: that a document is parked shows in what comes
 * out. */
static void
be_quiet(void)
{
    int null = open("/dev/null", O_WRONLY);

    if (null < 0)
        return;
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
}

static bool
run(struct work *w, int i, enum side from, const char *path)
{
    const char *const argv[] = {
        w->program[i], "map", w->map->name, "--from",
        w->map->systems[from]->name, "--output", w->out[i], path, NULL
    };
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        be_quiet();
        execv(w->program[i], (char *const *)argv);
        _exit(127);
    }
    if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
        WEXITSTATUS(status) <= 1 && access(w->out[i], R_OK) == 0)
        return true;
    fprintf(stderr, "mapc upgrade: %s is not mapped by the program with the "
            "package as it %s; try it with `map`\n", path,
            i == 0 ? "was" : "is");
    return fail(w, MAPC_FINDINGS);
}

static bool
read_out(struct work *w, const char *path, struct replay_text *text)
{
    FILE *f = fopen(path, "rb");
    char *p = NULL;
    long n = -1;

    if (f != NULL && fseek(f, 0, SEEK_END) == 0)
        n = ftell(f);
    if (n >= 0 && n <= FILE_MOST) {
        p = arena_alloc(w->session->arena, (size_t)n + 1);
        rewind(f);
        text->n = fread(p, 1, (size_t)n, f);
        p[text->n] = '\0';
    }
    if (f != NULL)
        fclose(f);
    text->p = p;
    if (p == NULL)
        fprintf(stderr, "mapc upgrade: %s: it can't be read, or is larger "
                "than 64 MB\n", path);
    return p != NULL || fail(w, MAPC_UNWRITTEN);
}

/* --- what documents are known by, and what is personal --- */

static void
add_names(struct work *w, const struct trule *r, enum side to,
          text_vec *names)
{
    for (size_t i = 0; i < r->fields[to].n; i++) {
        const struct tpath *p = r->fields[to].at[i];

        vec_push(w->session->arena, names,
                 p->hops.at[p->hops.n - 1].member->name);
    }
}

static void
add_level(struct work *w, const struct tlevel *l, enum side to,
          struct replay_shape *shape)
{
    for (size_t i = 0; i < l->rules.n; i++) {
        if (l->rules.at[i]->personal)
            add_names(w, l->rules.at[i], to, &shape->personal);
        if (l->rules.at[i]->key && l->outer == NULL)
            add_names(w, l->rules.at[i], to, &shape->keys);
    }
    for (size_t i = 0; i < l->levels.n; i++)
        add_level(w, l->levels.at[i], to, shape);
}

/* Fields that the target's system calls personal. */
static void
add_personal(struct work *w, const struct tsystem *s,
             struct replay_shape *shape)
{
    for (size_t i = 0; i < s->ast->options.n; i++) {
        const struct system_option *o = s->ast->options.at[i];

        for (size_t k = 0; o->kind == SYSTEM_PERSONAL && k < o->fields.n;
             k++) {
            const struct expr *e = o->fields.at[k];

            if (e->kind == EXPR_PATH)
                vec_push(w->session->arena, &shape->personal,
                         e->u.path.steps.at[e->u.path.steps.n - 1].name.text);
        }
    }
}

static bool
replay_file(struct work *w, const char *path)
{
    const struct source *src = source_load(w->session->sources, path);
    struct replay_shape shape = { { 0 }, { 0 } };
    struct replay_text text[2];
    char *absolute;
    enum side from;
    bool ran = true;

    if (src == NULL) {
        fprintf(stderr, "mapc upgrade: %s: %s\n", path, strerror(errno));
        return fail(w, MAPC_UNWRITTEN);
    }
    if (!find_side(w, path, src, &from))
        return false;
    enum side to = from == LEFT ? RIGHT : LEFT;
    absolute = realpath(path, NULL);
    for (int i = 0; i < 2 && ran; i++)
        ran = run(w, i, from, absolute != NULL ? absolute : path) &&
              read_out(w, w->out[i], &text[i]);
    free(absolute);
    if (!ran)
        return false;
    add_level(w, w->map->root, to, &shape);
    add_personal(w, w->map->systems[to], &shape);
    if (w->request->show_personal)
        shape.personal.n = 0;
    if (replay_compare(w->session, w->replay, &shape,
                       w->map->systems[to]->protocol, text[0], text[1]))
        return true;
    fprintf(stderr, "mapc upgrade: what comes out for %s can't be compared\n",
            path);
    return fail(w, MAPC_INTERNAL);
}

/* --- all of it --- */

static void
clean(struct work *w)
{
    for (int i = 0; i < 2; i++) {
        unlink(w->program[i]);
        unlink(w->out[i]);
    }
    rmdir(w->folder);
}

static bool
make_folder(struct work *w)
{
    struct arena *a = w->session->arena;
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(a, "%s/mapc-upgrade-XXXXXX",
                                tmp != NULL && *tmp != '\0' ? tmp : "/tmp");

    if (mkdtemp(folder) == NULL) {
        fprintf(stderr, "mapc upgrade: %s: %s\n", folder, strerror(errno));
        return fail(w, MAPC_UNWRITTEN);
    }
    w->folder = folder;
    for (int i = 0; i < 2; i++) {
        w->program[i] = arena_printf(a, "%s/%s", folder,
                                     i == 0 ? "was" : "is");
        w->out[i] = arena_printf(a, "%s.out", w->program[i]);
    }
    return true;
}

const struct replay *
replay_run(struct session *s, const struct tprogram *was,
           const struct tprogram *is, const struct replay_request *r,
           enum mapc_exit *code)
{
    struct work w = {
        .session = s, .request = r, .code = code,
        .replay = arena_alloc(s->arena, sizeof *w.replay)
    };

    *code = MAPC_USAGE;
    w.map = find_map(is, r);
    if (w.map == NULL || find_map(was, r) == NULL || !make_folder(&w))
        return NULL;
    bool ok = build(&w, was, 0) && build(&w, is, 1);
    for (size_t i = 0; i < r->files.n && ok; i++)
        ok = replay_file(&w, r->files.at[i]);
    clean(&w);
    if (ok)
        *code = MAPC_OK;
    return ok ? w.replay : NULL;
}
