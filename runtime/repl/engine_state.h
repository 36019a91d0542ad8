/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine's files share. The life of one change of side S (target T):
 *
 *   NEW ──────── S's record for a key of an intent ──> SEEK ──> FETCH
 *   NEW ──────── read S, to know its key ──> FETCH ──┐
 *    └───────────────────────────────────────────────┴─> LOCK   waits its turn
 *   LOCK ──────> START: link, intent, S's record
 *   START ─┬──> OWN      S read again, as it was written to since ──> START
 *          ├──> TWIN     another id has this key: is that one gone? ──> START
 *          ├──> FIND     not linked: T searched for the key
 *          ├──> OTHER    linked: T read
 *          └──> done     an echo, left out, parked, too old
 *   FIND, OTHER ─┬──> WRITE    create, update, remove; intent stored before
 *                ├──> GONE     T's record is gone: is S's deleted, too
 *                └──> done
 *   WRITE ─┬──> done     kept: link, decisions, intent dropped
 *          ├──> OTHER    stale: once more
 *          └──> FIND     it is there already
 *   any ──> PAUSE ──> START, or the same WRITE again at a peer of messages
 *
 * An item that is done gives its place, its lock and its share of a page back.
 */
#ifndef REPL_ENGINE_STATE_H
#define REPL_ENGINE_STATE_H

#include "codec/codec.h"
#include "repl/engine.h"

/* Memory that goes all at once: an item's, an operation's. */
struct keep {
    struct keep_block *blocks;
};

/* What asks and what writes has a line each: while both wait, neither takes the
 * places of the other. A write makes a system work, the asking before it does
 * not; and what is to be written next has to be asked for meanwhile. */
enum { LINE_ASK, LINE_WRITE, LINES };

struct line {
    struct call *first, **end;  /* operations to give out */
    uint32_t out;               /* given out */
};

struct system {
    const char *name;
    bool reads;
    struct line lines[LINES];
    uint32_t failures;          /* in a row */
    bool open, probing;         /* the breaker; one operation is let through */
    int64_t hold;               /* nothing is given out before that */
    int64_t zone;               /* its messages' times to ours; known or not */
    bool zoned;
};

enum call_state { CALL_NONE, CALL_READY, CALL_OUT };

/* The one operation that an item or a search has on its way. */
struct call {
    struct mr_op op;
    enum call_state state;
    struct system *system;
    struct call *next;
    uint64_t order;             /* in which they became ready */
    struct keep mem;
    int64_t asked;              /* when it was made */
    uint32_t slot;
    struct item *item;          /* one of these */
    struct search *search;
};

/* A result that was told, until the turn. */
struct answer {
    struct answer *next;
    struct op_result r;
    struct keep mem;
};

/* A page of a search: its mark moves when all pages before are settled. */
struct page {
    struct page *next;
    uint32_t open;              /* items */
    bool read;                  /* all of its records were looked at */
    uint64_t records;
    char *follows;              /* token of the next one; "": the end */
};

enum search_state {
    SEARCH_OFF,
    SEARCH_WAITS,               /* for the maps that it refers to */
    SEARCH_RUNS,
    SEARCH_PAUSE,               /* until `due`, then the same page again */
    SEARCH_WALKS                /* deletions: through the links */
};

/* Reads a document stream from memory. */
struct stream {
    const char *p;
    size_t n, at;
    struct mr_input in;
    struct mr_reader reader;
    bool open;
    bool lent;                  /* the window is the memory itself */
};

/* Have the pages' tokens been met before? */
struct circle {
    uint64_t kept;              /* hash of one of them */
    uint64_t n, next;           /* which one is kept instead */
};

struct search {
    struct flow *flow;
    enum search_state state;
    bool all, load, sweep, repeated;
    struct call call;
    struct page *pages, **pages_end;    /* not yet settled */
    struct page *page;          /* being read, or NULL */
    bool fresh;                 /* it was opened in this turn */
    uint64_t look;              /* hash of the record's bytes; 0: none */
    struct answer *body, *ahead;        /* its bytes; those of the next one */
    int64_t view;               /* what its pages show was so then, or later */
    struct stream stream;
    void *record;               /* decoded into */
    bool ended;                 /* the last page was read */
    int64_t begun, due;
    int64_t start;              /* when it began, by the peer's clock or ours;
                                   0: the peer tells no time */
    int64_t greatest;           /* change time seen; 0 none */
    struct circle met;
    uint32_t tries, refused;    /* of a page; of the search, by the peer */
    uint64_t *ids;              /* deletions: hashes of what is there */
    size_t n_ids, ids_room;
    bool sorted, guarded;
    int64_t walk;               /* link */
    uint64_t walked, missing;
    bool counted;
};

