/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The address of a request that does not go to one address alone: the path of
 * the operation with the values that stand in it, then those behind the
 * question mark. Values are percent-encoded, so that none becomes a part of the
 * address of its own.
 */
#include "call/call.h"
#include "value/wire.h"

enum { ADDRESS_MAX = 16 * 1024 };

/* A quote in an OData text is doubled. */
void
address_text(struct bytes *b, const char *p, size_t n, bool quoted)
{
    const char *quote;

    while (quoted && (quote = memchr(p, '\'', n)) != NULL) {
        size_t k = (size_t)(quote + 1 - p);

        bytes_percent(b, p, k, "'");
        bytes_text(b, "'");
        p += k;
        n -= k;
    }
    bytes_percent(b, p, n, "");
}

static bool
add_value(struct calling *q, const struct mr_call_param *param,
          struct mr_val v)
{
    size_t n = strlen(param->before);
    struct bytes *b = &q->address;

    if (v.state == MR_HERE && mr_wire_changes((enum mr_wire)param->wire))
        v = mr_wire_out(&q->cx, (enum mr_wire)param->wire, v);
    if (v.state == MR_FAILED) {
        mr_fail(&q->cx, MR_EUSAGE, "%s can not be written: %s", param->name,
                mr_why_words(v.why));
        return false;
    }
    bytes_text(b, param->before);
    if (v.state == MR_HERE)
        address_text(b, v.p, v.n, n > 0 && param->before[n - 1] == '\'');
    bytes_text(b, param->after);
    return true;
}

static struct mr_val
value_of(const void *record, const struct mr_call_param *param)
{
    struct mr_val v;

    memcpy(&v, (const char *)record + param->field, sizeof v);
    return v;
}

/* --- in the path --- */

/* An empty one would make another path of it, and so would dots. */
static bool
fits_in_path(struct calling *q, const struct mr_call_param *param,
             struct mr_val v)
{
    bool dots = v.n > 0 && v.n <= 2 && strspn("..", ".") >= v.n &&
                v.p[0] == '.' && v.p[v.n - 1] == '.';

    if (v.state == MR_FAILED || (v.state == MR_HERE && v.n > 0 && !dots))
        return true;
    mr_fail(&q->cx, MR_EUSAGE, "%s stands in the address: it can't be %s",
            param->name, v.state == MR_HERE && dots ? "dots" : "empty");
    return false;
}

static const struct mr_call_param *
param_in_path(const struct mr_call *call, const char *name, size_t n)
{
    for (uint16_t i = 0; i < call->n_params; i++)
        if (call->params[i].in_path &&
            strncmp(call->params[i].name, name, n) == 0 &&
            call->params[i].name[n] == '\0')
            return &call->params[i];
    return NULL;
}

static bool
add_path(struct calling *q, const void *record)
{
    const char *p = q->call->path;

    for (;;) {
        size_t n = strcspn(p, "{");
        const struct mr_call_param *param;
        struct mr_val v = mr_missing();

        bytes_add(&q->address, p, n);
        if (p[n] == '\0')
            return true;
        p += n + 1;
        n = strcspn(p, "}");
        param = param_in_path(q->call, p, n);
        if (param != NULL)
            v = value_of(record, param);
        if (param == NULL) {
            mr_fail(&q->cx, MR_EUSAGE, "%.*s stands in the address, and no "
                    "rule gives it", (int)n, p);
            return false;
        }
        if (!fits_in_path(q, param, v) || !add_value(q, param, v))
            return false;
        p += n + (p[n] == '}');
    }
}

/* --- behind the question mark --- */

static bool
add_query(struct calling *q, const void *record)
{
    const char *mark = "?";

    for (uint16_t i = 0; i < q->call->n_params; i++) {
        const struct mr_call_param *param = &q->call->params[i];
        struct mr_val v = value_of(record, param);

        /* An empty text of OData is one: ''. */
        if (param->in_path || v.state == MR_MISSING ||
            (v.state == MR_EMPTY && strcmp(param->before, "'") != 0))
            continue;
        bytes_text(&q->address, mark);
        bytes_percent(&q->address, param->name, strlen(param->name), "$");
        bytes_text(&q->address, "=");
        if (!add_value(q, param, v))
            return false;
        mark = "&";
    }
    return true;
}

bool
calling_address(struct calling *q, const void *record)
{
    if (q->call->way == MR_CALL_SOAP)
        return true;
    if (!add_path(q, record) || !add_query(q, record))
        return false;
    if (q->address.n > ADDRESS_MAX) {
        mr_fail(&q->cx, MR_ELIMIT, "the address is longer than %d bytes",
                ADDRESS_MAX);
        return false;
    }
    if (bytes_end(&q->address) != NULL)
        return true;
    mr_fail(&q->cx, MR_EMEMORY, "memory ran out");
    return false;
}

/* The system's own address may have a query (sap-client=100): what is added to
 * its path comes before it, what is asked for behind it. */
const char *
calling_url(struct calling *q, const char *system)
{
    size_t n = strcspn(system, "?"), path = n;
    const char *own = q->address.p == NULL ? "" : q->address.p;
    size_t own_n = strcspn(own, "?");

    if (q->call->way == MR_CALL_SOAP)
        return system;
    while (path > 0 && system[path - 1] == '/')
        path--;
    q->url.n = 0;
    bytes_add(&q->url, system, path);
    bytes_add(&q->url, own, own_n);
    bytes_text(&q->url, system + n);
    if (own[own_n] == '?') {
        bytes_text(&q->url, system[n] == '?' ? "&" : "?");
        bytes_text(&q->url, own + own_n + 1);
    }
    return bytes_end(&q->url);
}
