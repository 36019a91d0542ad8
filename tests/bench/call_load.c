/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posts one document again and again, each at its appointed time, and says how
 * long answers took: from the appointed time, so that waiting for a free
 * connection counts as waiting.
 *
 *   call_load URL TYPE FILE USER:PASSWORD|- SECONDS RATE CONNECTIONS
 *
 * RATE 0: as fast as answers come. Prints: answers a second, median and 99th
 * percentile in microseconds. Ends with 1 where an answer was not 200.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "http/events.h"

enum { CONNECTIONS_MAX = 256 };

struct caller {
    CURL *easy;
    int64_t due;
    bool busy;
};

static int64_t *took;
static size_t n_took, room;

static void
die(const char *what)
{
    fprintf(stderr, "call_load: %s\n", what);
    exit(1);
}

static int64_t
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Sleeps until something comes, or until then: it is not to take the time that
 * the others need. */
static void
rest(struct http_events *events, int timer, int64_t until)
{
    struct itimerspec at = { .it_value = { until / 1000000,
                                           until % 1000000 * 1000 } };
    uint64_t times;

    timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
    http_events_wait(events, 1000);
    if (read(timer, &times, sizeof times) < 0)
        return;                         /* it is not due yet */
}

static size_t
drop(char *p, size_t size, size_t n, void *arg)
{
    (void)p;
    (void)arg;
    return size * n;
}

static char *
read_file(const char *name, long *n)
{
    FILE *in = fopen(name, "rb");
    char *p;

    if (in == NULL || fseek(in, 0, SEEK_END) != 0 || (*n = ftell(in)) < 0)
        die("can't read the file");
    rewind(in);
    p = malloc((size_t)*n + 1);
    if (p == NULL || fread(p, 1, (size_t)*n, in) != (size_t)*n)
        die("can't read the file");
    fclose(in);
    return p;
}

static void
note(int64_t us)
{
    if (n_took == room) {
        room = room * 2 + 4096;
        took = realloc(took, room * sizeof *took);
        if (took == NULL)
            die("out of memory");
    }
    took[n_took++] = us;
}

static int
order(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void
take_ended(CURLM *multi)
{
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(multi, &left)) != NULL) {
        struct caller *c;
        long status = 0;

        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&c);
        curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        if (m->data.result != CURLE_OK || status != 200) {
            fprintf(stderr, "status %ld: ", status);
            die(curl_easy_strerror(m->data.result));
        }
        note(now() - c->due);
        curl_multi_remove_handle(multi, c->easy);
        c->busy = false;
    }
}

int
main(int argc, char **argv)
{
    static struct caller callers[CONNECTIONS_MAX];
    struct curl_slist *headers = NULL;
    char type[128];
    long n;

    if (argc != 8)
        die("URL TYPE FILE LOGIN SECONDS RATE CONNECTIONS");
    char *body = read_file(argv[3], &n);
    double seconds = atof(argv[5]), rate = atof(argv[6]);
    int connections = atoi(argv[7]), running = 0;
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    CURLM *multi = curl_multi_init();
    struct http_events events;

    if (connections < 1 || connections > CONNECTIONS_MAX || multi == NULL ||
        !http_events_open(&events, multi) ||
        !http_events_watch(&events, timer))
        die("connections");
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)connections);
    snprintf(type, sizeof type, "Content-Type: %s", argv[2]);
    headers = curl_slist_append(headers, type);
    headers = curl_slist_append(headers, "SOAPAction: \"\"");
    headers = curl_slist_append(headers, "Expect:");
    for (int i = 0; i < connections; i++) {
        CURL *e = callers[i].easy = curl_easy_init();

        curl_easy_setopt(e, CURLOPT_URL, argv[1]);
        curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(e, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE, n);
        curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, drop);
        curl_easy_setopt(e, CURLOPT_PRIVATE, &callers[i]);
        if (strcmp(argv[4], "-") != 0)
            curl_easy_setopt(e, CURLOPT_USERPWD, argv[4]);
    }

    int64_t began = now(), end = began + (int64_t)(seconds * 1e6);
    double next = 0;        /* microseconds after the beginning */

    while (now() < end || running > 0) {
        for (int i = 0; i < connections && now() < end; i++) {
            int64_t due = rate > 0 ? began + (int64_t)next : now();

            if (callers[i].busy)
                continue;
            if (due > now())
                break;
            callers[i].due = due;
            callers[i].busy = true;
            next += rate > 0 ? 1e6 / rate : 0;
            curl_multi_add_handle(multi, callers[i].easy);
        }
        http_events_run(&events);
        take_ended(multi);
        int64_t until = rate > 0 ? began + (int64_t)next : now() + 1000000;
        bool full = true;

        running = 0;
        for (int i = 0; i < connections; i++) {
            full = full && callers[i].busy;
            running += callers[i].busy;
        }
        if (full || now() >= end)
            until = now() + 1000000;
        if (until > now() &&
            (now() < end ? rate > 0 || full : running > 0))
            rest(&events, timer, until);
        take_ended(multi);
    }
    if (n_took == 0)
        die("no answer");
    qsort(took, n_took, sizeof *took, order);
    printf("%.0f %lld %lld\n", (double)n_took * 1e6 / (double)(now() - began),
           (long long)took[n_took / 2], (long long)took[n_took * 99 / 100]);
    return 0;
}
