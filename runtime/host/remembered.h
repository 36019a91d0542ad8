/* SPDX-License-Identifier: Apache-2.0 */
/* How many bytes a link takes for what `remember` keeps of a rule's values. */
#ifndef HOST_REMEMBERED_H
#define HOST_REMEMBERED_H

#include "host/trip.h"

/* Of one side at most; false: there is no bound. */
bool remembered_most(const struct mr_pair *p, int side, size_t *bytes);
/* Of these values of a side, where those come back; 0: nothing. */
size_t remembered_bytes(struct trip *t, int side,
                        const struct trip_values *start,
                        const struct trip_values *back);

/* Does what is kept of these values give them again? */
bool remembered_again(struct trip *t, int side,
                      const struct trip_values *start,
                      const struct trip_values *back);

#endif
