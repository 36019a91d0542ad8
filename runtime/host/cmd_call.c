/* SPDX-License-Identifier: Apache-2.0 */
/* The command call: one call, its answer on standard output. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "call/call.h"
#include "call/once.h"
#include "host/call_said.h"
#include "host/call_words.h"
#include "host/called.h"
#include "host/calls.h"
#include "host/clock.h"
#include "host/effects.h"

enum { WAIT_MS = 1000 };

static const char help_text[] =
    "usage: %s call NAME [FILE]\n"
    "\n"
    "Maps one record of the caller to a request, sends it, and prints the\n"
    "answer as a record of the caller. FILE is read, else standard input. What\n"
    "the called system says beside it stands on standard error, or with --json\n"
    "behind the answer.\n"
    "\n"
    "      --request        print the request; send nothing\n"
    "      --json           {\"answer\": {...}, \"messages\": [...]}\n"
    "      --pretty         indented\n"
    "      --show-personal  personal values in messages about rules\n"
    "  -c, --config FILE    the configuration (MAPC_CONFIG, else %s.json)\n"
    "\n"
    "Exit codes: 0 answered, 1 refused by a rule or by the called system, 2 "
    "wrong\nusage, 3 the record can't be read or the called system does not "
    "answer.\n";

struct args {
    const char *words[2];       /* NAME, FILE */
    size_t n;
    const char *config;
    bool request, json, pretty, show_personal, help;
};

/* --- the record --- */

/* Standard input where file is NULL. false after a message. */
static bool
read_all(const struct host *h, struct mr_cx *cx, const char *file, char **p,
         size_t *n)
{
    int fd = file == NULL ? 0 : open(file, O_RDONLY | O_CLOEXEC);
    size_t room = 0;
    ssize_t got = fd < 0 ? -1 : 1;

    *p = NULL;
    *n = 0;
    while (got > 0 && *n <= MR_DOCUMENT_MAX) {
        if (*n == room) {
            char *more = mr_resize(cx, *p, room = room ? 2 * room : 65536);

            if (more == NULL)
                break;
            *p = more;
        }
        got = read(fd, *p + *n, room - *n);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            *n += (size_t)got;
    }
    if (got < 0)
        fprintf(stderr, "%s: %s: %s\n", h->name,
                file == NULL ? "standard input" : file, strerror(errno));
    else if (*n > MR_DOCUMENT_MAX)
        fprintf(stderr, "%s: the record is larger than %d bytes\n", h->name,
                MR_DOCUMENT_MAX);
    else if (got > 0)
        host_report_error(h, &cx->error);
    if (fd > 0)
        close(fd);
    return got == 0;
}

/* --- what came of it --- */

static int
print_answer(const struct host *h, struct calling *q, const struct args *a)
{
    int code = HOST_OK;
    struct mr_output out;

    for (uint32_t i = 0; i < q->n_messages; i++) {
        if (q->messages[i].severity == CALL_ERROR)
            code = HOST_HELD;
        if (!a->json)
            call_say_message(h, &q->messages[i]);
    }
    if (a->json)
        return call_answer_json(stdout, q) ? code : HOST_OUTPUT;
    mr_output_init(&out, NULL, NULL);
    if (calling_write(q, &out, a->pretty) != MR_OK) {
        host_report_error(h, &q->cx.error);
        code = HOST_OUTPUT;
    } else {
        fwrite(out.at, 1, out.n, stdout);
    }
    mr_output_done(&q->cx, &out);
    return code;
}

static int
print_end(const struct host *h, struct calling *q, const struct args *a)
{
    return q->end == CALL_ANSWERED ? print_answer(h, q, a)
                                   : call_say_end(h, q, a->show_personal);
}

/* --- the call --- */

static void
note_done(void *arg, struct calling *q)
{
    (void)q;
    *(bool *)arg = true;
}

/* A record of the caller, and the call that it is for. */
struct asking {
    const struct host *h;
    const struct args *args;
    struct calling q;
    struct once once;
    char *p;
    size_t n;
};

static int
send_to(struct asking *k, struct called_systems *systems,
        struct call_journal *journal)
{
    struct calling *q = &k->q;
    struct called *to = called_find(systems, q->call->to);
    bool done = false;

    q->began = host_ticks();
    if (q->call->n_keys == 0) {
        calling_send(q, to->session, to->system->url, note_done, &done);
    } else {
        once_init(&k->once, q, k->h->program->calls[q->call->find], journal,
                  host_now);
        if (!once_begin(&k->once, k->p, k->n))
            return print_end(k->h, q, k->args);
        once_send(&k->once, to->session, to->system->url, note_done, &done);
    }
    while (!done)
        http_wait(systems->client, WAIT_MS);
    return print_end(k->h, q, k->args);
}

static int
send_it(struct asking *k)
{
    struct config config;
    struct called_systems systems;
    struct call_journal *journal = NULL;
    int code = HOST_USAGE;

    if (config_read(k->h, &config, k->args->config)) {
        code = called_open(&systems, &config, k->q.call->to);
        if (code == HOST_OK && k->q.call->n_keys > 0)
            code = effects_open(k->h, &config, &journal);
        if (code == HOST_OK)
            code = send_to(k, &systems, journal);
        called_close(&systems);
        journal_close(journal);
    }
    config_done(&config);
    return code;
}

static int
make_call(const struct host *h, const struct mr_call *call,
          const struct args *a)
{
    struct asking k = { .h = h, .args = a };
    struct calling *q = &k.q;
    int code;

    calling_init(q, call, NULL, host_ticks);
    if (!read_all(h, &q->cx, a->words[1], &k.p, &k.n))
        code = HOST_INPUT;
    else if (!calling_begin(q, k.p, k.n))
        code = print_end(h, q, a);
    else if (a->request)
        code = call_print_request(q);
    else
        code = send_it(&k);
    once_done(&k.once);
    mr_resize(&q->cx, k.p, 0);
    calling_done(q);
    return code;
}

int
host_call(const struct host *h, int argc, char **argv)
{
    struct args a = { { NULL, NULL }, 0, NULL, false, false, false, false,
                      false };
    const struct host_option options[] = {
        { "--config", "-c", NULL, &a.config },
        { "--request", NULL, &a.request, NULL },
        { "--json", NULL, &a.json, NULL },
        { "--pretty", NULL, &a.pretty, NULL },
        { "--show-personal", NULL, &a.show_personal, NULL },
        { "--help", "-h", &a.help, NULL },
    };
    const struct mr_call *call;

    if (!host_args(h, "call", argc, argv, options,
                   sizeof options / sizeof options[0], a.words, 2, &a.n))
        return HOST_USAGE;
    if (a.help) {
        printf(help_text, h->name, h->program->deployment);
        return HOST_OK;
    }
    call = call_find(h, "call", a.words[0], SORT_CALL);
    return call == NULL ? HOST_USAGE : make_call(h, call, &a);
}
