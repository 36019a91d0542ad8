/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a map's records stand in documents, and all constant text: what opens
 * and closes each written member, what stands around the records. XML names
 * get a prefix only where elements of several namespaces meet.
 */
#include "plan/lower.h"

#include <string.h>

static const char *const declaration =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

static const char *const formats[] = {
    [PROTOCOL_ODATA2] = "MR_ODATA2",
    [PROTOCOL_ODATA4] = "MR_ODATA4",
    [PROTOCOL_IDOC] = "MR_IDOC",
    [PROTOCOL_XML] = "MR_XML",
    [PROTOCOL_JSON] = "MR_JSON",
    [PROTOCOL_SOAP] = "MR_XML",
};

struct doc {
    struct lower *lower;
    struct pdoc *out;
    enum protocol protocol;
    bool prefixes;              /* else one default namespace, or none */
};

static bool
is_xml(enum protocol p)
{
    return p == PROTOCOL_IDOC || p == PROTOCOL_XML || p == PROTOCOL_SOAP;
}

/* --- namespaces --- */

static unsigned
namespace_of(struct doc *d, const char *uri)
{
    if (uri == NULL)
        return 0;
    for (size_t i = 1; i < d->out->namespaces.n; i++)
        if (strcmp(d->out->namespaces.at[i], uri) == 0)
            return (unsigned)i;
    vec_push(d->lower->arena, &d->out->namespaces, uri);
    return (unsigned)d->out->namespaces.n - 1;
}

/* An element without a namespace, or an attribute with one, can't stand below
 * a default namespace. */
static void
collect_member(struct doc *d, struct pmember *m)
{
    m->ns_index = namespace_of(d, m->ns);
    if (m->content)
        return;
    if (m->attribute ? m->ns_index != 0 : m->ns_index == 0)
        d->prefixes = true;
}

static void
collect(struct doc *d, struct pshape *s)
{
    for (size_t i = 0; i < s->members.n; i++) {
        collect_member(d, s->members.at[i]);
        if (s->members.at[i]->shape != NULL)
            collect(d, s->members.at[i]->shape);
    }
}

/* --- the texts --- */

static const char *
tag(struct doc *d, const struct pmember *m)
{
    if (m->ns_index == 0 || !d->prefixes)
        return m->name;
    return arena_printf(d->lower->arena, "n%u:%s", m->ns_index, m->name);
}

static const char *
json_name(struct arena *a, const char *name)
{
    struct buf b;

    buf_init(&b, a);
    buf_char(&b, '"');
    for (; *name != '\0'; name++) {
        if (*name == '"' || *name == '\\')
            buf_printf(&b, "\\%c", *name);
        else if ((unsigned char)*name < 0x20)
            buf_printf(&b, "\\u%04x", (unsigned char)*name);
        else
            buf_char(&b, *name);
    }
    buf_text(&b, "\":");
    return b.at;
}

static void
text_member(struct doc *d, struct pmember *m)
{
    struct arena *a = d->lower->arena;

    m->open = m->close = "";
    if (!is_xml(d->protocol)) {
        m->open = json_name(a, m->name);
        return;
    }
    if (m->content)
        return;
    if (m->attribute) {
        m->open = arena_printf(a, " %s=\"", tag(d, m));
        m->close = "\"";
        return;
    }
    m->open = arena_printf(
        a, "<%s%s%s", tag(d, m),
        m->kind != PMEMBER_VALUE && d->protocol == PROTOCOL_IDOC
            ? " SEGMENT=\"1\""
            : "",
        m->shape != NULL && m->shape->attributes ? "" : ">");
    m->close = arena_printf(a, "</%s>", tag(d, m));
}

static void
text_shape(struct doc *d, struct pshape *s)
{
    for (size_t i = 0; i < s->members.n; i++) {
        if (s->members.at[i]->written)
            text_member(d, s->members.at[i]);
        if (s->members.at[i]->shape != NULL)
            text_shape(d, s->members.at[i]->shape);
    }
}

/* --- around the records --- */

static void
add_escaped(struct buf *b, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<')
            buf_text(b, "&lt;");
        else if (*text == '>')
            buf_text(b, "&gt;");
        else if (*text == '&')
            buf_text(b, "&amp;");
        else if (*text == '"')
            buf_text(b, "&quot;");
        else
            buf_char(b, *text);
    }
}

static void
add_namespaces(struct doc *d, struct buf *b)
{
    for (size_t i = 1; i < d->out->namespaces.n; i++) {
        if (d->prefixes)
            buf_printf(b, " xmlns:n%zu=\"", i);
        else
            buf_text(b, " xmlns=\"");
        add_escaped(b, d->out->namespaces.at[i]);
        buf_char(b, '"');
    }
}

/* The message of a basic type is, as a rule, its name without the version. */
const char *
doc_message_type(struct arena *a, const struct tsystem *system,
                 const char *root)
{
    size_t n = strlen(root);

    for (size_t i = 0; i < system->control.n; i++)
        if (strcmp(system->control.at[i]->control.text, "MESTYP") == 0)
            return system->control.at[i]->value;
    while (n > 1 && root[n - 1] >= '0' && root[n - 1] <= '9')
        n--;
    return arena_copy(a, root, n);
}

