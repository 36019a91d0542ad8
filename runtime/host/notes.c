/* SPDX-License-Identifier: Apache-2.0 */
/* Messages about documents, kept until the documents' numbers are known. */
#include "host/notes.h"

#include <stdlib.h>

void
host_part_error(const struct host_part *part, struct mr_error *e)
{
    if (e->document != 0)
        e->document += part->documents;
    if (e->line == 0)
        return;
    if (e->line == 1)
        e->column = e->offset - part->line_start + 1;
    e->line += part->line - 1;
}

FILE *
host_note_text(struct host_notes *notes)
{
    if (notes->text == NULL)
        notes->text = open_memstream(&notes->at, &notes->n_text);
    return notes->text;
}

static struct host_note *
add_note(struct host_notes *notes, uint64_t document)
{
    struct host_note *note;

    if (notes->n == notes->room) {
        size_t room = notes->room == 0 ? 16 : notes->room * 2;
        struct host_note *list = realloc(notes->list, room * sizeof *list);

        if (list == NULL)
            return NULL;
        notes->list = list;
        notes->room = room;
    }
    note = &notes->list[notes->n++];
    note->document = document;
    note->end = notes->n_text;
    note->error.status = MR_OK;
    return note;
}

bool
host_note_end(struct host_notes *notes, uint64_t document)
{
    return fflush(notes->text) == 0 && add_note(notes, document) != NULL;
}

bool
host_note_error(struct host_notes *notes, const struct mr_error *e)
{
    struct host_note *note = add_note(notes, e->document);

    if (note == NULL)
        return false;
    note->error = *e;
    return true;
}

size_t
host_notes_size(const struct host_notes *notes)
{
    return notes->n_text + notes->n * sizeof *notes->list;
}

void
host_notes_say(const struct host *h, struct host_notes *notes,
               const struct host_part *part)
{
    size_t at = 0;

    for (size_t i = 0; i < notes->n; i++) {
        struct host_note *note = &notes->list[i];

        if (note->error.status != MR_OK) {
            host_part_error(part, &note->error);
            host_report_error(h, &note->error);
        } else {
            fprintf(stderr, "document %llu: ",
                    (unsigned long long)(part->documents + note->document));
            fwrite(notes->at + at, 1, note->end - at, stderr);
        }
        at = note->end;
    }
    host_notes_clear(notes);
}

void
host_notes_move(struct host_notes *to, struct host_notes *from)
{
    /* The stream knows where its text and size are. */
    if (from->text != NULL)
        fclose(from->text);
    *to = *from;
    to->text = NULL;
    memset(from, 0, sizeof *from);
}

void
host_notes_clear(struct host_notes *notes)
{
    if (notes->text != NULL)
        fclose(notes->text);
    free(notes->at);
    free(notes->list);
    memset(notes, 0, sizeof *notes);
}
