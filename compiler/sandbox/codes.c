/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code lists: the entity sets that fields of an OData schema name as their value
 * help. They hold the codes that the code tables of the maps have for these
 * fields, and what was added and removed since.
 */
#include "sandbox/codes.h"

#include <stdlib.h>
#include <string.h>

#include "sandbox/doc.h"

enum { CODE_MAX = 200, CHANGES_MAX = 100000 };

struct codes {
    const struct site *site;
    const char *list;
    json_t *set;                /* code: true, in the order of coming */
};

static void
add(struct codes *c, const char *code)
{
    if (*code != '\0')
        json_object_set_new(c->set, code, json_true());
}

/* --- of the maps --- */

static void
add_rule(struct codes *c, const struct trule *r, enum side side)
{
    const struct tconv *conv;

    if (r->chain.n == 0)
        return;
    conv = &r->chain.at[side == LEFT ? 0 : r->chain.n - 1];
    for (size_t i = 0; i < r->fields[side].n; i++) {
        const char *list = tpath_member(r->fields[side].at[i])->code_list;

        if (conv->kind != TCONV_CODES || list == NULL ||
            strcmp(list, c->list) != 0)
            continue;
        for (size_t k = 0; k < conv->codes->rows.n; k++) {
            const struct tcode *row = &conv->codes->rows.at[k];

            add(c, (side == LEFT) != conv->turned ? row->left : row->right);
        }
    }
}

static void
add_level(struct codes *c, const struct tmap *map, const struct tlevel *level)
{
    for (enum side side = LEFT; side <= RIGHT; side++)
        for (size_t i = 0; i < level->rules.n; i++)
            if (map->systems[side] == c->site->system)
                add_rule(c, level->rules.at[i], side);
    for (size_t i = 0; i < level->levels.n; i++)
        add_level(c, map, level->levels.at[i]);
}

/* --- one list --- */

/* A set of records is none. */
static bool
is_list(const struct site *site, const char *name)
{
    const struct kind *records = site_set(site, name, strlen(name));

    if (records != NULL && records->id >= 0)
        return false;
    for (size_t i = 0; i < site->kinds.n; i++) {
        const struct kind *k = site->kinds.at[i];

        for (size_t f = 0; f < k->fields.n; f++) {
            const char *list = k->fields.at[f].member->code_list;

            if (list != NULL && strcmp(list, name) == 0)
                return true;
        }
    }
    return false;
}

static void
gather(struct codes *c, const struct model *m)
{
    for (size_t i = 0; i < m->program->maps.n; i++)
        add_level(c, m->program->maps.at[i], m->program->maps.at[i]->root);
    for (size_t i = 0; i < m->codes.n; i++) {
        const struct listed_code *change = &m->codes.at[i];

        if (change->site != c->site || strcmp(change->list, c->list) != 0)
            continue;
        if (change->there)
            add(c, change->code);
        else
            json_object_del(c->set, change->code);
    }
}

static size_t
count_option(struct request *r, const char *name, size_t none)
{
    const char *text = query_option(r, name);

    return text == NULL || strlen(text) > 9 ||
                   text[strspn(text, "0123456789")] != '\0'
               ? none : strtoul(text, NULL, 10);
}

bool
codes_answer(struct request *r, const char *name, struct answer *to)
{
    struct codes c = { .site = r->site, .list = name };
    size_t skip = count_option(r, "$skip", 0), at = 0;
    size_t top = count_option(r, "$top", 1000);
    const char *code;
    json_t *there;

    if (!is_list(r->site, name))
        return false;
    c.set = json_object();
    gather(&c, r->model);
    answer_header(to, "content-type", "application/json;charset=utf-8");
    answer_header(to, "dataserviceversion", "2.0");
    buf_text(&to->body, "{\"d\":{\"results\":[");
    json_object_foreach(c.set, code, there) {
        if (at++ < skip || at - skip > top)
            continue;
        buf_text(&to->body, at == skip + 1 ? "{\"Code\":" : ",{\"Code\":");
        json_quote(&to->body, code, strlen(code));
        buf_text(&to->body, ",\"Description\":");
        json_quote(&to->body, code, strlen(code));
        buf_text(&to->body, "}");
    }
    buf_text(&to->body, "]}}");
    json_decref(c.set);
    return true;
}

/* --- changes --- */

static const char *
change_all(struct request *r, const char *list, const json_t *codes,
           bool there)
{
    struct model *m = r->model;

    for (size_t i = 0; i < json_array_size(codes); i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        struct listed_code change = { .site = r->site, .there = there };

        if (code == NULL || *code == '\0' || strlen(code) > CODE_MAX)
            return "codes are texts of up to 200 bytes";
        if (m->codes.n >= CHANGES_MAX)
            return "too many changes of code lists";
        change.list = arena_copy(m->arena, list, strlen(list));
        change.code = arena_copy(m->arena, code, strlen(code));
        vec_push(m->arena, &m->codes, change);
    }
    return NULL;
}

const char *
codes_change(struct request *r, const json_t *body)
{
    const char *list = json_string_value(json_object_get(body, "list"));
    const char *wrong;

    if (list == NULL || !is_list(r->site, list))
        return "which \"list\"? An entity set that a field has as its value "
               "help";
    wrong = change_all(r, list, json_object_get(body, "add"), true);
    return wrong != NULL
               ? wrong
               : change_all(r, list, json_object_get(body, "remove"), false);
}

void
codes_reset(struct model *m)
{
    m->codes.n = 0;
}
