/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a called system says beside its answer: which fields say it, and to
 * which of the caller's rows it belongs.
 */
#include <string.h>

#include "sema/rules.h"

/* --- what a message has --- */

static const struct member *
message_field(struct scope *sc, const struct record *record,
              const struct message_part *part)
{
    const struct tsystem *system = sc->map->systems[RIGHT];
    const struct member *m = resolve_member(sc->env, record->name, record,
                                            system, part->field);

    if (m == NULL || (m->record == NULL && m->max == 1))
        return m;
    diag_add(sc->env->diags, DIAG_CALL_MESSAGES, part->field.at,
             "%s is no value", part->field.text);
    return NULL;
}

/* Its own words for the called system's severities. */
static const struct tcodes *
severity_codes(struct scope *sc, const struct message_part *part)
{
    static const char *const words[] = { "error", "warning", "success",
                                         "info" };
    struct tcodes *codes = codes_named(sc->env, part->codes);
    struct diag *d;

    if (codes == NULL)
        return NULL;
    if (codes->context) {
        d = diag_add(sc->env->diags, DIAG_CODE_CONTEXT, part->codes.at,
                     "codes %s needs a context, and a message has none",
                     codes->name);
        diag_label(d, codes->at, "the table");
        return NULL;
    }
    for (size_t i = 0; i < codes->rows.n; i++) {
        const struct tcode *row = &codes->rows.at[i];
        size_t w = 0;

        while (w < 4 && strcmp(row->left, words[w]) != 0)
            w++;
        if (w < 4)
            continue;
        d = diag_add(sc->env->diags, DIAG_CALL_MESSAGES, part->codes.at,
                     "codes %s makes \"%s\" of \"%s\", and that is no severity",
                     codes->name, row->left, row->right);
        diag_label(d, row->at, "in this row");
        diag_note(d, NOTE_HELP, "it is error, warning, success or info");
        return NULL;
    }
    codes_use(sc->env, codes);
    return codes;
}

/* `in` belongs to the item, `codes` to the severity. */
static bool
message_more(struct scope *sc, const struct message_part *part,
             struct tmessages *out)
{
    bool item = strcmp(part->what.text, "item") == 0;
    bool severity = strcmp(part->what.text, "severity") == 0;

    if (part->in != NULL && !item) {
        diag_add(sc->env->diags, DIAG_CALL_MESSAGES, part->in->at,
                 "only an item is in a list");
        return false;
    }
    if (part->codes.text != NULL && !severity) {
        diag_add(sc->env->diags, DIAG_CALL_MESSAGES, part->codes.at,
                 "only a severity is looked up in a table");
        return false;
    }
    if (part->in != NULL)
        out->item_in = resolve_path(sc, part->in, WANT_ANY);
    if (part->codes.text != NULL)
        out->severities = severity_codes(sc, part);
    return (part->in == NULL || out->item_in != NULL) &&
           (part->codes.text == NULL || out->severities != NULL);
}

static bool
message_parts(struct scope *sc, const struct map_item *item,
              const struct record *record, struct tmessages *out)
{
    const struct messages *m = item->u.messages;

    for (size_t i = 0; i < m->parts.n; i++) {
        const struct message_part *part = &m->parts.at[i];
        const char *what = part->what.text;
        const struct member **to = strcmp(what, "severity") == 0 ? &out->severity
                                   : strcmp(what, "text") == 0   ? &out->text
                                   : strcmp(what, "number") == 0 ? &out->number
                                   : strcmp(what, "item") == 0   ? &out->item
                                                                 : NULL;

        if (to == NULL || *to != NULL) {
            struct diag *d = diag_add(sc->env->diags, DIAG_CALL_MESSAGES,
                                      part->what.at, "a message has no %s%s",
                                      to == NULL ? "" : "second ", what);
            diag_note(d, NOTE_HELP, "it has a severity, a text, a number and "
                      "the item that it is about");
            return false;
        }
        *to = message_field(sc, record, part);
        if (*to == NULL || !message_more(sc, part, out))
            return false;
    }
    if (out->text != NULL)
        return true;
    diag_add(sc->env->diags, DIAG_CALL_MESSAGES, item->at,
             "nothing says which field has the text");
    return false;
}

void
check_messages(struct scope *sc, const struct tlevel *level,
               const struct map_item *item)
{
    struct tcall *call = (struct tcall *)sc->map->call;
    struct tmessages m = { .at = item->at };

    if (call == NULL || level->outer != NULL) {
        diag_add(sc->env->diags, DIAG_CALL_PART, item->at, call == NULL
                 ? "messages are those of a call's answer"
                 : "messages are those of the whole answer");
        return;
    }
    m.list = resolve_path(sc, item->u.messages->list, WANT_ANY);
    if (m.list == NULL)
        return;
    if (m.list->side != RIGHT || tpath_member(m.list)->record == NULL) {
        diag_add(sc->env->diags, DIAG_CALL_MESSAGES, m.list->at,
                 "%s is no list and no record of the answer", m.list->text);
        return;
    }
    if (message_parts(sc, item, tpath_member(m.list)->record, &m))
        vec_push(sc->env->arena, &call->messages, m);
}

/* --- the item in the caller's terms --- */

/* The number of a row that was sent tells the caller's one where each of the
 * caller's rows was sent, and has a key of its own. */
static const char *
not_counted(const struct tcall *call, const struct tpath *list)
{
    const struct tlevel *root = call->response->root, *asked;
    size_t keys = 0, i = 0;

    while (i < root->levels.n &&
           (root->levels.at[i]->list[LEFT] == NULL ||
            !tpath_same(root->levels.at[i]->list[LEFT], list)))
        i++;
    if (i == root->levels.n)
        return "the answer has no rows for it";
    for (size_t k = 0; k < root->levels.at[i]->rules.n; k++)
        keys += root->levels.at[i]->rules.at[k]->key;
    if (keys != 1)
        return "its rows have no key of one field";
    asked = call_asks(call, root->levels.at[i]);
    if (asked == NULL)
        return "the request does not go through it";
    return asked->where.n > 0 ? "not all of its rows are sent" : NULL;
}

void
check_message_items(struct env *env, const struct tcall *call)
{
    for (size_t i = 0; i < call->messages.n; i++) {
        const struct tpath *list = call->messages.at[i].item_in;
        const char *why = list == NULL ? NULL : not_counted(call, list);

        if (why == NULL)
            continue;
        diag_note(diag_add(env->diags, DIAG_CALL_MESSAGES, list->at,
                           "no item can be told by its number in %s: %s",
                           list->text, why),
                  NOTE_HELP, "without `in` the number itself is told");
    }
}
