/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulation: engine and store as they are, model systems around them on a
 * virtual clock, users who edit on both sides, faults, crashes, and an oracle
 * that knows nothing of the engine and says whether the end is right. All of a
 * run follows from its seed.
 *
 * Records of the models are texts in fields, with rows below them; tables say
 * which field of one system is which of the other (model.c). Everything here is
 * of one run (struct sim); a run ends at its first violation.
 */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "mr/program.h"
#include "repl/engine.h"

enum {
    SIM_TEXT = 80, SIM_FIELDS = 16, SIM_ROWS = 6, SIM_RULES = 16, SIM_OLDER = 8,
    SIM_GROUNDS = 16,
    SIM_MAPS = 3, SIM_SYSTEMS = 3, SIM_LEVELS = 3,
    SIM_KEYS = 12,              /* records a map, by number */
    SIM_SECOND = 1000000
};

/* model.c: what there is to edit. */

struct sim_field {
    const char *name;
    bool number;
};

struct sim_entity {
    const char *name;           /* "Account", "E1PARTM" */
    const char *set;            /* "AccountSet"; messages: NULL */
    const struct sim_field *fields;     /* the first one is the key */
    size_t n_fields;
    const char *list;           /* navigation, segment; NULL: no rows */
    const struct sim_entity *row;
};

/* A record or a row. */
struct sim_record {
    const struct sim_entity *entity;
    int id;                     /* in its system; never used again */
    char values[SIM_FIELDS][SIM_TEXT];
    struct sim_record *rows[SIM_ROWS];
    size_t n_rows;
    char gone[SIM_ROWS][SIM_TEXT];      /* keys of rows that it had */
    size_t n_gone;
    uint64_t version;           /* the ETag; of root records, as all below */
    int64_t changed;            /* by the system's clock */
    bool replicated;            /* made by a create of the engine */
};

/* CONV_CUT: the right side holds the first characters, the left one more, of
 * which the right one knows nothing. */
enum sim_conv { CONV_SAME, CONV_SPLIT, CONV_ALPHA, CONV_CUT };

/* A rule of sim.map as the oracle understands it. */
struct sim_rule {
    const char *name;
    int field[2];               /* in entity.fields; CONV_SPLIT: the right one
                                   and the next */
    enum sim_conv conv;
    bool runs[2];               /* towards that side */
    enum mr_policy policy;
    int owner;
    bool group;                 /* all rules of the group have this */
    bool reference;
};

/* A level: the record, its rows, the rows of these. */
struct sim_level {
    const struct sim_entity *entity[2];
    const struct sim_rule *rules;
    size_t n_rules;
};

struct sim_map {
    const char *name;
    int system[2];              /* index in sim.systems */
    struct sim_level levels[SIM_LEVELS];
    size_t n_levels;
    enum sim_conv key;
    bool create[2];             /* on that side */
    bool removed[2];            /* a deletion comes to that side as one */
    int status;                 /* field on the left that says 'deleted', or
                                   -1 */
    int hidden;                 /* that says "takes no part", or -1 */
};

extern const struct sim_map sim_maps[SIM_MAPS];
extern const char *const sim_system_names[SIM_SYSTEMS];

struct sim_record *record_new(const struct sim_entity *entity, int id);
struct sim_record *record_copy(const struct sim_record *r);
void record_free(struct sim_record *r);
struct sim_record *record_row(const struct sim_record *r, const char *key);
void record_add_row(struct sim_record *r, struct sim_record *row);
void record_remove_row(struct sim_record *r, const struct sim_record *row);

/* A rule's value in a record of that side, in the words of the left side; of
 * CONV_CUT what both sides can see. */
void rule_get(const struct sim_rule *rule, int side,
              const struct sim_record *r, char out[static SIM_TEXT]);
void rule_set(const struct sim_rule *rule, int side, struct sim_record *r,
              const char *left);
/* CONV_CUT: is what the left side alone has still there? Users there put it
 * behind each value. */
bool rule_is_whole(const struct sim_rule *rule, const struct sim_record *left);
/* A record's key on that side, from its number. */
void key_text(const struct sim_map *map, int side, int number,
              char out[static SIM_TEXT]);

