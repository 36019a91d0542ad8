/* SPDX-License-Identifier: Apache-2.0 */
/* The command map: documents in, documents out, what did not go on stderr. */
#include "host/lane.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "conv/ids.h"

enum { IDS_BYTES_MAX = 512 * 1024 * 1024, JOBS_MAX = 256 };

struct map_args {
    const char *words[2];       /* map, file */
    size_t n_words;
    const char *from, *out, *trace, *ids, *limit, *jobs;
    bool pretty, show_personal, help;
};

/* --- arguments --- */

static const char usage[] =
    "usage: %s map MAP --from SYSTEM [OPTION…] [FILE]\n\n"
    "Maps every document of FILE (standard input) and writes the results to\n"
    "standard output.\n\n"
    "      --from SYSTEM    where the documents come from\n"
    "  -o, --output FILE    write there; complete or not at all\n"
    "      --pretty         with line breaks and indentation\n"
    "      --trace FIELD    show on stderr how each value of FIELD comes about\n"
    "      --ids FILE       IDs of both sides: CSV with map, left, right\n"
    "      --limit BYTES    largest document (64 MB)\n"
    "  -j, --jobs N         work on N documents' parts of the stream at a time\n"
    "                       (1); 0: as many as there are processors\n"
    "      --show-personal  personal values are shown in messages\n";

static bool
find_map(struct host_mapping *m, const char *name)
{
    const struct mr_program *p = m->h->program;

    for (uint16_t i = 0; i < p->n_maps; i++)
        if (strcmp(p->maps[i]->name, name) == 0)
            m->map = p->maps[i];
    if (m->map != NULL)
        return true;
    fprintf(stderr, "%s map: there is no map %s", m->h->name, name);
    for (uint16_t i = 0; i < p->n_maps; i++)
        if (host_closest(name, &p->maps[i]->name, 1) != NULL) {
            fprintf(stderr, "; did you mean %s?", p->maps[i]->name);
            break;
        }
    fprintf(stderr, "\nMaps:");
    for (uint16_t i = 0; i < p->n_maps; i++)
        fprintf(stderr, " %s", p->maps[i]->name);
    fputc('\n', stderr);
    return false;
}

static bool
find_flow(struct host_mapping *m, const char *from)
{
    bool left, right;

    if (from == NULL) {
        fprintf(stderr, "%s map: say where the documents come from: --from %s "
                "or --from %s\n", m->h->name, m->map->left, m->map->right);
        return false;
    }
    left = strcmp(from, m->map->left) == 0;
    right = strcmp(from, m->map->right) == 0;
    if (!left && !right) {
        fprintf(stderr, "%s map: %s is between %s and %s, there is no %s\n",
                m->h->name, m->map->name, m->map->left, m->map->right, from);
        return false;
    }
    m->flow = left ? m->map->to_right : m->map->to_left;
    m->from = left ? HOST_LEFT : HOST_RIGHT;
    m->to = left ? HOST_RIGHT : HOST_LEFT;
    if (m->flow == NULL) {
        fprintf(stderr, "%s map: %s has no rules from %s to %s\n", m->h->name,
                m->map->name, from, left ? m->map->right : m->map->left);
        return false;
    }
    return true;
}

static bool
read_args(const struct host *h, int argc, char **argv, struct map_args *a)
{
    const struct host_option options[] = {
        { "--from", NULL, NULL, &a->from },
        { "--output", "-o", NULL, &a->out },
        { "--pretty", NULL, &a->pretty, NULL },
        { "--trace", NULL, NULL, &a->trace },
        { "--show-personal", NULL, &a->show_personal, NULL },
        { "--ids", NULL, NULL, &a->ids },
        { "--limit", NULL, NULL, &a->limit },
        { "--jobs", "-j", NULL, &a->jobs },
        { "--help", "-h", &a->help, NULL },
    };

    return host_args(h, "map", argc, argv, options,
                     sizeof options / sizeof options[0], a->words, 2,
                     &a->n_words);
}

static bool
read_numbers(const struct host *h, const struct map_args *a,
             struct host_mapping *m, unsigned *jobs)
{
    uint64_t limit = MR_DOCUMENT_MAX, n = 1;

