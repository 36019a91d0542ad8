/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A window of the queue is in memory; from it messages are made and sent over
 * libcurl, several at a time. A record that is on its way holds back its later
 * IDocs, unless a fault says that they overtake. What was not accepted with
 * 200 is sent again, later and later.
 */
#include "sandbox/outbox.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/counts.h"
#include "sandbox/http.h"
#include "sandbox/idoc.h"

enum {
    WINDOW = 512, FLIGHTS = 16, MOST_PACKET = 1000,
    FIRST_WAIT = 200, LONGEST_WAIT = 15000, ABSENT_WAIT = 2000,
    HELD_MS = 1500
};

struct entry {
    struct waiting w;
    int flight;                 /* -1: waits */
    int64_t not_before;
    unsigned tries;
    bool passes, again;         /* faults: others may overtake; sent twice */
};

struct flight {
    struct outbox *outbox;
    CURL *easy;                 /* kept for the connection */
    struct arena *arena;
    struct buf body;
    bool flies;
};

struct outbox {
    struct store *store;
    struct site *site;
    char *url, *user, *password;
    unsigned long packet;
    struct curl_slist *headers;
    struct entry window[WINDOW];
    size_t n;
    int64_t loaded;             /* the last id that was in the window */
    bool dry;                   /* nothing behind it when last asked */
    struct flight flights[FLIGHTS];
    int64_t not_before;         /* the other side was not there */
    unsigned failures;
};

struct transfers {
    CURLM *multi;
};

/* --- making --- */

struct outbox *
outbox_new(struct store *store, struct site *site, unsigned long packet)
{
    struct outbox *o = calloc(1, sizeof *o);

    if (o == NULL)
        return NULL;
    o->store = store;
    o->site = site;
    outbox_packet(o, packet);
    o->headers = curl_slist_append(NULL, "Content-Type: application/xml; "
                                   "charset=utf-8");
    for (size_t i = 0; i < FLIGHTS; i++)
        o->flights[i].outbox = o;
    return o;
}

void
outbox_free(struct outbox *o)
{
    if (o == NULL)
        return;
    for (size_t i = 0; i < FLIGHTS; i++) {
        curl_easy_cleanup(o->flights[i].easy);
        arena_free(o->flights[i].arena);
    }
    curl_slist_free_all(o->headers);
    free(o->url);
    free(o->user);
    free(o->password);
    free(o);
}

static void
replace(char **at, const char *text)
{
    free(*at);
    *at = text == NULL ? NULL : strdup(text);
}

void
outbox_to(struct outbox *o, const char *url, const char *user,
          const char *password)
{
    replace(&o->url, url);
    replace(&o->user, user);
    replace(&o->password, password);
    o->not_before = 0;
}

void
outbox_packet(struct outbox *o, unsigned long packet)
{
    o->packet = packet == 0 ? 1 : packet > MOST_PACKET ? MOST_PACKET : packet;
}

void
outbox_forget(struct outbox *o)
{
    size_t n = 0;

    /* What flies is counted when it lands. */
    for (size_t i = 0; i < o->n; i++)
        if (o->window[i].flight >= 0)
            o->window[n++] = o->window[i];
    o->n = n;
    o->dry = false;
}

static bool
queue(struct outbox *o, struct arena *a, const struct kind *k, int64_t id,
      const json_t *record)
{
    int64_t docnum = sb_store_docnum(o->store);
    struct buf xml;

    buf_init(&xml, a);
    sb_idoc_write(&xml, k, record, docnum);
    o->dry = false;
    o->site->counts->queued++;
    return docnum != 0 &&
           sb_store_queue(o->store, k, id, docnum, xml.at, xml.n);
}

bool
outbox_add(struct outbox *o, struct arena *a, const struct kind *k,
           const struct row *row)
{
    json_t *record = json_loadb(row->doc, row->doc_n, 0, NULL);
    bool good = record != NULL && queue(o, a, k, row->id, record);

    json_decref(record);
    return good;
}

bool
outbox_add_deleted(struct outbox *o, struct arena *a, const struct kind *k,
                   const struct row *row)
{
    json_t *record = json_loadb(row->doc, row->doc_n, 0, NULL);
    bool good;

    if (record == NULL)
        return false;
    json_object_set_new(record, "MSGFN", json_string("003"));
    good = queue(o, a, k, row->id, record);
    json_decref(record);
    return good;
}

