/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of function modules: values, tables of rows called item. */
#include "sandbox/soap.h"

const char *
sb_soap_text(const json_t *record, const char *name)
{
    const char *text = json_string_value(json_object_get(record, name));

    return text == NULL ? "" : text;
}

const json_t *
sb_soap_rows(const json_t *in, const char *table)
{
    return json_object_get(json_object_get(in, table), "item");
}

void
sb_soap_table(json_t *out, const json_t *in, const char *table)
{
    if (json_object_get(in, table) != NULL)
        json_object_set_new(out, table,
                            json_pack("{s:[]}", "item"));
}

json_t *
sb_soap_row(json_t *out, const char *table)
{
    json_t *rows = json_object_get(json_object_get(out, table), "item");
    json_t *row = rows == NULL ? NULL : json_object();

    if (row != NULL && json_array_append_new(rows, row) != 0)
        row = NULL;
    return row;
}

void
sb_soap_put(json_t *record, const char *name, const char *text)
{
    if (record != NULL)
        json_object_set_new(record, name, json_string(text));
}