/* One side of a map: its changes go to the other side. */
struct flow {
    struct engine *e;
    const struct mr_map *map;
    const struct mr_repl *repl;
    int side;                   /* S */
    const struct mr_doc *doc;   /* S's records; NULL: can't be decoded */
    const struct mr_flow *to_other;     /* NULL: nothing goes that way */
    struct system *system;
    struct flow *other;         /* the same map's other side */
    struct search poll, sweep;
    struct store_mark mark;     /* texts are in the two below */
    char *mark_text, *load_text;
    bool marked;                /* it was read from the store */
    bool looks;                 /* a record's bytes say all that its map makes
                                   of it: no `ref` */
    uint64_t salt;              /* of looks: the program, map and side */
    uint32_t keyless;           /* creations on this side that give no key */
    int64_t deleting_since;     /* the guard's window, and deletions in it */
    uint64_t deleting;
};

enum item_state {
    ITEM_NEW, ITEM_SEEK, ITEM_FETCH, ITEM_LOCK, ITEM_START, ITEM_OWN, ITEM_TWIN,
    ITEM_FIND, ITEM_OTHER, ITEM_GONE, ITEM_WRITE, ITEM_PAUSE
};

/* A decision to be stored when its write is done. */
struct noted {
    struct noted *next;
    struct store_decision d;
};

enum write_kind {
    WRITE_NOTHING, WRITE_CREATE, WRITE_UPDATE, WRITE_REMOVE, WRITE_SET
};

/* What is to be kept when the write went well. */
struct outcome {
    struct keep mem;
    enum write_kind kind;
    struct mr_bytes base;
    uint32_t when;              /* what was decided anew in it, seconds */
    const char *ids[2], *keys[2], *etag;
    struct noted *notes, **notes_end;
    const struct merge_cell *cells;     /* for the notice */
    size_t n_cells;
    const char *own_etag;
    bool matched, back, conflict;
    bool quiet;                 /* a person was asked before */
    bool link;                  /* the link is to be put */
    bool decided;               /* both records were compared, or one is gone */
    bool gone[2];
    struct mr_bytes detail;     /* a person is asked: sealed; else n is 0 */
    const char *asked_at;       /* place of the rule, or "" */
    const char *wants_map, *wants_key;  /* a reference that was cut out */
    struct ruling *rulings;     /* used up */
};

/* A person's answer, by its name in the store. */
struct ruling {
    struct ruling *next;
    const char *name;
};

struct item {
    struct flow *flow;
    enum item_state state;
    uint64_t order, lock;
    bool in_lock, locked, queued;
    struct item *lock_next, *run_next;
    struct call call;
    struct keep mem;
    /* where it came from */
    int64_t message;
    uint32_t index;
    int64_t arrived;            /* of the message */
    int64_t made;               /* by its control record; 0 unknown */
    int64_t parked;             /* row */
    enum store_parked_kind parked_kind;
    struct page *page;
    struct search *search;
    bool guard_passed;
    /* what it is about */
    int64_t link;
    int64_t revives;            /* a link, both sides gone, that goes when this
                                   is settled */
    const char *id, *key;       /* on S; NULL unknown */
    const char *space_key;      /* in the key space; NULL unknown */
    const char *serial;
    struct keep record_mem;
    char *record;               /* frozen; NULL: not at hand */
    size_t record_n;
    int64_t asked;              /* when it was asked for */
    bool gone, gone_sure;       /* S's record was deleted; a look confirmed it */
    const char *twin;           /* id of a link with this key; it is gone */
    bool keyless;               /* counts in flow->other->keyless */
    int64_t other_asked;
    /* its write */
    int64_t intent;
    bool first;                 /* it is the only one that was ever sent */
    int64_t crossed;            /* intent of a write to S, settled with this */
    struct outcome outcome;
    bool again;                 /* PAUSE: the same write again */
    const char *seek;           /* S's key: is there such a record at all */
    const char *made_as;        /* T's key, of a creation that is open there */
    bool turned;                /* T's change led here: that is still to come */
    bool rewrite;               /* S has to be written, too, when T is */
    bool held;                  /* its message is still needed */
    uint32_t tries, stale, exists;
    const char *refused;        /* what T said to its creation; NULL */
    int64_t due;                /* PAUSE */
};