bool
outbox_add_later(struct outbox *o, const struct kind *k, int64_t record)
{
    o->dry = false;
    o->site->counts->queued++;
    return sb_store_queue(o->store, k, record, 0, NULL, 0);
}

/* --- the window --- */

static void
load(struct outbox *o)
{
    struct waiting some[WINDOW];
    size_t n;

    if (o->dry || o->n > WINDOW / 2)
        return;
    n = sb_store_queue_read(o->store, o->site->name, o->loaded, some,
                            WINDOW - o->n);
    o->dry = n < WINDOW - o->n;
    for (size_t i = 0; i < n; i++) {
        struct mishap m = faults_draw(o->site->faults, TRAFFIC_DELIVERY,
                                      false);
        struct entry e = { .w = some[i], .flight = -1 };

        e.again = m.duplicate || m.cut_after;
        e.passes = m.reorder;
        if (m.reorder || m.delay_ms > 0)
            e.not_before = sb_http_clock() + m.delay_ms +
                           (m.reorder ? HELD_MS : 0);
        o->loaded = some[i].id;
        o->window[o->n++] = e;
    }
}

/* Is an earlier IDoc of this record not through yet? */
static bool
held_back(const struct outbox *o, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (o->window[i].w.record == o->window[at].w.record &&
            (o->window[i].flight >= 0 || !o->window[i].passes))
            return true;
    return false;
}

static const struct kind *
kind_of(const struct outbox *o, int64_t number)
{
    for (size_t i = 0; i < o->site->kinds.n; i++)
        if (o->site->kinds.at[i]->number == number)
            return o->site->kinds.at[i];
    return NULL;
}

/* The text of an IDoc, made now if it was not. NULL: there is nothing to send
 * any more. */
static const char *
text_of(struct outbox *o, struct arena *a, struct entry *e,
        const struct kind *k, size_t *n)
{
    struct row row;
    struct buf xml;
    json_t *record;

    if (e->w.docnum != 0)
        return sb_store_queue_text(o->store, a, e->w.id, n);
    if (!sb_store_by_id(o->store, a, e->w.record, &row))
        return NULL;
    record = json_loadb(row.doc, row.doc_n, 0, NULL);
    e->w.docnum = sb_store_docnum(o->store);
    if (record == NULL || e->w.docnum == 0)
        return NULL;
    buf_init(&xml, a);
    sb_idoc_write(&xml, k, record, e->w.docnum);
    json_decref(record);
    *n = xml.n;
    return sb_store_queue_fill(o->store, e->w.id, e->w.docnum, xml.at, xml.n)
               ? xml.at
               : NULL;
}

static void
drop(struct outbox *o, size_t at)
{
    sb_store_queue_drop(o->store, o->window[at].w.id);
    memmove(&o->window[at], &o->window[at + 1],
            (o->n - at - 1) * sizeof o->window[0]);
    o->n--;
}

/* Puts IDocs of one kind into the flight; how many. */
static unsigned long
pack(struct outbox *o, int number)
{
    struct flight *f = &o->flights[number];
    const struct kind *k = NULL;
    int64_t now = sb_http_clock();
    unsigned long packed = 0;

    for (size_t i = 0; i < o->n && packed < o->packet;) {
        struct entry *e = &o->window[i];
        const char *text;
        size_t n;

        if (e->flight >= 0 || e->not_before > now || held_back(o, i) ||
            (k != NULL && k->number != e->w.kind)) {
            i++;
            continue;
        }
        if (packed == 0)
            k = kind_of(o, e->w.kind);
        text = k == NULL ? NULL : text_of(o, f->arena, e, k, &n);
        if (text == NULL) {
            drop(o, i);
            continue;
        }
        if (packed++ == 0)
            sb_idoc_open(&f->body, k);
        buf_add(&f->body, text, n);
        e->flight = number;
        i++;
    }
    if (packed > 0)
        sb_idoc_close(&f->body, k);
    return packed;
}

/* --- flying --- */

static size_t
ignore(char *p, size_t size, size_t n, void *cls)
{
    (void)p, (void)cls;
    return size * n;
}

