/* SPDX-License-Identifier: Apache-2.0 */
/* Media types and the bytes that files of them begin with. */
#include "call/media_type.h"

#include <string.h>
#include <strings.h>

static const struct known {
    const char *type, *ending;
    const char *bytes;
    size_t n;
} known[] = {
    { "application/pdf", "pdf", "%PDF-", 5 },
    { "image/png", "png", "\x89PNG\r\n\x1a\n", 8 },
    { "image/jpeg", "jpg", "\xff\xd8\xff", 3 },
    { "image/gif", "gif", "GIF8", 4 },
    { "application/zip", "zip", "PK\x03\x04", 4 },
    { "application/xml", "xml", NULL, 0 },
    { "text/plain", "txt", NULL, 0 },
    { "text/csv", "csv", NULL, 0 },
};

static const struct known *
find(const char *type)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].type, type) == 0)
            return &known[i];
    return NULL;
}

bool
media_type_fits(const char *type, const char *p, size_t n)
{
    const struct known *k = find(type);

    return k == NULL || k->bytes == NULL ||
           (n >= k->n && memcmp(p, k->bytes, k->n) == 0);
}

bool
media_type_is_known(const char *type)
{
    const struct known *k = find(type);

    return k != NULL && k->bytes != NULL;
}

bool
media_type_is(const char *type, const char *header, size_t n)
{
    size_t k = 0;

    while (k < n && strchr("; \t", header[k]) == NULL)
        k++;
    return strlen(type) == k && strncasecmp(type, header, k) == 0;
}

const char *
media_type_ending(const char *type)
{
    const struct known *k = find(type);

    return k == NULL ? "bin" : k->ending;
}
