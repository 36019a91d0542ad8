/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses of requests. Pages are asked for by what their records have, not by
 * how many came before: a record that is changed while the pages are read moves
 * to the end, and one counted from the front would be left out. So a page goes
 * on at the last change (or key) of the one before, and has that once more.
 *
 * A token of a page is "c:" and a time of change, "i:" and a key, "n:" and the
 * address that the service itself gave; the same in capitals: without a limit
 * of our own, where a whole page had one and the same time.
 */
#include "peer/odata.h"

#include "codec/json_scan.h"

static const struct mr_tech *
tech_of(const struct mr_op *op)
{
    return &op->map->repl->tech[op->side];
}

/* 'it''s', percent-encoded. */
static void
add_quoted(struct bytes *b, const char *text)
{
    bytes_text(b, "'");
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            bytes_text(b, "''");
        else
            bytes_percent(b, text, 1, "");
    }
    bytes_text(b, "'");
}

static bool
is_number(const char *text)
{
    size_t n;

    text += *text == '-';
    n = strspn(text, "0123456789.");
    return n > 0 && text[n] == '\0';
}

static bool
add_literal(struct bytes *b, const struct op_key *key)
{
    switch (key->type) {
    case MR_TYPE_TEXT:
        add_quoted(b, key->value);
        return true;
    case MR_TYPE_NUMBER:
        bytes_text(b, key->value);
        return is_number(key->value);
    case MR_TYPE_BOOL:
        bytes_text(b, key->value);
        return strcmp(key->value, "true") == 0 ||
               strcmp(key->value, "false") == 0;
    case MR_TYPE_GUID:
        bytes_text(b, "guid");
        add_quoted(b, key->value);
        return true;
    case MR_TYPE_DATE:
        bytes_text(b, "datetime'");
        bytes_percent(b, key->value, strlen(key->value), "");
        bytes_text(b, "T00%3A00%3A00'");
        return true;
    case MR_TYPE_DATETIME:
        bytes_text(b, "datetimeoffset");
        add_quoted(b, key->value);
        return true;
    case MR_TYPE_TIME:
    case MR_TYPE_BINARY:
        return false;
    }
    return false;
}

static void
add_option(struct bytes *b, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    bytes_format(b, "&%s=", name);
    bytes_percent(b, value, strlen(value), "(),'/");
}

static void
add_fields(struct bytes *b, const struct mr_tech *t)
{
    add_option(b, "$select", t->select);
    add_option(b, "$expand", t->expand);
}

static void
add_since(struct bytes *b, const char *name, const char *since)
{
    bytes_format(b, "&$filter=%s%%20ge%%20datetimeoffset", name);
    add_quoted(b, since);
}

/* The filter that a token or `since` asks for. */
static void
add_start(struct bytes *b, const struct mr_op *op)
{
    const struct mr_tech *t = tech_of(op);
    const char *token = op->token == NULL ? "" : op->token;
    bool from_token = token[0] != '\0' && token[1] == ':';

    if (from_token && (token[0] == 'i' || token[0] == 'I')) {
        bytes_format(b, "&$filter=%s%%20ge%%20", t->id_name);
        add_quoted(b, token + 2);
    } else if (from_token && t->changed_name != NULL) {
        add_since(b, t->changed_name, token + 2);
    } else if (op->kind == OP_PAGE && t->changed_name != NULL &&
               op->since != NULL && op->since[0] != '\0') {
        add_since(b, t->changed_name, op->since);
    }
}

static bool
add_page(struct bytes *b, const struct mr_op *op, uint32_t page)
{
    const struct mr_tech *t = tech_of(op);
    const char *token = op->token == NULL ? "" : op->token;
    bool by_change = op->kind == OP_PAGE && t->changed_name != NULL;

    if (token[0] == 'n') {
        bytes_text(b, token + 2);
        return token[1] == ':';
    }
    bytes_format(b, "%s?$format=json", t->set);
    if (op->kind == OP_PAGE)
        add_fields(b, t);
    else
        add_option(b, "$select", t->id_name);
    add_start(b, op);
    bytes_format(b, "&$orderby=%s%s%s", by_change ? t->changed_name : "",
                 by_change ? "," : "", t->id_name);
    if (page != 0 && token[0] != 'C' && token[0] != 'I')
        bytes_format(b, "&$top=%u", (unsigned)page);
    return true;
}

static void
add_record(struct bytes *b, const char *set, const char *id)
{
    bytes_text(b, set);
    bytes_text(b, "(");
    add_quoted(b, id);
    bytes_text(b, ")");
}

