/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns each kind of row has, and copying a row by them. */
#include "store/columns.h"

#include <string.h>

#define AT(type, name, kind, member)                                          \
    { name, COLUMN_##kind, (uint16_t)offsetof(struct type, member), 0 }
#define UP_TO(type, name, member, max)                                        \
    { name, COLUMN_INT, (uint16_t)offsetof(struct type, member), max }
#define BOTH(type, name, kind, member)                                        \
    AT(type, "left_" name, kind, member[0]),                                  \
    AT(type, "right_" name, kind, member[1])

/* The large ones are last: SQLite then reads the others without them. */
static const struct store_column link_columns[] = {
    AT(store_link, "id", NUMBER, id),
    AT(store_link, "map", TEXT, map),
    BOTH(store_link, "id", TEXT, ids),
    BOTH(store_link, "key", TEXT, keys),
    BOTH(store_link, "gone", FLAG, gone),
    BOTH(store_link, "etag", TEXT, etags),
    BOTH(store_link, "serial", TEXT, serials),
    BOTH(store_link, "written", NUMBER, written),
    BOTH(store_link, "seen", NUMBER, seen),
    AT(store_link, "made", NUMBER, made),
    AT(store_link, "changed", NUMBER, changed),
    AT(store_link, "kept", BYTES, kept),
    AT(store_link, "base", BYTES, base),
};

static const struct store_column intent_columns[] = {
    AT(store_intent, "id", NUMBER, id),
    AT(store_intent, "map", TEXT, map),
    AT(store_intent, "side", SIDE, side),
    AT(store_intent, "link", NUMBER, link),
    AT(store_intent, "key", TEXT, key),
    AT(store_intent, "token", TEXT, token),
    AT(store_intent, "made", NUMBER, made),
    AT(store_intent, "attempts", COUNT, attempts),
    AT(store_intent, "sent", BYTES, sent),
};

static const struct store_column message_columns[] = {
    AT(store_message, "id", NUMBER, id),
    AT(store_message, "system", TEXT, system),
    AT(store_message, "serial", TEXT, serial),
    AT(store_message, "arrived", NUMBER, arrived),
    AT(store_message, "records", COUNT, records),
    AT(store_message, "sealed", BYTES, sealed),
};

static const struct store_column parked_columns[] = {
    AT(store_parked, "id", NUMBER, id),
    UP_TO(store_parked, "kind", kind, PARKED_AGAIN),
    AT(store_parked, "map", TEXT, map),
    AT(store_parked, "side", SIDE, side),
    AT(store_parked, "record_id", TEXT, record_id),
    AT(store_parked, "key", TEXT, key),
    AT(store_parked, "link", NUMBER, link),
    AT(store_parked, "message", NUMBER, message),
    AT(store_parked, "record", COUNT, index),
    AT(store_parked, "rule", TEXT, rule),
    AT(store_parked, "reason", TEXT, reason),
    AT(store_parked, "wants_map", TEXT, wants_map),
    AT(store_parked, "wants_key", TEXT, wants_key),
    AT(store_parked, "wants_side", SIDE, wants_side),
    AT(store_parked, "attempts", COUNT, attempts),
    AT(store_parked, "made", NUMBER, made),
    AT(store_parked, "next", NUMBER, next),
    AT(store_parked, "detail", BYTES, detail),
};

static const struct store_column decision_columns[] = {
    AT(store_decision, "id", NUMBER, id),
    AT(store_decision, "link", NUMBER, link),
    AT(store_decision, "rule", INT, rule),
    AT(store_decision, "row", HASH, row),
    AT(store_decision, "won", SIDE, from),
    UP_TO(store_decision, "outcome", outcome, DECIDED_AGAIN),
    AT(store_decision, "policy", TEXT, policy),
    AT(store_decision, "left_value", MAYBE, left),
    AT(store_decision, "right_value", MAYBE, right),
    AT(store_decision, "base_value", MAYBE, base),
    AT(store_decision, "at", NUMBER, at),
    AT(store_decision, "detail", BYTES, detail),
};

static const struct store_column mark_columns[] = {
    AT(store_mark_row, "id", NUMBER, id),
    AT(store_mark_row, "map", TEXT, mark.map),
    AT(store_mark_row, "side", SIDE, mark.side),
    AT(store_mark_row, "mark", TEXT, mark.mark),
    AT(store_mark_row, "load", TEXT, mark.load),
    AT(store_mark_row, "loaded", HASH, mark.loaded),
    AT(store_mark_row, "polled", NUMBER, mark.polled),
    AT(store_mark_row, "swept", NUMBER, mark.swept),
};

static const struct store_column meta_columns[] = {
    AT(store_meta_row, "id", NUMBER, id),
    AT(store_meta_row, "name", TEXT, name),
    AT(store_meta_row, "value", BYTES, value),
};

static const struct store_column done_columns[] = {
    AT(store_done_row, "id", NUMBER, id),
    AT(store_done_row, "message", NUMBER, message),
    AT(store_done_row, "record", COUNT, index),
};

static const struct store_column look_columns[] = {
    AT(store_look_row, "id", NUMBER, id),
    BOTH(store_look_row, "look", HASH, look),
};

_Static_assert(sizeof link_columns <= STORE_COLUMNS_MAX *
                                          sizeof(struct store_column),
               "the table with the most columns");

#define TABLE(name, columns, type)                                            \
    { name, columns, sizeof(columns) / sizeof((columns)[0]),                  \
      sizeof(struct type) }

const struct store_table store_tables[TABLES] = {
    [TABLE_LINK] = TABLE("link", link_columns, store_link),
    [TABLE_INTENT] = TABLE("intent", intent_columns, store_intent),
    [TABLE_MESSAGE] = TABLE("message", message_columns, store_message),
    [TABLE_PARKED] = TABLE("parked", parked_columns, store_parked),
    [TABLE_DECISION] = TABLE("decision", decision_columns, store_decision),
    [TABLE_MARK] = TABLE("mark", mark_columns, store_mark_row),
    [TABLE_META] = TABLE("meta", meta_columns, store_meta_row),
    [TABLE_DONE] = TABLE("done", done_columns, store_done_row),
    [TABLE_LOOK] = TABLE("look", look_columns, store_look_row),
};

int64_t
store_row_id(const void *row)
{
    int64_t id;

    memcpy(&id, row, sizeof id);
    return id;
}

void
store_row_set_id(void *row, int64_t id)
{
    memcpy(row, &id, sizeof id);
}

/* The texts and bytes of a row as bytes; false for other columns and NULL. */
static bool
bytes_of(const struct store_column *c, const void *row, struct mr_bytes *out)
{
    const char *at = (const char *)row + c->at;
    const char *text;

    if (c->kind == COLUMN_BYTES) {
        memcpy(out, at, sizeof *out);
        return true;
    }
    if (c->kind != COLUMN_TEXT && c->kind != COLUMN_MAYBE)
        return false;
    memcpy(&text, at, sizeof text);
    if (text == NULL && c->kind == COLUMN_MAYBE)
        return false;
    out->p = text == NULL ? "" : text;
    out->n = strlen(out->p) + 1;
    return true;
}

static bool
number_fits(const struct store_column *c, const void *row)
{
    const unsigned char *at = (const unsigned char *)row + c->at;
    int number;

    if (c->kind == COLUMN_SIDE)
        return *at <= 1;
    if (c->kind != COLUMN_INT || c->max == 0)
        return true;
    memcpy(&number, at, sizeof number);
    return number >= 0 && number <= c->max;
}

enum mr_status
store_row_check(struct mr_cx *cx, const struct store_table *t, const void *row)
{
    struct mr_bytes b;

    for (size_t i = 0; i < t->n; i++) {
        const struct store_column *c = &t->columns[i];

        if (!number_fits(c, row))
            return mr_fail(cx, MR_EUSAGE, "store: %s.%s is out of range",
                           t->name, c->name);
        if (bytes_of(c, row, &b) && b.n > STORE_VALUE_MAX)
            return mr_fail(cx, MR_ELIMIT,
                           "store: %s.%s is larger than 256 MB", t->name,
                           c->name);
    }
    return MR_OK;
}

size_t
store_row_space(const struct store_table *t, const void *row)
{
    struct mr_bytes b;
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        if (bytes_of(&t->columns[i], row, &b))
            n += b.n;
    return n;
}

void
store_row_copy(const struct store_table *t, void *to, const void *row,
               char *space)
{
    struct mr_bytes b;

    memcpy(to, row, t->size);
    for (size_t i = 0; i < t->n; i++) {
        const struct store_column *c = &t->columns[i];
        char *at = (char *)to + c->at;
        const char *p = space;

        if (!bytes_of(c, row, &b))
            continue;
        if (b.n > 0)
            memcpy(space, b.p, b.n);
        if (c->kind == COLUMN_BYTES) {
            struct mr_bytes copy = { p, b.n };

            memcpy(at, &copy, sizeof copy);
        } else {
            memcpy(at, &p, sizeof p);
        }
        space += b.n;
    }
}
