/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying up to what is escaped: vectors find what bytes find, at every length
 * and place, and don't touch the page behind a value that ends with its page.
 */
#include "check.h"
#include "codec/plain.h"

#include <sys/mman.h>
#include <unistd.h>

static const char odd[] = "<&>\"'\\\t\n\r\x01\xef\x1f !%(=?\x7f\x80";

/* All copies of the n bytes at p, each of the length that the bytes' one has
 * and nothing else changed in front of it. */
static void
check_copies(const char *p, size_t n)
{
    char plain[160], vector[160 + PLAIN_SLACK];

    for (int kind = 0; kind < 3; kind++) {
        size_t want, got;

        memset(plain, '#', sizeof plain);
        memset(vector, '#', sizeof vector);
        want = kind == 0 ? plain_json_bytes(plain + 1, p, n)
                         : plain_xml_bytes(plain + 1, p, n, kind == 1);
        got = kind == 0 ? plain_json(vector + 1, p, n)
                        : plain_xml(vector + 1, p, n, kind == 1);
        CHECK_NUMBER(got, want);
        CHECK(memcmp(plain, vector, 1 + want) == 0);
        for (size_t i = 1 + n + PLAIN_SLACK; i < sizeof vector; i++)
            CHECK(vector[i] == '#');
    }
}

static void
test_at_any_place(void)
{
    char text[192];
    uint64_t seed = 1;

    for (int round = 0; round < 20000; round++) {
        memset(text, 'a', sizeof text);
        for (int k = 0; k < 2; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[(seed >> 33) % 100] = odd[(seed >> 45) % (sizeof odd - 1)];
        }
        check_copies(text + (seed >> 60), (seed >> 53) % 100);
    }
}

/* Every byte that there is, alone in 16. */
static void
test_every_byte(void)
{
    char text[16];

    for (int c = 0; c < 256; c++) {
        memset(text, 'a', sizeof text);
        text[c & 15] = (char)c;
        check_copies(text, sizeof text);
        check_copies(text, 1 + (size_t)(c & 15));
    }
}

static void
test_at_the_pages_end(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    REQUIRE(two != MAP_FAILED);
    memset(two, 'a', page);
    REQUIRE(mprotect(two + page, page, PROT_NONE) == 0);
    for (size_t n = 0; n < 100; n++) {
        check_copies(two + page - n, n);
        if (n == 0)
            continue;
        two[page - 1] = '<';
        check_copies(two + page - n, n);
        check_copies(two + page - n, n - 1);
        two[page - 1] = 'a';
    }
    munmap(two, 2 * page);
}

CHECK_MAIN({ "at any place", test_at_any_place },
           { "every byte", test_every_byte },
           { "at the page's end", test_at_the_pages_end })
