/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of programs that replicate and call. */
#include "host/calls.h"
#include "host/replication.h"

static const struct host_command list[] = {
#include "host/replication.def"
    { "serve", "take calls over HTTP until told to stop", host_serve },
    { "call", "call a system as a user's program would", host_call },
    { "docflow", "the chain of documents around one", host_docflow },
    { "document", "a document as the called system has it", host_document },
    { "attachment", "takes one to the other system", host_attachment },
};

const struct mr_commands mr_replication_and_calls = {
    list, sizeof list / sizeof list[0]
};
