/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes and seals: what is kept of values at rest. A hash is SipHash-2-4
 * (64 bits) under the store's own key; a seal is XSalsa20-Poly1305 with a
 * random nonce in front (libsodium's crypto_shorthash and crypto_secretbox).
 * The hash of a whole record is SipHash of its Poly1305 under a fixed key: a
 * universal hash with a pseudo-random function behind it (Carter and Wegman
 * 1981), several times as fast on many bytes.
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "mr/cx.h"

struct store_keys {
    unsigned char hash[16];
    unsigned char seal[32];
    unsigned char record[32];
};

/* Both keys from 32 secret bytes, by derivation (crypto_kdf). MR_EUSAGE where
 * libsodium can't be set up. */
enum mr_status seal_keys(struct mr_cx *cx, const unsigned char secret[32],
                         struct store_keys *out);
/* Never 0: 0 says 'unknown' where hashes are kept. */
uint64_t seal_hash(const struct store_keys *keys, const void *p, size_t n);
/* The same for the many bytes of a whole record. */
uint64_t seal_hash_record(const struct store_keys *keys, const void *p,
                          size_t n);
/* What seal_close needs for n bytes. */
size_t seal_size(size_t n);
/* Writes seal_size(n) bytes to `out`. */
void seal_close(const struct store_keys *keys, const void *p, size_t n,
                unsigned char *out);
/* Into `out`, at least n bytes; *out_n is how many. MR_EFORMAT where the bytes
 * are not ours or were changed. */
enum mr_status seal_open(struct mr_cx *cx, const struct store_keys *keys,
                         const void *p, size_t n, unsigned char *out,
                         size_t *out_n);

#endif
