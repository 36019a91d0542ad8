/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A called system for tests: answers every request on 127.0.0.1 with the same
 * file.
 *
 *   soap_server READY STATUS FILE [DELAY [CUT [TOKENS]]]
 *
 * Its port is written to READY, the last request to READY.request. DELAY: milli-
 * seconds before the answer. CUT: so many requests are read and not answered,
 * before others are. TOKENS: as an OData service it gives tokens to who asks for
 * one (T1, T2, …) and takes no other request than a GET without the last of
 * them, which has that number at least. Ends by itself after a minute.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIVES = 60, ROOM = 1 << 20 };

static char request[ROOM + 1], answer[ROOM];
static int json;
static long tokens, given;

static void
die(const char *what)
{
    perror(what);
    exit(1);
}

static void
put(int to, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(to, p, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        p += sent;
        n -= (size_t)sent;
    }
}

/* How long the request is, when its head is there; 0: not yet. */
static size_t
length(const char *p)
{
    const char *end = strstr(p, "\r\n\r\n");
    size_t n = 0;

    if (end == NULL)
        return 0;
    for (const char *line = p; line < end; line = strchr(line, '\n') + 1)
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            n = strtoul(line + 15, NULL, 10);
    return (size_t)(end - p) + 4 + n;
}

/* true: the request was about the token, and is answered. */
static bool
about_token(int to)
{
    char head[200], want[60];

    if (tokens == 0)
        return false;
    if (strcasestr(request, "\r\nx-csrf-token: fetch\r\n") != NULL) {
        snprintf(head, sizeof head,
                 "HTTP/1.1 200 OK\r\nX-CSRF-Token: T%ld\r\n"
                 "Set-Cookie: sap-id=C%ld; path=/\r\nContent-Length: 2\r\n"
                 "Connection: close\r\n\r\n{}", given + 1, given + 1);
        given++;
        put(to, head, strlen(head));
        return true;
    }
    snprintf(want, sizeof want, "\r\nx-csrf-token: T%ld\r\n", given);
    snprintf(head, sizeof head, "sap-id=C%ld", given);
    if (strncmp(request, "GET ", 4) == 0 ||
        (given >= tokens && strcasestr(request, want) != NULL &&
         strstr(request, head) != NULL))
        return false;
    snprintf(head, sizeof head,
             "HTTP/1.1 403 Forbidden\r\nX-CSRF-Token: Required\r\n"
             "Content-Length: 0\r\nConnection: close\r\n\r\n");
    put(to, head, strlen(head));
    return true;
}

static void
serve(int to, const char *ready, int status, size_t answer_n, long delay,
      long *cut)
{
    char head[200], name[500];
    size_t n = 0;

    do {
        ssize_t got = recv(to, request + n, ROOM - n, 0);

        if (got <= 0)
            return;
        n += (size_t)got;
        request[n] = '\0';
    } while (n < ROOM && (length(request) == 0 || n < length(request)));
    snprintf(name, sizeof name, "%s.request", ready);
    FILE *f = fopen(name, "w");
    if (f == NULL || fwrite(request, 1, n, f) != n || fclose(f) != 0)
        die(name);
    if ((*cut)-- > 0 || about_token(to))
        return;
    usleep((useconds_t)delay * 1000);
    snprintf(head, sizeof head,
             "HTTP/1.1 %d Said\r\nContent-Type: %s\r\n"
             "Content-Length: %zu\r\nConnection: close\r\n\r\n", status,
             json ? "application/json" : "text/xml; charset=utf-8", answer_n);
    put(to, head, strlen(head));
    put(to, answer, answer_n);
}

int
main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t at_n = sizeof at;
    int s = socket(AF_INET, SOCK_STREAM, 0), to;
    long cut = argc > 5 ? atol(argv[5]) : 0;

    if (argc < 4)
        return 2;
    tokens = argc > 6 ? atol(argv[6]) : 0;
    alarm(LIVES);
    FILE *f = fopen(argv[3], "r");
    if (f == NULL)
        die(argv[3]);
    size_t answer_n = fread(answer, 1, sizeof answer, f);
    fclose(f);
    json = strstr(argv[3], ".json") != NULL;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(s, 16) != 0 || getsockname(s, (struct sockaddr *)&at, &at_n))
        die("soap_server");
    f = fopen(argv[1], "w");
    if (f == NULL || fprintf(f, "%d\n", ntohs(at.sin_port)) < 0 ||
        fclose(f) != 0)
        die(argv[1]);
    while ((to = accept(s, NULL, NULL)) >= 0) {
        serve(to, argv[1], atoi(argv[2]), answer_n,
              argc > 4 ? atol(argv[4]) : 0, &cut);
        close(to);
    }
    return 1;
}
