/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of a program as a document of OpenAPI 3.0. */
#ifndef HOST_OPENAPI_H
#define HOST_OPENAPI_H

#include "host/host.h"

void openapi_print(FILE *out, const struct mr_program *program);

#endif