/* A message told but not yet stored. */
struct arrival {
    struct arrival *next;
    const char *system;
    char *p;
    size_t n;
    uint64_t ticket;
    uint32_t records;
    char serial[48];
    bool early;                 /* bug_ack_early */
    struct keep mem;
};

enum { LOCK_BUCKETS = 1024 };

struct engine {
    struct mr_cx *cx;
    const struct mr_program *program;
    struct engine_settings set;
    struct store *store;
    const struct store_keys *keys;
    enum mr_status status;      /* the first error: it is over then */
    struct mr_finder finder;
    int64_t now, started;
    bool in_turn, running, owes_turn;
    uint64_t random;

    struct system *systems;
    size_t n_systems;
    struct flow *flows;         /* left and right of each map in turn */
    size_t n_flows;

    struct item **items;        /* by slot; NULL: free */
    uint32_t n_items;
    uint32_t *places;           /* free slots; n_items of n are taken */
    struct item *run, **run_end;
    struct item *buckets[LOCK_BUCKETS];
    uint64_t order, next_op, next_token;
    struct call **calls;        /* by slot: items, then searches */
    uint32_t n_slots;

    struct answer *answers, **answers_end;
    struct arrival *arrivals, **arrivals_end;
    uint32_t n_arrivals;
    size_t arrived_bytes;
    uint64_t *tickets;
    size_t n_tickets, tickets_at, tickets_room;

    /* The message that records are taken from. */
    struct feed {
        int64_t id;             /* 0: none */
        int64_t arrived;
        struct keep mem;
        char *system;
        const char *p;
        size_t n, flow;         /* which flow reads it now */
        uint32_t index;         /* of the next record */
        struct stream stream;
        struct idoc_in *control;
        uint32_t control_left;  /* records that the serial is for */
        char serial[48];
        void *record;
    } feed;
    int64_t fed, first_new;     /* all up to there are taken; from there on
                                   they came since the start */
    bool feed_more;             /* there may be further ones */

    uint64_t dropped;           /* records that persons gave up; known or not */
    bool dropped_read;
    int64_t parked_due;         /* when rows are looked for again */
    bool parked_more;           /* due ones had no place */
    int64_t intents_after;      /* open ones from before this start */
    bool intents_more;

    /* The last reference that was not found on the way to each side, while a
     * record is translated. */
    struct wanted {
        const char *map, *key;  /* NULL: none */
    } wants[2];

    struct engine_counts counts;
    void (*notice)(void *arg, const struct engine_notice *n);
    void *notice_arg;
    uint64_t *seen;             /* dry: hashes of records decided about */
    size_t n_seen, seen_room;
};

/* Stands for the ETag of a side of messages that has lost its record, perhaps,
 * and gets all of it again with the next change of the other side. */
#define LINK_REWRITE "rewrite"

/* What one step of an item has at hand, in the arena. */
struct work {
    struct item *it;
    struct merge m;
    struct store_link link;
    bool linked;
    struct base base;
    const struct base *based;   /* &base, or NULL */
    struct store_intent intent;
    bool intended;
    struct base sent;
    const struct base *was_sent;
    struct store_intent crossed;        /* an open write to S itself */
    struct base crossing;
    const struct base *crosses; /* &crossing, or NULL */
    const struct base *own;     /* the same, where S can be read */
    bool twin;                  /* the link has this key and another id */
};

/* engine_keep.c: memory, records that wait */
void *keep_alloc(struct engine *e, struct keep *k, size_t n);
char *keep_text(struct engine *e, struct keep *k, const char *s);
char *keep_slice(struct engine *e, struct keep *k, const char *p, size_t n);
void keep_free(struct engine *e, struct keep *k);
char *arena_text(struct engine *e, const char *s);
bool freeze(struct engine *e, struct keep *k, const struct mr_shape *shape,
            const void *record, char **out, size_t *n);
