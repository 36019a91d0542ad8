/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of programs that replicate. Only such a program names this
 * table, so that others are not linked with what the commands need. */
#include "host/replication.h"

static const struct host_command list[] = {
    { "run", "keep the systems in step until told to stop", host_run },
    { "once", "one round: all changes there are now", host_once },
    { "load", "the initial load: all records", host_load },
    { "plan", "what would be done; changes nothing", host_plan },
    { "parked", "records that wait: list, show, retry, resolve, drop",
      host_parked },
    { "explain", "why a record has this value, or none", host_explain },
    { "status", "how it stands", host_status },
    { "check", "configuration, access, schemas", host_check },
    { "ids", "pairs of keys as CSV, out and in", host_ids },
    { "privacy", "what is kept of one record; removing it", host_privacy },
    { "config", "a template, the schema, what is in force", host_config },
};

const struct mr_commands mr_replication = { list,
                                            sizeof list / sizeof list[0] };
