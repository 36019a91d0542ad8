/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: one line an event on standard error. Keys of records stand in it,
 * values never do.
 */
#ifndef HOST_LOG_OUT_H
#define HOST_LOG_OUT_H

#include "host/config.h"

struct log_line {
    const char *map, *call, *system, *key, *text;       /* "": none */
};

void log_put(const struct config *c, enum config_level level,
             const char *event, const struct log_line *l);

#endif
