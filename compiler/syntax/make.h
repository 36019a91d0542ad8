/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constructors of the parse tree, one for each form; the actions of the
 * grammar are calls of these. What the grammar leaves open on purpose, for a
 * better message, is refused here.
 */
#ifndef SYNTAX_MAKE_H
#define SYNTAX_MAKE_H

#include "syntax/scan.h"

struct parser {
    struct scan_input in;
    struct scan *scan;
};

typedef VEC(struct name) name_vec;
typedef VEC(struct rule *) rule_vec;

struct name make_name(const char *text, struct span at);
struct name make_dotted(struct parser *p, struct name a, struct name b);

/* --- expressions --- */
struct expr *make_text(struct parser *p, struct span at, const char *text);
struct expr *make_number(struct parser *p, struct span at, const char *text);
struct expr *make_bool(struct parser *p, struct span at, bool truth);
struct expr *make_nothing(struct parser *p, struct span at, bool empty);
struct expr *make_path(struct parser *p, struct name first);
struct expr *make_outer(struct parser *p, struct span at);
/* Adds a step to the path `e` and returns it. */
struct expr *add_step(struct parser *p, struct expr *e, struct step st,
                      struct span at);
struct step make_step(struct name name);
struct step make_selector(struct parser *p, struct name name, struct name key,
                          const char *text, struct span at);
struct expr *make_call(struct parser *p, struct span at, struct name name,
                       expr_vec args);
struct expr *make_binary(struct parser *p, enum binary_op op, struct expr *l,
                         struct expr *r);
struct expr *make_unary(struct parser *p, struct span at, enum expr_kind kind,
                        struct expr *operand);
struct expr *make_choice(struct parser *p, struct span at, struct expr *test,
                         struct expr *yes, struct expr *no);
struct expr *make_in(struct parser *p, struct span at, struct expr *e,
                     bool negated, expr_vec values);
struct expr *make_between(struct parser *p, struct expr *e, struct expr *low,
                          struct expr *high);
struct expr *make_is(struct parser *p, struct span at, struct expr *e,
                     bool negated, bool empty);
/* The same expression, its span widened by the brackets around it. */
struct expr *in_brackets(struct expr *e, struct span at);
expr_vec add_expr(struct parser *p, expr_vec v, struct expr *e);

/* --- rules --- */
struct conv make_conv(enum conv_kind kind, struct span at, struct name name,
                      expr_vec args);
struct conv reversed(struct conv c, struct span at);
conv_vec add_conv(struct parser *p, conv_vec v, struct conv c);
struct fate make_fate(enum fate_kind kind, struct span at, struct expr *value);
struct policy make_policy(enum policy_kind kind, struct span at,
                          struct expr *by);
struct policy make_owner(struct span at, struct name system, bool unless);
struct rule *make_rule(struct parser *p, struct span at, struct expr *left,
                       enum arrow arrow, struct span arrow_at,
                       struct expr *right);
struct rule *rule_chain(struct rule *r, conv_vec chain, struct span at);
/* The modifiers; the second of a kind is refused. `at`: the modifier. */
struct rule *rule_when(struct parser *p, struct rule *r, struct expr *when,
                       struct span at);
struct rule *rule_policy(struct parser *p, struct rule *r, struct policy po);
struct rule *rule_fate(struct parser *p, struct rule *r, struct fate f);
struct rule *rule_personal(struct parser *p, struct rule *r, struct span at);
struct rule *rule_remember(struct parser *p, struct rule *r, struct span at);
/* `open`, or `final`: a rule is one of them. */
struct rule *rule_open(struct parser *p, struct rule *r, struct span at,
                       bool open);
rule_vec add_rule(struct parser *p, rule_vec v, struct rule *r);

/* --- items of a map --- */
struct map_item *item_rule(struct parser *p, struct span at, bool key,
                           struct rule *r);
struct map_item *item_ignore(struct parser *p, struct span at,
                             struct expr *path);
struct map_item *item_where(struct parser *p, struct span at,
                            struct expr *test, enum leave leave);
struct map_item *item_create(struct parser *p, struct span at, struct ways w);
struct map_item *item_delete(struct parser *p, struct span at, struct ways w,
                             struct expr *set, struct expr *value);
struct map_item *item_owner(struct parser *p, struct span at,
                            struct policy po);
