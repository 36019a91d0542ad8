/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes and seals, by libsodium: the one file that knows it. */
#include "store/seal.h"

#include <string.h>

#include <sodium.h>

enum {
    NONCE = crypto_secretbox_NONCEBYTES,
    MAC = crypto_secretbox_MACBYTES
};

_Static_assert(sizeof(((struct store_keys *)0)->hash) ==
                   crypto_shorthash_KEYBYTES, "key of hashes");
_Static_assert(sizeof(((struct store_keys *)0)->seal) ==
                   crypto_secretbox_KEYBYTES, "key of seals");
_Static_assert(sizeof(((struct store_keys *)0)->record) ==
                   crypto_onetimeauth_KEYBYTES, "key of records");

enum mr_status
seal_keys(struct mr_cx *cx, const unsigned char secret[32],
          struct store_keys *out)
{
    static const char context[crypto_kdf_CONTEXTBYTES] = {
        'm', 'a', 'p', 'c', 'k', 'e', 'p', 't'
    };

    _Static_assert(crypto_kdf_KEYBYTES == 32, "the secret");
    if (sodium_init() < 0)
        return mr_fail(cx, MR_EUSAGE, "libsodium can't be set up");
    if (crypto_kdf_derive_from_key(out->hash, sizeof out->hash, 1, context,
                                   secret) != 0 ||
        crypto_kdf_derive_from_key(out->seal, sizeof out->seal, 2, context,
                                   secret) != 0 ||
        crypto_kdf_derive_from_key(out->record, sizeof out->record, 3, context,
                                   secret) != 0)
        return mr_fail(cx, MR_EUSAGE, "libsodium can't derive keys");
    return MR_OK;
}

uint64_t
seal_hash(const struct store_keys *keys, const void *p, size_t n)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t hash = 0;

    crypto_shorthash(out, n == 0 ? (const void *)"" : p, n, keys->hash);
    /* The same number on any machine: a store can be moved. */
    for (size_t i = 0; i < sizeof out; i++)
        hash |= (uint64_t)out[i] << 8 * i;
    return hash == 0 ? 1 : hash;
}

uint64_t
seal_hash_record(const struct store_keys *keys, const void *p, size_t n)
{
    unsigned char tag[crypto_onetimeauth_BYTES];

    crypto_onetimeauth(tag, n == 0 ? (const void *)"" : p, n, keys->record);
    return seal_hash(keys, tag, sizeof tag);
}

size_t
seal_size(size_t n)
{
    return n + NONCE + MAC;
}

void
seal_close(const struct store_keys *keys, const void *p, size_t n,
           unsigned char *out)
{
    randombytes_buf(out, NONCE);
    crypto_secretbox_easy(out + NONCE, n == 0 ? (const void *)"" : p, n, out,
                          keys->seal);
}

enum mr_status
seal_open(struct mr_cx *cx, const struct store_keys *keys, const void *p,
          size_t n, unsigned char *out, size_t *out_n)
{
    const unsigned char *box = p;

    if (n < NONCE + MAC)
        return mr_fail(cx, MR_EFORMAT, "sealed bytes are cut off");
    if (crypto_secretbox_open_easy(out, box + NONCE, n - NONCE, box,
                                   keys->seal) != 0)
        return mr_fail(cx, MR_EFORMAT,
                       "sealed bytes were changed, or sealed with another key");
    *out_n = n - NONCE - MAC;
    return MR_OK;
}
