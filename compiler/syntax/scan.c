/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line filter: which line ends count. It sees all raw tokens and looks
 * one ahead; the rules are in grammar/README.md. It also knows the open
 * brackets, and therefore closes blocks that the file leaves open and steps
 * over what belongs to a statement with a mistake.
 */
#include "syntax/scan.h"

struct open {
    enum token_kind kind;
    struct span at;
    bool items;             /* a block whose lines are items of a map */
    unsigned ifs;           /* unfinished before it */
};

struct scan {
    const struct scan_input *in;
    token_vec raw;
    size_t i;               /* next in raw */
    VEC(struct open) open;
    struct token found, before;

    /* the statement being read */
    bool inside;            /* something of it was read */
    enum token_kind start;
    struct span start_at;
    bool each, match;       /* in the head of `each`; behind its `match` */
    bool arrow;             /* it has one already */
    unsigned ifs;           /* `if`s that may still get an `else` */
    unsigned operators;

    bool skipping, gave_up;
};

struct scan *
scan_new(const struct scan_input *in)
{
    struct scan *s = arena_alloc(in->arena, sizeof *s);

    s->in = in;
    scan_raw(in, &s->raw);
    return s;
}

struct token
scan_found(const struct scan *s)
{
    return s->found;
}

struct token
scan_before(const struct scan *s)
{
    return s->before;
}

struct span
scan_start(const struct scan *s)
{
    return s->start_at;
}

bool
scan_gave_up(const struct scan *s)
{
    return s->gave_up;
}

static enum token_kind
ahead(const struct scan *s, size_t k)
{
    return s->i + k < s->raw.n ? s->raw.at[s->i + k].kind : TOKEN_END;
}

static bool
has(enum token_kind kind, unsigned traits)
{
    return (token_traits(kind) & traits) != 0;
}

static struct open *
innermost(struct scan *s)
{
    return s->open.n > 0 ? &s->open.at[s->open.n - 1] : NULL;
}

/* Leaves the innermost ( and [ up to the block around them. */
static void
forget_brackets(struct scan *s)
{
    while (s->open.n > 0 && innermost(s)->kind != TOKEN_OPEN_BRACE)
        s->open.n--;
}

static struct token
give(struct scan *s, struct token t)
{
    s->before = s->found;
    s->found = t;
    return t;
}

static struct token
give_line_end(struct scan *s)
{
    struct token t = { .kind = TOKEN_EOL, .at = s->found.at };

    t.at.from = t.at.to;
    forget_brackets(s);
    s->inside = s->each = s->match = s->arrow = s->skipping = false;
    s->ifs = s->operators = 0;
    return give(s, t);
}

/* The closing brace that the file lacks, at `at`. */
static struct token
give_missing_brace(struct scan *s, struct span at)
{
    struct token t = { .kind = TOKEN_CLOSE_BRACE, .at = at };
    struct open o = *innermost(s);

    t.at.to = t.at.from;
    s->open.n--;
    s->inside = true;
    if (!s->gave_up) {
        struct diag *d = diag_add(s->in->diags, DIAG_OPEN_BLOCK, o.at,
                                  "this block is never closed");
        diag_label_here(d, "opened here");
        diag_label(d, at, "a `}` is missing before this");
    }
    return give(s, t);
}

bool
scan_hopeless(const struct scan_input *in)
{
    return diags_errors(in->diags) - in->errors >= SCAN_MAX_ERRORS;
}

static void
give_up_hope(struct scan *s)
{
    diag_add(s->in->diags, DIAG_TOO_MANY, s->raw.at[s->i].at,
             "more than %d mistakes; the rest of the file was not read",
             SCAN_MAX_ERRORS);
    s->gave_up = true;
    s->i = s->raw.n - 1;
}

static void
give_up(struct scan *s, struct span at, const char *what, int most)
{
    struct diag *d = diag_add(s->in->diags, DIAG_TOO_DEEP, at,
                              "more than %d %s", most, what);

    diag_note(d, NOTE_HELP, "the rest of the file was not read; split this "
              "statement into several, or use a function");
    s->gave_up = true;
    s->i = s->raw.n - 1;
}

/* A call's blocks of items stand one level deeper than a map's. */
static bool
in_call(const struct scan *s)
{
    return s->start == TOKEN_REQUEST || s->start == TOKEN_RESPONSE;
}

static void
open_bracket(struct scan *s, struct token t)
{
    struct open *outer;
    struct open o = { t.kind, t.at, false, s->ifs };

    if (t.kind == TOKEN_OPEN_BRACE) {
        outer = innermost(s);
        o.items = outer == NULL ? s->start == TOKEN_MAP
                                : outer->items || in_call(s);
        s->inside = s->each = s->match = s->arrow = false;
        s->ifs = s->operators = 0;
    }
    vec_push(s->in->arena, &s->open, o);
    if (s->open.n > SCAN_MAX_DEPTH)
        give_up(s, t.at, "brackets in brackets", SCAN_MAX_DEPTH);
}