struct map_item *item_else(struct parser *p, struct span at, struct fate f);
struct map_item *item_group(struct parser *p, struct span at,
                            struct name name, struct policy po,
                            item_vec items);
struct map_item *item_each(struct parser *p, struct span at, struct each *e,
                           item_vec items);
struct map_item *item_messages(struct parser *p, struct span at,
                               struct messages *m);
struct map_item *item_final(struct parser *p, struct span at);
struct messages *make_messages(struct parser *p, struct expr *list);
struct messages *message_in(struct messages *m, struct expr *list);
struct messages *message_codes(struct messages *m, struct name codes);
struct messages *message_part(struct parser *p, struct messages *m,
                              struct name what, struct name field);
/* NULL, left by a mistake, adds nothing. */
item_vec add_item(struct parser *p, item_vec v, struct map_item *item);
struct ways make_ways(struct name from, struct name to);

struct each *make_each(struct parser *p, struct expr *left, enum arrow arrow,
                       struct span arrow_at, struct expr *right);
struct each *each_match(struct parser *p, struct each *e, rule_vec rules);
struct each *each_position(struct each *e);
struct each *each_where(struct parser *p, struct each *e, expr_vec tests);

/* --- items of a file --- */
void add_language(struct parser *p, struct span at, const char *version);
void add_scenario(struct parser *p, struct span at, struct name name,
                  const char *title);
void add_use(struct parser *p, struct span at, const char *path);
void add_map(struct parser *p, struct span at, struct name name,
             struct expr *left, struct expr *right, item_vec items);
void add_function(struct parser *p, struct span at, struct name name,
                  param_vec params, struct name result, struct expr *body);
param_vec add_param(struct parser *p, param_vec v, struct name name,
                    struct name type);

struct system_item *make_system(struct parser *p, struct name name,
                                const char *title, struct name protocol,
                                const char *schema, struct span schema_at);
void system_bytes(struct parser *p, struct system_item *s, struct span at,
                  const char *number, expr_vec fields);
void system_personal(struct parser *p, struct system_item *s, struct span at,
                     expr_vec fields);
void system_control(struct parser *p, struct system_item *s, struct span at,
                    struct name control, const char *value,
                    struct name changed);
/* `schema "own.edmx"`: where a system is extended. */
void system_schema(struct parser *p, struct system_item *s, struct span at,
                   const char *schema, struct span schema_at);
void add_system(struct parser *p, struct span at, struct system_item *s);

struct codes_item *make_codes(struct parser *p, struct name name,
                              struct name left, struct name right);
void codes_row(struct parser *p, struct codes_item *c, struct span at,
               struct expr *context, struct expr *left, enum arrow arrow,
               struct expr *right);
struct codes_item *codes_final(struct parser *p, struct codes_item *c,
                               struct span at);
void codes_fate(struct parser *p, struct codes_item *c, struct fate f);
void codes_file(struct codes_item *c, const char *file, struct span at);
void add_codes(struct parser *p, struct span at, struct codes_item *c);

struct convert_item *make_convert(struct parser *p, struct name name,
                                  param_vec params, struct name left,
                                  enum arrow arrow, struct name right);
void add_convert(struct parser *p, struct span at, struct convert_item *c,
                 struct expr *forward, struct expr *backward);

struct test_item *make_test(struct parser *p, const char *title,
                            struct name map);
void test_ref(struct parser *p, struct test_item *t, struct span at,
              struct name map, const char *left, const char *right);
/* A document of a both-ways test: the first, then the second. */
void test_side(struct parser *p, struct test_item *t, struct name system,
               struct data *d);
void test_one_way(struct parser *p, struct test_item *t, struct name from,
                  struct data *source, struct name to, struct data *result);
void test_outcome(struct parser *p, struct test_item *t, struct name from,
                  struct data *source, enum outcome outcome);
void add_test(struct parser *p, struct span at, struct test_item *t);

struct data *make_data(struct parser *p, enum data_kind kind, struct span at,
                       const char *text);
struct data *make_truth(struct parser *p, struct span at, bool truth);
void data_member(struct parser *p, struct data *d, struct name name,
                 struct data *value);
void data_element(struct parser *p, struct data *d, struct data *value);
/* The value with its span set, when its end is known. */
struct data *data_at(struct data *d, struct span at);

