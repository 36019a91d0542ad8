/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of programs that replicate. Only such a program names this
 * table, so that others are not linked with what the commands need. */
#include "host/replication.h"

static const struct host_command list[] = {
    { "config", "a template, the schema, what is in force", host_config },
};

const struct mr_commands mr_replication = { list,
                                            sizeof list / sizeof list[0] };
