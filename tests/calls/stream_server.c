/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The systems for tests of documents and attachments, on 127.0.0.1. What it
 * answers stands behind the first "='" or "('" of the address, or in <NUMBER>
 * of a body, as CASE: one of the names below, with how many bytes: "whole2000".
 *
 *   stream_server READY       its port is written to READY; of a record that
 *                             is made here READY.made has the JSON, with the
 *                             length of its bytes in their place
 *   stream_server make BYTES  writes the document of so many bytes
 *
 * Requests are answered side by side. Ends by itself after two minutes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIVES = 120, ROOM = 1 << 14, PIECE = 30000 };

static char request[ROOM + 1], piece[PIECE], coded[PIECE / 3 * 4 + 100];

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
            exit(0);
        p += sent;
        n -= (size_t)sent;
    }
}

static void
say(int to, const char *text)
{
    put(to, text, strlen(text));
}

/* Bytes from..from+n of the document. */
static void
make(char *p, size_t from, size_t n)
{
    static const char start[] = "%PDF-1.4\n";

    for (size_t i = 0; i < n; i++) {
        size_t at = from + i;

        p[i] = at < sizeof start - 1 ? start[at]
                                     : (char)(at * 2654435761u >> 13);
    }
}

static size_t
base64(const char *p, size_t n, char *to)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                  "qrstuvwxyz0123456789+/";
    size_t made = 0;

    for (size_t i = 0; i < n; i += 3) {
        unsigned long bits = 0;

        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < n ? (unsigned char)p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            to[made++] = i + k <= n ? letters[bits >> (18 - 6 * k) & 63] : '=';
    }
    return made;
}

/* --- answers --- */

static void
head(int to, const char *type, size_t length)
{
    char text[300];

    snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
             "Connection: close\r\n", type);
    say(to, text);
    if (length != (size_t)-1)
        snprintf(text, sizeof text, "Content-Length: %zu\r\n\r\n", length);
    else
        snprintf(text, sizeof text, "Transfer-Encoding: chunked\r\n\r\n");
    say(to, text);
}

static void
chunk(int to, const char *p, size_t n)
{
    char line[20];

    snprintf(line, sizeof line, "%zx\r\n", n);
    say(to, line);
    put(to, p, n);
    say(to, "\r\n");
}

/* So many of the bytes, from the first. */
static void
send_bytes(int to, size_t n, int chunked)
{
    for (size_t at = 0; at < n;) {
        size_t k = n - at < PIECE ? n - at : PIECE;

        make(piece, at, k);
        if (chunked)
            chunk(to, piece, k);
        else
            put(to, piece, k);
        at += k;
    }
}

/* A row for each 255 bytes, as function modules have them; but long ones where
 * there is much. */
static void
send_rows(int to, size_t n, size_t row, int whole)
{
    static const char open[] =
        "<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap."
        "org/soap/envelope/\"><s:Body><n:Z_PRINT_DOCUMENT.Response xmlns:n="
        "\"urn:sap-com:document:sap:rfc:functions\"><!-- of LINE --><MIME>x"
        "</MIME><CONTENT a=\"/>\">\n";
    static const char end[] = "</CONTENT></n:Z_PRINT_DOCUMENT.Response>"
                              "</s:Body></s:Envelope>\n";

    head(to, "text/xml; charset=utf-8", (size_t)-1);
    chunk(to, open, sizeof open - 1);
    for (size_t at = 0; at < n;) {
        size_t k = n - at < row ? n - at : row, made;

        make(piece, at, k);
        made = (size_t)sprintf(coded, "<item><LINE>");
        made += base64(piece, k, coded + made);
        made += (size_t)sprintf(coded + made, "</LINE>\n</item>");
        chunk(to, coded, made);
        at += k;
    }
    if (whole) {
        chunk(to, end, sizeof end - 1);
        say(to, "0\r\n\r\n");
    }
}

static void
refuse(int to)
{
    static const char why[] = "{\"error\":{\"code\":\"V1/302\",\"message\":"
                              "{\"lang\":\"en\",\"value\":\"Document is not "
                              "there\"}}}";
    char text[200];

    snprintf(text, sizeof text, "HTTP/1.1 404 Said\r\nContent-Type: "
             "application/json\r\nContent-Length: %zu\r\nConnection: close"
             "\r\n\r\n", sizeof why - 1);
    say(to, text);
    say(to, why);
}

static int
is(const char *what, const char *name, size_t *n)
{
    size_t k = strlen(name);

    if (strncmp(what, name, k) != 0)
        return 0;
    *n = strtoul(what + k, NULL, 10);
    return 1;
}

