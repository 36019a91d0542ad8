/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes are UTF-8 and how many lines they are: every form of the check
 * that this machine can take, and the plain one built without vectors, against
 * a decoder that is as plain as can be.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/utf8.h"
#include "unit/check.h"

#undef CODEC_UTF8_H
#undef __SSE2__
#define mr_utf8_form scalar_utf8_form
#define mr_utf8_lines scalar_utf8_lines
#define mr_utf8_valid scalar_utf8_valid
#define mr_utf8_feeds scalar_utf8_feeds
#define mr_utf8_plain scalar_utf8_plain
#include "../../runtime/codec/utf8.c"
#undef mr_utf8_form
#undef mr_utf8_lines
#undef mr_utf8_valid
#undef mr_utf8_feeds
#undef mr_utf8_plain

enum { BLOCK = 64 };

static const struct mr_utf8_form scalar = { "scalar", scalar_utf8_plain };

/* All forms, one after another; NULL behind the last. */
static const struct mr_utf8_form *
form_of(size_t i)
{
    return i == 0 ? &scalar : mr_utf8_form(i - 1);
}

/* Bytes of the sequence at s by decoding it and asking whether the code point
 * may be written like that; 0: none. */
static size_t
decode(const unsigned char *s, size_t n)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t len = s[0] < 0x80           ? 1
                 : (s[0] & 0xe0) == 0xc0 ? 2
                 : (s[0] & 0xf0) == 0xe0 ? 3
                 : (s[0] & 0xf8) == 0xf0 ? 4
                                         : 0;
    uint32_t code = len == 1 ? s[0] : s[0] & (0x7fu >> len);

    if (len == 0 || n < len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3f);
    }
    if (code < least[len] || code > 0x10ffff ||
        (code >= 0xd800 && code <= 0xdfff))
        return 0;
    return len;
}

static size_t
valid(const char *p, size_t n)
{
    size_t i = 0, len;

    while (i < n && (len = decode((const unsigned char *)p + i, n - i)) != 0)
        i += len;
    return i;
}

static uint64_t
feeds_in(const char *p, size_t n)
{
    uint64_t feeds = 0;

    for (size_t i = 0; i < n; i++)
        feeds += p[i] == '\n';
    return feeds;
}

/* All forms on n bytes at p, of which the first `want` are UTF-8. */
static void
check_known(const char *p, size_t n, size_t want)
{
    const struct mr_utf8_form *form;
    uint64_t want_feeds = feeds_in(p, want);

    for (size_t i = 0; (form = form_of(i)) != NULL; i++) {
        uint64_t feeds = 1;
        size_t got = form->check(p, n, &feeds);

        CHECK_THAT(got == want && feeds == want_feeds + 1,
                   "%s, %zu bytes: %zu with %llu feeds, want %zu, %llu",
                   form->name, n, got, (unsigned long long)feeds - 1, want,
                   (unsigned long long)want_feeds);
    }
}

static void
check_bytes(const char *p, size_t n)
{
    check_known(p, n, valid(p, n));
}

/* Every sequence of three bytes that starts with no ASCII, the fourth one at
 * its borders; over the end of a block, and where the vectors do not come. */
static void
test_sequences(void)
{
    static const unsigned char fourth[] = { 0, 0x7f, 0x80, 0xbf, 0xc0, 0xff };
    char text[2 * BLOCK];

    memset(text, 'x', sizeof text);
    for (uint32_t code = 0x800000; code < 0x1000000; code++) {
        bool four = code >= 0xf00000;
        char *s = text + BLOCK - 4 + code % 5;

        memset(text + BLOCK - 4, 'x', 8);
        s[0] = (char)(code >> 16);
        s[1] = (char)(code >> 8);
        s[2] = (char)code;
        for (size_t i = 0; i < (four ? CHECK_ROWS(fourth) : 1); i++) {
            size_t want;

            if (four)
                s[3] = (char)fourth[i];
            want = valid(s, 8);
            want += want == 8 ? sizeof text - 8 : (size_t)(s - text);
            check_known(text, sizeof text, want);
            if ((code & 0xff) % 16 == 15)
                check_bytes(s, 4);
        }
    }
}

/* All pairs of bytes, at every place of a vector and over the end of a block;
 * behind most of them what makes three or four bytes whole. */
static void
test_pairs(void)
{
    char text[2 * BLOCK + 8];

    for (size_t at = BLOCK - 34; at < BLOCK + 2; at++) {
        memset(text, 'x', sizeof text);
        for (uint32_t pair = 0; pair < 0x10000; pair++) {
            text[at] = (char)(pair >> 8);
            text[at + 1] = (char)pair;
            text[at + 2] = (char)(pair % 3 == 0 ? 'x' : 0x80 + pair % 64);
            text[at + 3] = (char)(pair % 5 == 0 ? 'x' : 0x80 + pair % 64);
            check_bytes(text, sizeof text);
        }
    }
}

/* A bad byte, or a sequence, at every place of texts around the widths of
 * vectors, which start at every place of a vector. */
