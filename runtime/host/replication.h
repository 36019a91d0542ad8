/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of programs that replicate, each in a file of its own. */
#ifndef HOST_REPLICATION_H
#define HOST_REPLICATION_H

#include "host/host.h"

int host_config(const struct host *h, int argc, char **argv);

#endif
