/* SPDX-License-Identifier: Apache-2.0 */
/* The command map: documents in, documents out, what did not go on stderr. */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "codec/codec.h"
#include "conv/ids.h"

enum { IDS_BYTES_MAX = 512 * 1024 * 1024 };

struct map_args {
    const char *words[2];       /* map, file */
    size_t n_words;
    const char *from, *out, *trace, *ids, *limit;
    bool pretty, show_personal, help;
};

struct mapping {
    const struct host *h;
    const struct map_args *args;
    const struct mr_map *map;
    const struct mr_flow *flow;
    int from, to;               /* slots */
    int in_fd, out_fd;
    struct mr_cx cx;
    struct host_frame frame;
    struct mr_input in;
    struct mr_output out;
    struct mr_reader reader;
    struct mr_writer writer;
    struct host_trace trace;
    struct mr_ids *ids;
    uint64_t documents, mapped, held, left_out, refused;
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
    "      --show-personal  personal values are shown in messages\n";

static bool
find_map(struct mapping *m, const char *name)
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
find_flow(struct mapping *m, const char *from)
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
        { "--help", "-h", &a->help, NULL },
    };

    return host_args(h, "map", argc, argv, options,
                     sizeof options / sizeof options[0], a->words, 2,
                     &a->n_words);
}

static bool
choose(struct mapping *m)
{
    const struct map_args *a = m->args;
    uint64_t limit;

    if (a->n_words == 0) {
        fprintf(stderr, "%s map: which map? See %s map --help\n", m->h->name,
                m->h->name);
        return false;
    }
    if (!find_map(m, a->words[0]) || !find_flow(m, a->from))
        return false;
    if (a->limit != NULL) {
        if (!host_number(m->h, "--limit", a->limit, UINT32_MAX / 2, &limit))
            return false;
        m->in.limit = (size_t)limit;
    }
    return a->trace == NULL ||
           host_trace_init(m->h, &m->trace, m->flow, a->trace);
}

/* --- opening and closing --- */

static int
complain(const struct mapping *m, const char *path, int code)
{
    fprintf(stderr, "%s map: %s: %s\n", m->h->name, path, strerror(errno));
    return code;
}