static void
close_bracket(struct scan *s, enum token_kind opener)
{
    if (opener == TOKEN_OPEN_BRACE)
        forget_brackets(s);
    if (s->open.n > 0 && innermost(s)->kind == opener) {
        s->ifs = innermost(s)->ifs;
        s->open.n--;
    }
}

static bool
is_fate(enum token_kind k)
{
    return k == TOKEN_KEEP || k == TOKEN_PARK || k == TOKEN_REJECT;
}

/* Words that start an item of a map and can be nothing else. */
static bool
starts_item(enum token_kind k)
{
    return k == TOKEN_KEY || k == TOKEN_IGNORE || k == TOKEN_CREATE ||
           k == TOKEN_DELETE || k == TOKEN_OWNER || k == TOKEN_GROUP ||
           k == TOKEN_EACH;
}

/* Whether the next token starts an item of the file: `map Account`. */
static bool
starts_file_item(const struct scan *s)
{
    enum token_kind next = ahead(s, 1);

    return has(ahead(s, 0), OPENS_ITEM) && !s->raw.at[s->i + 1].first &&
           (next == TOKEN_NAME || next == TOKEN_TEXT || next == TOKEN_NUMBER ||
            (has(next, WORD) && !has(s->found.kind, GOES_ON)));
}

static bool
is_arrow(enum token_kind k)
{
    return k == TOKEN_BOTH_WAYS || k == TOKEN_LOSSY_WAYS ||
           k == TOKEN_RIGHT_WAY || k == TOKEN_LEFT_WAY;
}

/* A rule has one arrow. Where the next line has another, the line before it
 * was not finished: this is no statement of two lines. */
static bool
next_line_is_a_rule(const struct scan *s)
{
    int depth = 0;

    if (!s->arrow || s->each || is_arrow(s->start))
        return false;
    for (size_t k = 0;; k++) {
        enum token_kind t = ahead(s, k);

        if (t == TOKEN_END || t == TOKEN_OPEN_BRACE ||
            (k > 0 && s->raw.at[s->i + k].first))
            return false;
        depth += t == TOKEN_OPEN_PAREN || t == TOKEN_OPEN_BRACKET;
        depth -= t == TOKEN_CLOSE_PAREN || t == TOKEN_CLOSE_BRACKET;
        if (k > 0 && depth == 0 && is_arrow(t))
            return true;
    }
}

/* Whether the line end before the next token ends the statement. */
static bool
line_end_counts(struct scan *s, enum token_kind last)
{
    enum token_kind k = ahead(s, 0);
    bool label = ahead(s, 1) == TOKEN_COLON;

    bool table = k == TOKEN_CODES && (last == TOKEN_COLON ||
                                      last == TOKEN_COMMA);

    if (!label && (starts_item(k) || (starts_file_item(s) && !table)))
        return true;
    if (has(last, GOES_ON))
        return next_line_is_a_rule(s);
    if (s->each && (k == TOKEN_MATCH || k == TOKEN_WHERE ||
                    (k == TOKEN_BY && ahead(s, 1) == TOKEN_POSITION)))
        return false;
    if (k == TOKEN_ELSE)
        return s->ifs == 0 || is_fate(ahead(s, 1));
    if (has(k, CONTINUES) && !label)
        return false;
    if (k == TOKEN_COLON)
        return false;
    if (s->open.n > 0 && innermost(s)->kind != TOKEN_OPEN_BRACE)
        return has(last, ENDS_VALUE);
    return true;
}

/* In the head of `each`: whether the comma is followed by another pair of
 * keys and not by another conversion, that is, by an arrow. */
static bool
next_match_follows(const struct scan *s)
{
    int depth = 0;

    for (size_t k = 1;; k++) {
        enum token_kind t = ahead(s, k);

        if (t == TOKEN_OPEN_PAREN || t == TOKEN_OPEN_BRACKET)
            depth++;
        else if (t == TOKEN_CLOSE_PAREN || t == TOKEN_CLOSE_BRACKET)
            depth--;
        else if (depth < 0)
            return false;
        else if (is_arrow(t))
            return depth == 0;
        else if (t == TOKEN_END || t == TOKEN_OPEN_BRACE ||
                 t == TOKEN_COLON || (t == TOKEN_COMMA && depth == 0))
            return false;
    }
}

/* What the grammar can't see with its one token: a word of the language that
 * is a label, the `else` of a fate, the comma between two pairs of keys. */