static void
test_places(void)
{
    static const char *const rows[] = {
        "\xff", "\x80", "\xc3", "\xc3\xa4", "\xe2\x82\xac", "\xe2\x82",
        "\xf0\x9d\x84\x9e", "\xf0\x9d\x84", "\xed\xa0\x80", "\xc0\x80",
        "\n", "\xf0\x9d\x84\x9e\x9e", "\xe2\x82\xac\xac",
    };
    char text[32 + 4 * BLOCK];

    for (size_t r = 0; r < CHECK_ROWS(rows); r++)
        for (size_t n = 4; n < 4 * BLOCK; n += 1 + n / 40)
            for (size_t at = 0; at < n; at++) {
                size_t len = strlen(rows[r]);
                char *p = text + (r + n + at) % 32;

                memset(text, 'x', sizeof text);
                memcpy(p + at, rows[r], len < n - at ? len : n - at);
                check_bytes(p, n);
            }
}

static uint64_t
next_random(void)
{
    static uint64_t state = 1;

    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 33;
}

/* A text of whole characters, most of them of `len` bytes; returns how many
 * bytes it has. */
static size_t
make_text(char *text, size_t room, int len)
{
    static const char *const of[] = {
        "\n", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xe2\x82\xac",
        "\xed\x9f\xbf", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
        "\xf0\x9d\x84\x9e", "\xf4\x8f\xbf\xbf",
    };
    size_t n = 0;

    while (n + 4 <= room) {
        const char *c = of[next_random() % CHECK_ROWS(of)];
        size_t c_n = strlen(c);

        if ((int)c_n != len && next_random() % 4 != 0)
            continue;
        memcpy(text + n, c, c_n);
        n += c_n;
    }
    return n;
}

/* Texts, and each of their bytes changed. */
static void
test_changes(void)
{
    static const unsigned char to[] = { '\n', 'x', 0x80, 0x9f, 0xa0, 0xbf, 0xc0,
                                        0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xff };
    char text[5 * BLOCK];

    for (int round = 0; round < 40; round++) {
        size_t n = make_text(text, sizeof text, 1 + round % 4);

        check_known(text, n, n);
        for (size_t at = 0; at < n; at++) {
            char was = text[at];

            for (size_t i = 0; i < CHECK_ROWS(to); i++) {
                text[at] = (char)to[i];
                check_bytes(text, n);
            }
            text[at] = was;
            check_known(text, at, valid(text, at));
        }
    }
}

/* Bytes of which most are wrong soon. */
static void
test_random(void)
{
    char text[4 * BLOCK];

    for (int round = 0; round < 200000; round++) {
        size_t n = next_random() % sizeof text;

        memset(text, round % 7 == 0 ? '\n' : 'x', sizeof text);
        for (int k = round % 4; k >= 0; k--)
            for (size_t at = next_random() % sizeof text, i = 0;
                 i < 4 && at + i < sizeof text; i++)
                text[at + i] = (char)(next_random() | (i > 0 ? 0x80 : 0));
        check_bytes(text, n);
    }
}

/* Many more line feeds than a byte counts to. */
static void
test_feeds(void)
{
    enum { N = 100000 };
    char *text = malloc(N);

    REQUIRE(text != NULL);
    memset(text, '\n', N);
    check_known(text, N, N);
    memcpy(text + N - 70, "\xc3\xa4", 2);
    check_known(text, N, N);
    text[N - 3] = '\xff';
    check_known(text, N, N - 3);
    CHECK_NUMBER((long long)mr_utf8_feeds(text, N), N - 3);
    CHECK_NUMBER((long long)mr_utf8_feeds(text, 0), 0);
    free(text);
}

/* Nothing is read in front of the bytes nor behind them: they stand at either
 * end of a page between two that may not be touched. */
static void
test_page_ends(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *at = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    REQUIRE(at != MAP_FAILED);
    REQUIRE(mprotect(at, page, PROT_NONE) == 0);
    REQUIRE(mprotect(at + 2 * page, page, PROT_NONE) == 0);
    for (int round = 0; round < 8; round++) {
        make_text(at + page, page, 1 + round % 4);
        for (size_t n = 0; n <= 5 * BLOCK; n++) {
            check_bytes(at + page, n);
            check_bytes(at + 2 * page - n, n);
            check_bytes(at + page + n, page - n);
        }
    }
    munmap(at, 3 * page);
}

static void *
check_once(void *arg)
{
    size_t *got = arg;

    *got = mr_utf8_valid("a\xc3\xa4\xff", 4);
    return NULL;
}

/* The form is chosen by whoever comes first, also by several at once. */
static void
test_threads(void)
{
    pthread_t threads[4];
    size_t got[4];

    for (int i = 0; i < 4; i++)
        REQUIRE(pthread_create(&threads[i], NULL, check_once, &got[i]) == 0);
    for (int i = 0; i < 4; i++) {
        REQUIRE(pthread_join(threads[i], NULL) == 0);
        CHECK_NUMBER((long long)got[i], 3);
    }
}

static void
test_ends(void)
{
    check_known("", 0, 0);
    check_known("a\0b", 3, 3);
    check_known("\xc3\xa4", 1, 0);
    check_known("a\xc3\xa4\xff", 4, 3);
    CHECK_TEXT(form_of(0)->name, "scalar");
    CHECK_TEXT(form_of(1)->name, "plain");
}

CHECK_MAIN({ "threads", test_threads }, { "sequences", test_sequences },
           { "pairs", test_pairs }, { "places", test_places },
           { "changes", test_changes }, { "random bytes", test_random },
           { "many lines", test_feeds }, { "ends of pages", test_page_ends },
           { "ends", test_ends })
