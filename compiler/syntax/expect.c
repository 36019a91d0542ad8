/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parser could have taken, in the words of a consultant: single
 * tokens are gathered into "a value", "an arrow", "an operator", and only
 * what tells most is named.
 */
#include "syntax/scan.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"

enum { WORDS_MOST = 4, COUNT = TOKEN_LIMIT - TOKEN_FIRST };

struct expected {
    bool have[COUNT];               /* by kind - TOKEN_FIRST; [0] is END */
    const char *words[WORDS_MOST];
    size_t n;
};

static bool *
slot(struct expected *x, enum token_kind k)
{
    return &x->have[k == TOKEN_END ? 0 : k - TOKEN_FIRST];
}

static void
say(struct expected *x, const char *words)
{
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(x->words[i], words) == 0)
            return;
    if (x->n < WORDS_MOST)
        x->words[x->n++] = words;
}

/* Drops every kind that has one of the traits. */
static void
drop_traits(struct expected *x, unsigned traits)
{
    for (int k = TOKEN_FIRST + 1; k < TOKEN_LIMIT; k++)
        if (token_traits((enum token_kind)k) & traits)
            *slot(x, (enum token_kind)k) = false;
}

static void
drop(struct expected *x, const enum token_kind *kinds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *slot(x, kinds[i]) = false;
}

#define DROP(x, ...)                                                          \
    drop(x, (const enum token_kind[]){ __VA_ARGS__ },                         \
         sizeof((const enum token_kind[]){ __VA_ARGS__ }) /                   \
             sizeof(enum token_kind))

/* Where all of an expression could start, it is one thing: a value. */
static void
gather_values(struct expected *x)
{
    bool item = *slot(x, TOKEN_IGNORE) && *slot(x, TOKEN_EACH);
    bool value = *slot(x, TOKEN_TEXT) && *slot(x, TOKEN_NUMBER) &&
                 *slot(x, TOKEN_NAME) && *slot(x, TOKEN_OPEN_PAREN);

    if (item) {
        say(x, "a rule or another line of a map");
        DROP(x, TOKEN_KEY, TOKEN_IGNORE, TOKEN_WHERE, TOKEN_CREATE,
             TOKEN_DELETE, TOKEN_OWNER, TOKEN_GROUP, TOKEN_EACH, TOKEN_ELSE,
             TOKEN_ELSE_FATE, TOKEN_CLOSE_BRACE);
    } else if (value) {
        say(x, "a value");
    }
    if (value)
        DROP(x, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_NAME, TOKEN_OPEN_PAREN,
             TOKEN_TRUE, TOKEN_FALSE, TOKEN_EMPTY, TOKEN_MISSING,
             TOKEN_OUTER, TOKEN_IF, TOKEN_NOT, TOKEN_MINUS);
    if (value)
        drop_traits(x, WORD);
}

static void
gather_arrows(struct expected *x)
{
    if (*slot(x, TOKEN_BOTH_WAYS) && *slot(x, TOKEN_LOSSY_WAYS)) {
        say(x, "an arrow");
        DROP(x, TOKEN_BOTH_WAYS, TOKEN_LOSSY_WAYS, TOKEN_RIGHT_WAY,
             TOKEN_LEFT_WAY, TOKEN_DOT, TOKEN_OPEN_BRACKET);
    }
}

/* What starts a conversion, and what test data can be. */
static void
gather_others(struct expected *x)
{
    if (*slot(x, TOKEN_REVERSE) && *slot(x, TOKEN_REF)) {
        say(x, "a conversion");
        DROP(x, TOKEN_REVERSE, TOKEN_REF, TOKEN_CODES, TOKEN_NAME);
        drop_traits(x, WORD);
    }
    if (*slot(x, TOKEN_NUMBER) && *slot(x, TOKEN_OPEN_BRACKET)) {
        say(x, "a value");
        DROP(x, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_MINUS, TOKEN_OPEN_BRACE,
             TOKEN_OPEN_BRACKET, TOKEN_TRUE, TOKEN_FALSE, TOKEN_EMPTY,
             TOKEN_MISSING);
    }
}

/* What may always follow a value or a rule is left out where something else
 * is expected too. */