void *thaw(struct engine *e, const struct mr_shape *shape, const char *frozen);
void stream_open(struct stream *s, const struct mr_doc *doc, const char *p,
                 size_t n);
/* The same where MR_PADDING zero bytes stand behind: nothing is copied. */
void stream_over(struct stream *s, const struct mr_doc *doc, const char *p,
                 size_t n);
/* The next record into `record`; clears the arena. An error of the format is
 * the caller's to clear (engine_clear). */
enum mr_status stream_next(struct engine *e, struct stream *s, void *record);
void stream_close(struct engine *e, struct stream *s);

/* engine.c */
bool engine_fail(struct engine *e, enum mr_status status);
void engine_clear(struct engine *e);
uint64_t engine_random(struct engine *e);
void engine_note(struct engine *e, enum engine_event event,
                 const struct flow *f, const char *key, const char *text);

/* engine_store.c: false: an error (the turn is lost), or nothing there */
bool st_link(struct engine *e, int64_t id, struct store_link *out);
bool st_link_by_record(struct engine *e, const struct mr_map *map, int side,
                       const char *id, struct store_link *out);
bool st_link_by_key(struct engine *e, const struct mr_map *map, int side,
                    const char *key, struct store_link *out);
/* The key on `side` of the record with this one on the other side, or NULL. */
const char *st_partner(struct engine *e, const char *map, int side,
                       const char *key);
bool st_link_count(struct engine *e, const struct mr_map *map, uint64_t *n);
bool st_link_next(struct engine *e, const struct mr_map *map, int64_t after,
                  struct store_link *out);
/* What the record looked like when it was as agreed; 0 unknown. */
uint64_t st_look(struct engine *e, const struct mr_map *map, int side,
                 const char *id);
void st_look_put(struct engine *e, int64_t link, int side, uint64_t look);
bool st_link_put(struct engine *e, struct store_link *link);
void st_link_drop(struct engine *e, int64_t id);
bool st_intent_find(struct engine *e, const struct mr_map *map, int side,
                    const char *key, int64_t link, struct store_intent *out);
bool st_intent_next(struct engine *e, int64_t after, struct store_intent *out);
bool st_intent_put(struct engine *e, struct store_intent *intent);
void st_intent_drop(struct engine *e, int64_t id);
bool st_message_put(struct engine *e, struct store_message *m);
bool st_message(struct engine *e, int64_t id, struct store_message *out);
bool st_message_next(struct engine *e, int64_t after,
                     struct store_message *out);
/* true: that was its last record, and it is gone. */
bool st_message_done(struct engine *e, int64_t id, uint32_t index);
bool st_message_is_done(struct engine *e, int64_t id, uint32_t index);
bool st_parked(struct engine *e, int64_t id, struct store_parked *out);
bool st_parked_next(struct engine *e, const struct store_query *q,
                    struct store_parked *out);
bool st_parked_put(struct engine *e, struct store_parked *p);
void st_parked_drop(struct engine *e, int64_t id);
void st_decision_put(struct engine *e, struct store_decision *d);
void st_mark_load(struct flow *f);
void st_mark_put(struct flow *f);
struct mr_bytes st_meta(struct engine *e, const char *name);
void st_meta_put(struct engine *e, const char *name, struct mr_bytes value);
struct mr_bytes st_seal(struct engine *e, struct keep *k, const void *p,
                        size_t n);
/* In the arena, ended with NUL. p NULL: it can't be opened. */
struct mr_bytes st_open(struct engine *e, struct mr_bytes sealed);

/* engine_peers.c */
struct system *system_named(struct engine *e, const char *name);
/* Once it is where it stays. */
void system_init(struct system *s);
/* Something is to be given out. */
bool system_waits(const struct system *s);
/* The operation of this call, cleared, to be filled and made ready. */
struct mr_op *call_begin(struct engine *e, struct call *c, enum op_kind kind,
                         const struct flow *at);
void call_ready(struct engine *e, struct call *c);
/* The same operation, under a new id. */
void call_repeat(struct engine *e, struct call *c);
void call_end(struct engine *e, struct call *c);
/* Its result came. */
void call_back(struct call *c);
/* Counts for the breaker; the peer as a whole is failing: true. */
bool system_heard(struct engine *e, struct system *s,
                  const struct op_result *r);
