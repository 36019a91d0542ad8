/* SPDX-License-Identifier: Apache-2.0 */
/* What the command privacy works with: links of a key, and telling. */
#ifndef HOST_PRIVACY_H
#define HOST_PRIVACY_H

#include "host/host_session.h"

enum { LINKS_MAX = 64 };

/* Links of one key, over all maps. */
struct found {
    int64_t links[LINKS_MAX];
    size_t n;
};

/* All that is kept of these links and of what is parked under this key, on
 * standard output, personal values and all; the exit code. */
int privacy_disclose(struct session *s, const struct found *f,
                     const char *text);
/* Names the messages that wait and have the text somewhere in them. */
enum mr_status privacy_messages(struct session *s, const char *text, FILE *out,
                                bool *any);

#endif
