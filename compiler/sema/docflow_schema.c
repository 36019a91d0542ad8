/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records that a docflow's response leads to, as if a schema had them. What
 * the runtime makes of them is in mr/call.h.
 */
#include "sema/docflow.h"

static struct member
value(struct env *env, const char *name, enum type_kind kind, uint32_t chars,
      enum wire wire)
{
    struct member m = { .wire = wire, .max = 1 };

    m.name = intern_text(env->names, name);
    m.type.kind = kind;
    m.type.nullable = true;
    m.type.max_chars = chars;
    m.type.any_scale = kind == TYPE_NUMBER;
    m.creatable = m.updatable = true;
    return m;
}

static struct member
text(struct env *env, const char *name, uint32_t chars)
{
    return value(env, name, TYPE_TEXT, chars, WIRE_TEXT);
}

static struct record *
record_of(struct env *env, struct schema *s, const char *name,
          const struct member *members, size_t n)
{
    struct record *r = arena_alloc(env->arena, sizeof *r);

    r->name = intern_text(env->names, name);
    for (size_t i = 0; i < n; i++)
        vec_push(env->arena, &r->members, members[i]);
    for (size_t i = 0; i < n; i++)
        table_put(env->arena, &r->by_name, r->members.at[i].name,
                  &r->members.at[i]);
    vec_push(env->arena, &s->records, r);
    return r;
}

static struct member
list_of(struct record *r)
{
    struct member m = { .name = r->name, .record = r,
                        .max = UNBOUNDED_COUNT };

    m.creatable = m.updatable = true;
    return m;
}

static struct schema *
make_schema(struct env *env)
{
    struct schema *s = arena_alloc(env->arena, sizeof *s);
    struct member document[] = {
        text(env, "Number", 60), text(env, "Type", 60),
        text(env, "Title", 120), text(env, "Status", 60),
        value(env, "Date", TYPE_DATE, 0, WIRE_DATE),
        value(env, "Amount", TYPE_NUMBER, 0, WIRE_NUMBER_TEXT),
        text(env, "Currency", 5)
    };
    struct member step[] = {
        text(env, "From", 60), text(env, "FromItem", 20),
        text(env, "To", 60), text(env, "ToItem", 20),
        value(env, "Amount", TYPE_NUMBER, 0, WIRE_NUMBER_TEXT),
        text(env, "Currency", 5)
    };
    struct member chain[3];

    s->path = s->file = "flow";
    s->format = SCHEMA_JSON;
    chain[0] = list_of(record_of(env, s, "Document", document,
                                 sizeof document / sizeof document[0]));
    chain[1] = list_of(record_of(env, s, "Step", step,
                                 sizeof step / sizeof step[0]));
    chain[2] = chain[0];
    chain[2].name = intern_text(env->names, "Asked");
    chain[2].max = 1;
    struct member root = list_of(record_of(env, s, "Chain", chain, 3));
    root.max = 1;
    vec_push(env->arena, &s->roots, root);
    return s;
}

const struct tsystem *
docflow_system(struct env *env)
{
    struct tsystem *s = arena_alloc(env->arena, sizeof *s);

    s->name = s->title = intern_text(env->names, "flow");
    s->protocol = PROTOCOL_JSON;
    s->schema = make_schema(env);
    return s;
}
