/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What calls with one effect for each key have begun and done, in a file of
 * SQLite: on disk before a request is sent, so that after a crash it is known
 * that something may have been done. Keys are kept as keyed hashes, answers and
 * what is looked up sealed (store/seal.h); an answer stays for 30 days, that
 * something was done stays for ever. Several programs may use one file.
 *
 * Functions return MR_OK or an error with cx->error set: MR_EREAD, MR_EWRITE,
 * MR_EMEMORY, MR_EFORMAT (no such file, damaged, or made with another secret).
 * Times are microseconds since 1970 UTC.
 */
#ifndef CALL_JOURNAL_H
#define CALL_JOURNAL_H

#include "mr/cx.h"

struct call_journal;

enum journal_state {
    JOURNAL_NEW,                /* claimed: nothing was ever begun */
    JOURNAL_BUSY,               /* another one has it; nothing is claimed */
    JOURNAL_OPEN,               /* claimed: what became of it is not known */
    JOURNAL_DONE                /* done; nothing is claimed */
};

enum { JOURNAL_KEY = 32 };

struct journal_entry {
    const char *call;           /* its name; stays the caller's */
    unsigned char key[JOURNAL_KEY];
    unsigned char request[JOURNAL_KEY];
    int64_t owner;              /* whose claim it is */
    enum journal_state state;
    int64_t sent;               /* OPEN: when last */
    int64_t done;               /* DONE: when */
    bool same;                  /* DONE: by the very same request */
    bool looked_up;             /* DONE: the reply is that of the look-up */
    /* DONE: the reply; NULL: not kept any more. OPEN: how the first one was to
     * be looked up: address, NUL, request. MR_PADDING zero bytes behind it;
     * mr_resize(cx, it, 0). */
    char *text;
    size_t n;
};

/* `secret`: 32 bytes. The file is made where it is not there. */
enum mr_status journal_open(struct mr_cx *cx, const char *file,
                            const unsigned char secret[32], int64_t now,
                            struct call_journal **out);
void journal_close(struct call_journal *j);

/* Who calls, and with what: sets key, request and owner. */
void journal_name(const struct call_journal *j, const char *call,
                  const char *key, size_t key_n, const char *address,
                  const char *request, size_t request_n,
                  struct journal_entry *e);
/* Claims it until then, unless it is done or another one has it: sets the
 * state and what belongs to it. A new one is kept with `look`, n bytes: how it
 * can be looked up. On disk when this returns. */
enum mr_status journal_begin(struct mr_cx *cx, struct call_journal *j,
                             struct journal_entry *e, int64_t now,
                             int64_t until, const char *look, size_t n);
/* It will be sent once more. On disk when this returns. MR_END: the claim was
 * lost to another one. */
enum mr_status journal_send(struct mr_cx *cx, struct call_journal *j,
                            const struct journal_entry *e, int64_t now,
                            int64_t until);
/* It was done, and this is the reply that says so. */
enum mr_status journal_done(struct mr_cx *cx, struct call_journal *j,
                            const struct journal_entry *e, const char *reply,
                            size_t n, bool looked_up, int64_t now);
/* What became of it is not known: the next one has to look. */
enum mr_status journal_leave(struct mr_cx *cx, struct call_journal *j,
                             const struct journal_entry *e);
/* Nothing was done. */
enum mr_status journal_drop(struct mr_cx *cx, struct call_journal *j,
                            const struct journal_entry *e);

#endif
