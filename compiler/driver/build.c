/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the C files, each whole or not at all and only where it changed, and
 * runs the C compiler once over all of them. The program appears under its
 * name when it is complete.
 */
#include "driver/build.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"
#include "driver/version.h"
#include "emit/emit.h"

extern char **environ;

typedef VEC(const char *) word_vec;

struct build {
    struct arena *arena;
    const struct plan *plan;
    const struct build_options *options;
    FILE *err;
    const char *out, *folder;
    struct emitted_files emitted;
    bool temporary;
};

static void
complain(struct build *b, const char *path)
{
    fprintf(b->err, "mapc: %s: %s\n", path, strerror(errno));
}

/* --- files --- */

static const char *
file_path(struct build *b, const struct emitted *file)
{
    return arena_printf(b->arena, "%s/%s", b->folder, file->name);
}

static bool
is_same(const char *path, const struct emitted *file)
{
    FILE *f = fopen(path, "rb");
    char part[4096];
    size_t at = 0, n;
    bool same = f != NULL;

    while (same && (n = fread(part, 1, sizeof part, f)) > 0) {
        same = at + n <= file->n && memcmp(file->text + at, part, n) == 0;
        at += n;
    }
    if (f != NULL)
        fclose(f);
    return same && at == file->n;
}

static bool
write_file(struct build *b, const struct emitted *file)
{
    const char *path = file_path(b, file);
    const char *new = arena_printf(b->arena, "%s.new", path);
    FILE *f;
    bool ok;

    if (is_same(path, file))
        return true;
    f = fopen(new, "wb");
    if (f == NULL) {
        complain(b, new);
        return false;
    }
    ok = fwrite(file->text, 1, file->n, f) == file->n;
    ok = fclose(f) == 0 && ok;
    ok = ok && rename(new, path) == 0;
    if (!ok) {
        complain(b, path);
        unlink(new);
    }
    return ok;
}

static bool
write_files(struct build *b)
{
    if (!b->temporary && mkdir(b->folder, 0777) != 0 && errno != EEXIST) {
        complain(b, b->folder);
        return false;
    }
    for (size_t i = 0; i < b->emitted.files.n; i++)
        if (!write_file(b, &b->emitted.files.at[i]))
            return false;
    return true;
}

static void
remove_files(struct build *b)
{
    for (size_t i = 0; i < b->emitted.files.n; i++)
        unlink(file_path(b, &b->emitted.files.at[i]));
    rmdir(b->folder);
}

/* --- where to --- */

/* Behind a path that starts with a dash the C compiler would see an option. */
static const char *
no_option(struct build *b, const char *path)
{
    return *path == '-' ? arena_printf(b->arena, "./%s", path) : path;
}

