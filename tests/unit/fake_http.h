/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP server for tests that does what no server should: it answers each
 * request with exactly the bytes that a function of the test gives, cuts
 * connections when told to, and keeps what it was sent. One thread a
 * connection, one lock.
 */
#ifndef TESTS_FAKE_HTTP_H
#define TESTS_FAKE_HTTP_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FAKE_BYTES = 262144, FAKE_THREADS = 256 };

struct fake_request {
    int number;                 /* from 1, of the server */
    int on_connection;          /* from 1 */
    char *head;                 /* first line and headers */
    char *body;
    size_t n;
};

struct fake_answer {
    char text[FAKE_BYTES];      /* all of it, or with `body` the headers */
    size_t n;                   /* 0: the connection is cut */
    bool close;
    int wait_ms;
};

struct fake {
    int listening;
    unsigned short port;
    pthread_t thread, threads[FAKE_THREADS];
    int connections[FAKE_THREADS], n_threads;
    pthread_mutex_t lock;
    bool stop;
    int requests;
    void (*answer)(void *arg, const struct fake_request *r,
                   struct fake_answer *a);
    void *arg;
};

struct fake_connection {
    struct fake *fake;
    int fd;
};

/* "HTTP/1.1 200 OK", more headers each ended by \r\n, the body. */
static inline void
fake_say(struct fake_answer *a, const char *status, const char *headers,
         const char *body)
{
    a->n = (size_t)snprintf(a->text, sizeof a->text,
                            "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s",
                            status, headers, strlen(body), body);
}

/* Is this in the request's first line or headers? */
static inline bool
fake_has(const struct fake_request *r, const char *text)
{
    return strstr(r->head, text) != NULL;
}

static inline bool
fake_more(int fd, char *p, size_t *n, size_t room)
{
    ssize_t got = *n + 1 < room ? recv(fd, p + *n, room - *n - 1, 0) : 0;

    if (got <= 0)
        return false;
    *n += (size_t)got;
    p[*n] = '\0';
    return true;
}

static inline size_t
fake_length(const char *head)
{
    static const char name[] = "\ncontent-length:";

    for (const char *p = head; *p != '\0'; p++)
        if (strncasecmp(p, name, sizeof name - 1) == 0)
            return strtoul(p + sizeof name - 1, NULL, 10);
    return 0;
}

/* The next request of a connection; *n bytes of it were read already. */
static inline bool
fake_read(int fd, char *p, size_t *n, struct fake_request *r)
{
    char *end;

    while ((end = strstr(p, "\r\n\r\n")) == NULL)
        if (!fake_more(fd, p, n, FAKE_BYTES))
            return false;
    end[2] = '\0';
    r->head = p;
    r->body = end + 4;
    r->n = fake_length(p);
    while ((size_t)(p + *n - r->body) < r->n)
        if (!fake_more(fd, p, n, FAKE_BYTES))
            return false;
    return true;
}

static inline void *
fake_serve(void *arg)
{
    struct fake_connection c = *(struct fake_connection *)arg;
    char *p = calloc(1, FAKE_BYTES);
    struct fake_answer *a = malloc(sizeof *a);
    struct fake_request r = { .number = 0 };
    size_t n = 0, rest;

    free(arg);
    while (p != NULL && a != NULL && fake_read(c.fd, p, &n, &r)) {
        char after = r.body[r.n];

        r.body[r.n] = '\0';
        memset(a, 0, sizeof *a);
        pthread_mutex_lock(&c.fake->lock);
        r.number = ++c.fake->requests;
        r.on_connection++;
        c.fake->answer(c.fake->arg, &r, a);
        pthread_mutex_unlock(&c.fake->lock);
        nanosleep(&(struct timespec){ a->wait_ms / 1000,
                                      a->wait_ms % 1000 * 1000000l }, NULL);
        if (a->n == 0 ||
            send(c.fd, a->text, a->n, MSG_NOSIGNAL) != (ssize_t)a->n ||
            a->close)
            break;
        r.body[r.n] = after;
        rest = n - (size_t)(r.body + r.n - p);
        memmove(p, r.body + r.n, rest + 1);
        n = rest;
    }
    shutdown(c.fd, SHUT_RDWR);
    free(p);
    free(a);
    return NULL;
}

static inline void *
fake_run(void *arg)
{
    struct fake *f = arg;

    for (;;) {
        struct fake_connection *c;
        int fd = accept(f->listening, NULL, NULL);

        if (f->stop || fd < 0 || f->n_threads == FAKE_THREADS) {
            if (fd >= 0)
                close(fd);
            return NULL;
        }
        c = malloc(sizeof *c);
        c->fake = f;
        c->fd = fd;
        f->connections[f->n_threads] = fd;
        if (pthread_create(&f->threads[f->n_threads], NULL, fake_serve, c) == 0)
            f->n_threads++;
    }
}

static inline bool
fake_start(struct fake *f,
           void (*answer)(void *arg, const struct fake_request *r,
                          struct fake_answer *a), void *arg)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t n = sizeof at;

    memset(f, 0, sizeof *f);
    f->answer = answer;
    f->arg = arg;
    pthread_mutex_init(&f->lock, NULL);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    f->listening = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(f->listening, (struct sockaddr *)(void *)&at, sizeof at) != 0 ||
        listen(f->listening, 64) != 0 ||
        getsockname(f->listening, (struct sockaddr *)(void *)&at, &n) != 0)
        return false;
    f->port = ntohs(at.sin_port);
    return pthread_create(&f->thread, NULL, fake_run, f) == 0;
}

static inline void
fake_end(struct fake *f)
{
    f->stop = true;
    shutdown(f->listening, SHUT_RDWR);
    pthread_join(f->thread, NULL);
    close(f->listening);
    for (int i = 0; i < f->n_threads; i++) {
        shutdown(f->connections[i], SHUT_RDWR);
        pthread_join(f->threads[i], NULL);
        close(f->connections[i]);
    }
    pthread_mutex_destroy(&f->lock);
}

#endif