static void
answer(int to, const char *what)
{
    size_t n = 0;

    if (is(what, "whole", &n)) {
        head(to, "application/pdf", n);
        send_bytes(to, n, 0);
    } else if (is(what, "plain", &n)) {
        head(to, "application/octet-stream", n);
        send_bytes(to, n, 0);
    } else if (is(what, "parts", &n)) {
        head(to, "Application/PDF; x=y", (size_t)-1);
        send_bytes(to, n, 1);
        say(to, "0\r\n\r\n");
    } else if (is(what, "cut", &n)) {
        head(to, "application/pdf", 2 * n);
        send_bytes(to, n, 0);
    } else if (is(what, "half", &n)) {
        head(to, "application/pdf", (size_t)-1);
        send_bytes(to, n, 1);
    } else if (is(what, "stop", &n)) {
        head(to, "application/pdf", 2 * n);
        send_bytes(to, n, 0);
        sleep(20);
    } else if (is(what, "packed", &n)) {
        head(to, "application/pdf\r\nContent-Encoding: gzip", n);
        send_bytes(to, n, 0);
    } else if (is(what, "type", &n)) {
        head(to, "text/html", n);
        send_bytes(to, n, 0);
    } else if (is(what, "lie", &n)) {
        head(to, "application/pdf", 16);
        say(to, "<html>log in</ht");
    } else if (is(what, "empty", &n)) {
        head(to, "application/pdf", 0);
    } else if (is(what, "short", &n)) {
        head(to, "application/pdf", 5);
        say(to, "%PDF-");
    } else if (is(what, "hang", &n)) {
        sleep(20);
    } else if (is(what, "rows", &n)) {
        send_rows(to, n, n > 100000 ? 21000 : 255, 1);
    } else if (is(what, "lost", &n)) {
        send_rows(to, n, 255, 0);
    } else {
        refuse(to);
    }
}

/* --- what is sent here --- */

struct body {
    int from;
    size_t at, n;               /* in `request` */
    size_t left;                /* of the body, or of its chunk */
    int chunked, ended;
};

static int
next_byte(struct body *b)
{
    if (b->at == b->n) {
        ssize_t got = recv(b->from, request, ROOM, 0);

        if (got <= 0)
            return -1;
        b->at = 0;
        b->n = (size_t)got;
    }
    return (unsigned char)request[b->at++];
}

/* The next byte of the body; -1: that was all, -2: it is cut off. */
static int
body_byte(struct body *b)
{
    int c;

    while (b->left == 0) {
        char line[20];
        size_t n = 0;

        if (!b->chunked || b->ended)
            return -1;
        do {
            c = next_byte(b);
            if (c < 0)
                return -2;
            if (n < sizeof line - 1 && (n > 0 || (c != '\r' && c != '\n')))
                line[n++] = (char)c;
        } while (n == 0 || c != '\n');
        line[n] = '\0';
        b->left = strtoul(line, NULL, 16);
        b->ended = b->left == 0;
    }
    b->left--;
    c = next_byte(b);
    return c < 0 ? -2 : c;
}

/* The document as base64, up to its quote: how many bytes; -1: it is another
 * one, -2: it is cut off. */
static long
same_bytes(struct body *b)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                  "qrstuvwxyz0123456789+/";
    unsigned long bits = 0;
    int have = 0, c, padding = 0;
    size_t n = 0;

    while ((c = body_byte(b)) >= 0 && c != '"') {
        const char *at = strchr(letters, c);

        if (c == '=') {
            padding++;
            continue;
        }
        if (at == NULL || padding > 0)
            return -1;
        bits = bits << 6 | (unsigned long)(at - letters);
        have += 6;
        if (have >= 8) {
            char wanted;

            have -= 8;
            make(&wanted, n++, 1);
            if ((char)(bits >> have & 0xff) != wanted)
                return -1;
        }
    }
    if (c < 0)
        return -2;
    return have / 2 == padding ? (long)n : -1;
}

static void
note(const char *ready, const char *text)
{
    char name[500];
    FILE *f;

    snprintf(name, sizeof name, "%s.made", ready);
    f = fopen(name, "w");
    /* The tests may be over by now, and their folder gone. */
    if (f == NULL || fprintf(f, "%s\n", text) < 0 || fclose(f) != 0)
        exit(1);
}

