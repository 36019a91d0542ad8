/* SPDX-License-Identifier: Apache-2.0 */
/* Two systems in memory: see duo.h. */
#include "repl/duo.h"

#include <assert.h>
#include <stdlib.h>

/* --- references --- */

/* Records that begin with 9 are not known yet; others have one key. */
static struct mr_val
find_ref(void *arg, struct mr_cx *cx, const char *map, int side,
         struct mr_val key)
{
    (void)arg;
    (void)cx;
    (void)map;
    (void)side;
    return key.p[0] == '9' ? mr_missing() : key;
}

void
duo_init(struct duo *k, const char *map)
{
    static const unsigned char secret[32] = { 1, 2, 3 };

    memset(k, 0, sizeof *k);
    mr_cx_init(&k->cx, NULL);
    k->finder.find = find_ref;
    k->cx.finder = &k->finder;
    k->readable[0] = k->readable[1] = true;
    for (uint32_t i = 0; i < mapc_program.n_maps; i++)
        if (strcmp(mapc_program.maps[i]->name, map) == 0)
            k->map = mapc_program.maps[i];
    assert(k->map != NULL && k->map->repl != NULL);
    if (seal_keys(&k->cx, secret, &k->keys) != MR_OK)
        abort();
}

void
duo_clear(struct duo *k)
{
    for (int side = 0; side < 2; side++) {
        json_decref(k->record[side]);
        k->record[side] = NULL;
        k->changed[side] = k->written[side] = 0;
    }
    free(k->base);
    free(k->sent);
    k->base = k->sent = NULL;
    k->base_n = k->sent_n = 0;
    k->next_id = 0;
    k->rulings = NULL;
    k->n_rulings = 0;
    k->lose_answer = k->cut_refs = k->crossing = false;
    k->cx.error.status = MR_OK;
}

void
duo_done(struct duo *k)
{
    duo_clear(k);
    mr_cx_done(&k->cx);
}

static char *
copy_bytes(const char *p, size_t n)
{
    char *copy = p == NULL ? NULL : malloc(n + 1);

    if (copy != NULL)
        memcpy(copy, p, n);
    return copy;
}

void
duo_copy(struct duo *to, const struct duo *from)
{
    duo_clear(to);
    for (int side = 0; side < 2; side++) {
        to->record[side] = json_deep_copy(from->record[side]);
        to->changed[side] = from->changed[side];
        to->readable[side] = from->readable[side];
    }
    to->map = from->map;
    to->next_id = from->next_id;
    to->base = copy_bytes(from->base, from->base_n);
    to->base_n = from->base_n;
}

/* --- records --- */

static json_t *
parse(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;
    json_t *json;

    for (char *p = copy; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    json = json_loads(copy, 0, &error);
    if (json == NULL)
        fprintf(stderr, "%s: %s\n", copy, error.text);
    free(copy);
    assert(json != NULL);
    return json;
}

/* Every entity has an id of its own. */
static void
give_ids(struct duo *k, json_t *entity)
{
    const char *name;
    json_t *value, *row;
    size_t i;
    char id[16];

    if (json_object_get(entity, "ObjectID") == NULL) {
        snprintf(id, sizeof id, "id%d", ++k->next_id);
        json_object_set_new(entity, "ObjectID", json_string(id));
    }
    json_object_foreach(entity, name, value)
        json_array_foreach(value, i, row)
            give_ids(k, row);
}

void
duo_set(struct duo *k, int side, const char *json)
{
    json_decref(k->record[side]);
    k->record[side] = parse(json);
    give_ids(k, k->record[side]);
}

void
duo_edit(struct duo *k, int side, const char *json)
{
    json_t *patch = parse(json);

    json_object_update(k->record[side], patch);
    json_decref(patch);
    give_ids(k, k->record[side]);
}

static json_t *
find_in_list(json_t *list, const char *key, size_t key_n, const char *value,
             size_t value_n)
{
    json_t *row;
    size_t i;

    json_array_foreach(list, i, row) {
        char name[64];
        const char *text;

        snprintf(name, sizeof name, "%.*s", (int)key_n, key);
        text = json_string_value(json_object_get(row, name));
        if (text != NULL && strlen(text) == value_n &&
            memcmp(text, value, value_n) == 0)
            return row;
    }
    return NULL;
}

/* The list that a step as "Items[Nr=1]" names and its row. */
static json_t *
take_step(json_t *at, const char *step, json_t **list)
{
    const char *open = strchr(step, '['), *equals, *close;
    char name[64];

    assert(open != NULL);
    snprintf(name, sizeof name, "%.*s", (int)(open - step), step);
    *list = json_object_get(at, name);
    equals = strchr(open, '=');
    close = strchr(open, ']');
    assert(equals != NULL && close != NULL);
    return find_in_list(*list, open + 1, (size_t)(equals - open - 1),
                        equals + 1, (size_t)(close - equals - 1));
}

json_t *
duo_at(struct duo *k, int side, const char *path)
{
    json_t *at = k->record[side], *list;

    for (const char *p = path; at != NULL && p != NULL && *p != '\0';) {
        at = take_step(at, p, &list);
        p = strchr(p, ']') + 1;
        p += *p == '.';
    }
    return at;
}

const char *
duo_value(struct duo *k, int side, const char *path)
{
    static char text[256];
    const char *last = strrchr(path, ']');
    const char *field = last == NULL ? path : last + 2;
    char rows[256];
    json_t *v;

    snprintf(rows, sizeof rows, "%.*s",
             last == NULL ? 0 : (int)(last + 1 - path), path);
    v = json_object_get(duo_at(k, side, rows), field);
    if (v == NULL)
        return "(none)";
    if (json_is_null(v))
        return "(null)";
    if (json_is_string(v))
        return json_string_value(v);
    snprintf(text, sizeof text, "%s", json_is_true(v) ? "true" : "false");
    if (json_is_integer(v))
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(v));
    return text;
}