struct deployment_item *make_deployment(struct parser *p, struct name name);
void deployment_scenario(struct parser *p, struct deployment_item *d,
                         struct name scenario);
void deployment_file(struct parser *p, struct deployment_item *d,
                     struct span at, const char *path);
void deployment_option(struct parser *p, struct deployment_item *d,
                       struct name name, struct name value);
void add_deployment(struct parser *p, struct span at,
                    struct deployment_item *d);

struct replicate_item *make_replicate(struct parser *p, struct name map);
struct period make_period(struct span at, const char *number,
                          struct name unit);
/* every NULL: on message */
struct replicate_flow *make_flow(struct parser *p, struct name from,
                                 struct name to, const struct period *every);
/* The modifiers; the second of a kind is refused. `at`: the modifier. */
struct replicate_flow *flow_changed(struct parser *p, struct replicate_flow *f,
                                    struct span at, struct name property);
struct replicate_flow *flow_overlap(struct parser *p, struct replicate_flow *f,
                                    struct span at, struct period d);
struct replicate_flow *flow_sweep(struct parser *p, struct replicate_flow *f,
                                  struct span at, struct period d);
struct guard make_guard(const char *percent, const char *deletes);
void replicate_flow(struct parser *p, struct replicate_item *r, struct span at,
                    struct replicate_flow *f);
void replicate_guard(struct parser *p, struct replicate_item *r,
                     struct span at, struct guard g);
void add_replicate(struct parser *p, struct span at, struct replicate_item *r);

struct call_item *make_call_item(struct parser *p, struct name name,
                                 struct expr *left, struct expr *right);
/* The parts; the second of a kind is refused. `at`: the part. */
struct call_item *call_within(struct parser *p, struct call_item *c,
                              struct span at, struct period d);
void call_effect(struct parser *p, struct call_item *c, struct span at);
void call_once(struct parser *p, struct call_item *c, struct span at,
               expr_vec per, struct name found);
void call_cache(struct parser *p, struct call_item *c, struct span at,
                struct period d);
void call_last_known(struct parser *p, struct call_item *c, struct span at);
void call_block(struct parser *p, struct call_item *c, struct span at,
                bool request, item_vec items);
/* The same for `docflow`. */
struct call_item *make_docflow_item(struct parser *p, struct name name,
                                    struct expr *left, struct expr *right);
/* … for `document` and `attachment`. */
struct call_item *make_document_item(struct parser *p, struct name name,
                                     struct expr *left, struct expr *right);
struct call_item *make_attachment_item(struct parser *p, struct name name,
                                       struct expr *left, struct expr *right);
void call_content(struct parser *p, struct call_item *c, struct span at,
                  struct content_path path, literal_vec types,
                  struct period most);
literal_vec add_text(struct parser *p, literal_vec texts, const char *text);
void call_again(struct parser *p, struct call_item *c, struct span at,
                literal_vec types);
void add_call(struct parser *p, struct span at, struct call_item *c);

/* --- layers --- */
void add_package(struct parser *p, struct span at, struct name name,
                 const char *version);
void add_layer(struct parser *p, struct span at, struct name name);
void add_extend_map(struct parser *p, struct span at, struct name name,
                    change_vec changes);
struct extend_item *make_extend_codes(struct parser *p, struct name name);
void add_extend(struct parser *p, struct span at, struct extend_item *e);
void add_extend_system(struct parser *p, struct span at,
                       struct system_item *s);
change_vec add_change(struct parser *p, change_vec v, struct change *c);
struct change *make_change(struct parser *p, enum change_kind kind,
                           struct span at, struct map_item *item);
struct change *path_change(struct parser *p, enum change_kind kind,
                           struct span at, struct expr *path);
struct change *each_change(struct parser *p, struct span at,
                           struct expr *path, change_vec below);
struct change *change_checks(struct change *c, conv_vec checks);
struct change *change_fate(struct parser *p, struct change *c,
                           struct span at, struct fate f);
struct change *change_personal(struct parser *p, struct change *c,
                               struct span at, struct span personal);
void code_change(struct parser *p, struct extend_item *e,
                 enum change_kind kind, struct span at, struct expr *context,
                 struct expr *left, enum arrow arrow, struct expr *right);

#endif
