/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bare loop that replication is measured against: sends documents that are
 * ready on disk to a server, with libcurl and nothing else, and says how long it
 * took.
 *
 *   http_load batch URL SET USER:PASSWORD FILE SIZE IN_FLIGHT
 *       each line of FILE is the JSON of one entity: POST in change sets, SIZE
 *       of them in a $batch of the OData service at URL (with its slash)
 *   http_load post URL TYPE USER:PASSWORD FILE SIZE IN_FLIGHT
 *       each line of FILE is one document, posted with this content type; SIZE
 *       is how many times the file is sent
 *
 * Prints: documents, seconds, documents a second. Every answer must be 2xx, and
 * every part of a batch 201, else it ends with 1.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct text {
    char *p;
    size_t n, room;
};

struct lines {
    char **at;
    size_t *length;
    size_t n;
};

struct load {
    bool batch;
    const char *url, *kind, *login;
    struct lines lines;
    size_t size, next, total;
    char token[256];
    CURLSH *share;
    struct curl_slist *headers;
};

struct call {
    CURL *easy;
    struct load *load;
    struct text body, answer;
    size_t documents;
};

static void
die(const char *what)
{
    fprintf(stderr, "http_load: %s\n", what);
    exit(1);
}

static void
add(struct text *t, const char *p, size_t n)
{
    if (t->room - t->n < n + 1) {
        t->room = (t->room + n + 1) * 2;
        t->p = realloc(t->p, t->room);
        if (t->p == NULL)
            die("out of memory");
    }
    memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = '\0';
}

static void
add_text(struct text *t, const char *s)
{
    add(t, s, strlen(s));
}

static size_t
answered(char *p, size_t size, size_t n, void *arg)
{
    add(arg, p, size * n);
    return size * n;
}

static size_t
header(char *p, size_t size, size_t n, void *arg)
{
    static const char name[] = "x-csrf-token:";
    struct load *load = arg;
    size_t length = size * n;

    if (length > sizeof name && strncasecmp(p, name, sizeof name - 1) == 0) {
        snprintf(load->token, sizeof load->token, "%.*s", (int)length, p);
        load->token[strcspn(load->token, "\r\n")] = '\0';
    }
    return length;
}

static void
read_lines(struct lines *lines, const char *file)
{
    FILE *in = fopen(file, "r");
    char *line = NULL;
    size_t room = 0, space = 0;
    ssize_t n;

    if (in == NULL)
        die("can't read the file");
    while ((n = getline(&line, &room, in)) > 0) {
        if (lines->n == space) {
            space = space * 2 + 1024;
            lines->at = realloc(lines->at, space * sizeof *lines->at);
            lines->length = realloc(lines->length,
                                    space * sizeof *lines->length);
            if (lines->at == NULL || lines->length == NULL)
                die("out of memory");
        }
        if (line[n - 1] == '\n')
            n--;
        lines->at[lines->n] = strndup(line, (size_t)n);
        lines->length[lines->n++] = (size_t)n;
    }
    free(line);
    fclose(in);
    if (lines->n == 0)
        die("the file is empty");
}

static CURL *
easy_new(struct load *load)
{
    CURL *easy = curl_easy_init();

    if (easy == NULL)
        die("libcurl has no handle");
    curl_easy_setopt(easy, CURLOPT_USERPWD, load->login);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, answered);
    curl_easy_setopt(easy, CURLOPT_SHARE, load->share);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    return easy;
}

/* The token and, through the share, the session's cookies. */
static void
fetch_token(struct load *load)
{
    struct text answer = { NULL, 0, 0 };
    struct curl_slist *fetch = curl_slist_append(NULL, "x-csrf-token: fetch");
    CURL *easy = easy_new(load);

    curl_easy_setopt(easy, CURLOPT_URL, load->url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fetch);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, load);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
    if (curl_easy_perform(easy) != CURLE_OK || load->token[0] == '\0')
        die("no CSRF token");
    load->headers = curl_slist_append(NULL, load->token);
    curl_easy_cleanup(easy);
    curl_slist_free_all(fetch);
    free(answer.p);
}

static void
make_batch(struct call *c)
{
    struct load *load = c->load;
    char head[512];

    for (size_t i = 0; i < load->size && load->next < load->total; i++) {
        size_t line = load->next++;

        snprintf(head, sizeof head,
                 "--batch_1\r\nContent-Type: multipart/mixed; "
                 "boundary=set_1\r\n\r\n--set_1\r\nContent-Type: "
                 "application/http\r\nContent-Transfer-Encoding: binary\r\n"
                 "\r\nPOST %s HTTP/1.1\r\nContent-Type: application/json\r\n"
                 "Accept: application/json\r\nodata-no-response-payload: true"
                 "\r\nContent-Length: %zu\r\n\r\n",
                 load->kind, load->lines.length[line]);
        add_text(&c->body, head);
        add(&c->body, load->lines.at[line], load->lines.length[line]);
        add_text(&c->body, "\r\n--set_1--\r\n");
        c->documents++;
    }
    add_text(&c->body, "--batch_1--\r\n");
}

