/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of programs that call. */
#ifndef HOST_CALLS_H
#define HOST_CALLS_H

#include "host/host.h"

int host_serve(const struct host *h, int argc, char **argv);
int host_attachment(const struct host *h, int argc, char **argv);
int host_document(const struct host *h, int argc, char **argv);
int host_docflow(const struct host *h, int argc, char **argv);
int host_check_calls(const struct host *h, int argc, char **argv);
int host_call(const struct host *h, int argc, char **argv);

#endif