static const char *
control_value(struct arena *a, const struct tsystem *system,
              const struct member *m, const char *root)
{
    for (size_t i = 0; i < system->control.n; i++)
        if (strcmp(system->control.at[i]->control.text, m->name) == 0)
            return system->control.at[i]->value;
    if (strcmp(m->name, "TABNAM") == 0)
        return "EDI_DC40";
    if (strcmp(m->name, "DIRECT") == 0)
        return "2";
    if (strcmp(m->name, "MESTYP") == 0)
        return doc_message_type(a, system, root);
    return strcmp(m->name, "IDOCTYP") == 0 ? root : NULL;
}

/* The control record: who sends what to whom. */
static void
add_control(struct buf *b, const struct tsystem *system,
            const struct member *idoc, const char *root)
{
    const struct member *dc = NULL;

    for (size_t i = 0; i < idoc->record->members.n; i++)
        if (strcmp(idoc->record->members.at[i].name, "EDI_DC40") == 0)
            dc = &idoc->record->members.at[i];
    if (dc == NULL || dc->record == NULL)
        return;
    buf_text(b, "<EDI_DC40 SEGMENT=\"1\">");
    for (size_t i = 0; i < dc->record->members.n; i++) {
        const struct member *m = &dc->record->members.at[i];
        const char *value =
            m->attribute ? NULL : control_value(b->arena, system, m, root);

        if (value == NULL)
            continue;
        buf_printf(b, "<%s>", m->name);
        add_escaped(b, value);
        buf_printf(b, "</%s>", m->name);
    }
    buf_text(b, "</EDI_DC40>");
}

/* The i-th element of the path, opened; the record's own stays open for its
 * attributes. */
static void
add_open(struct doc *d, struct buf *b, const struct tsystem *system,
         const struct tmap *map, enum side side, size_t i)
{
    const struct pmember *m = d->out->path.at[i];
    bool last = i + 1 == d->out->path.n;
    bool idoc = d->protocol == PROTOCOL_IDOC;

    buf_printf(b, "<%s", tag(d, m));
    if (i == 0)
        add_namespaces(d, b);
    if (idoc && i == 1)
        buf_text(b, " BEGIN=\"1\"");
    else if (idoc && i > 1)
        buf_text(b, " SEGMENT=\"1\"");
    if (!last || !d->out->shape->attributes)
        buf_char(b, '>');
    if (idoc && i == 1)
        add_control(b, system, map->path[side].at[1],
                    map->path[side].at[0]->name);
}

/* Everything up to the element around the records is written once; an IDoc
 * has the document element alone there. */
static void
lower_around(struct doc *d, const struct tmap *map, enum side side)
{
    struct arena *a = d->lower->arena;
    struct pdoc *out = d->out;
    size_t n = out->path.n;
    size_t once = n == 0                         ? 0
                  : d->protocol == PROTOCOL_IDOC ? 1
                                                 : n - 1;
    struct buf head, before, after, tail;

    buf_init(&head, a);
    buf_init(&before, a);
    buf_init(&after, a);
    buf_init(&tail, a);
    buf_text(&head, declaration);
    for (size_t i = 0; i < n; i++)
        add_open(d, i < once ? &head : &before, map->systems[side], map, side,
                 i);
    for (size_t i = n; i-- > 0;)
        buf_printf(i < once ? &tail : &after, "</%s>", tag(d, out->path.at[i]));
    out->head = head.at;
    out->before = before.at;
    out->after = after.at;
    out->tail = tail.at;
}

static void
lower_path(struct doc *d, const struct tmap *map, enum side side)
{
    struct arena *a = d->lower->arena;

    for (size_t i = 0; i < map->path[side].n; i++) {
        const struct member *m = map->path[side].at[i];
        struct pmember *p = arena_alloc(a, sizeof *p);

        p->name = m->name;
        p->ns = m->ns;
        p->kind = PMEMBER_ONE;
        p->wire = "MR_WIRE_TEXT";
        collect_member(d, p);
        vec_push(a, &d->out->path, p);
    }
}

void
doc_lower(struct lmap *lm, enum side side)
{
    const struct tsystem *system = lm->map->systems[side];
    struct pdoc *out = &lm->out->docs[side];
    struct doc d = { lm->lower, out, system->protocol, false };

    out->c_name = cname_make(&lm->file, "%s_%s_doc", lm->out->c_name,
                             system->name);
    out->system = system->name;
    out->format = formats[d.protocol];
    out->shape = lm->roots[side]->out;
    out->head = out->before = out->after = out->tail = "";
    vec_push(lm->lower->arena, &out->namespaces, "");
    if (is_xml(d.protocol)) {
        lower_path(&d, lm->map, side);
        collect(&d, out->shape);
    }
    text_shape(&d, out->shape);
    if (is_xml(d.protocol))
        lower_around(&d, lm->map, side);
    if (d.protocol == PROTOCOL_IDOC)
        out->nodata = "/";
}