static void
gather_rest(struct expected *x)
{
    bool operators = *slot(x, TOKEN_PLUS) && *slot(x, TOKEN_TIMES);

    if (*slot(x, TOKEN_LANGUAGE) && *slot(x, TOKEN_DEPLOYMENT) &&
        !*slot(x, TOKEN_NAME)) {
        say(x, "`map`, `codes`, `system` or another item of a file");
        memset(x->have, 0, sizeof x->have);
    }
    if (*slot(x, TOKEN_NAME))
        drop_traits(x, WORD);
    if (operators) {
        DROP(x, TOKEN_NOT, TOKEN_IN, TOKEN_BETWEEN, TOKEN_IS, TOKEN_AND,
             TOKEN_OR, TOKEN_PLUS, TOKEN_MINUS, TOKEN_TIMES, TOKEN_DIVIDED,
             TOKEN_EQUAL, TOKEN_UNEQUAL, TOKEN_LESS, TOKEN_LESS_EQUAL,
             TOKEN_GREATER, TOKEN_GREATER_EQUAL);
        DROP(x, TOKEN_DOT, TOKEN_OPEN_BRACKET, TOKEN_OPEN_PAREN);
    }
    if (*slot(x, TOKEN_WHEN) && *slot(x, TOKEN_REMEMBER)) {
        DROP(x, TOKEN_WHEN, TOKEN_OWNER, TOKEN_PERSONAL, TOKEN_REMEMBER,
             TOKEN_OPEN, TOKEN_FINAL, TOKEN_ELSE, TOKEN_ELSE_FATE);
        if (*slot(x, TOKEN_COLON))
            say(x, "`:` and a conversion");
        *slot(x, TOKEN_COLON) = false;
    }
    for (int k = TOKEN_FIRST + 1; k < TOKEN_LIMIT; k++)
        if (*slot(x, (enum token_kind)k) && k != TOKEN_EOL)
            say(x, token_words((enum token_kind)k));
    if (operators && x->n < 2)
        say(x, "an operator");
    if (*slot(x, TOKEN_EOL))
        say(x, token_words(TOKEN_EOL));
}

static const char *
found_words(const struct scan_input *in, struct token t)
{
    int n = (int)(t.at.to - t.at.from);
    const char *p = in->source->bytes + t.at.from;

    if (t.kind == TOKEN_END || t.kind == TOKEN_EOL || n == 0)
        return token_words(t.kind);
    if (n <= 40)
        return arena_printf(in->arena, "`%.*s`", n, p);
    for (n = 36; n > 0 && ((unsigned char)p[n] & 0xC0) == 0x80;)
        n--;
    return arena_printf(in->arena, "`%.*s…`", n, p);
}

/* The word of the language that was meant: `IF`, `ignor`. */
static const char *
meant(struct arena *a, struct token t)
{
    int best = 11;
    const char *word = NULL;

    if (t.kind != TOKEN_NAME || strlen(t.text) < 2)
        return NULL;
    for (int k = TOKEN_FIRST + 1; k < TOKEN_LIMIT; k++) {
        size_t n;
        const char *s = token_spelling((enum token_kind)k, &n);

        if (s == NULL || (n < 4 && strlen(t.text) != n))
            continue;
        s = arena_copy(a, s, n);
        int d = name_distance(t.text, s, best - 1);
        if (d < best && (n >= 4 || strcasecmp(s, t.text) == 0)) {
            best = d;
            word = s;
        }
    }
    return word;
}

/* A statement of several lines: where it started. */
static void
add_start(const struct scan_input *in, struct diag *d, const struct scan *s)
{
    struct span from = scan_start(s), at = scan_found(s).at;

    if (from.from < at.from &&
        memchr(in->source->bytes + from.from, '\n', at.from - from.from))
        diag_label(d, from, "what starts here goes on to this place");
}

static void
add_help(const struct scan_input *in, struct diag *d, struct token found,
         struct token before)
{
    const char *word = meant(in->arena, found);

    if (word == NULL)
        word = meant(in->arena, before);
    if (word != NULL)
        diag_note(d, NOTE_HELP, "did you mean `%s`?", word);
    if (token_traits(found.kind) & RESERVED)
        diag_note(d, NOTE_HELP, "%s is a word of the language; a field of "
                  "this name is written after a point, or as a text",
                  token_words(found.kind));
}

void
expect_report(const struct scan_input *in, const struct scan *s,
              const enum token_kind *expected, size_t n)
{
    struct token found = scan_found(s);
    struct expected x = { .n = 0 };
    struct buf b;
    struct diag *d;

    for (size_t i = 0; i < n; i++)
        *slot(&x, expected[i]) = true;
    gather_values(&x);
    gather_arrows(&x);
    gather_others(&x);
    gather_rest(&x);

    buf_init(&b, in->arena);
    for (size_t i = 0; i < x.n; i++)
        buf_printf(&b, "%s%s", i == 0 ? "" : i + 1 == x.n ? " or " : ", ",
                   x.words[i]);
    d = diag_add(in->diags, DIAG_UNEXPECTED, found.at, "found %s%s%s",
                 found_words(in, found), x.n > 0 ? ", expected " : "", b.at);
    add_start(in, d, s);
    add_help(in, d, found, scan_before(s));
}
