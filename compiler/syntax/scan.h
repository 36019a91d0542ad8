/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source text to tokens, in two steps. The scanner (grammar/map.l) turns all
 * of a file into raw tokens. The line filter (scan.c) then decides which line
 * ends count: it hands the parser one EOL after each statement, closes blocks
 * that the file left open, and after an error steps to the next statement.
 */
#ifndef SYNTAX_SCAN_H
#define SYNTAX_SCAN_H

#include <stdbool.h>

#include "base/names.h"
#include "source/diag.h"
#include "syntax/ast.h"

enum token_kind {
    TOKEN_END = 0,
    TOKEN_FIRST = 257,
#define T(kind, words, traits) TOKEN_##kind,
#include "syntax/token.def"
#undef T
    TOKEN_LIMIT
};

enum token_trait {
    GOES_ON = 1,        /* a line end after it does not count */
    CONTINUES = 2,      /* a line that starts with it continues the last */
    ENDS_VALUE = 4,     /* a value can end with it */
    OPERATOR = 8,       /* makes a tree deeper */
    RESERVED = 16,      /* a word of the language, never a name */
    WORD = 32,          /* a word of the language in some places only */
    OPENS_ITEM = 64     /* with a name or text behind it: a top-level item */
};

enum {
    SCAN_MAX_BYTES = 4 * 1024 * 1024,
    SCAN_MAX_DEPTH = 200,           /* brackets in brackets */
    SCAN_MAX_OPERATORS = 1000,      /* in one statement */
    SCAN_MAX_ERRORS = 250           /* in one file */
};

struct token {
    enum token_kind kind;
    struct span at;
    const char *text;       /* names interned, texts decoded, numbers as is */
    bool first;             /* the first on its line */
};
typedef VEC(struct token) token_vec;

struct scan_input {
    struct arena *arena;
    struct names *names;
    struct diags *diags;
    const struct source *source;
    struct file *file;      /* gets the comments */
    size_t errors;          /* how many there were before this file */
};

/* Whether the file has so many mistakes that reading on makes no sense. */
bool scan_hopeless(const struct scan_input *in);

/* All tokens of the source, ended with TOKEN_END. In grammar/map.l. */
void scan_raw(const struct scan_input *in, token_vec *out);

struct scan;

/* Keeps `in`. */
struct scan *scan_new(const struct scan_input *in);
struct token scan_next(struct scan *s);
/* The parser refused the token it was given last: what follows, up to the
 * end of the statement, is skipped; a block of map items is still given. */
void scan_skip_statement(struct scan *s);
/* True after a limit was passed: the rest of the file was left out, what the
 * parser finds missing at the end is no mistake of its own. */
bool scan_gave_up(const struct scan *s);
/* The token given last, and the one before it (kind END: none). */
struct token scan_found(const struct scan *s);
struct token scan_before(const struct scan *s);
/* The first token of the statement that it belongs to. */
struct span scan_start(const struct scan *s);

/* Reports the token given last; `expected` has `n` kinds of token. */
void expect_report(const struct scan_input *in, const struct scan *s,
                   const enum token_kind *expected, size_t n);

const char *token_words(enum token_kind kind);
unsigned token_traits(enum token_kind kind);
/* TOKEN_NAME where the text is no word of the language. */
enum token_kind token_of_word(const char *p, size_t n);
/* The word as written in the source: "ignore"; NULL for other tokens. */
const char *token_spelling(enum token_kind kind, size_t *n);

#endif
