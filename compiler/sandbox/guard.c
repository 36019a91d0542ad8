/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Basic authentication and CSRF tokens. A token is good for the session whose
 * cookie came with it, as in Cloud for Customer, and for as long as the server
 * remembers the session; the oldest session goes when there are too many.
 */
#include "sandbox/guard.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

enum { MOST_SESSIONS = 256, SECRET = 48 };

#define COOKIE "SAP_SESSIONID_SANDBOX"

struct session {
    char id[SECRET + 1], token[SECRET + 1];
};

struct sessions {
    struct session at[MOST_SESSIONS];
    size_t next;
};

struct sessions *
sessions_new(struct arena *a)
{
    return arena_alloc(a, sizeof(struct sessions));
}

void
sessions_clear(struct sessions *s)
{
    memset(s, 0, sizeof *s);
}

void
guard_secret(char out[49])
{
    unsigned char bytes[SECRET / 2];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        fputs("mapc sandbox: no random numbers\n", stderr);
        exit(70);
    }
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* Takes as long for a wrong text as for the right one. */
static bool
same(const char *a, size_t n, const char *b)
{
    unsigned char differ = n != strlen(b);

    for (size_t i = 0; i < n; i++)
        differ |= (unsigned char)(a[i] ^ b[strlen(b) == 0 ? 0
                                                          : i % strlen(b)]);
    return differ == 0;
}

static size_t
decode_base64(const char *p, char *out, size_t room)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                 "stuvwxyz0123456789+/";
    unsigned bits = 0, have = 0;
    size_t n = 0;

    for (; *p != '\0' && *p != '='; p++) {
        const char *d = strchr(digits, *p);

        if (d == NULL)
            return 0;
        bits = (bits << 6 | (unsigned)(d - digits)) & 0xffffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            if (n == room)
                return 0;
            out[n++] = (char)(bits >> have & 0xff);
        }
    }
    return n;
}

bool
guard_login(const struct request *r, struct answer *to)
{
    const char *sent = request_header(r, "authorization");
    char plain[200], wanted[120];

    snprintf(wanted, sizeof wanted, "mapc:%.100s", r->site->password);
    if (sent != NULL && strncasecmp(sent, "basic ", 6) == 0 &&
        same(plain, decode_base64(sent + 6, plain, sizeof plain), wanted))
        return true;
    answer_error(to, 401, "Authentication failed");
    answer_header(to, "www-authenticate", "Basic realm=\"mapc sandbox\"");
    return false;
}

static const char *
cookie(const struct request *r)
{
    const char *all = request_header(r, "cookie");
    const char *p = all == NULL ? NULL : strstr(all, COOKIE "=");

    return p == NULL ? NULL : p + strlen(COOKIE "=");
}

static struct session *
find_session(struct sessions *s, const char *id)
{
    for (size_t i = 0; id != NULL && i < MOST_SESSIONS; i++)
        if (s->at[i].id[0] != '\0' && strlen(id) >= SECRET &&
            memcmp(s->at[i].id, id, SECRET) == 0 &&
            (id[SECRET] == '\0' || id[SECRET] == ';'))
            return &s->at[i];
    return NULL;
}

static void
give_token(const struct request *r, struct answer *to)
{
    struct sessions *all = r->site->sessions;
    struct session *s = find_session(all, cookie(r));

    if (s == NULL) {
        s = &all->at[all->next++ % MOST_SESSIONS];
        guard_secret(s->id);
        guard_secret(s->token);
        answer_header(to, "set-cookie",
                      arena_printf(r->arena, COOKIE "=%s; path=/; HttpOnly",
                                   s->id));
    }
    answer_header(to, "x-csrf-token",
                  arena_copy(r->arena, s->token, SECRET));
}

bool
guard_token(const struct request *r, struct answer *to)
{
    const char *token = request_header(r, "x-csrf-token");
    bool reads = strcmp(r->method, "GET") == 0 ||
                 strcmp(r->method, "HEAD") == 0;
    struct session *s;

    if (reads) {
        if (token != NULL && strcasecmp(token, "fetch") == 0)
            give_token(r, to);
        return true;
    }
    s = find_session(r->site->sessions, cookie(r));
    if (s != NULL && token != NULL && same(token, strlen(token), s->token))
        return true;
    answer_error(to, 403, "CSRF token validation failed");
    answer_header(to, "x-csrf-token", "Required");
    return false;
}
