/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What /openapi.json says: for each call what its record may hold and what the
 * answer does, from the tables that read and write them. OpenAPI 3.0.3,
 * https://spec.openapis.org/oas/v3.0.3
 */
#include "host/openapi.h"

static void put_record(FILE *out, const struct mr_shape *shape, bool written);

/* How a value stands in the JSON of its system. */
static void
put_value(FILE *out, enum mr_wire wire)
{
    switch (wire) {
    case MR_WIRE_BOOL:
        fputs("{\"type\":\"boolean\",\"nullable\":true}", out);
        return;
    case MR_WIRE_NUMBER:
        fputs("{\"type\":\"number\",\"nullable\":true}", out);
        return;
    case MR_WIRE_NUMBER_TEXT:
        fputs("{\"type\":\"string\",\"format\":\"decimal\",\"nullable\":true}",
              out);
        return;
    case MR_WIRE_DATE:
        fputs("{\"type\":\"string\",\"format\":\"date\",\"nullable\":true}",
              out);
        return;
    case MR_WIRE_DATETIME:
        fputs("{\"type\":\"string\",\"format\":\"date-time\","
              "\"nullable\":true}", out);
        return;
    case MR_WIRE_DATETIME_TICKS:
        fputs("{\"type\":\"string\",\"pattern\":"
              "\"^/Date\\\\(-?[0-9]+([+-][0-9]{4})?\\\\)/$\","
              "\"nullable\":true}", out);
        return;
    case MR_WIRE_GUID:
        fputs("{\"type\":\"string\",\"format\":\"uuid\",\"nullable\":true}",
              out);
        return;
    case MR_WIRE_BINARY:
        fputs("{\"type\":\"string\",\"format\":\"byte\",\"nullable\":true}",
              out);
        return;
    case MR_WIRE_TEXT:
    case MR_WIRE_TIME:
    case MR_WIRE_TIME_DURATION:
    case MR_WIRE_DATETIME_LOCAL:
        break;
    }
    fputs("{\"type\":\"string\",\"nullable\":true}", out);
}

static void
put_member(FILE *out, const struct mr_member *m, bool written)
{
    host_json_text(out, m->name);
    fputc(':', out);
    if (m->kind == MR_VALUE) {
        put_value(out, (enum mr_wire)m->wire);
    } else if (m->kind == MR_ONE) {
        put_record(out, m->shape, written);
    } else {
        fputs("{\"type\":\"array\",\"items\":", out);
        put_record(out, m->shape, written);
        fputc('}', out);
    }
}

static void
put_record(FILE *out, const struct mr_shape *shape, bool written)
{
    uint16_t n = written ? shape->n_write : shape->n_read;
    const struct mr_member *m = written ? shape->write : shape->read;

    fputs("{\"type\":\"object\",\"properties\":{", out);
    for (uint16_t i = 0; i < n; i++) {
        fputs(i > 0 ? "," : "", out);
        put_member(out, &m[i], written);
    }
    fputs("}}", out);
}

static void
put_refusal(FILE *out, const char *status, const char *why)
{
    fprintf(out, ",\"%s\":{\"description\":", status);
    host_json_text(out, why);
    fputs(",\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":"
          "\"#/components/schemas/Problem\"}}}}", out);
}

static void
put_call(FILE *out, const struct mr_call *c)
{
    char text[300];

    snprintf(text, sizeof text, "/call/%s", c->name);
    host_json_text(out, text);
    fputs(":{\"post\":{\"operationId\":", out);
    host_json_text(out, c->name);
    snprintf(text, sizeof text, "%s of %s, within %u ms", c->operation, c->to,
             (unsigned)c->within);
    fputs(",\"summary\":", out);
    host_json_text(out, text);
    fputs(",\"parameters\":[{\"name\":\"Prefer\",\"in\":\"header\","
          "\"description\":\"wait=N: the caller waits N seconds at most\","
          "\"schema\":{\"type\":\"string\"}}],"
          "\"requestBody\":{\"required\":true,\"content\":"
          "{\"application/json\":{\"schema\":", out);
    put_record(out, c->request->to_right->from->shape, false);
    fputs("}}},\"responses\":{\"200\":{\"description\":\"the answer\","
          "\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\","
          "\"properties\":{\"answer\":", out);
    put_record(out, c->response->to_left->to->shape, true);
    fputs(",\"messages\":{\"type\":\"array\",\"items\":{\"$ref\":"
          "\"#/components/schemas/Message\"}}", out);
    if (c->cache > 0)
        fputs(",\"age\":{\"type\":\"integer\"},"
              "\"stale\":{\"type\":\"boolean\"}", out);
    fputs("}}}}}", out);
    put_refusal(out, "400", "the record can't be read");
    put_refusal(out, "422", "a rule refused the record");
    put_refusal(out, "502", "no answer from the called system");
    put_refusal(out, "503", "too many calls at once: Retry-After says when");
    put_refusal(out, "504", "no answer in time");
    fputs("}}}", out);
}