static bool
remove_from(json_t *at, const json_t *gone)
{
    const char *name;
    json_t *value, *row;
    size_t i;

    json_object_foreach(at, name, value)
        json_array_foreach(value, i, row) {
            if (row == gone) {
                json_array_remove(value, i);
                return true;
            }
            if (remove_from(row, gone))
                return true;
        }
    return false;
}

void
duo_remove(struct duo *k, int side, const char *path)
{
    json_t *row = duo_at(k, side, path);

    if (row != NULL)
        remove_from(k->record[side], row);
}

static void
add_row(struct duo *k, json_t *at, const char *list, json_t *row)
{
    json_t *rows = json_object_get(at, list);

    if (rows == NULL) {
        rows = json_array();
        json_object_set_new(at, list, rows);
    }
    json_array_append_new(rows, row);
    give_ids(k, row);
}

/* list: "Items", or "Items[Nr=1].Subs". */
void
duo_add(struct duo *k, int side, const char *list, const char *json)
{
    const char *last = strrchr(list, ']');
    char rows[256];

    snprintf(rows, sizeof rows, "%.*s",
             last == NULL ? 0 : (int)(last + 1 - list), list);
    add_row(k, duo_at(k, side, rows), last == NULL ? list : last + 2,
            parse(json));
}

/* --- writing --- */

static json_t *
find_id(json_t *at, const char *id)
{
    const char *name;
    json_t *value, *row;
    size_t i;

    if (strcmp(json_string_value(json_object_get(at, "ObjectID")), id) == 0)
        return at;
    json_object_foreach(at, name, value)
        json_array_foreach(value, i, row) {
            json_t *found = find_id(row, id);

            if (found != NULL)
                return found;
        }
    return NULL;
}

static void
apply_part(struct duo *k, int side, const struct op_part *part)
{
    json_t *body = part->kind == PART_DELETE
                       ? NULL : json_loadb(part->body.p, part->body.n, 0, NULL);
    json_t *entity = part->id == NULL ? NULL
                                      : find_id(k->record[side], part->id);

    assert(part->set != NULL);
    assert(part->kind == PART_DELETE || body != NULL);
    if (part->kind == PART_POST && part->id == NULL) {
        assert(k->record[side] == NULL);
        k->record[side] = json_incref(body);
        give_ids(k, body);
    } else if (part->kind == PART_POST) {
        assert(entity != NULL);
        add_row(k, entity, part->navigation, json_incref(body));
    } else if (part->kind == PART_PATCH) {
        assert(entity != NULL);
        json_object_update(entity, body);
    } else {
        assert(entity != NULL);
        remove_from(k->record[side], entity);
    }
    json_decref(body);
}

static void
note_part(struct duo *k, const struct op_part *part)
{
    static const char *const kinds[] = { "POST", "PATCH", "DELETE" };
    size_t n = strlen(k->parts);

    snprintf(k->parts + n, sizeof k->parts - n, "%s %s(%s)%s%s %.*s\n",
             kinds[part->kind], part->set, part->id == NULL ? "" : part->id,
             part->navigation == NULL ? "" : "/",
             part->navigation == NULL ? "" : part->navigation,
             (int)part->body.n, part->body.p);
}

static void
write_parts(struct duo *k, int to)
{
    struct op_part *parts = NULL;
    size_t n = 0;

    k->status = merge_parts(&k->m, to, k->result.out, k->m.record[to], &parts,
                            &n);
    if (k->status != MR_OK)
        return;
    k->n_parts = n;
    for (size_t i = 0; i < n; i++) {
        note_part(k, &parts[i]);
        if (k->readable[to])
            apply_part(k, to, &parts[i]);
    }
}