/* A record with the document: what stood before it, and how many bytes. */
static void
take_record(int to, struct body *b, const char *field, const char *ready)
{
    char text[ROOM], answered[300];
    size_t n = 0;
    int c = 0;
    long bytes;

    do {
        c = body_byte(b);
        if (c < 0 || n + 100 > sizeof text)
            exit(0);
        text[n++] = (char)c;
        text[n] = '\0';
    } while (n < strlen(field) || strcmp(text + n - strlen(field), field) != 0);
    /* Refused before the bytes came; what is on its way has to be read, or the
     * connection is reset and the answer lost. */
    if (strstr(text, "refused") != NULL) {
        refuse(to);
        shutdown(to, SHUT_WR);
        while (recv(to, request, ROOM, 0) > 0)
            ;
        return;
    }
    if (strstr(text, "stuck") != NULL)
        sleep(20);
    bytes = same_bytes(b);
    snprintf(text + n, sizeof text - n, "%ld", bytes);
    while (bytes >= 0 && (c = body_byte(b)) >= 0) {
        n = strlen(text);
        text[n] = (char)c;
        text[n + 1] = '\0';
    }
    note(ready, bytes == -2 || c == -2 ? "cut off" : text);
    if (bytes < 0 || c == -2) {
        refuse(to);
        return;
    }
    snprintf(answered, sizeof answered, "HTTP/1.1 201 Created\r\n"
             "Content-Type: application/json\r\nContent-Length: 19\r\n"
             "Connection: close\r\n\r\n{\"d\":{\"ID\":\"4711\"}}");
    say(to, answered);
}

/* What a record is, or the token. Services differ in what is around one. */
static void
show(int to, const char *what)
{
    char text[600], record[300] = "";

    if (*what != '\0' && strncmp(request, "GET /erp", 8) == 0)
        snprintf(record, sizeof record, "{\"d\":{\"ID\":\"7\",\"Number\":"
                 "\"77\",\"FileName\":\"%.40s\",\"MimeType\":"
                 "\"application/pdf\"}}", what);
    else if (*what != '\0')
        snprintf(record, sizeof record, "{\"d\":{\"results\":{\"ObjectID\":"
                 "\"7\",\"ParentObjectID\":\"00163E\",\"Name\":\"%.40s\","
                 "\"MimeType\":\"application/pdf\"}}}", what);
    snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Type: "
             "application/json\r\nx-csrf-token: T1\r\nContent-Length: %zu"
             "\r\nConnection: close\r\n\r\n%s", strlen(record), record);
    say(to, text);
}

/* --- requests --- */

static const char *
read_request(int from, struct body *b)
{
    size_t n = 0;
    const char *at;

    do {
        ssize_t got = recv(from, request + n, ROOM - n, 0);

        if (got <= 0)
            exit(0);
        n += (size_t)got;
        request[n] = '\0';
    } while (n < ROOM && (strncmp(request, "POST /rfc", 9) == 0
                              ? strstr(request, ":Envelope>") == NULL
                              : strstr(request, "\r\n\r\n") == NULL));
    at = strstr(request, "\r\n\r\n");
    *b = (struct body){ .from = from, .n = n, .at = at == NULL
                            ? n : (size_t)(at + 4 - request) };
    b->chunked = strcasestr(request, "\ntransfer-encoding: chunked") != NULL;
    at = strcasestr(request, "\ncontent-length: ");
    b->left = at == NULL ? 0 : strtoul(at + 17, NULL, 10);
    at = strstr(request, "<NUMBER>");
    if (at != NULL)
        return at + 8;
    at = strstr(request, "='");
    if (at == NULL)
        at = strstr(request, "('");
    return at == NULL ? "" : at + 2;
}

static void
serve(int to, const char *ready)
{
    struct body b;
    char what[200];

    alarm(LIVES);
    snprintf(what, sizeof what, "%.150s", read_request(to, &b));
    what[strcspn(what, "'<")] = '\0';
    if (strstr(request, "$value") != NULL ||
        strncmp(request, "POST /rfc", 9) == 0)
        answer(to, what);
    else if (strncmp(request, "POST", 4) == 0)
        take_record(to, &b, strncmp(request, "POST /erp", 9) == 0
                                ? "\"Content\":\"" : "\"Binary\":\"", ready);
    else if (strncmp(what, "gone", 4) == 0)
        refuse(to);
    else
        show(to, what);
    shutdown(to, SHUT_WR);
    exit(0);
}

int
main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t at_n = sizeof at;
    int s, to;

    if (argc == 3 && strcmp(argv[1], "make") == 0) {
        size_t n = strtoul(argv[2], NULL, 10);

        for (size_t k, i = 0; i < n; i += k) {
            k = n - i < PIECE ? n - i : PIECE;
            make(piece, i, k);
            if (fwrite(piece, 1, k, stdout) != k)
                return 1;
        }
        return 0;
    }
    if (argc != 2)
        return 2;
    alarm(LIVES);
    signal(SIGCHLD, SIG_IGN);
    s = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(s, 64) != 0 || getsockname(s, (struct sockaddr *)&at, &at_n))
        die("stream_server");
    FILE *f = fopen(argv[1], "w");
    if (f == NULL || fprintf(f, "%d\n", ntohs(at.sin_port)) < 0 ||
        fclose(f) != 0)
        die(argv[1]);
    while ((to = accept(s, NULL, NULL)) >= 0) {
        if (fork() == 0)
            serve(to, argv[1]);
        close(to);
    }
    return 1;
}
