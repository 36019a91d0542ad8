/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes sent to the socket on which a running program takes changes. It
 * answers as it should or hangs up, the store is left without a transaction,
 * and whoever asks next is answered.
 */
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#include "fuzz/quiet.h"
#include "fuzz/running.h"
#include "host/change_io.h"

static char folder[64], file[96];

static void
clean_up(void)
{
    rmdir(folder);
}

static void
set_up(struct session *s)
{
    static struct http_client *client;
    static const struct http_settings plain = { .agent = "fuzz" };
    const char *tmp = getenv("TMPDIR");

    if (client == NULL) {
        static struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        client = http_client_new(&cx, &plain);
        snprintf(folder, sizeof folder, "%s/fuzz.XXXXXX",
                 tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
        DEMAND(client != NULL && mkdtemp(folder) != NULL);
        snprintf(file, sizeof file, "%s/kept.db", folder);
        atexit(clean_up);
    }
    running_begin(s);
    s->client = client;
    s->config.store_file = file;
    control_open(s);
    DEMAND(s->control != NULL);
}

/* Reads what comes until it hangs up, with the loop at work meanwhile. */
static size_t
listen_to(struct session *s, int fd, char *to, size_t room)
{
    size_t n = 0;

    for (;;) {
        struct pollfd wait = { fd, POLLIN, 0 };
        ssize_t got;

        control_serve(s);
        running_turn(s);
        /* The fuzzer's own alarm interrupts it at times. */
        if (poll(&wait, 1, 1) <= 0)
            continue;
        got = recv(fd, to + n, room - n, 0);
        if (got <= 0)
            return n;
        n += (size_t)got;
        DEMAND(n < room);
    }
}

/* Sends it all and says that no more comes; what it hears. */
static size_t
ask(struct session *s, const void *p, size_t n, char *to, size_t room)
{
    int fd = change_socket(file, connect);
    size_t heard;

    DEMAND(fd >= 0);
    /* It may have hung up before it heard all of it. */
    change_write(fd, p, n);
    shutdown(fd, SHUT_WR);
    heard = listen_to(s, fd, to, room - 1);
    to[heard] = '\0';
    close(fd);
    return heard;
}

/* "mapc CODE OUT ERR" and as many bytes as it says. */
static int
check_answer(const char *text, size_t n)
{
    unsigned long long code = 0, out = 0, err = 0;
    const char *line = memchr(text, '\n', n);

    DEMAND(line != NULL &&
           sscanf(text, "mapc %llu %llu %llu\n", &code, &out, &err) == 3);
    DEMAND((size_t)(line + 1 - text) + out + err == n);
    DEMAND(code <= HOST_BUSY || code == HOST_INTERNAL);
    return (int)code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char good[] = "mapc 3 0 0\nparked\0drop\0" "4711";
    static char answer[1 << 20];
    struct session s;
    struct quiet q;
    size_t heard;

    quiet_begin(&q);
    set_up(&s);
    heard = ask(&s, data, n, answer, sizeof answer);
    if (heard > 0)
        check_answer(answer, heard);
    heard = ask(&s, good, sizeof good, answer, sizeof answer);
    DEMAND(check_answer(answer, heard) == HOST_USAGE);
    control_close(&s);
    running_end(&s);
    quiet_end(&q);
    free(q.text);
    return 0;
}
