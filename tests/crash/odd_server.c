/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A system that is none: takes connections on 127.0.0.1 and answers each of
 * them in one odd way, whatever is asked.
 *
 *   odd_server HOW READY
 *
 * HOW: endless (a body without an end), head (headers without an end), noise
 * (no HTTP), page (an HTML page, as proxies have them), deep (JSON, a hundred
 * thousand levels deep), cut (a body that ends before its length), silent (no
 * answer). Its port is written to READY. Ends by itself after two minutes.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIVES = 120, LEVELS = 100000 };

#define OK_JSON "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

static void
die(const char *what)
{
    perror(what);
    exit(1);
}

static int
put(int to, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(to, p, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return -1;
        p += sent;
        n -= (size_t)sent;
    }
    return 0;
}

static int
put_text(int to, const char *s)
{
    return put(to, s, strlen(s));
}

static void
endless(int to)
{
    char chunk[8 + 65536 + 2] = "010000\r\n";

    memset(chunk + 8, ' ', 65536);
    memcpy(chunk + 8 + 65536, "\r\n", 2);
    put_text(to, OK_JSON "Transfer-Encoding: chunked\r\n\r\n");
    while (put(to, chunk, sizeof chunk) == 0)
        continue;
}

static void
head(int to)
{
    put_text(to, "HTTP/1.1 200 OK\r\n");
    while (put_text(to, "X-More: and more and more and more\r\n") == 0)
        continue;
}

static void
noise(int to)
{
    unsigned n = 1;

    for (int i = 0; i < 4096; i++) {
        char c = (char)((n = n * 1103515245 + 12345) >> 16);

        put(to, &c, 1);
    }
}

static void
deep(int to)
{
    char open[1024];

    memset(open, '[', sizeof open);
    put_text(to, OK_JSON "Connection: close\r\n\r\n{\"d\":{\"results\":");
    for (int i = 0; i < LEVELS / (int)sizeof open; i++)
        put(to, open, sizeof open);
}

static void
answer(int to, const char *how)
{
    char asked[4096];

    if (recv(to, asked, sizeof asked, 0) <= 0)
        return;
    if (strcmp(how, "endless") == 0)
        endless(to);
    else if (strcmp(how, "head") == 0)
        head(to);
    else if (strcmp(how, "noise") == 0)
        noise(to);
    else if (strcmp(how, "deep") == 0)
        deep(to);
    else if (strcmp(how, "page") == 0)
        put_text(to, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                 "Content-Length: 31\r\nX-CSRF-Token: a\r\n\r\n"
                 "<html>Please log in first</html");
    else if (strcmp(how, "cut") == 0)
        put_text(to, OK_JSON "Content-Length: 9000\r\n\r\n{\"d\":{\"resu");
    else
        while (recv(to, asked, sizeof asked, 0) > 0)
            continue;
}

int
main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t n = sizeof at;
    int in = socket(AF_INET, SOCK_STREAM, 0);
    FILE *ready;

    if (argc != 3)
        return 2;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (in < 0 || bind(in, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(in, 64) != 0 ||
        getsockname(in, (struct sockaddr *)&at, &n) != 0)
        die("odd_server");
    ready = fopen(argv[2], "w");
    if (ready == NULL)
        die(argv[2]);
    fprintf(ready, "%d\n", ntohs(at.sin_port));
    fclose(ready);
    signal(SIGCHLD, SIG_IGN);
    alarm(LIVES);
    for (;;) {
        int to = accept(in, NULL, NULL);

        if (to < 0)
            die("accept");
        if (fork() == 0) {
            close(in);
            alarm(LIVES);
            answer(to, argv[1]);
            _exit(0);
        }
        close(to);
    }
}
