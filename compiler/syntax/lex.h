/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the actions of grammar/map.l do: one function per form of token. The
 * scanner gives the bytes, this gives tokens, comments and diagnostics.
 */
#ifndef SYNTAX_LEX_H
#define SYNTAX_LEX_H

#include "syntax/scan.h"

struct lexer {
    const struct scan_input *in;
    token_vec *out;
    struct span at;             /* of the match */
    bool first;                 /* nothing on this line so far */
};

/* False where the source is refused as a whole. */
bool lexer_open(struct lexer *lx, const struct scan_input *in,
                token_vec *out);
void lexer_close(struct lexer *lx);

/* False after so many mistakes that the rest is not read. */
bool lexer_advance(struct lexer *lx, uint32_t n);
void lexer_line_end(struct lexer *lx);
void lexer_token(struct lexer *lx, enum token_kind kind);
void lexer_word(struct lexer *lx, const char *p, size_t n);
void lexer_number(struct lexer *lx, const char *p, size_t n);
void lexer_text(struct lexer *lx, const char *p, size_t n);
/* True where it is no comment but the arrow `-->`, of which 3 bytes count. */
bool lexer_comment(struct lexer *lx, const char *p);

/* Mistakes; each gives the token that was meant, where there is one. */
void lexer_instead(struct lexer *lx, enum token_kind kind, const char *right);
void lexer_bad_number(struct lexer *lx, const char *p);
void lexer_bad_word(struct lexer *lx, const char *p, size_t n);
void lexer_open_text(struct lexer *lx);
void lexer_bad_quotes(struct lexer *lx);
void lexer_bad_comment(struct lexer *lx);
void lexer_semicolon(struct lexer *lx);
void lexer_bad_character(struct lexer *lx, const char *p);

/* Decodes the escapes of a text, given without its quotes, that starts at
 * `at` in its file. What is wrong is reported and left out. */
const char *escape_decode(const struct scan_input *in, struct span at,
                          const char *p, size_t n);

/* The first byte that is not part of well-formed UTF-8; n where all is. */
size_t utf8_check(const char *p, size_t n);
/* Writes 1 to 4 bytes, returns how many. */
size_t utf8_put(char *out, uint32_t c);

#endif