/* --- a change --- */

static void
take_base(struct mr_bytes from, char **to, size_t *n)
{
    free(*to);
    *to = copy_bytes(from.p, from.n);
    *n = from.n;
}

static enum mr_status
load(struct duo *k, int side)
{
    char *text;
    enum mr_status st;

    if (!k->readable[side])
        return merge_decode(&k->m, side, k->message, strlen(k->message));
    if (k->record[side] == NULL)
        return MR_OK;
    text = json_dumps(k->record[side], 0);
    st = merge_decode(&k->m, side, text, strlen(text));
    free(text);
    return st;
}

static enum mr_status
unpack(struct duo *k, const char *p, size_t n, struct base *out)
{
    struct mr_bytes bytes = { p, n };

    return base_unpack(&k->cx, k->map->repl, bytes, out);
}

static void
decide(struct duo *k, int side)
{
    struct base base, sent;
    struct merge_input in = {
        .from = side, .readable = { k->readable[0], k->readable[1] },
        .changed = { k->changed[0], k->changed[1] },
        .written = { k->written[0], k->written[1] },
        .rulings = k->rulings, .n_rulings = k->n_rulings,
        .cut_refs = k->cut_refs
    };

    if (k->base != NULL) {
        k->status = unpack(k, k->base, k->base_n, &base);
        in.base = &base;
    }
    if (k->sent != NULL && k->status == MR_OK) {
        k->status = unpack(k, k->sent, k->sent_n, &sent);
        in.sent = k->crossing ? NULL : &sent;
        in.crossing = k->crossing && !k->readable[side] ? &sent : NULL;
        in.own = k->crossing && k->readable[side] ? &sent : NULL;
    }
    if (k->status == MR_OK)
        k->status = merge_decide(&k->m, &in, &k->result);
}

/* Two chunks, the second of a known size, and all of it used but `room`. The
 * third is for the test's memory to refuse. */
static void
fill_arena(struct duo *k)
{
    char *at = mr_alloc(&k->cx, 40000);

    if (at != NULL)
        at = mr_alloc(&k->cx, 16);
    if (at == NULL || k->room > (size_t)(k->cx.doc.end - k->cx.doc.at))
        abort();
    k->cx.doc.at = k->cx.doc.end - k->room;
}

void
duo_change(struct duo *k, int side)
{
    int to = 1 - side;

    merge_done(&k->m);
    mr_cx_next(&k->cx);
    merge_init(&k->m, &k->cx, k->map, &k->keys);
    memset(&k->result, 0, sizeof k->result);
    k->parts[0] = '\0';
    k->n_parts = 0;
    if (k->room != 0)
        fill_arena(k);
    k->status = load(k, side);
    if (k->status == MR_OK && k->readable[to])
        k->status = load(k, to);
    if (k->status == MR_OK)
        decide(k, side);
    if (k->status == MR_OK && k->result.write)
        write_parts(k, to);
    if (k->status != MR_OK || k->m.verdict[to].parked)
        return;
    if (k->result.write && k->lose_answer) {
        take_base(k->result.sent, &k->sent, &k->sent_n);
        return;
    }
    take_base(k->result.base, &k->base, &k->base_n);
    free(k->sent);
    k->sent = NULL;
}

int
duo_settle(struct duo *k)
{
    int writes = 0, quiet = 0;

    for (int side = 0; quiet < 2 && writes <= 20; side = 1 - side) {
        if (k->record[side] == NULL)
            return writes;
        duo_change(k, side);
        if (k->status != MR_OK)
            return 1000;
        writes += k->result.write;
        quiet = k->result.write || k->result.back ? 0 : quiet + 1;
    }
    return writes;
}

bool
duo_echo(struct duo *k, int side)
{
    struct base base;
    bool echo = false;

    merge_done(&k->m);
    mr_cx_next(&k->cx);
    merge_init(&k->m, &k->cx, k->map, &k->keys);
    k->status = load(k, side);
    if (k->status == MR_OK)
        k->status = unpack(k, k->base, k->base_n, &base);
    if (k->status == MR_OK)
        k->status = merge_echo(&k->m, side, &base, &echo);
    return echo;
}

const struct merge_cell *
duo_cell(struct duo *k, const char *rule)
{
    for (size_t i = 0; i < k->result.n_cells; i++) {
        const struct merge_cell *c = &k->result.cells[i];

        if (strstr(k->map->repl->rules[c->rule].rule, rule) != NULL)
            return c;
    }
    return NULL;
}

const char *
duo_how(struct duo *k, const char *rule)
{
    static const char *const words[] = {
        "same", "copy", "theirs", "won", "lost", "joined", "kept", "asked"
    };
    const struct merge_cell *c = duo_cell(k, rule);

    return c == NULL ? "same" : words[c->how];
}
