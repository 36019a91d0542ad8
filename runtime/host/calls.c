/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of programs that call, and do not replicate. */
#include "host/calls.h"

#include "host/replication.h"

static const struct host_command list[] = {
    { "serve", "take calls over HTTP until told to stop", host_serve },
    { "call", "call a system as a user's program would", host_call },
    { "docflow", "the chain of documents around one", host_docflow },
    { "document", "a document as the called system has it", host_document },
    { "attachment", "takes one to the other system", host_attachment },
    { "check", "would a call get through?", host_check_calls },
    { "config", "a template, the schema, what is in force", host_config },
};

const struct mr_commands mr_calls = { list, sizeof list / sizeof list[0] };
