/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpoint that takes calls of function modules: from the request to the
 * function that plays the module, and its answer back.
 */
#include "sandbox/soap.h"

#include <string.h>
#include <strings.h>

#include "sandbox/counts.h"
#include "sandbox/guard.h"

static const struct {
    const char *name;
    soap_function *function;
} functions[] = {
    { "BAPI_SALESORDER_SIMULATE", sb_sd_simulate },
    { "BAPI_INQUIRY_CREATEFROMDATA2", sb_sd_create_inquiry },
    { "BAPI_QUOTATION_CREATEFROMDATA2", sb_sd_create_quotation },
    { "BAPI_SALESORDER_CREATEFROMDAT2", sb_sd_create_order },
    { "BAPI_SALESORDER_GETLIST", sb_sd_list },
    { "BAPI_QUOTATION_GETDETAILBOS", sb_sd_flow },
    { "Z_PRINT_DOCUMENT", sb_sd_print },
};

static soap_function *
find_function(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, name) == 0)
            return functions[i].function;
    return NULL;
}

static void
refuse(struct request *r, struct answer *to, const char *code,
       const char *words)
{
    sb_soap_fault(to, code, words);
    r->site->counts->refused++;
}

static void
work(struct request *r, const struct soap_call *call, struct answer *to)
{
    const struct operation *o = call->operation;
    soap_function *function = find_function(o->name);
    const char *wrong;
    json_t *out;

    if (function == NULL || o->output == NULL) {
        refuse(r, to, "Server",
               arena_printf(r->arena, "the sandbox does not play %s",
                            o->name));
        return;
    }
    out = json_object();
    wrong = function(r, call->input, out);
    if (wrong != NULL) {
        refuse(r, to, "Server", wrong);
    } else {
        answer_header(to, "content-type", "text/xml; charset=utf-8");
        sb_soap_write(&to->body, o->output, out);
    }
    json_decref(out);
}

/* SOAP 1.1, section 6.1.1: there has to be one; it may be empty. Quotes around
 * it are left out by some. */
static bool
is_action(const struct request *r, const struct operation *o)
{
    const char *sent = request_header(r, "soapaction");
    size_t n = sent == NULL ? 0 : strlen(sent);

    if (n >= 2 && sent[0] == '"' && sent[n - 1] == '"') {
        sent++;
        n -= 2;
    }
    return sent != NULL && (n == 0 || *o->action == '\0' ||
                            (strlen(o->action) == n &&
                             memcmp(o->action, sent, n) == 0));
}

/* In one transaction: all of it or nothing. */
static void
take_call(struct request *r, struct answer *to)
{
    struct soap_call call;

    if (!sb_soap_parse(r->arena, r->site, r->body, r->body_n, &call)) {
        refuse(r, to, call.code, call.wrong);
    } else if (!is_action(r, call.operation)) {
        refuse(r, to, "Client",
               arena_printf(r->arena, "the header SOAPAction does not say %s",
                            call.operation->name));
    } else if (!sb_store_begin(r->store)) {
        sb_soap_fault(to, "Server", "the store can't be written");
    } else {
        work(r, &call, to);
        if (to->status >= 400) {
            sb_store_rollback(r->store);
        } else if (!sb_store_commit(r->store)) {
            sb_store_rollback(r->store);
            sb_soap_fault(to, "Server", "the store can't be written");
        }
    }
    json_decref(call.input);
}

void
sb_soap_answer(struct request *r, struct answer *to)
{
    const char *type = request_header(r, "content-type");

    if (!guard_login(r, to))
        return;
    if (strcmp(r->path, r->site->base) != 0)
        answer_error(to, 404, "Calls are taken at %s", r->site->base);
    else if (strcmp(r->method, "POST") != 0)
        answer_error(to, 405, "Calls come with POST");
    else if (type == NULL || strncasecmp(type, "text/xml", 8) != 0)
        answer_error(to, 415, "Calls of SOAP 1.1 come as text/xml");
    else
        take_call(r, to);
}