static uint64_t
file_hash(struct build *b, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct buf text;
    char part[4096];
    size_t n;

    buf_init(&text, b->arena);
    while (f != NULL && (n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&text, part, n);
    if (f != NULL)
        fclose(f);
    return hash_fnv1a(text.at, text.n);
}

/* Would the program take the place of a map, table or schema it is made of? */
static bool
replaces_source(struct build *b)
{
    const char *slash = strrchr(b->out, '/');
    const char *name = slash == NULL ? b->out : slash + 1;

    for (size_t i = 0; i < b->plan->sources.n; i++) {
        const struct psource *s = &b->plan->sources.at[i];

        if (strcmp(s->name, name) != 0 || file_hash(b, b->out) != s->hash)
            continue;
        fprintf(b->err, "mapc: %s is what the program is made of; name "
                "another file with -o\n", b->out);
        return true;
    }
    return false;
}

/* Known before the C compiler has run for nothing, and said by its name. */
static bool
can_be_written(struct build *b, const char *path)
{
    FILE *f = fopen(path, "wb");

    if (f == NULL) {
        complain(b, path);
        return false;
    }
    fclose(f);
    unlink(path);
    return true;
}

static bool
choose_folder(struct build *b)
{
    const char *tmp = getenv("TMPDIR");
    char *made;

    if (b->options->folder != NULL) {
        b->folder = no_option(b, b->options->folder);
        return true;
    }
    if (b->options->keep || b->options->emit_c_only) {
        b->folder = arena_printf(b->arena, "%s.c.d", b->out);
        return true;
    }
    made = arena_printf(b->arena, "%s/mapc-XXXXXX",
                        tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
    if (mkdtemp(made) == NULL) {
        complain(b, made);
        return false;
    }
    b->folder = made;
    b->temporary = true;
    return true;
}

/* --- what is linked with --- */

static const char *
own_folder(struct build *b)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    char *slash;

    if (n <= 0)
        return NULL;
    path[n] = '\0';
    slash = strrchr(path, '/');
    return slash == NULL ? NULL
                         : arena_copy(b->arena, path, (size_t)(slash - path));
}

/* The first of the folders below which `file` is there. */
static const char *
find_below(struct build *b, const char *const *home, const char *const *own,
           const char *file)
{
    const char *roots[] = { getenv("MAPC_HOME"), own_folder(b) };
    const char *const *places[] = { home, own };

    for (size_t r = 0; r < 2; r++) {
        if (roots[r] == NULL || *roots[r] == '\0')
            continue;
        for (const char *const *p = places[r]; *p != NULL; p++) {
            const char *dir =
                arena_printf(b->arena, "%s%s", roots[r], *p);

            if (access(arena_printf(b->arena, "%s/%s", dir, file), R_OK) == 0)
                return dir;
        }
    }
    return NULL;
}

/* Behind MAPC_HOME; else behind the folder of mapc: in a source tree, then
 * where `make install` puts things. */
static const char *
find_headers(struct build *b)
{
    static const char *const home[] = { "/include", "/runtime/include", NULL };
    static const char *const own[] = { "/../../runtime/include",
                                       "/../include", NULL };

    return find_below(b, home, own, "mr/gen.h");
}

static const char *
find_library(struct build *b)
{
    static const char *const home[] = { "", "/lib", NULL };
    static const char *const own[] = { "", "/../lib", NULL };
    const char *dir = find_below(b, home, own, "libmaprt.a");

    return dir == NULL ? NULL
                       : arena_printf(b->arena, "%s/libmaprt.a", dir);
}

/* --- the C compiler --- */

static void
add_words(struct build *b, word_vec *words, const char *text)
{
    while (*text != '\0') {
        size_t n = strcspn(text, " \t\n");

        if (n > 0)
            vec_push(b->arena, words,
                     (const char *)arena_copy(b->arena, text, n));
        text += n;
        text += strspn(text, " \t\n");
    }
}

static const char *
environment(const char *name, const char *otherwise)
{
    const char *value = getenv(name);

    return value != NULL && value[strspn(value, " \t\n")] != '\0' ? value
                                                                  : otherwise;
}

static void
make_command(struct build *b, const char *headers, const char *library,
             const char *out, word_vec *words)
{
    add_words(b, words, environment("CC", "cc"));
    add_words(b, words, "-std=c11 -O2 -Wall -Wextra -Werror");
    vec_push(b->arena, words,
             (const char *)arena_printf(b->arena, "-I%s", headers));
    for (size_t i = 0; i < b->emitted.files.n; i++) {
        const struct emitted *file = &b->emitted.files.at[i];

        if (file->name[strlen(file->name) - 1] == 'c')
            vec_push(b->arena, words, file_path(b, file));
    }
    vec_push(b->arena, words, "-o");
    vec_push(b->arena, words, out);
    vec_push(b->arena, words, library);
    /* A program that only maps needs the first one and starts without the
     * others. */
    add_words(b, words, "-Wl,--as-needed -lpcre2-8 -lcurl -lsqlite3 "
              "-lmicrohttpd -lgnutls -lsodium -ljansson");
}

static void
show_command(struct build *b, const word_vec *words)
{
    for (size_t i = 0; i < words->n; i++)
        fprintf(b->err, "%s%s", i == 0 ? "" : " ", words->at[i]);
    fputc('\n', b->err);
    fflush(b->err);
}

static enum build_exit
run(struct build *b, word_vec *words)
{
    posix_spawn_file_actions_t actions;
    int failed, status = 0;
    pid_t pid;

    vec_push(b->arena, words, NULL);
    fflush(b->err);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(b->err), 1);
    posix_spawn_file_actions_adddup2(&actions, fileno(b->err), 2);
    failed = posix_spawnp(&pid, words->at[0], &actions, NULL,
                          (char *const *)(const void *)words->at, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        fprintf(b->err,
                "mapc: the C compiler %s can't be run: %s; install gcc, or "
                "name another one in CC\n", words->at[0], strerror(failed));
        return BUILD_COMPILER;
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return BUILD_COMPILER;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? BUILD_OK
                                                         : BUILD_COMPILER;
}

static enum build_exit
compile(struct build *b)
{
    const char *headers = find_headers(b), *library = find_library(b);
    const char *new = arena_printf(b->arena, "%s.new", b->out);
    word_vec words = { 0 };
    enum build_exit done;

    if (headers == NULL || library == NULL) {
        fprintf(b->err,
                "mapc: %s not found beside mapc; set MAPC_HOME to where mapc "
                "was installed or built\n",
                headers == NULL ? "the runtime's headers (mr/gen.h)"
                                : "libmaprt.a");
        return BUILD_USAGE;
    }
    if (!can_be_written(b, new))
        return BUILD_UNWRITTEN;
    make_command(b, headers, library, new, &words);
    if (b->options->verbose)
        show_command(b, &words);
    done = run(b, &words);
    if (done != BUILD_OK) {
        unlink(new);
        fprintf(b->err,
                "mapc: the C compiler failed. The C code is mapc's, so this "
                "is not a mistake in the\nmap: are the libraries that the README "
                "names installed, and does CC name a C11\ncompiler?\n");
        return done;
    }
    if (rename(new, b->out) != 0) {
        complain(b, b->out);
        unlink(new);
        return BUILD_UNWRITTEN;
    }
    return BUILD_OK;
}

enum build_exit
build_program(struct arena *a, const struct plan *plan,
              const struct build_options *options, FILE *err)
{
    struct build b = { .arena = a, .plan = plan, .options = options,
                       .err = err };
    enum build_exit done = BUILD_OK;

    b.out = no_option(&b, options->out != NULL ? options->out : plan->c_name);
    if (!options->emit_c_only && replaces_source(&b))
        return BUILD_USAGE;
    emit_program(a, plan, MAPC_VERSION_TEXT, &b.emitted);
    if (!choose_folder(&b))
        return BUILD_UNWRITTEN;
    if (!write_files(&b))
        done = BUILD_UNWRITTEN;
    else if (!options->emit_c_only)
        done = compile(&b);
    if (b.temporary)
        remove_files(&b);
    return done;
}
