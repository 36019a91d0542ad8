/* SPDX-License-Identifier: Apache-2.0 */
/* The listening end of changes: a thread takes one at a time, hands it to the
 * loop and waits until that made it, between two turns. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "host/change_io.h"

enum { WORDS_MAX = 32, WORDS_BYTES_MAX = 65536, SECONDS = 10 };
enum { BODY_BYTES_MAX = 256 << 20 };

struct control {
    struct session *s;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t made;
    int fd;
    int end[2];                 /* closed to end the thread */
    int talk;                   /* who is asking; -1 */
    bool asked, done, ending;
    int code;
    struct change *change;
};

/* --- in the thread --- */

static bool
read_words(int fd, const char **argv, unsigned long long argc, char *text)
{
    size_t at = 0;

    for (unsigned long long i = 0; i < argc; i++) {
        argv[i] = text + at;
        do {
            if (at == WORDS_BYTES_MAX || !change_read(fd, &text[at], 1))
                return false;
        } while (text[at++] != '\0');
    }
    return true;
}

/* Hands it to the loop and waits. false: the program ends. */
static bool
hand_over(struct control *k, struct change *c, int *code)
{
    bool done;

    pthread_mutex_lock(&k->lock);
    k->change = c;
    k->asked = true;
    k->done = false;
    http_wake(k->s->client);
    while (!k->done && !k->ending)
        pthread_cond_wait(&k->made, &k->lock);
    done = k->done;
    *code = k->code;
    k->asked = false;
    k->change = NULL;
    pthread_mutex_unlock(&k->lock);
    return done;
}

static void
make(struct control *k, int fd, struct change *c)
{
    char *out = NULL, *err = NULL;
    size_t out_n = 0, err_n = 0;
    int code = HOST_INTERNAL;
    bool done = false;

    c->out = open_memstream(&out, &out_n);
    c->err = open_memstream(&err, &err_n);
    if (c->out != NULL && c->err != NULL)
        done = hand_over(k, c, &code);
    if (c->out != NULL)
        fclose(c->out);
    if (c->err != NULL)
        fclose(c->err);
    if (done && change_write_numbers(fd, (unsigned long long)code, out_n,
                                     err_n) &&
        change_write(fd, out, out_n))
        change_write(fd, err, err_n);
    free(out);
    free(err);
}

static void
converse(struct control *k, int fd)
{
    struct timeval wait = { SECONDS, 0 };
    unsigned long long argc, n, spare;
    const char *argv[WORDS_MAX];
    struct change c = { .argv = argv, .running = true };
    char *words, *body = NULL;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (!change_read_numbers(fd, &argc, &n, &spare) || argc == 0 ||
        argc > WORDS_MAX || n > BODY_BYTES_MAX)
        return;
    words = malloc(WORDS_BYTES_MAX);
    body = malloc((size_t)n + 1);
    if (words != NULL && body != NULL && read_words(fd, argv, argc, words) &&
        change_read(fd, body, (size_t)n)) {
        c.argc = (int)argc;
        c.body = body;
        c.n = (size_t)n;
        make(k, fd, &c);
    }
    free(words);
    free(body);
}

/* false: the program ends. */
static bool
talks_with(struct control *k, int fd)
{
    bool goes_on;

    pthread_mutex_lock(&k->lock);
    k->talk = fd;
    goes_on = !k->ending;
    pthread_mutex_unlock(&k->lock);
    return goes_on;
}

static void *
serve(void *arg)
{
    struct control *k = arg;

    for (;;) {
        struct pollfd fds[2] = { { k->fd, POLLIN, 0 },
                                 { k->end[0], POLLIN, 0 } };
        int fd;

        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (fds[1].revents != 0)
            return NULL;
        fd = fds[0].revents != 0 ? accept(k->fd, NULL, NULL) : -1;
        if (fd < 0) {
            /* Of files there may be none left: not at once again. */
            poll(&fds[1], 1, 100);
            continue;
        }
        if (talks_with(k, fd))
            converse(k, fd);
        talks_with(k, -1);
        close(fd);
    }
}

/* --- in the loop --- */

void
control_serve(struct session *s)
{
    struct control *k = s->control;

    /* Before the first turn, the engine may have one open. */
    if (k == NULL || s->turns == 0)
        return;
    pthread_mutex_lock(&k->lock);
    if (k->asked && !k->done) {
        k->code = change_dispatch(s, k->change);
        k->done = true;
        pthread_cond_signal(&k->made);
    }
    pthread_mutex_unlock(&k->lock);
}

/* Nobody may connect before the mode is what it has to be. */
static int
bind_alone(int fd, const struct sockaddr *address, socklen_t n)
{
    mode_t mask = umask(0177);
    int code = bind(fd, address, n);

    umask(mask);
    return code != 0 ? code : listen(fd, 8);
}

static bool
begin(struct session *s, struct control *k)
{
    char name[4096];

    /* What is there is of a program that was killed: we have the store. */
    snprintf(name, sizeof name, "%s.sock", s->config.store_file);
    unlink(name);
    k->fd = change_socket(s->config.store_file, bind_alone);
    if (k->fd < 0 || pipe(k->end) != 0)
        return false;
    if (pthread_mutex_init(&k->lock, NULL) == 0 &&
        pthread_cond_init(&k->made, NULL) == 0 &&
        pthread_create(&k->thread, NULL, serve, k) == 0)
        return true;
    close(k->end[0]);
    close(k->end[1]);
    return false;
}

void
control_open(struct session *s)
{
    struct control *k = mr_resize(&s->cx, NULL, sizeof *k);

    if (k == NULL) {
        memset(&s->cx.error, 0, sizeof s->cx.error);
        return;
    }
    memset(k, 0, sizeof *k);
    k->s = s;
    k->fd = k->talk = -1;
    if (begin(s, k)) {
        s->control = k;
        return;
    }
    log_line(s, LOG_WARNING, "control", "no changes while this runs: %s.sock: "
             "%s", s->config.store_file, strerror(errno));
    if (k->fd >= 0)
        close(k->fd);
    mr_resize(&s->cx, k, 0);
}

void
control_close(struct session *s)
{
    struct control *k = s->control;
    char name[4096];

    if (k == NULL)
        return;
    pthread_mutex_lock(&k->lock);
    k->ending = true;
    /* Who is slow to ask is not waited for. */
    if (k->talk >= 0)
        shutdown(k->talk, SHUT_RD);
    pthread_cond_signal(&k->made);
    pthread_mutex_unlock(&k->lock);
    close(k->end[1]);
    pthread_join(k->thread, NULL);
    close(k->end[0]);
    close(k->fd);
    snprintf(name, sizeof name, "%s.sock", s->config.store_file);
    unlink(name);
    pthread_mutex_destroy(&k->lock);
    pthread_cond_destroy(&k->made);
    mr_resize(&s->cx, k, 0);
    s->control = NULL;
}