int64_t backoff(struct engine *e, uint32_t tries);

/* engine_items.c: the queue */
bool items_room(const struct engine *e, uint32_t share);
struct item *item_new(struct engine *e, struct flow *f);
void item_run(struct engine *e, struct item *it);
void item_lock(struct engine *e, struct item *it, uint64_t lock);
void item_unlock(struct engine *e, struct item *it);
void item_free(struct engine *e, struct item *it);
void item_pause(struct engine *e, struct item *it, int64_t until, bool again);
void items_due(struct engine *e);
void items_run(struct engine *e);
uint64_t lock_of(struct engine *e, const struct mr_map *map, const char *key,
                 int side, const char *id, int64_t link);
bool lock_held(const struct engine *e, uint64_t lock);

/* engine_change.c: what becomes of a change */
void item_step(struct engine *e, struct item *it);
/* Under its lock: from the beginning. */
void item_start(struct engine *e, struct item *it);
/* Keys and a copy of m->record[S], read at `asked`. */
void item_set_record(struct engine *e, struct item *it, struct merge *m,
                     int64_t asked);
bool item_echo(struct engine *e, struct work *w);
void item_left_out(struct engine *e, struct item *it);
void item_read(struct engine *e, struct item *it, const struct flow *f,
               const char *id, enum item_state state);
void item_find(struct engine *e, struct item *it, const struct flow *f,
               const char *key, enum item_state state);
/* From before its lock, as a change of the other side. */
void item_turn_round(struct engine *e, struct item *it, const char *id);
/* The link, S's record, the agreed state, an open intent of the link. */
bool work_open(struct engine *e, struct item *it, struct work *w);
void work_close(struct work *w);
/* An open intent of a creation. */
void work_intent(struct engine *e, struct work *w, const char *key);
bool side_reads(const struct flow *f);

/* engine_answer.c: what the peers said about it */
void item_answer(struct engine *e, struct item *it, const struct op_result *r);
void item_again(struct engine *e, struct item *it, const struct op_result *r);
/* A peer said no for good. */
void item_refused(struct engine *e, struct item *it,
                  const struct op_result *r);

/* engine_decide.c: both records at hand */
void change_decide(struct engine *e, struct work *w);
int64_t moment_micros(struct mr_val v);
/* What a person said about a cell; used up when the item is settled. */
bool ruling_find(struct engine *e, struct item *it, int rule, uint64_t row,
                 uint8_t *side);

/* engine_write.c */
bool write_begin(struct engine *e, struct work *w, enum write_kind kind,
                 const void *out, struct mr_bytes sent);
void write_answer(struct engine *e, struct item *it,
                  const struct op_result *r);
/* Link, decisions; then the item is done. */
void item_settle(struct engine *e, struct item *it,
                 const struct op_result *r);
void outcome_reset(struct engine *e, struct outcome *o);

/* engine_sent.c: is it what was sent before?; `newer` and the writes before it
 * of which no answer came */
bool sent_same(struct engine *e, const struct mr_repl *repl,
               struct mr_bytes sent, const struct base *before);
struct mr_bytes sent_join(struct engine *e, const struct mr_repl *repl,
                          struct mr_bytes newer, const struct base *older);

/* engine_notes.c: decisions in words */
void outcome_note(struct engine *e, struct item *it, const struct merge_cell *c,
                  enum store_outcome what);
void outcome_cells(struct engine *e, struct item *it,
                   const struct merge_result *r);
void outcome_asked(struct engine *e, struct item *it,
                   const struct merge_result *r);
void outcome_record(struct engine *e, struct item *it,
                    enum store_outcome what);
struct mr_bytes deletion_asked(struct engine *e, struct item *it, int deleted,
                               uint64_t left_over);

/* engine_refs.c */
void refs_init(struct engine *e);
bool only_refs(const struct mr_verdict *v, bool cut);
void refs_wake(struct engine *e, const struct store_link *link);

