/* SPDX-License-Identifier: Apache-2.0 */
/* One setting: its value from text, its range, back to text. */
#include "host/config.h"

#include <stdarg.h>
#include <stdlib.h>

enum { ERRORS_SHOWN = 20 };

void
config_wrong(struct config *c, const char *system, const char *path,
             const char *fmt, ...)
{
    va_list args;

    if (++c->n_errors > ERRORS_SHOWN)
        return;
    fprintf(stderr, "%s: %s: ", c->h->name, c->file);
    if (system != NULL)
        fprintf(stderr, "systems.%s%s", system, path[0] != '\0' ? "." : "");
    fprintf(stderr, "%s%s", path, path[0] != '\0' || system != NULL ? ": " : "");
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
}

char *
config_text(struct config *c, const char *fmt, ...)
{
    va_list args;
    char *out;
    int n;

    va_start(args, fmt);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    out = n < 0 ? NULL : mr_alloc(&c->cx, (size_t)n + 1);
    if (out == NULL) {
        config_wrong(c, NULL, "", "memory ran out");
        return NULL;
    }
    va_start(args, fmt);
    vsnprintf(out, (size_t)n + 1, fmt, args);
    va_end(args);
    return out;
}

static const char *
name_of(const struct config_system *system)
{
    return system != NULL ? system->name : NULL;
}

static void *
place(struct config *c, struct config_system *system, const struct setting *s)
{
    return (system != NULL ? (char *)system : (char *)c) + s->at;
}

void
config_set_number(struct config *c, struct config_system *system,
                  const struct setting *s, int64_t number)
{
    uint32_t value;

    if (number < s->low || number > s->high) {
        config_wrong(c, name_of(system), s->path,
                     "%lld is not from %lu to %lu", (long long)number,
                     (unsigned long)s->low, (unsigned long)s->high);
        return;
    }
    value = (uint32_t)number;
    memcpy(place(c, system, s), &value, sizeof value);
}

/* At most 12 digits, so that nothing overflows. */
static void
set_digits(struct config *c, struct config_system *system,
           const struct setting *s, const char *text)
{
    size_t n = strspn(text, "0123456789");

    if (n == 0 || n > 12 || text[n] != '\0')
        config_wrong(c, name_of(system), s->path,
                     "needs a whole number from %lu to %lu",
                     (unsigned long)s->low, (unsigned long)s->high);
    else
        config_set_number(c, system, s, strtoll(text, NULL, 10));
}

static void
set_word(struct config *c, struct config_system *system,
         const struct setting *s, const char *text)
{
    uint32_t n = 0;
    const char *best;

    while (s->words[n] != NULL && strcmp(s->words[n], text) != 0)
        n++;
    if (s->words[n] != NULL) {
        memcpy(place(c, system, s), &n, sizeof n);
        return;
    }
    best = host_closest(text, s->words, n);
    if (best != NULL)
        config_wrong(c, name_of(system), s->path,
                     "there is no \"%s\"; did you mean %s?", text, best);
    else
        config_wrong(c, name_of(system), s->path,
                     "there is no \"%s\"; the first choice is %s", text,
                     s->words[0]);
}

static void
set_bool(struct config *c, struct config_system *system,
         const struct setting *s, const char *text)
{
    bool yes = strcmp(text, "true") == 0;

    if (!yes && strcmp(text, "false") != 0)
        config_wrong(c, name_of(system), s->path, "needs true or false");
    else
        memcpy(place(c, system, s), &yes, sizeof yes);
}

/* The value itself is not repeated: it may be a secret. */
static bool
is_reference(struct config *c, struct config_system *system,
             const struct setting *s, const char *text)
{
    if ((strncmp(text, "env:", 4) == 0 && text[4] != '\0') ||
        (strncmp(text, "file:", 5) == 0 && text[5] != '\0'))
        return true;
    config_wrong(c, name_of(system), s->path,
                 "a secret does not stand here itself: write \"env:NAME\" "
                 "(a variable of the environment) or \"file:PATH\"");
    return false;
}

void
config_set(struct config *c, struct config_system *system,
           const struct setting *s, const char *text)
{
    const char *copy;

    switch (s->type) {
    case SET_NUMBER:
        set_digits(c, system, s, text);
        return;
    case SET_CHOICE:
        set_word(c, system, s, text);
        return;
    case SET_BOOL:
        set_bool(c, system, s, text);
        return;
    case SET_SECRET:
        if (!is_reference(c, system, s, text))
            return;
        break;
    case SET_TEXT:
    case SET_FILE:
        if (text[0] == '\0') {
            config_wrong(c, name_of(system), s->path, "must not be empty");
            return;
        }
        break;
    }
    copy = config_text(c, "%s", text);
    memcpy(place(c, system, s), &copy, sizeof copy);
}

const char *
config_get(struct config *c, const struct config_system *system,
           const struct setting *s)
{
    const void *at = (system != NULL ? (const char *)system : (const char *)c) +
                     s->at;
    const char *text;
    uint32_t number;
    bool yes;

    switch (s->type) {
    case SET_NUMBER:
        memcpy(&number, at, sizeof number);
        return config_text(c, "%lu", (unsigned long)number);
    case SET_CHOICE:
        memcpy(&number, at, sizeof number);
        return s->words[number];
    case SET_BOOL:
        memcpy(&yes, at, sizeof yes);
        return yes ? "true" : "false";
    case SET_TEXT:
    case SET_FILE:
    case SET_SECRET:
        memcpy(&text, at, sizeof text);
        return text;
    }
    return NULL;
}
