/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes tokens of what the scanner matched. A mistake in a token is reported
 * here and the token that was meant is given, so that it makes no second one.
 */
#include "syntax/lex.h"

#include <string.h>

/* A text made of a file that is refused is empty: the parser sees nothing. */
bool
lexer_open(struct lexer *lx, const struct scan_input *in, token_vec *out)
{
    const struct source *src = in->source;
    uint32_t start = 0;
    size_t bad;

    *lx = (struct lexer){ .in = in, .out = out, .first = true };
    lx->at.file = src->id + 1;
    if (src->n > SCAN_MAX_BYTES) {
        struct diag *d = diag_add(in->diags, DIAG_TOO_LARGE, lx->at,
                                  "the file has %zu bytes; %d are allowed",
                                  src->n, SCAN_MAX_BYTES);
        diag_note(d, NOTE_HELP, "keep code tables in CSV files: "
                  "codes Country from \"country.csv\"");
        return false;
    }
    bad = utf8_check(src->bytes, src->n);
    if (bad < src->n) {
        struct span at = { src->id + 1, (uint32_t)bad, (uint32_t)bad + 1 };
        struct diag *d = diag_add(in->diags, DIAG_NOT_UTF8, at,
                                  "the file is not UTF-8: byte 0x%02X",
                                  (unsigned char)src->bytes[bad]);
        diag_note(d, NOTE_HELP, "save the file with the encoding UTF-8");
        return false;
    }
    if (src->n >= 3 && memcmp(src->bytes, "\xEF\xBB\xBF", 3) == 0)
        start = 3;
    lx->at.from = lx->at.to = start;
    return true;
}

void
lexer_close(struct lexer *lx)
{
    lx->at.from = lx->at.to;
    lx->first = true;
    lexer_token(lx, TOKEN_END);
}

bool
lexer_advance(struct lexer *lx, uint32_t n)
{
    lx->at.from = lx->at.to;
    lx->at.to += n;
    return !scan_hopeless(lx->in);
}

void
lexer_line_end(struct lexer *lx)
{
    lx->first = true;
}

static void
add(struct lexer *lx, enum token_kind kind, const char *text)
{
    struct token t = { kind, lx->at, text, lx->first };

    vec_push(lx->in->arena, lx->out, t);
    lx->first = false;
}

void
lexer_token(struct lexer *lx, enum token_kind kind)
{
    add(lx, kind, NULL);
}

/* After a point every word is a name, also one of the language. */
void
lexer_word(struct lexer *lx, const char *p, size_t n)
{
    bool step = lx->out->n > 0 &&
                lx->out->at[lx->out->n - 1].kind == TOKEN_DOT;

    add(lx, step ? TOKEN_NAME : token_of_word(p, n),
        intern(lx->in->names, p, n));
}

void
lexer_number(struct lexer *lx, const char *p, size_t n)
{
    add(lx, TOKEN_NUMBER, arena_copy(lx->in->arena, p, n));
}

static void
check_controls(struct lexer *lx, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        struct span at = { lx->at.file, lx->at.from + (uint32_t)i,
                           lx->at.from + (uint32_t)i + 1 };
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            diag_add(lx->in->diags, DIAG_BAD_CHARACTER, at,
                     "the control character 0x%02X can't stand in a text", c);
    }
}

void
lexer_text(struct lexer *lx, const char *p, size_t n)
{
    struct span inside = { lx->at.file, lx->at.from + 1, lx->at.to - 1 };

    check_controls(lx, p, n);
    add(lx, TOKEN_TEXT, escape_decode(lx->in, inside, p + 1, n - 2));
}

bool
lexer_comment(struct lexer *lx, const char *p)
{
    struct comment c = { lx->at, lx->first };

    if (p[2] == '>' && !lx->first) {
        lx->at.to = lx->at.from + 3;
        lexer_instead(lx, TOKEN_RIGHT_WAY, "->");
        return true;
    }
    vec_push(lx->in->arena, &lx->in->file->comments, c);
    return false;
}

static const char *
matched(const struct lexer *lx, int *n)
{
    *n = (int)(lx->at.to - lx->at.from);
    return lx->in->source->bytes + lx->at.from;
}

void
lexer_instead(struct lexer *lx, enum token_kind kind, const char *right)
{
    int n;
    const char *p = matched(lx, &n);
    struct diag *d = diag_add(lx->in->diags, DIAG_FOREIGN_SIGN, lx->at,
                              "`%.*s` is no sign of this language", n, p);

    diag_note(d, NOTE_HELP, "write %s", right);
    lexer_token(lx, kind);
}

void
lexer_bad_number(struct lexer *lx, const char *p)
{
    int n;
    struct diag *d;

    matched(lx, &n);
    d = diag_add(lx->in->diags, DIAG_BAD_NUMBER, lx->at,
                 "`%.*s` is not a number", n, p);
    diag_note(d, NOTE_HELP, "numbers are digits with at most one decimal "
              "point: 12 or 12.50; a code with letters is a text: \"%.*s\"",
              n, p);
    add(lx, TOKEN_NUMBER, "0");
}

void
lexer_bad_word(struct lexer *lx, const char *p, size_t n)
{
    struct diag *d = diag_add(lx->in->diags, DIAG_BAD_CHARACTER, lx->at,
                              "`%.*s` has letters that a name can't have",
                              (int)n, p);

    diag_note(d, NOTE_HELP, "after a point, write it as a text: "
              ".\"%.*s\"", (int)n, p);
    add(lx, TOKEN_NAME, intern(lx->in->names, p, n));
}

void
lexer_open_text(struct lexer *lx)
{
    struct diag *d = diag_add(lx->in->diags, DIAG_OPEN_TEXT, lx->at,
                              "this text has no closing quote");

    diag_note(d, NOTE_HELP, "end it with \" on the same line; a line end "
              "inside a text is written \\n");
    add(lx, TOKEN_TEXT, "");
}

void
lexer_bad_quotes(struct lexer *lx)
{
    struct diag *d = diag_add(lx->in->diags, DIAG_FOREIGN_SIGN, lx->at,
                              "a text stands in straight double quotes");

    diag_note(d, NOTE_HELP, "write \"…\"; word processors replace these "
              "quotes by others");
    add(lx, TOKEN_TEXT, "");
}

void
lexer_bad_comment(struct lexer *lx)
{
    struct diag *d = diag_add(lx->in->diags, DIAG_FOREIGN_SIGN, lx->at,
                              "a remark starts with `--`");

    diag_note(d, NOTE_HELP, "write -- before the remark");
}

void
lexer_semicolon(struct lexer *lx)
{
    struct diag *d = diag_add(lx->in->diags, DIAG_FOREIGN_SIGN, lx->at,
                              "no semicolon belongs here");

    diag_note(d, NOTE_HELP, "leave it out: a line end ends a rule");
}

void
lexer_bad_character(struct lexer *lx, const char *p)
{
    unsigned char c = (unsigned char)p[0];
    int n;

    matched(lx, &n);
    if (c == 0xC2 && (unsigned char)p[1] == 0xA0)
        diag_add(lx->in->diags, DIAG_BAD_CHARACTER, lx->at,
                 "a no-break space (0xA0) stands where a blank belongs");
    else if (c < 0x20 || c == 0x7F)
        diag_add(lx->in->diags, DIAG_BAD_CHARACTER, lx->at,
                 "the control character 0x%02X has no place here", c);
    else
        diag_add(lx->in->diags, DIAG_BAD_CHARACTER, lx->at,
                 "the character `%.*s` has no place outside a text", n, p);
}