/* engine_park.c */
struct parking {
    enum store_parked_kind kind;
    const char *rule, *reason;
    struct mr_bytes detail;
    const char *wants_map, *wants_key;
    int wants_side;
    int64_t next;
    bool quiet;                 /* nobody has to be told */
};
/* The item is done with; what it is about waits. */
void item_park(struct engine *e, struct item *it, const struct parking *p);
void item_park_plain(struct engine *e, struct item *it,
                     enum store_parked_kind kind, const char *reason);
void item_park_verdict(struct engine *e, struct item *it,
                       const struct mr_verdict *v);
int64_t park_row(struct engine *e, struct item *it, const struct parking *p);
/* How people know the record: its key, else what else is known. */
const char *item_name(const struct item *it);
/* The item is done with. */
void item_done(struct engine *e, struct item *it);
/* Rows about the same record that this change made needless. */
void park_supersede(struct engine *e, const struct item *it, int64_t keep);
void park_again(struct engine *e, const struct mr_map *map, int side,
                int64_t link);
bool parked_feed(struct engine *e);
/* NULL: the program has no such map. */
struct flow *flow_of(struct engine *e, const char *map, int side);

/* engine_intents.c: open writes */
/* Those from before this start; true: some were taken up. */
bool intents_feed(struct engine *e);
/* What the item is about is gone, and was never linked: is a write that was made
 * of it open? Then it looks for that now. */
bool intent_takes(struct engine *e, struct item *it);

/* engine_known.c: parked already, or given up */
/* What tells the item's record from others. */
struct mr_bytes known_detail(struct engine *e, struct item *it);
uint64_t known_record(struct engine *e, const struct flow *f,
                      const void *record);
/* The row that says just that of a record that has not changed; 0: none. */
int64_t known_row(struct engine *e, const struct item *it,
                  const struct parking *p);
/* Was it asked before, and is that open or given up? */
bool known_question(struct engine *e, const struct item *it,
                    struct mr_bytes detail);
/* A person gives it up. */
void known_drop(struct engine *e, const struct store_parked *row);
bool known_dropped(struct engine *e, const struct item *it,
                   enum store_parked_kind kind, struct mr_bytes detail);
/* That this link's record is gone. */
bool known_left(struct engine *e, const struct flow *f, int64_t link);
/* It changed. */
void known_forget(struct engine *e, const struct item *it, bool asks);

/* engine_deletes.c */
void change_gone(struct engine *e, struct work *w);
void change_delete(struct engine *e, struct work *w);
void other_gone(struct engine *e, struct work *w);
void change_left(struct engine *e, struct work *w);
uint64_t guard_share(uint64_t links, uint32_t share);
uint64_t guard_allows(struct engine *e, const struct flow *f);

/* engine_sweep.c: which records are gone */
bool sweep_turn(struct engine *e, struct search *s);
void sweep_record(struct engine *e, struct search *s, struct merge *m);

/* engine_poll.c */
void search_init(struct engine *e, struct search *s, struct flow *f,
                 bool sweep, uint32_t slot);
void search_begin(struct engine *e, struct search *s, bool all);
void search_answer(struct engine *e, struct search *s, struct answer *a);
bool searches_feed(struct engine *e);
void searches_schedule(struct engine *e);
/* When a schedule begins the next search. */
int64_t flow_due(const struct flow *f);
void page_settled(struct engine *e, struct search *s, struct page *p);
void search_stop(struct engine *e, struct search *s);
/* When it goes on by itself. */
int64_t search_due(const struct engine *e, const struct search *s);

/* engine_marks.c */
enum { MARK_MAX = 40 };
/* Changed since when? Left alone: ever. */
void mark_since(struct flow *f, char out[static MARK_MAX]);
/* However often a load is resumed, what changes from now on is looked for. */
void mark_begin(struct flow *f);
/* The first page came; what the peer's clock says, or 0. */
void mark_heard(struct search *s, int64_t date);
/* All of the search is done with. */
void mark_move(struct search *s);

/* engine_messages.c */
void messages_store(struct engine *e);
bool messages_feed(struct engine *e);
/* Record `index` of a stored message into the item. */
bool message_record(struct engine *e, struct item *it, int64_t id,
                    uint32_t index);
/* The message keeps only what its records that are not done need. */
void message_spend(struct engine *e, int64_t id);
void messages_done(struct engine *e);
/* When the item's message was made, as far as that can be told. */
int64_t message_made(const struct engine *e, const struct item *it);

#endif
