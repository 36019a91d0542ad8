/* SPDX-License-Identifier: Apache-2.0 */
/* What token.def says, by kind and by word. */
#include "syntax/scan.h"

#include <string.h>

static const struct {
    const char *words;
    unsigned traits;
} tokens[] = {
#define T(kind, words, traits) { words, traits },
#include "syntax/token.def"
#undef T
};

const char *
token_words(enum token_kind kind)
{
    if (kind == TOKEN_END)
        return "the end of the file";
    return tokens[kind - TOKEN_FIRST - 1].words;
}

unsigned
token_traits(enum token_kind kind)
{
    return kind == TOKEN_END ? 0 : tokens[kind - TOKEN_FIRST - 1].traits;
}

/* The words of a language word are the word in backquotes. */
const char *
token_spelling(enum token_kind kind, size_t *n)
{
    const char *words = token_words(kind);

    *n = 0;
    if (!(token_traits(kind) & (RESERVED | WORD)))
        return NULL;
    *n = strlen(words) - 2;
    return words + 1;
}

enum token_kind
token_of_word(const char *p, size_t n)
{
    for (int k = TOKEN_FIRST + 1; k < TOKEN_LIMIT; k++) {
        size_t m;

        if (tokens[k - TOKEN_FIRST - 1].words[1] != p[0])
            continue;
        const char *s = token_spelling((enum token_kind)k, &m);
        if (s != NULL && m == n && memcmp(s, p, n) == 0)
            return (enum token_kind)k;
    }
    return TOKEN_NAME;
}