static enum token_kind
kind_here(const struct scan *s)
{
    enum token_kind k = ahead(s, 0);

    if (has(k, RESERVED | WORD) && ahead(s, 1) == TOKEN_COLON &&
        (!s->inside || s->found.kind == TOKEN_COMMA))
        return TOKEN_NAME;
    if (k == TOKEN_ELSE && is_fate(ahead(s, 1)))
        return TOKEN_ELSE_FATE;
    if (k == TOKEN_COMMA && s->match && next_match_follows(s))
        return TOKEN_NEXT_MATCH;
    return k;
}

static void
note_statement(struct scan *s, enum token_kind k, struct span at)
{
    if (!s->inside) {
        s->start = k;
        s->start_at = at;
    }
    s->inside = true;
    s->each = s->each || k == TOKEN_EACH;
    s->arrow = s->arrow || is_arrow(k);
    s->match = (s->match || (s->each && k == TOKEN_MATCH)) &&
               k != TOKEN_WHERE;
    if (k == TOKEN_IF)
        s->ifs++;
    else if (k == TOKEN_ELSE && s->ifs > 0)
        s->ifs--;
}

static struct token
give_raw(struct scan *s)
{
    struct token t = s->raw.at[s->i];

    t.kind = kind_here(s);
    s->i++;
    note_statement(s, t.kind, t.at);
    if (t.kind == TOKEN_OPEN_BRACE || t.kind == TOKEN_OPEN_PAREN ||
        t.kind == TOKEN_OPEN_BRACKET)
        open_bracket(s, t);
    else if (t.kind == TOKEN_CLOSE_BRACE)
        close_bracket(s, TOKEN_OPEN_BRACE);
    else if (t.kind == TOKEN_CLOSE_PAREN)
        close_bracket(s, TOKEN_OPEN_PAREN);
    else if (t.kind == TOKEN_CLOSE_BRACKET)
        close_bracket(s, TOKEN_OPEN_BRACKET);
    else if (has(t.kind, OPERATOR) && ++s->operators > SCAN_MAX_OPERATORS)
        give_up(s, t.at, "operators in one statement", SCAN_MAX_OPERATORS);
    return give(s, t);
}

/* The next raw token is `{`: goes behind its `}`. */
static void
skip_block(struct scan *s)
{
    size_t depth = 0;

    do {
        enum token_kind k = ahead(s, 0);
        if (k == TOKEN_END)
            return;
        depth += k == TOKEN_OPEN_BRACE;
        depth -= k == TOKEN_CLOSE_BRACE;
        s->i++;
    } while (depth > 0);
}

static bool
block_is_of_items(struct scan *s)
{
    struct open *outer = innermost(s);

    return outer == NULL ? s->start == TOKEN_MAP
                         : outer->items || in_call(s);
}

/* To the end of the statement, or to its block of items. */
static void
skip(struct scan *s)
{
    for (;;) {
        enum token_kind k = ahead(s, 0);

        if (k == TOKEN_END || k == TOKEN_CLOSE_BRACE ||
            (s->raw.at[s->i].first && line_end_counts(s, s->found.kind)))
            break;
        if (k == TOKEN_OPEN_BRACE && block_is_of_items(s))
            break;
        if (k == TOKEN_OPEN_BRACE)
            skip_block(s);
        else
            s->i++;
        s->found = s->raw.at[s->i - 1];
    }
    s->skipping = false;
}

void
scan_skip_statement(struct scan *s)
{
    enum token_kind k = s->found.kind;

    if (k == TOKEN_EOL || k == TOKEN_END || k == TOKEN_CLOSE_BRACE)
        return;
    if (k == TOKEN_OPEN_BRACE) {
        if (innermost(s) != NULL && innermost(s)->items)
            return;
        s->i--;
        s->open.n -= s->open.n > 0;
        skip_block(s);
        s->found = s->raw.at[s->i - 1];
    }
    forget_brackets(s);
    s->inside = s->skipping = true;
}

struct token
scan_next(struct scan *s)
{
    if (!s->gave_up && scan_hopeless(s->in))
        give_up_hope(s);
    if (s->skipping)
        skip(s);

    const struct token *t = &s->raw.at[s->i];
    if (s->inside) {
        bool ends = t->kind == TOKEN_END ||
                    (t->kind == TOKEN_CLOSE_BRACE &&
                     s->found.kind != TOKEN_COMMA) ||
                    (t->first && t->kind != TOKEN_CLOSE_BRACE &&
                     line_end_counts(s, s->found.kind));
        if (ends)
            return give_line_end(s);
    } else if (s->open.n > 0 && (t->kind == TOKEN_END ||
                                 (t->first && starts_file_item(s)))) {
        return give_missing_brace(s, t->at);
    }
    if (t->kind == TOKEN_END)
        return give(s, *t);
    return give_raw(s);
}