/* Several operations: "or" of their only key; one: "and" of its keys. */
static bool
add_find(struct bytes *b, const struct mr_op *const *ops, size_t n)
{
    const struct mr_tech *t = tech_of(ops[0]);
    size_t terms = n > 1 ? n : ops[0]->n_keys;

    bytes_format(b, "%s?$format=json", t->set);
    add_fields(b, t);
    for (size_t i = 0; i < terms; i++) {
        const struct op_key *key = n > 1 ? &ops[i]->keys[0]
                                         : &ops[0]->keys[i];

        bytes_text(b, i == 0 ? "&$filter=" : n > 1 ? "%20or%20" : "%20and%20");
        bytes_format(b, "%s%%20eq%%20", key->name);
        if (!add_literal(b, key))
            return false;
    }
    return terms > 0;
}

bool
odata_joins(const struct mr_op *op)
{
    return op->kind == OP_FIND && op->n_keys == 1 &&
           op->keys[0].type == MR_TYPE_TEXT;
}

bool
odata_address(struct bytes *b, const struct mr_op *const *ops, size_t n,
              uint32_t page)
{
    const struct mr_op *op = ops[0];
    const struct mr_tech *t = tech_of(op);
    bool ok = t->set != NULL && t->id_name != NULL;

    if (!ok)
        return false;
    if (op->kind == OP_FIND) {
        ok = add_find(b, ops, n);
    } else if (op->kind == OP_READ) {
        add_record(b, t->set, op->record_id);
        bytes_text(b, "?$format=json");
        add_fields(b, t);
    } else {
        ok = add_page(b, op, page);
    }
    return ok && !b->failed;
}

void
odata_part_address(struct bytes *b, const struct mr_op *op,
                   const struct op_part *part)
{
    const char *set = part->set != NULL ? part->set : tech_of(op)->set;

    if (part->id == NULL)
        bytes_text(b, set);
    else
        add_record(b, set, part->id);
    if (part->navigation != NULL)
        bytes_format(b, "/%s", part->navigation);
}

static bool
is_root(const struct mr_op *op, const struct op_part *part)
{
    return part->kind != PART_POST && part->id != NULL &&
           op->record_id != NULL && strcmp(part->id, op->record_id) == 0 &&
           (part->set == NULL || strcmp(part->set, tech_of(op)->set) == 0);
}

/* Must a part be put in front? */
static bool
needs_lead(const struct mr_op *op)
{
    if (op->kind != OP_UPDATE || op->etag == NULL || op->etag[0] == '\0')
        return false;
    for (size_t i = 0; i < op->n_parts; i++)
        if (is_root(op, &op->parts[i]))
            return false;
    return true;
}

size_t
odata_parts(const struct mr_op *op)
{
    return op->kind == OP_REMOVE ? 1 : op->n_parts + needs_lead(op);
}

const struct op_part *
odata_part(const struct mr_op *op, size_t i, struct op_part *lead)
{
    if (op->kind == OP_REMOVE) {
        *lead = (struct op_part){ PART_DELETE, NULL, op->record_id, NULL,
                                  { NULL, 0 } };
        return lead;
    }
    if (!needs_lead(op))
        return &op->parts[i];
    if (i > 0)
        return &op->parts[i - 1];
    *lead = (struct op_part){ PART_PATCH, NULL, op->record_id, NULL,
                              { "{}", 2 } };
    return lead;
}

const char *
odata_method(enum op_part_kind kind)
{
    switch (kind) {
    case PART_POST:
        return "POST";
    case PART_PATCH:
        return "PATCH";
    case PART_DELETE:
        return "DELETE";
    }
    return "";
}

bool
odata_sends_key(struct mr_cx *cx, const struct mr_op *op)
{
    const struct mr_repl *repl = op->map->repl;
    struct op_bytes body = { NULL, op->parts[0].body.n };
    char *copy = mr_alloc(cx, body.n + BYTES_PADDING);
    bool any = false;

    if (copy == NULL)
        return false;
    memcpy(copy, op->parts[0].body.p, body.n);
    memset(copy + body.n, 0, BYTES_PADDING);
    body.p = copy;
    for (uint16_t i = 0; i < repl->n_keys; i++) {
        const struct mr_rule *r = &repl->rules[i];

        for (uint16_t k = 0; k < r->n_fields[op->side]; k++) {
            const char *whole = r->fields[op->side][k].name;
            const char *name = strrchr(whole, '.');

            name = name == NULL ? whole : name + 1;
            if (odata_field(cx, body, name).state != MR_HERE)
                return false;
            any = true;
        }
    }
    return any;
}