static void
put_docflow(FILE *out, const struct mr_call *c)
{
    char text[300];

    snprintf(text, sizeof text, "/docflow/%s/{key}", c->name);
    host_json_text(out, text);
    fputs(":{\"get\":{\"operationId\":", out);
    host_json_text(out, c->name);
    snprintf(text, sizeof text, "documents around one, by %s of %s, within %u "
             "ms", c->operation, c->to, (unsigned)c->within);
    fputs(",\"summary\":", out);
    host_json_text(out, text);
    fputs(",\"parameters\":[{\"name\":\"key\",\"in\":\"path\","
          "\"required\":true,\"schema\":{\"type\":\"string\"}},"
          "{\"name\":\"form\",\"in\":\"query\","
          "\"description\":\"svg: as a picture\","
          "\"schema\":{\"type\":\"string\",\"enum\":[\"svg\"]}},"
          "{\"name\":\"Prefer\",\"in\":\"header\","
          "\"description\":\"wait=N: the caller waits N seconds at most\","
          "\"schema\":{\"type\":\"string\"}}],"
          "\"responses\":{\"200\":{\"description\":\"the chain\","
          "\"content\":{\"application/json\":{\"schema\":"
          "{\"$ref\":\"#/components/schemas/Chain\"}},"
          "\"image/svg+xml\":{\"schema\":{\"type\":\"string\"}}}}", out);
    put_refusal(out, "404", "there is no docflow of this name");
    put_refusal(out, "422", "a rule refused the key");
    put_refusal(out, "502", "no answer from the called system");
    put_refusal(out, "503", "too many calls at once: Retry-After says when");
    put_refusal(out, "504", "no answer in time");
    fputs("}}}", out);
}

static void
put_document(FILE *out, const struct mr_call *c)
{
    char text[300];

    snprintf(text, sizeof text, "/document/%s/{key}", c->name);
    host_json_text(out, text);
    fputs(":{\"get\":{\"operationId\":", out);
    host_json_text(out, c->name);
    snprintf(text, sizeof text, "a document, by %s of %s, within %u ms",
             c->operation, c->to, (unsigned)c->within);
    fputs(",\"summary\":", out);
    host_json_text(out, text);
    fputs(",\"parameters\":[{\"name\":\"key\",\"in\":\"path\","
          "\"required\":true,\"schema\":{\"type\":\"string\"}},"
          "{\"name\":\"Prefer\",\"in\":\"header\","
          "\"description\":\"wait=N: the caller waits N seconds at most\","
          "\"schema\":{\"type\":\"string\"}}],"
          "\"responses\":{\"200\":{\"description\":\"the document\","
          "\"content\":{", out);
    for (uint16_t i = 0; i < c->document->n_types; i++) {
        fputs(i > 0 ? "," : "", out);
        host_json_text(out, c->document->types[i]);
        fputs(":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}",
              out);
    }
    fputs("}}", out);
    put_refusal(out, "404", "there is no document of this name");
    put_refusal(out, "422", "a rule refused the key");
    put_refusal(out, "502", "no such document from the called system");
    put_refusal(out, "503", "too many calls at once: Retry-After says when");
    put_refusal(out, "504", "no answer in time");
    fputs("}}}", out);
}

