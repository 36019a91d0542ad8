/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of programs that replicate. Only such a program names this
 * table, so that others are not linked with what the commands need. */
#include "host/replication.h"

static const struct host_command list[] = {
#include "host/replication.def"
};

const struct mr_commands mr_replication = { list,
                                            sizeof list / sizeof list[0] };