/* Growing text. */
struct sim_text {
    char *p;
    size_t n, room;
};

void text_add(struct sim_text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void text_put(struct sim_text *t, const char *s);
void text_free(struct sim_text *t);

/* json.c, idoc.c: records on the wire. */

void json_record(struct sim_text *t, const struct sim_record *r,
                 bool id_only);
/* Sets what the document names. `next_id`: of rows that it brings. false: it
 * is none. */
bool json_apply(struct sim_record *r, const char *p, size_t n, int *next_id);

void idoc_message(struct sim_text *t, const struct sim_record *r,
                  bool deleted, bool marks, int serial);
/* The record in a write, as text fields: "/" where the field is left alone, as
 * are those that no rule of the map writes. `deleted`: MSGFN is 003; of rows:
 * their id is -1 then. NULL: there is none. */
struct sim_record *idoc_parse(const struct sim_entity *entity, const char *p,
                              size_t n, bool *deleted);

/* system.c: a model system; sends nothing and knows no faults by itself. */

struct sim_request {
    uint64_t id;
    enum op_kind kind;
    int map, side, system;
    char since[40], token[40], record_id[16], etag[40];
    char key_names[2][40], key_values[2][SIM_TEXT];
    size_t n_keys;
    struct sim_part {
        enum op_part_kind kind;
        char set[40], id[16], navigation[40];
        char *body;
        size_t n;
    } *parts;
    size_t n_parts;
    char message_token[24];
    int life;                   /* of the program, that asked */
};

struct sim_answer {
    enum op_outcome outcome;
    struct sim_text body;
    char record_id[16], etag[40], next[40], text[80];
    uint32_t retry_after;
    int64_t date;               /* of a page, by the system's clock; 0 */
};

/* A message on its way out of a system. */
struct sim_message {
    int number;                 /* key number of its record */
    struct sim_text text;
    int serial;
    bool handed, accepted;      /* to the program; by it */
};

struct sim_list {
    struct sim_record **at;
    size_t n, room;
};

struct sim_system {
    int index;
    bool reads;
    bool strict;                /* refuses a second record of a key, always */
    bool live_pages;            /* pages show the present, not the moment of
                                   the first one */
    bool emits;                 /* messages: also after the engine's writes */
    bool marks;                 /* messages: rows that went are in them, marked
                                   as deleted */
    int64_t skew;
    bool dated;                 /* its answers tell what time it is */
    struct sim_list records[SIM_MAPS];
    int next_id, next_serial;
    struct sim_message *messages;
    size_t n_messages, messages_room;
    struct sim_list *views;     /* of pages that show a moment */
    size_t n_views;
    char (*tokens)[24];         /* of messages that were taken */
    size_t n_tokens;
    uint64_t writes;            /* of the engine, that changed something or
                                   could have */
};

struct sim;

struct sim_record *system_find(struct sim *sim, int map, int side,
                               int number);
/* Does the work of a request. */
void system_do(struct sim *sim, const struct sim_request *q,
               struct sim_answer *a);
/* A record was changed, by a user or the engine: version, time, message. */
void system_changed(struct sim *sim, int map, int side, struct sim_record *r);
void system_removed(struct sim *sim, int map, int side, struct sim_record *r);
struct sim_record *system_create(struct sim *sim, int map, int side,
                                 int number);
void system_done(struct sim_system *s);

struct sim_list *system_list(struct sim *sim, int map, int side);
void list_add(struct sim_list *l, struct sim_record *r);

/* pages.c */
void system_page(struct sim *sim, const struct sim_request *q,
                 struct sim_answer *a);

/* messages.c: work of the system that takes messages. */
void system_take(struct sim *sim, const struct sim_request *q,
                 struct sim_answer *a);
void system_emit(struct sim *sim, int map, const struct sim_record *r,
                 bool deleted);

/* oracle.c: what users did, and whether the end is right. */

/* One value of one record or row: who put what since both sides agreed. */
struct sim_cell {
    char base[2][SIM_TEXT];     /* on each side as agreed, in the left side's
                                   words */
    char last[2][SIM_TEXT];     /* the last that a user put on that side */
    int64_t at[2];              /* when; 0: not since they agreed */
    char held[2][SIM_TEXT];     /* there before the first that was put since
                                   the other side deleted the record */
    char older[SIM_OLDER][SIM_TEXT];    /* put before the last on a side that
                                   can't be asked */
    int n_older;
    long long sum;              /* of all differences put, since then */
    long long ground[SIM_GROUNDS];      /* what it was of when both sides had
                                   the same, less what `sum` was then */
    int n_ground;
    bool ruled;                 /* a person decided since then */
    bool back[2];               /* the last is what a write of the program had
                                   replaced there, and nobody heard of it */
};

struct sim_track {
    int map, number;
    int level;
    char row[2][SIM_TEXT];      /* keys of the rows down to it, "" */
    struct sim_cell cells[SIM_RULES];
    bool was;                   /* there when both sides agreed */
    bool ever_removed;
    bool bare;                  /* came back without what was remembered */
    bool settled;               /* a deleted record, judged once and for all */
    bool lost;                  /* the answer to a write got lost since then */
    bool hidden;                /* took no part for a time, since they agreed */
    int64_t added[2], removed[2];       /* since they agreed; 0: not */
};

/* A write of the program that it did not hear of, nor look at since. */
struct sim_unheard {
    int map, side;
    struct sim_record *was;     /* what it replaced; its id is the record's */
};

struct sim_oracle {
    struct sim_unheard *unheard;
    size_t n_unheard, unheard_room;
    struct sim_track *tracks;
    size_t n, room;
    uint64_t compared, excused; /* records */
    uint64_t cells;
};

void oracle_put(struct sim *sim, int map, int side, int number, int level,
                const char *const row[2], const struct sim_rule *rule,
                const char *before, const char *after);
void oracle_added(struct sim *sim, int map, int side, int number,
                  const struct sim_record *r, int level,
                  const char *const row[2]);
void oracle_removed(struct sim *sim, int map, int side, int number, int level,
                    const char *const row[2]);
/* A record stops or begins again to take part: what both sides have from then
 * on is theirs alone. */
void oracle_hidden(struct sim *sim, int map, int number);
/* Was this record or row ever deleted, on any side? */
bool oracle_was_removed(struct sim *sim, int map, int number, int level,
                        const char *const row[2]);
/* The program has replaced `was`, which is taken; it was told so, or has seen
 * what became of it. */
void oracle_written(struct sim *sim, int map, int side,
                    struct sim_record *was);
void oracle_lost(struct sim *sim, int map, int number);
void oracle_heard(struct sim *sim, int map, int side, int id);
/* Everything is settled: is it right? Both sides agree from here on. */
void oracle_check(struct sim *sim);
/* At any time: no two records of one key. */
void oracle_no_twins(struct sim *sim, int map, int side);
/* oracle_cell.c */
void oracle_check_cell(struct sim *sim, const struct sim_track *t, size_t rule,
                       const struct sim_record *left,
                       const struct sim_record *right, bool asked);
struct sim_track *oracle_track(struct sim *sim, int map, int number, int level,
                               const char *const row[2]);
void oracle_done(struct sim *sim);

/* survey.c: what the store says of records. */

struct sim_parked {
    enum store_parked_kind kind;
    int wants_map, wants;       /* REF: number of the record; 0 */
    char reason[120];
};

struct sim_survey {
    unsigned kinds[SIM_MAPS][SIM_KEYS + 1];     /* bits: 1 << kind */
    struct sim_parked reasons[SIM_MAPS][SIM_KEYS + 1];
    struct sim_parked wanted[SIM_MAPS][SIM_KEYS + 1];
    struct sim_parked last;
    bool linked[SIM_MAPS][SIM_KEYS + 1];
    uint64_t n_parked, intents, messages;
};

void survey_make(struct sim *sim, struct sim_survey *out);
/* The program dies. What it was about to write, sent or not, is in its store as
 * sent: it can't tell later whether it was. */
void survey_lost(struct sim *sim);

/* users.c */

/* One thing that a user does at a time; what exactly, follows from `seed` and
 * what is there. */
struct sim_action {
    int64_t at;
    uint64_t seed;
    bool skipped;
};

void user_act(struct sim *sim, const struct sim_action *action);
/* Records that are there before replication begins. */
void users_begin(struct sim *sim);

/* persons.c: true where there was something to do. */
bool persons_retry(struct sim *sim, enum store_parked_kind kind);
bool persons_decide(struct sim *sim);

/* explore.c */

struct sim_options {
    uint64_t seed;
    bool verbose;
    bool sqlite;
    const bool *skip;           /* of actions; NULL: none */
    size_t n_skip;
    bool no_crashes, no_faults;
    bool bug_ack_early, bug_mark_early, bug_no_intent, bug_forget;
};

struct sim_outcome {
    bool failed;
    char what[400];
    int actions;                /* how many there were */
    uint64_t turns, writes, crashes, faults, messages, compared, excused,
             cells, parked;
};

/* What the seed makes of a run. */
struct sim_weather {
    int phases, actions;        /* a phase */
    int64_t span;               /* in which they come */
    bool serial;                /* one action, then all is settled */
    int drop_before, drop_after, busy, stale, late, deny;   /* per mille */
    int message_late, message_twice;    /* per mille */
    int crash;                  /* per mille, at each of several points */
    bool deletes, rows;
};

struct sim_event;

struct sim {
    const struct sim_options *options;
    struct sim_outcome *outcome;
    struct sim_weather weather;
    uint64_t random;
    int64_t now;
    bool faults;                /* still going on */
    int next_value;             /* that users put */
    int said;                   /* most writes that the last action is worth */
    struct sim_system systems[SIM_SYSTEMS];
    struct sim_oracle oracle;
    struct sim_event *events;   /* a heap by time, then order */
    size_t n_events, events_room;
    uint64_t event_order;
    struct sim_action *actions;
    size_t n_actions;
    int64_t denied[SIM_SYSTEMS];        /* until then */

    struct mr_cx cx;
    struct store_image *image;
    struct store *store;
    struct store_keys keys;
    char file[64];              /* of SQLite */
    struct engine *engine;      /* NULL: the program is down */
    int life;                   /* counts its starts */
    const struct mr_map *maps[SIM_MAPS];
};

uint64_t sim_random(uint64_t *state);
/* 0 … n - 1 */
int sim_below(uint64_t *state, int n);
bool sim_chance(struct sim *sim, int per_mille);
void sim_say(struct sim *sim, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The run is over; the first one counts. */
void sim_violation(struct sim *sim, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

void sim_run(const struct sim_options *options, struct sim_outcome *out);

/* program.c */
void program_start(struct sim *sim);
void program_end(struct sim *sim);
void program_dies(struct sim *sim);

/* weather.c */
void weather_make(struct sim *sim, uint64_t *random);
void weather_systems(struct sim *sim, uint64_t *random);

/* events.c */

enum sim_event_kind {
    EVENT_USER, EVENT_ARRIVE, EVENT_ANSWER, EVENT_MESSAGE, EVENT_START
};

struct sim_event {
    int64_t at;
    uint64_t order;
    enum sim_event_kind kind;
    size_t index;               /* USER: action; MESSAGE: message */
    struct sim_request *request;        /* ARRIVE, ANSWER: owned */
    struct sim_answer *answer;  /* ANSWER: owned */
};

void event_add(struct sim *sim, struct sim_event e);
bool event_next(struct sim *sim, int64_t until, struct sim_event *out);
void event_free(struct sim_event *e);

/* request.c */
void request_send(struct sim *sim, int system, const struct mr_op *op);
void request_arrive(struct sim *sim, struct sim_event *e);
void request_answer(struct sim *sim, const struct sim_event *e);
void request_unheard(struct sim *sim, const struct sim_event *e);
void request_orphan(struct sim *sim, struct sim_event *e, int64_t start);

#endif