/* The next request; false: there is none. */
static bool
start(CURLM *multi, struct call *c)
{
    struct load *load = c->load;
    char url[1024];

    if (load->next >= load->total)
        return false;
    c->body.n = c->answer.n = 0;
    c->documents = 0;
    snprintf(url, sizeof url, "%s%s", load->url, load->batch ? "$batch" : "");
    if (load->batch) {
        make_batch(c);
    } else {
        size_t line = load->next++ % load->lines.n;

        add(&c->body, load->lines.at[line], load->lines.length[line]);
        c->documents = 1;
    }
    curl_easy_setopt(c->easy, CURLOPT_URL, url);
    curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, load->headers);
    curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)c->body.n);
    curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, c->body.p);
    curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, &c->answer);
    curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c);
    curl_multi_add_handle(multi, c->easy);
    return true;
}

static void
check(const struct call *c, CURLcode result)
{
    long status = 0;
    size_t created = 0;

    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    if (result != CURLE_OK || status < 200 || status > 299) {
        fprintf(stderr, "http_load: %s, status %ld: %.300s\n",
                curl_easy_strerror(result), status,
                c->answer.n > 0 ? c->answer.p : "");
        exit(1);
    }
    if (!c->load->batch)
        return;
    for (const char *p = c->answer.p; p != NULL &&
         (p = strstr(p, "HTTP/1.1 201")) != NULL; p++)
        created++;
    if (created != c->documents) {
        fprintf(stderr, "http_load: %zu of %zu were created: %.600s\n",
                created, c->documents, c->answer.p);
        exit(1);
    }
}

static void
send_all(struct load *load, size_t in_flight)
{
    CURLM *multi = curl_multi_init();
    struct call *calls = calloc(in_flight, sizeof *calls);
    int running = 0, queued;

    if (multi == NULL || calls == NULL)
        die("out of memory");
    for (size_t i = 0; i < in_flight; i++) {
        calls[i] = (struct call){ .easy = easy_new(load), .load = load };
        if (start(multi, &calls[i]))
            running++;
    }
    while (running > 0) {
        CURLMsg *message;
        int still;

        curl_multi_perform(multi, &still);
        while ((message = curl_multi_info_read(multi, &queued)) != NULL) {
            struct call *c;

            if (message->msg != CURLMSG_DONE)
                continue;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &c);
            check(c, message->data.result);
            curl_multi_remove_handle(multi, c->easy);
            if (!start(multi, c))
                running--;
        }
        if (running > 0)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    for (size_t i = 0; i < in_flight; i++) {
        curl_easy_cleanup(calls[i].easy);
        free(calls[i].body.p);
        free(calls[i].answer.p);
    }
    free(calls);
    curl_multi_cleanup(multi);
}

int
main(int argc, char **argv)
{
    struct load load = { 0 };
    struct timespec from, to;
    char type[256];

    if (argc != 8)
        die("usage: http_load batch|post URL SET|TYPE LOGIN FILE SIZE IN_FLIGHT");
    load.batch = strcmp(argv[1], "batch") == 0;
    load.url = argv[2];
    load.kind = argv[3];
    load.login = argv[4];
    read_lines(&load.lines, argv[5]);
    load.size = strtoul(argv[6], NULL, 10);
    load.total = load.batch ? load.lines.n : load.lines.n * load.size;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    load.share = curl_share_init();
    curl_share_setopt(load.share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    if (load.batch) {
        fetch_token(&load);
        load.headers = curl_slist_append(
            load.headers, "Content-Type: multipart/mixed; boundary=batch_1");
    } else {
        snprintf(type, sizeof type, "Content-Type: %s", load.kind);
        load.headers = curl_slist_append(NULL, type);
    }
    /* No wait for permission to send a long body. */
    load.headers = curl_slist_append(load.headers, "Expect:");
    clock_gettime(CLOCK_MONOTONIC, &from);
    send_all(&load, strtoul(argv[7], NULL, 10));
    clock_gettime(CLOCK_MONOTONIC, &to);
    double seconds = (double)(to.tv_sec - from.tv_sec) +
                     (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    printf("%zu %.3f %.0f\n", load.total, seconds,
           (double)load.total / seconds);
    for (size_t i = 0; i < load.lines.n; i++)
        free(load.lines.at[i]);
    free(load.lines.at);
    free(load.lines.length);
    curl_slist_free_all(load.headers);
    curl_share_cleanup(load.share);
    curl_global_cleanup();
    return 0;
}
