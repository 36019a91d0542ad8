/* SPDX-License-Identifier: Apache-2.0 */
/* Is it what it says it is? By the type that is sent along, and the first
 * bytes, where a type has such. */
#ifndef CALL_MEDIA_TYPE_H
#define CALL_MEDIA_TYPE_H

#include <stdbool.h>
#include <stddef.h>

/* So many bytes tell all types apart that are known by their first ones. */
enum { MEDIA_BYTES = 8 };

/* Do these first bytes belong to something else? n < MEDIA_BYTES: there are no
 * more. */
bool media_type_fits(const char *type, const char *p, size_t n);
/* Is it known by its first bytes? */
bool media_type_is_known(const char *type);
/* "Application/PDF; a=b" is "application/pdf". */
bool media_type_is(const char *type, const char *header, size_t n);
/* "pdf", for the name of a file; "bin" */
const char *media_type_ending(const char *type);

#endif