static void
put_attachment(FILE *out, const struct mr_call *c)
{
    char text[300];

    snprintf(text, sizeof text, "/attachment/%s/{key}", c->name);
    host_json_text(out, text);
    fputs(":{\"post\":{\"operationId\":", out);
    host_json_text(out, c->name);
    snprintf(text, sizeof text, "takes an attachment of %s to %s", c->from,
             c->to);
    fputs(",\"summary\":", out);
    host_json_text(out, text);
    fputs(",\"parameters\":[{\"name\":\"key\",\"in\":\"path\","
          "\"required\":true,\"schema\":{\"type\":\"string\"}},"
          "{\"name\":\"Prefer\",\"in\":\"header\","
          "\"description\":\"wait=N: the caller waits N seconds at most\","
          "\"schema\":{\"type\":\"string\"}}],"
          "\"responses\":{\"200\":{\"description\":\"it is there\","
          "\"content\":{\"application/json\":{\"schema\":"
          "{\"type\":\"object\",\"properties\":{\"bytes\":"
          "{\"type\":\"integer\"}},\"required\":[\"bytes\"]}}}}", out);
    put_refusal(out, "404", "there is no attachment of this name");
    put_refusal(out, "422", "a rule refused it");
    put_refusal(out, "502", "one of the systems refused it");
    put_refusal(out, "503", "too many calls at once: Retry-After says when");
    put_refusal(out, "504", "no answer in time");
    fputs("}}}", out);
}

/* As docflow_words.c prints it. */
static const char chain_schema[] =
    "\"Chain\":{\"type\":\"object\",\"properties\":{"
    "\"asked\":{\"type\":\"string\"},"
    "\"documents\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"properties\":{\"number\":{\"type\":\"string\"},"
    "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"string\"},"
    "\"date\":{\"type\":\"string\",\"format\":\"date\"},"
    "\"amount\":{\"type\":\"string\",\"format\":\"decimal\"},"
    "\"currency\":{\"type\":\"string\"},"
    "\"added_up\":{\"type\":\"boolean\"},"
    "\"level\":{\"type\":\"integer\"},"
    "\"missing\":{\"type\":\"boolean\"}},"
    "\"required\":[\"number\",\"level\"]}},"
    "\"steps\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"properties\":{\"from\":{\"type\":\"string\"},"
    "\"to\":{\"type\":\"string\"},\"items\":{\"type\":\"integer\"},"
    "\"amount\":{\"type\":\"string\",\"format\":\"decimal\"},"
    "\"currency\":{\"type\":\"string\"},"
    "\"closes_circle\":{\"type\":\"boolean\"}},"
    "\"required\":[\"from\",\"to\",\"items\"]}},"
    "\"messages\":{\"type\":\"array\",\"items\":"
    "{\"$ref\":\"#/components/schemas/Message\"}},"
    "\"complete\":{\"type\":\"boolean\"}},"
    "\"required\":[\"asked\",\"documents\",\"steps\",\"messages\","
    "\"complete\"]},";

static bool
has_docflow(const struct mr_program *program)
{
    for (uint16_t i = 0; i < program->n_calls; i++)
        if (program->calls[i]->docflow != NULL)
            return true;
    return false;
}

void
openapi_print(FILE *out, const struct mr_program *program)
{
    fputs("{\"openapi\":\"3.0.3\",\"info\":{\"title\":", out);
    host_json_text(out, program->deployment);
    fputs(",\"version\":", out);
    host_json_text(out, program->compiler);
    fputs("},\"paths\":{", out);
    for (uint16_t i = 0; i < program->n_calls; i++) {
        fputs(i > 0 ? "," : "", out);
        if (program->calls[i]->docflow != NULL)
            put_docflow(out, program->calls[i]);
        else if (program->calls[i]->document != NULL)
            put_document(out, program->calls[i]);
        else if (program->calls[i]->attachment != NULL)
            put_attachment(out, program->calls[i]);
        else
            put_call(out, program->calls[i]);
    }
    fputs("},\"components\":{\"schemas\":{", out);
    fputs(has_docflow(program) ? chain_schema : "", out);
    fputs("\"Message\":{\"type\":\"object\",\"properties\":{"
          "\"severity\":{\"type\":\"string\",\"enum\":[\"success\",\"info\","
          "\"warning\",\"error\"]},\"number\":{\"type\":\"string\"},"
          "\"item\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"}},"
          "\"required\":[\"severity\",\"text\"]},"
          "\"Problem\":{\"type\":\"object\",\"properties\":{"
          "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
          "\"reason\":{\"type\":\"string\"},\"call\":{\"type\":\"string\"},"
          "\"system\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},"
          "\"findings\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
          "\"required\":[\"title\",\"status\"]}}}}\n", out);
}
