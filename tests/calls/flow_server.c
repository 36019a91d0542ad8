/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A called system for tests of docflows, on 127.0.0.1: answers a request for
 * the document N with the file N.xml of a folder; where there is none, with
 * status 500 and fault.xml.
 *
 *   flow_server READY FOLDER [DELAY]
 *
 * Its port is written to READY. READY.log has "begin N" when a request came
 * and "end N" when it was answered, DELAY milliseconds later. Requests are
 * answered side by side. Ends by itself after a minute.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIVES = 60, ROOM = 1 << 16 };

static char text[ROOM + 1];

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

/* One write, so that lines of several processes stand whole. */
static void
note(const char *log, const char *what, const char *number)
{
    char line[80];
    int n = snprintf(line, sizeof line, "%s %s\n", what, number);
    int fd = open(log, O_WRONLY | O_APPEND | O_CREAT, 0600);

    if (fd < 0 || write(fd, line, (size_t)n) != n)
        die(log);
    close(fd);
}

/* The document that is asked for. */
static void
read_request(int from, char number[32])
{
    static const char start[] = "<SALESDOCUMENT>";
    const char *at;
    size_t n = 0;

    do {
        ssize_t got = recv(from, text + n, ROOM - n, 0);

        if (got <= 0)
            exit(0);
        n += (size_t)got;
        text[n] = '\0';
    } while (n < ROOM && strstr(text, "Envelope>\n") == NULL &&
             strstr(text, ":Body></") == NULL);
    number[0] = '\0';
    at = strstr(text, start);
    if (at == NULL)
        return;
    at += sizeof start - 1;
    for (n = 0; n < 31 && isalnum((unsigned char)at[n]); n++)
        number[n] = at[n];
    number[n] = '\0';
}

static void
answer(int to, const char *folder, const char *number)
{
    char name[500], head[200];
    int status = 200;
    FILE *f;
    size_t n;

    snprintf(name, sizeof name, "%s/%s.xml", folder, number);
    f = fopen(name, "r");
    if (f == NULL) {
        status = 500;
        snprintf(name, sizeof name, "%s/fault.xml", folder);
        f = fopen(name, "r");
    }
    if (f == NULL)
        die(name);
    n = fread(text, 1, ROOM, f);
    fclose(f);
    snprintf(head, sizeof head,
             "HTTP/1.1 %d Said\r\nContent-Type: text/xml; charset=utf-8\r\n"
             "Content-Length: %zu\r\nConnection: close\r\n\r\n", status, n);
    put(to, head, strlen(head));
    put(to, text, n);
}

static void
serve(int to, const char *ready, const char *folder, long delay)
{
    char number[32], log[500];

    alarm(LIVES);
    snprintf(log, sizeof log, "%s.log", ready);
    read_request(to, number);
    note(log, "begin", number);
    usleep((useconds_t)delay * 1000);
    note(log, "end", number);
    answer(to, folder, number);
    exit(0);
}

int
main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t at_n = sizeof at;
    int s = socket(AF_INET, SOCK_STREAM, 0), to;

    if (argc < 3)
        return 2;
    alarm(LIVES);
    signal(SIGCHLD, SIG_IGN);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(s, 64) != 0 || getsockname(s, (struct sockaddr *)&at, &at_n))
        die("flow_server");
    FILE *f = fopen(argv[1], "w");
    if (f == NULL || fprintf(f, "%d\n", ntohs(at.sin_port)) < 0 ||
        fclose(f) != 0)
        die(argv[1]);
    while ((to = accept(s, NULL, NULL)) >= 0) {
        if (fork() == 0)
            serve(to, argv[1], argv[2], argc > 3 ? atol(argv[3]) : 0);
        close(to);
    }
    return 1;
}