    if ((a->limit != NULL &&
         !host_number(h, "--limit", a->limit, UINT32_MAX / 2, &limit)) ||
        (a->jobs != NULL && !host_number(h, "--jobs", a->jobs, JOBS_MAX, &n)))
        return false;
    m->limit = (size_t)limit;
    if (n == 0) {
        long found = sysconf(_SC_NPROCESSORS_ONLN);

        n = found < 1 ? 1 : found > JOBS_MAX ? JOBS_MAX : (uint64_t)found;
    }
    *jobs = (unsigned)n;
    return true;
}

static bool
choose(struct host_mapping *m, const struct map_args *a, unsigned *jobs)
{
    if (a->n_words == 0) {
        fprintf(stderr, "%s map: which map? See %s map --help\n", m->h->name,
                m->h->name);
        return false;
    }
    if (!find_map(m, a->words[0]) || !find_flow(m, a->from) ||
        !read_numbers(m->h, a, m, jobs))
        return false;
    if (a->trace == NULL)
        return true;
    *jobs = 1;              /* it is read by people, in order */
    return host_trace_init(m->h, &m->trace, m->flow, a->trace);
}

/* --- opening and closing --- */

static int
complain(const struct host_mapping *m, const char *path, int code)
{
    fprintf(stderr, "%s map: %s: %s\n", m->h->name, path, strerror(errno));
    return code;
}

static int
load_ids(struct host_mapping *m, struct mr_cx *cx, FILE *f)
{
    char *text = NULL;
    size_t n = 0, room = 0, valid;
    enum mr_status st = MR_OK;

    for (;;) {
        if (n == room) {
            char *grown;

            room = room == 0 ? 65536 : room * 2;
            grown = room > IDS_BYTES_MAX ? NULL
                                         : mr_resize(cx, text, room);
            if (grown == NULL) {
                st = mr_fail(cx, MR_ELIMIT, "the ID map is too large");
                break;
            }
            text = grown;
        }
        size_t got = fread(text + n, 1, room - n, f);
        n += got;
        if (got == 0)
            break;
    }
    if (st == MR_OK && ferror(f))
        st = mr_fail(cx, MR_EREAD, "the ID map can't be read");
    /* What is found in it is written as it stands. */
    if (st == MR_OK && (valid = mr_utf8_valid(text, n)) != n)
        st = mr_fail(cx, MR_EFORMAT, "the ID map is not UTF-8 at byte %zu",
                     valid);
    m->ids = st == MR_OK ? mr_ids_new(cx) : NULL;
    if (m->ids != NULL)
        st = mr_ids_load(cx, m->ids, text, n);
    mr_resize(cx, text, 0);
    if (m->ids != NULL && st == MR_OK)
        return HOST_OK;
    host_report_error(m->h, &cx->error);
    return cx->error.status == MR_EMEMORY ? HOST_INTERNAL : HOST_USAGE;
}

static int
open_ids(struct host_mapping *m, const char *path, struct mr_cx *cx)
{
    FILE *f;
    int code;

    if (path == NULL)
        return HOST_OK;
    f = fopen(path, "rb");
    if (f == NULL)
        return complain(m, path, HOST_USAGE);
    code = load_ids(m, cx, f);
    fclose(f);
    return code;
}

/* Output that is named appears under its name when it is complete. */
static bool
new_name(const struct map_args *a, char *name, size_t room)
{
    int n = snprintf(name, room, "%s.new", a->out);

    return n > 0 && (size_t)n < room;
}

static int
open_files(struct host_mapping *m, const struct map_args *a)
{
    char name[4096];

    if (a->n_words == 2 && strcmp(a->words[1], "-") != 0) {
        m->in_fd = open(a->words[1], O_RDONLY | O_CLOEXEC);
        if (m->in_fd < 0)
            return complain(m, a->words[1], HOST_INPUT);
    }
    mr_widen_pipe(m->in_fd);
    if (a->out == NULL)
        return HOST_OK;
    errno = ENAMETOOLONG;
    if (new_name(a, name, sizeof name))
        m->out_fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    else
        m->out_fd = -1;
    return m->out_fd < 0 ? complain(m, a->out, HOST_OUTPUT) : HOST_OK;
}

