// SPDX-License-Identifier: Apache-2.0
// A floor for readers of JSON: simdjson's on-demand interface visits every
// member and element of every document, takes each text (its first byte) and
// each number, and writes nothing. `top` only visits the members of the record
// and lets simdjson skip the lists in it, `utf8` only checks that all is UTF-8,
// `copy` only copies the bytes.
//   visit_json visit|top|utf8|copy FILE
#include <simdjson.h>

#include "lines.h"

using namespace simdjson;

static size_t seen;

static void
visit(ondemand::value v)
{
    switch (v.type()) {
    case ondemand::json_type::array:
        for (auto element : v.get_array())
            visit(element.value());
        break;
    case ondemand::json_type::object:
        for (auto member : v.get_object()) {
            seen += static_cast<unsigned char>(member.key().value().raw()[0]);
            visit(member.value().value());
        }
        break;
    case ondemand::json_type::string:
        seen += static_cast<unsigned char>(
            v.get_raw_json_string().value().raw()[0]);
        break;
    case ondemand::json_type::number:
        seen += static_cast<size_t>(v.get_double().value());
        break;
    case ondemand::json_type::boolean:
        seen += v.get_bool().value();
        break;
    case ondemand::json_type::null:
        seen++;
        break;
    }
}

// The members of a record; `deep`: and what is in them.
static void
visit_record(ondemand::document &doc, bool deep)
{
    for (auto member : doc.get_object()) {
        seen += static_cast<unsigned char>(member.key().value().raw()[0]);
        ondemand::value v = member.value().value();
        ondemand::json_type type = v.type();

        if (deep || (type != ondemand::json_type::array &&
                     type != ondemand::json_type::object))
            visit(v);
    }
}

int
main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    static char copy[LINES_ROOM + LINES_PAD];
    lines *in = lines_open(argv[2]);
    ondemand::parser parser;
    size_t n;
    char *line;

    while ((line = lines_next(in, &n)) != NULL) {
        if (argv[1][0] == 'v' || argv[1][0] == 't') {
            auto doc = parser.iterate(line, n, n + SIMDJSON_PADDING);

            visit_record(doc.value(), argv[1][0] == 'v');
        } else if (argv[1][0] == 'u') {
            seen += validate_utf8(line, n);
        } else {
            memcpy(copy, line, n);
            seen += static_cast<unsigned char>(copy[n / 2]);
        }
    }
    printf("%zu\n", seen);
    return 0;
}
