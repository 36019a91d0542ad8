/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes and seals: what is kept of values says nothing without the key, and
 * nothing that was changed is taken. */
#include "store/seal.h"
#include "unit/check.h"

static const unsigned char secret[32] = "a secret of 32 bytes for tests.";

static void
make_keys(struct store_keys *keys, unsigned char first)
{
    unsigned char own[32];
    struct mr_cx cx;

    memcpy(own, secret, sizeof own);
    own[0] = first;
    mr_cx_init(&cx, NULL);
    CHECK(seal_keys(&cx, own, keys) == MR_OK);
    mr_cx_done(&cx);
}

static void
test_keys(void)
{
    struct store_keys a, b, c;

    make_keys(&a, 'a');
    make_keys(&b, 'a');
    make_keys(&c, 'b');
    CHECK(memcmp(&a, &b, sizeof a) == 0);
    CHECK(memcmp(a.hash, c.hash, sizeof a.hash) != 0);
    CHECK(memcmp(a.seal, c.seal, sizeof a.seal) != 0);
    CHECK(memcmp(a.record, c.record, sizeof a.record) != 0);
    /* Neither is a part of the secret or of the other one. */
    CHECK(memcmp(a.hash, secret, sizeof a.hash) != 0);
    CHECK(memcmp(a.seal, a.hash, sizeof a.hash) != 0);
    CHECK(memcmp(a.seal, a.record, sizeof a.record) != 0);
}

/* The vectors of SipHash's authors: key 00..0f, message 00..n-1. */
static void
test_siphash(void)
{
    struct store_keys keys;
    unsigned char message[15];

    memset(&keys, 0, sizeof keys);
    for (size_t i = 0; i < sizeof keys.hash; i++)
        keys.hash[i] = (unsigned char)i;
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)i;
    CHECK(seal_hash(&keys, NULL, 0) == UINT64_C(0x726fdb47dd0e0e31));
    CHECK(seal_hash(&keys, message, 1) == UINT64_C(0x74f839c593dc67fd));
    CHECK(seal_hash(&keys, message, 15) == UINT64_C(0xa129ca6149be45e5));
}

/* Poly1305's vector of RFC 8439, 2.5.2, with SipHash behind it. */
static void
test_record(void)
{
    static const unsigned char key[] = {
        0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f, 0x44, 0x52,
        0xfe, 0x42, 0xd5, 0x06, 0xa8, 0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d,
        0xb2, 0xfd, 0x4a, 0xbf, 0xf6, 0xaf, 0x41, 0x49, 0xf5, 0x1b
    };
    static const unsigned char tag[] = {
        0xa8, 0x06, 0x1d, 0xc1, 0x30, 0x51, 0x36, 0xc6,
        0xc2, 0x2b, 0x8b, 0xaf, 0x0c, 0x01, 0x27, 0xa9
    };
    static const char text[] = "Cryptographic Forum Research Group";
    struct store_keys keys;

    make_keys(&keys, 'a');
    memcpy(keys.record, key, sizeof keys.record);
    CHECK(seal_hash_record(&keys, text, strlen(text)) ==
          seal_hash(&keys, tag, sizeof tag));
    CHECK(seal_hash_record(&keys, text, strlen(text) - 1) !=
          seal_hash(&keys, tag, sizeof tag));
}

static void
test_seal(void)
{
    static const char text[] = "Muster GmbH, Musterweg 1";
    static const size_t lengths[] = { 0, 1, 16, sizeof text };
    struct store_keys keys;

    make_keys(&keys, 'a');
    for (size_t i = 0; i < CHECK_ROWS(lengths); i++) {
        unsigned char sealed[200], again[200], out[200];
        size_t n = lengths[i], size = seal_size(n), out_n = 99;
        struct mr_cx cx;

        mr_cx_init(&cx, NULL);
        REQUIRE(size <= sizeof sealed && size >= n + 16);
        seal_close(&keys, text, n, sealed);
        seal_close(&keys, text, n, again);
        /* The same text is not seen to be the same. */
        CHECK(memcmp(sealed, again, size) != 0);
        CHECK(seal_open(&cx, &keys, sealed, size, out, &out_n) == MR_OK);
        CHECK(out_n == n && memcmp(out, text, n) == 0);
        mr_cx_done(&cx);
    }
}

/* Each bit changed, each length cut, another key. */
static void
test_refused(void)
{
    unsigned char sealed[64], out[64];
    struct store_keys keys, other;
    size_t size = seal_size(5), n = 77;
    struct mr_cx cx;

    make_keys(&keys, 'a');
    make_keys(&other, 'b');
    mr_cx_init(&cx, NULL);
    REQUIRE(size <= sizeof sealed);
    seal_close(&keys, "value", 5, sealed);
    for (size_t bit = 0; bit < size * 8; bit++) {
        sealed[bit / 8] ^= (unsigned char)(1u << bit % 8);
        CHECK(seal_open(&cx, &keys, sealed, size, out, &n) == MR_EFORMAT);
        sealed[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < size; cut++)
        CHECK(seal_open(&cx, &keys, sealed, cut, out, &n) == MR_EFORMAT);
    CHECK(seal_open(&cx, &other, sealed, size, out, &n) == MR_EFORMAT);
    CHECK_NUMBER(n, 77);
    cx.error.status = MR_OK;
    CHECK(seal_open(&cx, &keys, sealed, size, out, &n) == MR_OK && n == 5);
    mr_cx_done(&cx);
}

CHECK_MAIN({ "keys from a secret", test_keys }, { "SipHash", test_siphash },
           { "a record's hash", test_record },
           { "seal", test_seal }, { "changed or cut seals", test_refused })
