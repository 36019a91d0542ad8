/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer says of a chain, and what is said beside it. */
#include "call/docflow.h"

#include <stdarg.h>

/* --- rows --- */

static void
read_fields(const struct mr_docflow_list *list, const char *row,
            struct mr_val fields[MR_DOCUMENT_FIELDS])
{
    for (int i = 0; i < MR_DOCUMENT_FIELDS; i++)
        if (list->fields[i] == MR_NO_FIELD)
            fields[i] = mr_missing();
        else
            memcpy(&fields[i], row + list->fields[i], sizeof fields[i]);
}

static void
take_document(struct docflow *f, const struct mr_docflow_list *list,
              const char *row)
{
    struct mr_val fields[MR_DOCUMENT_FIELDS];

    read_fields(list, row, fields);
    chain_describe(&f->chain, fields);
}

static void
take_rows(struct docflow *f, const struct mr_docflow_list *list,
          const char *answer, bool steps)
{
    const struct mr_rows *rows = (const void *)(answer + list->at);
    struct mr_val fields[MR_DOCUMENT_FIELDS];

    for (uint32_t i = 0; list->at != MR_NO_FIELD && i < rows->n; i++) {
        const char *row = mr_row(rows, i, list->size);

        if (!steps) {
            take_document(f, list, row);
            continue;
        }
        read_fields(list, row, fields);
        chain_step(&f->chain, fields);
    }
}

/* --- messages --- */

static struct call_message *
new_message(struct docflow *f)
{
    struct call_message *m;

    if (f->messages == NULL)
        f->messages = mr_alloc(&f->chain.cx, DOCFLOW_MESSAGES_MAX *
                                                 sizeof *f->messages);
    if (f->messages == NULL || f->n_messages == DOCFLOW_MESSAGES_MAX)
        return NULL;
    m = &f->messages[f->n_messages++];
    memset(m, 0, sizeof *m);
    return m;
}

void
docflow_say(struct docflow *f, struct mr_val number, const char *fmt, ...)
{
    struct call_message *m = new_message(f);
    char text[700];
    va_list args;

    f->incomplete = true;
    if (m == NULL)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    m->severity = CALL_WARNING;
    m->item = chain_keep(&f->chain, number);
    m->text = chain_keep(&f->chain, mr_text(text));
}

/* The item is the document that was asked for, where the system names none. */
static void
take_messages(struct docflow *f, const struct docflow_ask *ask)
{
    for (uint32_t i = 0; i < ask->q.n_messages; i++) {
        const struct call_message *from = &ask->q.messages[i];
        struct call_message *m = new_message(f);

        if (m == NULL)
            return;
        m->severity = from->severity;
        m->text = chain_keep(&f->chain, from->text);
        m->number = chain_keep(&f->chain, from->number);
        m->item = chain_keep(&f->chain, from->item.state == MR_HERE
                                            ? from->item : ask->number);
    }
}

/* --- all of it --- */

void
docflow_take(struct docflow *f, struct docflow_ask *ask)
{
    const struct mr_docflow *map = f->call->docflow;
    const char *answer = ask->q.answer;
    uint32_t before = f->chain.n;

    if (map->asked.at != MR_NO_FIELD)
        take_document(f, &map->asked, answer + map->asked.at);
    take_rows(f, &map->documents, answer, false);
    take_rows(f, &map->steps, answer, true);
    take_messages(f, ask);
    for (uint32_t i = before; i < f->chain.n; i++)
        if (!f->chain.documents[i].asked)
            f->chain.documents[i].depth = ask->depth + 1;
}