static int
load_ids(struct mapping *m, FILE *f)
{
    char *text = NULL;
    size_t n = 0, room = 0, valid;
    enum mr_status st = MR_OK;

    for (;;) {
        if (n == room) {
            char *grown;

            room = room == 0 ? 65536 : room * 2;
            grown = room > IDS_BYTES_MAX ? NULL
                                         : mr_resize(&m->cx, text, room);
            if (grown == NULL) {
                st = mr_fail(&m->cx, MR_ELIMIT, "the ID map is too large");
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
        st = mr_fail(&m->cx, MR_EREAD, "the ID map can't be read");
    /* What is found in it is written as it stands. */
    if (st == MR_OK && (valid = mr_utf8_valid(text, n)) != n)
        st = mr_fail(&m->cx, MR_EFORMAT, "the ID map is not UTF-8 at byte %zu",
                     valid);
    m->ids = st == MR_OK ? mr_ids_new(&m->cx) : NULL;
    if (m->ids != NULL && mr_ids_load(&m->cx, m->ids, text, n) == MR_OK)
        m->cx.ids = m->ids;
    mr_resize(&m->cx, text, 0);
    if (m->cx.ids != NULL)
        return HOST_OK;
    host_report_error(m->h, &m->cx.error);
    return m->cx.error.status == MR_EMEMORY ? HOST_INTERNAL : HOST_USAGE;
}

static int
open_ids(struct mapping *m)
{
    FILE *f;
    int code;

    if (m->args->ids == NULL)
        return HOST_OK;
    f = fopen(m->args->ids, "rb");
    if (f == NULL)
        return complain(m, m->args->ids, HOST_USAGE);
    code = load_ids(m, f);
    fclose(f);
    return code;
}

/* Output that is named appears under its name when it is complete. */
static bool
new_name(const struct mapping *m, char *name, size_t room)
{
    int n = snprintf(name, room, "%s.new", m->args->out);

    return n > 0 && (size_t)n < room;
}

static int
open_files(struct mapping *m)
{
    const struct map_args *a = m->args;
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
    if (new_name(m, name, sizeof name))
        m->out_fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    else
        m->out_fd = -1;
    return m->out_fd < 0 ? complain(m, a->out, HOST_OUTPUT) : HOST_OK;
}

static int
close_output(struct mapping *m, int code)
{
    char name[4096];

    if (m->args->out == NULL || m->out_fd < 0)
        return code;
    new_name(m, name, sizeof name);
    if (close(m->out_fd) != 0 && code != HOST_OUTPUT)
        code = complain(m, m->args->out, HOST_OUTPUT);
    if (code != HOST_OUTPUT && code != HOST_INTERNAL) {
        if (rename(name, m->args->out) == 0)
            return code;
        code = complain(m, m->args->out, HOST_OUTPUT);
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

/* One record, decoded into the frame: mapped and written, or reported. */
static enum mr_status
map_record(struct mapping *m)
{
    void *frame = m->frame.frame;
    enum mr_status st;

    if (m->flow->takes != NULL && !m->flow->takes(&m->cx, frame) &&
        !m->cx.verdict.parked && !m->cx.verdict.rejected) {
        m->left_out++;
        fprintf(stderr, "document %llu: left out: it does not take part "
                "(where)\n", (unsigned long long)m->documents);
        return m->cx.error.status;
    }
    if (m->cx.verdict.n == 0)
        m->flow->run(&m->cx, frame);
    if (m->cx.error.status != MR_OK)
        return m->cx.error.status;
    if (m->cx.verdict.parked || m->cx.verdict.rejected) {
        m->held++;
        host_report_findings(stderr, m->documents, &m->cx,
                             m->args->show_personal);
        return MR_OK;
    }
    st = mr_writer_put(&m->cx, &m->writer, m->frame.records[m->to]);
    m->mapped += st == MR_OK;
    return st;
}

/* Counts the document that the error is about. */
static void
refuse(struct mapping *m)
{
    m->refused++;
    m->cx.error.document = m->documents;
    host_report_error(m->h, &m->cx.error);
}

/* A document that its format can't write is refused, too: the stream is as
 * it was before it. */
static enum mr_status
map_or_refuse(struct mapping *m)
{
    enum mr_status st = map_record(m);

    if (st != MR_EFORMAT && st != MR_ELIMIT && st != MR_EUSAGE)
        return st;
    refuse(m);
    m->cx.error.status = MR_OK;
    return MR_OK;
}

/* MR_OK: go on. MR_END: the input ends here, all reported. */
static enum mr_status
next_record(struct mapping *m)
{
    enum mr_status st;

    mr_cx_next(&m->cx);
    host_frame_clear(&m->frame);
    st = mr_reader_next(&m->cx, &m->reader, m->frame.records[m->from]);
    if (st == MR_END)
        return st;
    m->documents++;
    m->trace.document = m->documents;
    if (st == MR_OK)
        return map_or_refuse(m);
    if (st != MR_EFORMAT && st != MR_ELIMIT)
        return st;
    refuse(m);
    if (mr_reader_resync(&m->cx, &m->reader))
        return MR_OK;
    /* While looking for the next document, reading itself may have failed. */
    st = m->cx.error.status;
    return st == MR_EREAD || st == MR_EMEMORY ? st : MR_END;
}

static void
summary(const struct mapping *m)
{
    if (m->held + m->left_out + m->refused == 0 && !isatty(2))
        return;
    fprintf(stderr, "%llu document%s: %llu mapped, %llu parked or rejected, "
            "%llu left out, %llu refused\n",
            (unsigned long long)m->documents, m->documents == 1 ? "" : "s",
            (unsigned long long)m->mapped,
            (unsigned long long)m->held, (unsigned long long)m->left_out,
            (unsigned long long)m->refused);
}

static int
run(struct mapping *m)
{
    enum mr_status st = MR_OK, ended;
    int code;

    while (st == MR_OK)
        st = next_record(m);
    code = code_of(st);
    if (code != HOST_OK)
        host_report_error(m->h, &m->cx.error);
    if (code == HOST_OK || code == HOST_INPUT) {
        m->cx.error.status = MR_OK;
        ended = mr_writer_end(&m->cx, &m->writer);
        if (ended != MR_OK) {
            code = code_of(ended);
            host_report_error(m->h, &m->cx.error);
        }
    }
    summary(m);
    if (code != HOST_OK)
        return code;
    return m->refused > 0 ? HOST_INPUT : m->held > 0 ? HOST_HELD : HOST_OK;
}

static int
map_stream(struct mapping *m)
{
    int code;

    if (host_frame_init(&m->cx, &m->frame, m->map) != MR_OK) {
        host_report_error(m->h, &m->cx.error);
        return HOST_INTERNAL;
    }
    mr_reader_init(&m->reader, &m->in, m->flow->from);
    mr_writer_init(&m->writer, &m->out, m->flow->to, m->args->pretty);
    if (m->trace.n_targets > 0) {
        m->trace.frame = m->frame.frame;
        m->trace.show_personal = m->args->show_personal;
        m->cx.trace = &m->trace.hooks;
    }
    code = run(m);
    mr_reader_done(&m->cx, &m->reader);
    host_frame_done(&m->cx, &m->frame);
    return code;
}

int
host_map(const struct host *h, int argc, char **argv)
{
    struct map_args args = { 0 };
    struct mapping m = { .h = h, .args = &args, .in_fd = 0, .out_fd = 1 };
    int code;

    if (!read_args(h, argc, argv, &args))
        return HOST_USAGE;
    if (args.help) {
        printf(usage, h->name);
        return HOST_OK;
    }
    mr_cx_init(&m.cx, NULL);
    mr_input_init(&m.in, mr_read_fd, &m.in_fd);
    mr_output_init(&m.out, mr_write_fd, &m.out_fd);
    code = choose(&m) ? open_ids(&m) : HOST_USAGE;
    if (code == HOST_OK)
        code = open_files(&m);
    if (code == HOST_OK)
        code = close_output(&m, map_stream(&m));
    if (m.in_fd > 0)
        close(m.in_fd);
    mr_ids_free(&m.cx, m.ids);
    mr_output_done(&m.cx, &m.out);
    mr_input_done(&m.cx, &m.in);
    mr_cx_done(&m.cx);
    return code;
}
