/* SPDX-License-Identifier: Apache-2.0 */
/* A map as the connector sees it: its key, where its records are. */
#ifndef TESTS_ODATA_MAP_H
#define TESTS_ODATA_MAP_H

#include "mr/program.h"

static const struct mr_field odata_key_field = { .name = "cloud.Number" };
static const struct mr_rule odata_rules[] = {
    { .at = "a.map:1", .rule = "key", .key = true,
      .fields = { &odata_key_field, NULL }, .n_fields = { 1, 0 } },
};
static const struct mr_repl odata_repl = {
    .rules = odata_rules, .n_rules = 1, .n_keys = 1,
    .tech = { { .object = "Account", .set = "AccountSet",
                .id_name = "ObjectID", .changed_name = "ChangedOn",
                .select = "ObjectID,Number,Name,Rows/ObjectID",
                .expand = "Rows" },
              { .set = "PlainSet", .id_name = "ObjectID",
                .select = "ObjectID,Number" } }
};
static const struct mr_map odata_map = { .name = "Account", .left = "cloud",
                                         .right = "erp", .repl = &odata_repl };

#endif
