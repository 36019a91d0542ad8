/* SPDX-License-Identifier: Apache-2.0 */
/* The wording that messages share: places, facts of the schemas, near names. */
#include <ctype.h>
#include <string.h>

#include "sema/env.h"

const char *
closest_name(const char *wrong, const char *(*at)(const void *, size_t),
             const void *names, size_t count)
{
    int limit = 10 + (int)strlen(wrong) * 10 / 4;
    const char *best = NULL;

    for (size_t i = 0; i < count; i++) {
        const char *name = at(names, i);
        int d = name_distance(wrong, name, limit);

        if (d <= limit) {
            best = name;
            limit = d - 1;
        }
    }
    return best;
}

const char *
describe(struct env *env, const struct type *t)
{
    struct buf b;

    buf_init(&b, env->arena);
    type_describe(t, &b);
    return b.at;
}

void
note_member(struct env *env, struct diag *d, const char *path,
            const struct tsystem *system, const struct member *m)
{
    struct buf b;

    buf_init(&b, env->arena);
    if (m->record != NULL)
        buf_printf(&b, "a record %s", m->record->name);
    else
        type_describe(&m->type, &b);
    if (m->max > 1)
        buf_text(&b, ", many times");
    if (m->required)
        buf_text(&b, ", required");
    if (!m->creatable && !m->updatable)
        buf_text(&b, ", read only");
    if (m->line > 0)
        diag_note(d, NOTE_FACT, "%s: %s (%s:%u)", path, b.at,
                  m->file, m->line);
    else
        diag_note(d, NOTE_FACT, "%s: %s (%s)", path, b.at,
                  system->schema->file);
}

/* Where in [p, p + n) a remark begins: a `--` outside of a text. */
static size_t
remark_start(const char *p, size_t n)
{
    bool text = false;

    for (size_t i = 0; i < n; i++) {
        if (text && p[i] == '\\')
            i++;
        else if (p[i] == '"')
            text = !text;
        else if (!text && p[i] == '-' && i + 1 < n && p[i + 1] == '-')
            return i;
    }
    return n;
}

const char *
source_words(struct env *env, struct span at)
{
    const struct source *src = source_get(env->sources, at);
    struct buf b;

    buf_init(&b, env->arena);
    if (src == NULL)
        return b.at;
    const char *p = src->bytes + at.from, *end = src->bytes + at.to;
    while (p < end) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((line == NULL ? end : line) - p);
        size_t words = remark_start(p, n);

        for (size_t i = 0; i < words; i++) {
            if (!isspace((unsigned char)p[i]))
                buf_char(&b, p[i]);
            else if (b.n > 0 && b.at[b.n - 1] != ' ')
                buf_char(&b, ' ');
        }
        if (b.n > 0 && b.at[b.n - 1] != ' ')
            buf_char(&b, ' ');
        p += n + 1;
    }
    while (b.n > 0 && b.at[b.n - 1] == ' ')
        b.at[--b.n] = '\0';
    return b.at;
}

const char *
source_where(struct env *env, struct span at)
{
    struct place place = source_place(env->sources, at);
    const char *slash = strrchr(place.file, '/');

    return arena_printf(env->arena, "%s:%u",
                        slash == NULL ? place.file : slash + 1, place.line);
}

/* What can go wrong, said before it has. */
static const char *
why_may(enum mr_why why)
{
    static const char *const words[] = {
#define W(name, text) text,
#include "mr/why.def"
#undef W
    };

    return words[why];
}

const char *
failure_words(struct env *env, why_set failures)
{
    struct buf b;

    buf_init(&b, env->arena);
    for (unsigned why = 1; why < MR_WHY_COUNT; why++) {
        if ((failures >> why & 1) == 0)
            continue;
        if (b.n > 0)
            buf_text(&b, "; ");
        buf_text(&b, why_may(why));
    }
    return b.at;
}