static int
close_output(struct host_mapping *m, const struct map_args *a, int code)
{
    char name[4096];

    if (a->out == NULL || m->out_fd < 0)
        return code;
    new_name(a, name, sizeof name);
    if (close(m->out_fd) != 0 && code != HOST_OUTPUT)
        code = complain(m, a->out, HOST_OUTPUT);
    if (code != HOST_OUTPUT && code != HOST_INTERNAL) {
        if (rename(name, a->out) == 0)
            return code;
        code = complain(m, a->out, HOST_OUTPUT);
    }
    unlink(name);
    return code;
}

/* --- documents --- */

static int
code_of(enum mr_status st)
{
    switch (st) {
    case MR_OK:
    case MR_END:
        return HOST_OK;
    case MR_EFORMAT:
    case MR_ELIMIT:
    case MR_EREAD:
        return HOST_INPUT;
    case MR_EWRITE:
        return HOST_OUTPUT;
    case MR_EMEMORY:
    case MR_EUSAGE:
        return HOST_INTERNAL;
    }
    return HOST_INTERNAL;
}

static void
summary(const struct host_counts *c)
{
    if (c->held + c->left_out + c->refused == 0 && !isatty(2))
        return;
    fprintf(stderr, "%llu document%s: %llu mapped, %llu parked or rejected, "
            "%llu left out, %llu refused\n",
            (unsigned long long)c->documents, c->documents == 1 ? "" : "s",
            (unsigned long long)c->mapped,
            (unsigned long long)c->held, (unsigned long long)c->left_out,
            (unsigned long long)c->refused);
}

/* Tells how the stream ended, ends what was written. */
static int
end_stream(struct host_lane *lane, const struct host_counts *c,
           enum mr_status st)
{
    struct mr_error *e = &lane->cx.error;
    int code = code_of(st);
    enum mr_status ended;

    host_part_error(&lane->part, e);
    if (code != HOST_OK)
        host_report_error(lane->m->h, e);
    if (code == HOST_OK || code == HOST_INPUT) {
        e->status = MR_OK;
        ended = mr_writer_end(&lane->cx, &lane->writer);
        if (ended != MR_OK) {
            code = code_of(ended);
            host_report_error(lane->m->h, e);
        }
    }
    summary(c);
    if (code != HOST_OK)
        return code;
    return c->refused > 0 ? HOST_INPUT : c->held > 0 ? HOST_HELD : HOST_OK;
}

static int
map_stream(struct host_lane *first, unsigned n_jobs)
{
    struct host_jobs *jobs = n_jobs > 1 ? host_jobs_new(first, n_jobs) : NULL;
    struct host_lane *last = first;
    struct host_counts counts;
    enum mr_status st;
    int code;

    do
        st = host_lane_next(first);
    while (st == MR_OK && (jobs == NULL || !host_jobs_ready(jobs)));
    counts = first->counts;
    if (st == MR_OK)
        st = host_jobs_run(jobs, &last, &counts);
    code = end_stream(last, &counts, st);
    if (jobs != NULL)
        host_jobs_free(jobs);
    return code;
}

static int
map_files(struct host_mapping *m, const struct map_args *a, unsigned n_jobs)
{
    int code = open_files(m, a);

    if (code == HOST_OK) {
        struct host_lane lane;

        if (host_lane_init(&lane, m) == MR_OK) {
            code = map_stream(&lane, n_jobs);
        } else {
            host_report_error(m->h, &lane.cx.error);
            code = HOST_INTERNAL;
        }
        host_lane_done(&lane);
        code = close_output(m, a, code);
    }
    if (m->in_fd > 0)
        close(m->in_fd);
    return code;
}

int
host_map(const struct host *h, int argc, char **argv)
{
    struct map_args args = { 0 };
    struct host_mapping m = { .h = h, .in_fd = 0, .out_fd = 1,
                              .stop_fd = -1 };
    struct mr_cx cx;
    unsigned n_jobs;
    int code;

    if (!read_args(h, argc, argv, &args))
        return HOST_USAGE;
    if (args.help) {
        printf(usage, h->name);
        return HOST_OK;
    }
    if (!choose(&m, &args, &n_jobs))
        return HOST_USAGE;
    m.pretty = args.pretty;
    m.show_personal = args.show_personal;
    mr_cx_init(&cx, NULL);
    code = open_ids(&m, args.ids, &cx);
    if (code == HOST_OK)
        code = map_files(&m, &args, n_jobs);
    mr_ids_free(&cx, m.ids);
    mr_cx_done(&cx);
    return code;
}
