/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes for tests of the JSON codec, as a compiler would make them: an
 * account with addresses and one nested record. The look-ups are searched when
 * the program starts.
 */
#ifndef TESTS_CODEC_JSON_SHAPES_H
#define TESTS_CODEC_JSON_SHAPES_H

#include <stdio.h>
#include <stdlib.h>

#include "codec/codec.h"
#include "codec/stream.h"

struct city {
    struct mr_val name, zip;
};

struct address {
    struct mr_val street;
    struct city city;
    struct mr_rows phones;
};

struct phone {
    struct mr_val number;
};

struct account {
    struct mr_val id, name, active, weight, amount, text;
    struct city city;
    struct mr_rows addresses;
};

#define JSON_VALUE(record, field, text, form)                                 \
    { .name = text, .name_n = sizeof text - 1, .kind = MR_VALUE,              \
      .wire = form, .offset = offsetof(struct record, field),                 \
      .open = "\"" text "\":", .open_n = sizeof text + 2, .close = "" }
#define JSON_NESTED(record, field, text, how, of)                             \
    { .name = text, .name_n = sizeof text - 1, .kind = how,                   \
      .offset = offsetof(struct record, field), .shape = &of,                 \
      .open = "\"" text "\":", .open_n = sizeof text + 2, .close = "" }
#define JSON_SHAPE(record, members)                                           \
    { .name = #record, .size = sizeof(struct record),                         \
      .n_read = sizeof members / sizeof members[0],                           \
      .n_write = sizeof members / sizeof members[0], .read = members,         \
      .write = members }

static const struct mr_member json_city_members[] = {
    JSON_VALUE(city, name, "Name", MR_WIRE_TEXT),
    JSON_VALUE(city, zip, "Zip", MR_WIRE_TEXT),
};
static struct mr_shape json_city = JSON_SHAPE(city, json_city_members);

static const struct mr_member json_phone_members[] = {
    JSON_VALUE(phone, number, "Number", MR_WIRE_TEXT),
};
static struct mr_shape json_phone = JSON_SHAPE(phone, json_phone_members);

static const struct mr_member json_address_members[] = {
    JSON_VALUE(address, street, "Street", MR_WIRE_TEXT),
    JSON_NESTED(address, city, "City", MR_ONE, json_city),
    JSON_NESTED(address, phones, "Phones", MR_MANY, json_phone),
};
static struct mr_shape json_address =
    JSON_SHAPE(address, json_address_members);

static const struct mr_member json_account_members[] = {
    JSON_VALUE(account, id, "ID", MR_WIRE_TEXT),
    JSON_VALUE(account, name, "Name", MR_WIRE_TEXT),
    JSON_VALUE(account, active, "Active", MR_WIRE_BOOL),
    JSON_VALUE(account, weight, "Weight", MR_WIRE_NUMBER),
    JSON_VALUE(account, amount, "Amount", MR_WIRE_NUMBER_TEXT),
    JSON_VALUE(account, text, "Größe", MR_WIRE_TEXT),
    JSON_NESTED(account, city, "City", MR_ONE, json_city),
    JSON_NESTED(account, addresses, "Addresses", MR_MANY, json_address),
};
static struct mr_shape json_account =
    JSON_SHAPE(account, json_account_members);

static inline void
json_shapes_init(void)
{
    test_shape_init(&json_city);
    test_shape_init(&json_phone);
    test_shape_init(&json_address);
    test_shape_init(&json_account);
}

#endif
