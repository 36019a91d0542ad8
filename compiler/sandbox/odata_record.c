/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a record may hold and what the service puts into it: unknown and
 * read-only properties, lengths, what must be given, keys, times. A change
 * below a root counts as a change of the root.
 */
#include "sandbox/odata_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/counts.h"
#include "sandbox/value.h"

enum { FIRST_NUMBER = 1000000 };

bool
sb_record_refuse(struct request *r)
{
    r->site->counts->refused++;
    return false;
}

static bool
ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

/* --- fields --- */

/* The service keeps these itself; what is sent is not looked at. */
static bool
is_ignored(const struct field *f, bool creating)
{
    if (f->role == FIELD_ID || f->role == FIELD_ETAG)
        return true;
    if (creating)
        return !f->member->creatable && !f->member->type.nullable;
    return ends_with(f->name, "Text") && !f->member->updatable;
}

bool
sb_record_take(struct request *r, const struct kind *k, const struct field *f,
               const json_t *value, bool creating, struct slot *slot,
               struct answer *to)
{
    const char *wrong;
    struct slot sent;
    bool may = creating ? f->member->creatable : f->member->updatable;

    if (is_ignored(f, creating))
        return true;
    wrong = value_take(r->arena, f->member, value, &sent);
    if (wrong != NULL) {
        answer_error(to, 400, "Property %s of %s %s", f->name, k->name, wrong);
        return sb_record_refuse(r);
    }
    if (!may) {
        /* The value it has anyway does no harm to an update. */
        bool same = !creating && sent.n == slot->n &&
                    (sent.n == 0 || memcmp(sent.at, slot->at, sent.n) == 0);

        if (same)
            return true;
        answer_error(to, 400, "Property %s of %s can't be %s", f->name,
                     k->name, creating ? "given at creation" : "changed");
        return sb_record_refuse(r);
    }
    /* A value equal to none is kept as none. */
    if (sent.at != NULL && sent.n == f->unset_n &&
        memcmp(sent.at, f->unset, sent.n) == 0)
        sent = (struct slot){ NULL, 0 };
    *slot = sent;
    return true;
}

bool
sb_record_unknown(struct request *r, const struct kind *k, const char *name,
                  struct answer *to)
{
    answer_error(to, 400, "Property %.80s is not defined for type %s", name,
                 k->name);
    return sb_record_refuse(r);
}

bool
sb_record_complete(struct request *r, const struct kind *k,
                   const struct slot *slots, struct answer *to)
{
    for (size_t i = 0; i < k->fields.n; i++) {
        const struct field *f = &k->fields.at[i];

        if (!f->member->required || slots[i].at != NULL ||
            f->role != FIELD_PLAIN || f->member->wire == WIRE_BOOL ||
            f->member->wire == WIRE_NUMBER ||
            f->member->wire == WIRE_NUMBER_TEXT)
            continue;
        answer_error(to, 400, "Property %s of %s is mandatory", f->name,
                     k->name);
        return sb_record_refuse(r);
    }
    return true;
}

/* --- what the service fills --- */

const char *
sb_record_new_id(struct arena *a, int64_t moment)
{
    uint64_t z = (uint64_t)moment * 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z ^= z >> 27;
    return arena_printf(a, "00163E%010" PRIX64 "%016" PRIX64,
                        z & 0xffffffffffu, (uint64_t)moment);
}

struct slot
sb_record_quoted(struct arena *a, const char *text)
{
    struct buf out;

    buf_init(&out, a);
    json_quote(&out, text, strlen(text));
    return (struct slot){ out.at, (uint32_t)out.n };
}

struct slot
sb_record_uuid(struct arena *a, const char *id)
{
    const char *text = arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%s", id, id + 8,
                                    id + 12, id + 16, id + 20);

    return sb_record_quoted(a, text);
}

void
sb_record_stamp(struct arena *a, const struct kind *k, struct slot *slots,
                int64_t moment, bool creating)
{
    /* Never later than the moment itself: cut, not rounded. */
    int64_t ms = moment / 10000;

    for (size_t i = 0; i < k->fields.n; i++) {
        enum field_role role = k->fields.at[i].role;

        if (role == FIELD_ETAG || role == FIELD_CHANGED ||
            (creating && role == FIELD_CREATED))
            slots[i] = value_date(a, ms);
    }
}

void
sb_record_set_key(struct request *r, struct kind *k, struct slot *slots,
                  struct row *row)
{
    const struct field *f = k->key < 0 ? NULL : &k->fields.at[k->key];

    if (f == NULL || k->key == k->id)
        return;
    while (slots[k->key].at == NULL && f->member->wire == WIRE_TEXT) {
        struct row other;
        const char *number = arena_printf(
            r->arena, "%" PRIu64, FIRST_NUMBER + k->next_number++);

        if (!sb_store_by_key(r->store, r->arena, k->number, number,
                             strlen(number), &other))
            slots[k->key] = sb_record_quoted(r->arena, number);
    }
    row->key = json_plain(r->arena, slots[k->key], &row->key_n);
}

void
sb_record_set_doc(struct request *r, const struct kind *k,
                  const struct slot *slots, struct row *row)
{
    struct buf doc;

    buf_init(&doc, r->arena);
    doc_write(k, slots, &doc);
    row->doc = doc.at;
    row->doc_n = doc.n;
}

bool
sb_record_failed(struct request *r, const struct kind *k, const struct row *row,
                 enum store_result result, struct answer *to)
{
    if (result == STORE_DUPLICATE) {
        r->site->counts->duplicates++;
        answer_error(to, 400, "%s with %s %.*s already exists", k->name,
                     k->key < 0 ? "this key" : k->fields.at[k->key].name,
                     (int)row->key_n, row->key == NULL ? "" : row->key);
    } else {
        answer_error(to, 500, "The record can't be stored");
    }
    return false;
}

bool
sb_record_touch_above(struct request *r, const struct kind *k,
                      const struct row *row, struct answer *to)
{
    int64_t id = row->parent;
    struct row up;

    for (k = k->parent; k != NULL && id != 0; k = k->parent) {
        struct slot *slots = arena_alloc(r->arena,
                                         k->fields.n * sizeof *slots);

        if (!sb_store_by_id(r->store, r->arena, id, &up))
            break;
        doc_read(k, up.doc, up.doc_n, slots);
        up.changed = sb_store_now(r->store, faults_skew(r->site->faults));
        sb_record_stamp(r->arena, k, slots, up.changed, false);
        sb_record_set_doc(r, k, slots, &up);
        if (sb_store_update(r->store, &up) != STORE_OK) {
            answer_error(to, 500, "The record can't be stored");
            return false;
        }
        id = up.parent;
    }
    return true;
}