static bool
start(struct outbox *o, struct flight *f, struct transfers *t)
{
    if (f->easy == NULL)
        f->easy = curl_easy_init();
    if (f->easy == NULL)
        return false;
    curl_easy_setopt(f->easy, CURLOPT_URL, o->url);
    curl_easy_setopt(f->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, o->headers);
    curl_easy_setopt(f->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)f->body.n);
    curl_easy_setopt(f->easy, CURLOPT_POSTFIELDS, f->body.at);
    curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(f->easy, CURLOPT_PRIVATE, f);
    curl_easy_setopt(f->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(f->easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(f->easy, CURLOPT_CONNECTTIMEOUT_MS, 3000L);
    if (o->user != NULL) {
        curl_easy_setopt(f->easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(f->easy, CURLOPT_USERNAME, o->user);
        curl_easy_setopt(f->easy, CURLOPT_PASSWORD, o->password);
    }
    return curl_multi_add_handle(t->multi, f->easy) == CURLM_OK;
}

static int64_t
back_off(unsigned tries, int64_t longest)
{
    int64_t ms = FIRST_WAIT;

    while (tries-- > 1 && ms < longest)
        ms *= 2;
    return ms < longest ? ms : longest;
}

/* Nobody was there: all messages wait, none for itself; those that flew
 * together are one failure. */
static void
absent(struct outbox *o, int64_t now)
{
    if (o->not_before > now)
        return;
    o->not_before = now + back_off(++o->failures, ABSENT_WAIT);
}

static void
land(struct flight *f, bool answered, long status)
{
    struct outbox *o = f->outbox;
    int number = (int)(f - o->flights);
    int64_t now = sb_http_clock();

    if (answered)
        o->failures = 0;
    else
        absent(o, now);
    for (size_t i = 0; i < o->n;) {
        struct entry *e = &o->window[i];

        if (e->flight != number) {
            i++;
            continue;
        }
        e->flight = -1;
        if (status == 200 && !e->again) {
            o->site->counts->delivered++;
            drop(o, i);
            continue;
        }
        if (status != 200)
            o->site->counts->delivery_failures++;
        if (answered && status != 200)
            e->not_before = now + back_off(++e->tries, LONGEST_WAIT);
        e->again = false;
        i++;
    }
    arena_free(f->arena);
    f->arena = NULL;
    f->flies = false;
}

static bool
may_start(const struct outbox *o)
{
    int64_t now = sb_http_clock();

    for (size_t i = 0; i < o->n; i++)
        if (o->window[i].flight < 0 && o->window[i].not_before <= now &&
            !held_back(o, i))
            return true;
    return false;
}

int64_t
outbox_run(struct outbox *o, struct transfers *t)
{
    int64_t now = sb_http_clock(), due = -1;

    if (o->url == NULL)
        return -1;
    if (o->not_before > now)
        return o->not_before - now;
    load(o);
    for (int i = 0; i < FLIGHTS; i++) {
        struct flight *f = &o->flights[i];

        if (f->flies || !may_start(o))
            continue;
        f->arena = arena_new();
        buf_init(&f->body, f->arena);
        f->flies = pack(o, i) > 0;
        if (!f->flies) {
            arena_free(f->arena);
            f->arena = NULL;
        } else if (!start(o, f, t)) {
            land(f, false, 0);
        }
    }
    for (size_t i = 0; i < o->n; i++) {
        int64_t rest = o->window[i].not_before - now;

        if (o->window[i].flight < 0 && rest > 0 && (due < 0 || rest < due))
            due = rest;
    }
    return due;
}

/* --- transfers --- */

struct transfers *
transfers_new(void)
{
    struct transfers *t = calloc(1, sizeof *t);

    if (t == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        (t->multi = curl_multi_init()) == NULL) {
        free(t);
        return NULL;
    }
    return t;
}

void
transfers_free(struct transfers *t)
{
    if (t == NULL)
        return;
    curl_multi_cleanup(t->multi);
    curl_global_cleanup();
    free(t);
}

void
transfers_wait(struct transfers *t, const int *fds, size_t n, int ms)
{
    struct curl_waitfd wait[32];

    if (n > 32)
        n = 32;
    for (size_t i = 0; i < n; i++)
        wait[i] = (struct curl_waitfd){ .fd = fds[i],
                                        .events = CURL_WAIT_POLLIN };
    curl_multi_poll(t->multi, wait, (unsigned)n, ms, NULL);
}

void
transfers_run(struct transfers *t)
{
    int running, left;
    CURLMsg *m;

    curl_multi_perform(t->multi, &running);
    while ((m = curl_multi_info_read(t->multi, &left)) != NULL) {
        struct flight *f = NULL;
        CURL *easy = m->easy_handle;
        CURLcode code = m->data.result;
        long status = 0;

        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &f);
        if (code == CURLE_OK)
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(t->multi, easy);
        land(f, code == CURLE_OK, status);
    }
}
