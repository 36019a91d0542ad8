/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar of the mapping language; grammar/README.md tells it in prose.
 * Line ends arrive filtered (syntax/scan.c): EOL stands after each statement
 * and nowhere else. Mistakes are recovered from at statement level: the
 * scanner steps to the end of the statement, or to its block of items.
 */
%define api.pure full
%define api.prefix {map_}
%define api.token.prefix {T_}
%define api.value.type union
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%expect 0

%code requires {
#include "syntax/make.h"
#include "syntax/parse.h"
}

%param { struct parser *p }

%code {
static int map_lex(MAP_STYPE *value, MAP_LTYPE *at, struct parser *p);
static void map_error(MAP_LTYPE *at, struct parser *p, const char *words);

/* An empty rule stands at the end of what was before it. */
#define YYLLOC_DEFAULT(cur, rhs, n)                                          \
    ((cur) = (n) ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n))             \
                 : (struct span){ YYRHSLOC(rhs, 0).file,                     \
                                  YYRHSLOC(rhs, 0).to, YYRHSLOC(rhs, 0).to })
}

%token END 0 "end of file"
%token EOL "line end"
%token <const char *> NAME TEXT NUMBER

%token BOTH_WAYS "<->" LOSSY_WAYS "<~>" RIGHT_WAY "->" LEFT_WAY "<-"
%token COLON ":" COMMA "," NEXT_MATCH DOT "."
%token OPEN_BRACE "{" CLOSE_BRACE "}" OPEN_PAREN "(" CLOSE_PAREN ")"
%token OPEN_BRACKET "[" CLOSE_BRACKET "]"
%token PLUS "+" MINUS "-" TIMES "*" DIVIDED "/"
%token EQUAL "=" UNEQUAL "<>" LESS "<" LESS_EQUAL "<="
%token GREATER ">" GREATER_EQUAL ">=" PERCENT "%"

%token AND OR NOT IN BETWEEN IS IF THEN ELSE ELSE_FATE
%token TRUE FALSE EMPTY MISSING OUTER
%token KEY IGNORE WHERE CREATE DELETE OWNER GROUP EACH MATCH
%token WHEN CODES REF REVERSE PERSONAL REMEMBER

%token <const char *> NEWEST MIN MAX SUM UNION ASK KEEP
%token <const char *> LANGUAGE SCENARIO USE SYSTEM MAP CONVERT FUNCTION TEST
%token <const char *> DEPLOYMENT OPTION FROM FOR BY POSITION BOTH NONE UNLESS
%token <const char *> LEAVE UNLINK SET REMOVE PARK REJECT PARKED REJECTED
%token <const char *> LEFT OUT BYTES CONTROL
%token <const char *> REPLICATE ON MESSAGE EVERY CHANGED OVERLAP SWEEP GUARD
%token <const char *> AT MOST DELETES
%token <const char *> CALL TO WITHIN EFFECT REQUEST RESPONSE MESSAGES
%token <const char *> CACHE LAST KNOWN DOCFLOW AGAIN
%token <const char *> DOCUMENT ATTACHMENT CONTENT TYPE ONCE PER FOUND
%token <const char *> PACKAGE VERSION LAYER EXTEND ADD REPLACE TIGHTEN
%token <const char *> OPEN FINAL SCHEMA

/* An `else` belongs to the nearest `if` that has none. */
%precedence THEN
%precedence ELSE

%nterm <const char *> word other_word policy_word title
%nterm <struct name> name owner_name label step_name scenario_name for_map
%nterm <struct step> step
%nterm <struct expr *> expr or_expr and_expr not_expr comparison sum product
%nterm <struct expr *> unary primary path newest_by
%nterm <expr_vec> exprs paths args arg_list tests
%nterm <literal_vec> texts again_for content_types
%nterm <struct content_path> content_path
%nterm <enum binary_op> compare
%nterm <enum arrow> arrow row_arrow
%nterm <struct conv> conv plain_conv
%nterm <conv_vec> chain convs
%nterm <struct fate> fate
%nterm <struct policy> policy plain_policy group_policy
%nterm <struct rule *> plain_rule rule
%nterm <rule_vec> match_rules
%nterm <struct map_item *> item
%nterm <item_vec> items block
%nterm <enum leave> leave
%nterm <struct ways> ways
%nterm <struct each *> each_head
%nterm <struct system_item *> system_head
%nterm <struct codes_item *> codes_head
%nterm <struct expr *> code
%nterm <struct convert_item *> convert_head
%nterm <param_vec> params param_list
%nterm <struct test_item *> test_head
%nterm <enum outcome> outcome
%nterm <struct data *> data record record_open list list_open
%nterm <struct deployment_item *> deployment_head
%nterm <struct replicate_item *> replicate_head
%nterm <struct replicate_flow *> flow
%nterm <struct period> period
%nterm <struct guard> most
%nterm <struct call_item *> call_head
%nterm <struct messages *> messages
%nterm <struct extend_item *> extend_codes
%nterm <struct system_item *> extend_system
%nterm <change_vec> changes
%nterm <struct change *> change tightening
%nterm <enum change_kind> change_word

%%

file: file_items ;

file_items:
  %empty
| file_items file_item EOL
| file_items error EOL          { yyerrok; }
;

file_item:
  LANGUAGE NUMBER               { add_language(p, @$, $2); }
| SCENARIO scenario_name title  { add_scenario(p, @$, $2, $3); }
| USE TEXT                      { add_use(p, @$, $2); }
| MAP name BETWEEN path AND path block  { add_map(p, @$, $2, $4, $6, $7); }
| MAP error block               { yyerrok; }
| MAP error                     { yyerrok; }
| system_head                   { add_system(p, @$, $1); }
| system_head "{" system_options "}"  { add_system(p, @$, $1); }
| codes_head FROM TEXT
        { codes_file($1, $3, @3); add_codes(p, @$, $1); }
| codes_head "{" codes_rows "}"  { add_codes(p, @$, $1); }
| convert_head "{" "->" expr EOL "}"  { add_convert(p, @$, $1, $4, NULL); }
| convert_head "{" "<-" expr EOL "}"  { add_convert(p, @$, $1, NULL, $4); }
| convert_head "{" "->" expr "<-" expr EOL "}"
                                { add_convert(p, @$, $1, $4, $6); }
| convert_head "{" error EOL "}"  { yyerrok; }
| FUNCTION name params name "=" expr  { add_function(p, @$, $2, $3, $4, $6); }
| test_head "{" test_parts "}"  { add_test(p, @$, $1); }
| deployment_head "{" deployment_parts "}"
                                { add_deployment(p, @$, $1); }
| replicate_head "{" replicate_parts "}"
                                { add_replicate(p, @$, $1); }
| call_head "{" call_parts "}"  { add_call(p, @$, $1); }
| PACKAGE scenario_name VERSION TEXT  { add_package(p, @$, $2, $4); }
| LAYER name                    { add_layer(p, @$, $2); }
| EXTEND name "{" changes "}"   { add_extend_map(p, @$, $2, $4); }
| extend_codes "{" codes_changes "}"  { add_extend(p, @$, $1); }
| extend_system "{" system_options "}"  { add_extend_system(p, @$, $1); }
;

title:
  %empty                        { $$ = NULL; }
| TEXT
;

scenario_name:
  name
| scenario_name "." name        { $$ = make_dotted(p, $1, $3); }
;

/* --- systems --- */

system_head:
  SYSTEM name title ":" name TEXT  { $$ = make_system(p, $2, $3, $5, $6, @6); }
;

system_options:
  %empty
| system_options system_option EOL
| system_options error EOL      { yyerrok; }
;

system_option:
  BYTES NUMBER ":" paths
        { system_bytes(p, $<struct system_item *>-2, @$, $2, $4); }
| PERSONAL paths
        { system_personal(p, $<struct system_item *>-2, @$, $2); }
| CONTROL name "=" TEXT
        { system_control(p, $<struct system_item *>-2, @$, $2, $4,
                         (struct name){ 0 }); }
| SCHEMA TEXT
        { system_schema(p, $<struct system_item *>-2, @$, $2, @2); }
| CONTROL name "=" TEXT FOR CHANGED name
        { system_control(p, $<struct system_item *>-2, @$, $2, $4, $7); }
;

paths:
  path                          { $$ = add_expr(p, (expr_vec){ 0 }, $1); }
| paths "," path                { $$ = add_expr(p, $1, $3); }
;

/* --- code tables --- */

codes_head:
  CODES name
        { $$ = make_codes(p, $2, (struct name){ 0 }, (struct name){ 0 }); }
| CODES name BETWEEN name AND name  { $$ = make_codes(p, $2, $4, $6); }
| codes_head FINAL              { $$ = codes_final(p, $1, @2); }
;

codes_rows:
  %empty
| codes_rows codes_row EOL
| codes_rows error EOL          { yyerrok; }
;

codes_row:
  code row_arrow code
        { codes_row(p, $<struct codes_item *>-2, @$, NULL, $1, $2, $3); }
| code ":" code row_arrow code
        { codes_row(p, $<struct codes_item *>-2, @$, $1, $3, $4, $5); }
| fate                          { codes_fate(p, $<struct codes_item *>-2, $1); }
;

/* A number is said to be none in sema: 01 and 1 would be the same. */
code:
  TEXT                          { $$ = make_text(p, @$, $1); }
| NUMBER                        { $$ = make_number(p, @$, $1); }
;

row_arrow:
  "<->"                         { $$ = ARROW_BOTH; }
| "->"                          { $$ = ARROW_RIGHT; }
| "<-"                          { $$ = ARROW_LEFT; }
;

/* --- conversions and functions --- */

convert_head:
  CONVERT name params name arrow name
                                { $$ = make_convert(p, $2, $3, $4, $5, $6); }
| CONVERT name name arrow name
        { $$ = make_convert(p, $2, (param_vec){ 0 }, $3, $4, $5); }
;

params:
  "(" ")"                       { $$ = (param_vec){ 0 }; }
| "(" param_list ")"            { $$ = $2; }
;

param_list:
  name name                     { $$ = add_param(p, (param_vec){ 0 }, $1, $2); }
| param_list "," name name      { $$ = add_param(p, $1, $3, $4); }
;

/* --- maps --- */

block: "{" items "}"            { $$ = $2; } ;

items:
  %empty                        { $$ = (item_vec){ 0 }; }
| items item EOL                { $$ = add_item(p, $1, $2); }
| items error EOL               { $$ = $1; yyerrok; }
| items error block EOL         { $$ = $1; yyerrok; }
;

item:
  rule                          { $$ = item_rule(p, @$, false, $1); }
| KEY rule                      { $$ = item_rule(p, @$, true, $2); }
| IGNORE path                   { $$ = item_ignore(p, @$, $2); }
| WHERE expr leave              { $$ = item_where(p, @$, $2, $3); }
| CREATE ways                   { $$ = item_create(p, @$, $2); }
| DELETE ways                   { $$ = item_delete(p, @$, $2, NULL, NULL); }
| DELETE ways ":" REMOVE        { $$ = item_delete(p, @$, $2, NULL, NULL); }
| DELETE ways ":" SET path "=" expr  { $$ = item_delete(p, @$, $2, $5, $7); }
| OWNER policy                  { $$ = item_owner(p, @$, $2); }
| fate                          { $$ = item_else(p, @$, $1); }
| GROUP name group_policy block  { $$ = item_group(p, @$, $2, $3, $4); }
| EACH each_head block          { $$ = item_each(p, @$, $2, $3); }
| messages                      { $$ = item_messages(p, @$, $1); }
| FINAL                         { $$ = item_final(p, @$); }
;

messages:
  MESSAGES FROM path            { $$ = make_messages(p, $3); }
| messages name label           { $$ = message_part(p, $1, $2, $3); }
| messages name label IN path
        { $$ = message_in(message_part(p, $1, $2, $3), $5); }
| messages name label ":" CODES name
        { $$ = message_codes(message_part(p, $1, $2, $3), $6); }
;

leave:
  %empty                        { $$ = LEAVE_NONE; }
| LEAVE UNLINK                  { $$ = LEAVE_UNLINK; }
| LEAVE DELETE                  { $$ = LEAVE_DELETE; }
| LEAVE KEEP                    { $$ = LEAVE_KEEP; }
;

ways:
  BOTH                          { $$ = (struct ways){ .both = true }; }
| NONE                          { $$ = (struct ways){ .none = true }; }
| owner_name "->" name          { $$ = make_ways($1, $3); }
;

each_head:
  path arrow path               { $$ = make_each(p, $1, $2, @2, $3); }
| path
        { $$ = make_each(p, $1, ARROW_RIGHT, @1, NULL); }
| each_head MATCH match_rules   { $$ = each_match(p, $1, $3); }
| each_head BY POSITION         { $$ = each_position($1); }
| each_head WHERE tests         { $$ = each_where(p, $1, $3); }
;

match_rules:
  plain_rule                    { $$ = add_rule(p, (rule_vec){ 0 }, $1); }
| match_rules NEXT_MATCH plain_rule  { $$ = add_rule(p, $1, $3); }
;

tests:
  expr                          { $$ = add_expr(p, (expr_vec){ 0 }, $1); }
| tests "," expr                { $$ = add_expr(p, $1, $3); }
;

/* --- rules --- */

rule:
  plain_rule
| rule WHEN expr                { $$ = rule_when(p, $1, $3, @2); }
| rule OWNER policy             { $$ = rule_policy(p, $1, $3); }
| rule PERSONAL                 { $$ = rule_personal(p, $1, @2); }
| rule REMEMBER                 { $$ = rule_remember(p, $1, @2); }
| rule OPEN                     { $$ = rule_open(p, $1, @2, true); }
| rule FINAL                    { $$ = rule_open(p, $1, @2, false); }
| rule fate                     { $$ = rule_fate(p, $1, $2); }
;

plain_rule:
  expr arrow expr               { $$ = make_rule(p, @$, $1, $2, @2, $3); }
| expr arrow expr ":" chain
        { $$ = rule_chain(make_rule(p, @$, $1, $2, @2, $3), $5, @$); }
;

arrow:
  "<->"                         { $$ = ARROW_BOTH; }
| "<~>"                         { $$ = ARROW_LOSSY; }
| "->"                          { $$ = ARROW_RIGHT; }
| "<-"                          { $$ = ARROW_LEFT; }
;

chain: convs ;

convs:
  conv                          { $$ = add_conv(p, (conv_vec){ 0 }, $1); }
| convs "," conv                { $$ = add_conv(p, $1, $3); }
;

conv:
  plain_conv
| REVERSE plain_conv            { $$ = reversed($2, @$); }
;

plain_conv:
  name args                     { $$ = make_conv(CONV_NAMED, @$, $1, $2); }
| CODES name args               { $$ = make_conv(CONV_CODES, @$, $2, $3); }
| REF name
        { $$ = make_conv(CONV_REF, @$, $2, (expr_vec){ 0 }); }
;

args:
  %empty                        { $$ = (expr_vec){ 0 }; }
| "(" arg_list ")"              { $$ = $2; }
;

arg_list:
  %empty                        { $$ = (expr_vec){ 0 }; }
| exprs
;

fate:
  ELSE_FATE KEEP                { $$ = make_fate(FATE_KEEP, @$, NULL); }
| ELSE_FATE PARK                { $$ = make_fate(FATE_PARK, @$, NULL); }
| ELSE_FATE REJECT              { $$ = make_fate(FATE_REJECT, @$, NULL); }
| ELSE expr                     { $$ = make_fate(FATE_VALUE, @$, $2); }
;

policy:
  owner_name                    { $$ = make_owner(@$, $1, false); }
| owner_name UNLESS EMPTY       { $$ = make_owner(@$, $1, true); }
| plain_policy
;

group_policy:
  %empty                        { $$ = (struct policy){ 0 }; }
| plain_policy
| OWNER policy                  { $$ = $2; }
;

plain_policy:
  NEWEST newest_by              { $$ = make_policy(POLICY_NEWEST, @$, $2); }
| MIN                           { $$ = make_policy(POLICY_MIN, @$, NULL); }
| MAX                           { $$ = make_policy(POLICY_MAX, @$, NULL); }
| SUM                           { $$ = make_policy(POLICY_SUM, @$, NULL); }
| UNION                         { $$ = make_policy(POLICY_UNION, @$, NULL); }
| KEEP BOTH
        { $$ = make_policy(POLICY_KEEP_BOTH, @$, NULL); }
| ASK                           { $$ = make_policy(POLICY_ASK, @$, NULL); }
;

newest_by:
  %empty                        { $$ = NULL; }
| BY path                       { $$ = $2; }
;

/* --- expressions --- */

expr:
  or_expr
| IF expr THEN expr             %prec THEN
                                { $$ = make_choice(p, @$, $2, $4, NULL); }
| IF expr THEN expr ELSE expr   { $$ = make_choice(p, @$, $2, $4, $6); }
;

or_expr:
  and_expr
| or_expr OR and_expr           { $$ = make_binary(p, OP_OR, $1, $3); }
;

and_expr:
  not_expr
| and_expr AND not_expr         { $$ = make_binary(p, OP_AND, $1, $3); }
;

not_expr:
  comparison
| NOT not_expr                  { $$ = make_unary(p, @$, EXPR_NOT, $2); }
;

comparison:
  sum
| sum compare sum               { $$ = make_binary(p, $2, $1, $3); }
| sum IN "(" exprs ")"          { $$ = make_in(p, @$, $1, false, $4); }
| sum NOT IN "(" exprs ")"      { $$ = make_in(p, @$, $1, true, $5); }
| sum BETWEEN sum AND sum       { $$ = make_between(p, $1, $3, $5); }
| sum IS EMPTY                  { $$ = make_is(p, @$, $1, false, true); }
| sum IS MISSING                { $$ = make_is(p, @$, $1, false, false); }
| sum IS NOT EMPTY              { $$ = make_is(p, @$, $1, true, true); }
| sum IS NOT MISSING            { $$ = make_is(p, @$, $1, true, false); }
;

compare:
  "="                           { $$ = OP_EQ; }
| "<>"                          { $$ = OP_NE; }
| "<"                           { $$ = OP_LT; }
| "<="                          { $$ = OP_LE; }
| ">"                           { $$ = OP_GT; }
| ">="                          { $$ = OP_GE; }
;

sum:
  product
| sum "+" product               { $$ = make_binary(p, OP_ADD, $1, $3); }
| sum "-" product               { $$ = make_binary(p, OP_SUB, $1, $3); }
;

product:
  unary
| product "*" unary             { $$ = make_binary(p, OP_MUL, $1, $3); }
| product "/" unary             { $$ = make_binary(p, OP_DIV, $1, $3); }
;

unary:
  primary
| "-" unary                     { $$ = make_unary(p, @$, EXPR_NEGATE, $2); }
;

primary:
  TEXT                          { $$ = make_text(p, @$, $1); }
| NUMBER                        { $$ = make_number(p, @$, $1); }
| TRUE                          { $$ = make_bool(p, @$, true); }
| FALSE                         { $$ = make_bool(p, @$, false); }
| EMPTY                         { $$ = make_nothing(p, @$, true); }
| MISSING                       { $$ = make_nothing(p, @$, false); }
| path
| name "(" arg_list ")"         { $$ = make_call(p, @$, $1, $3); }
| "(" expr ")"                  { $$ = in_brackets($2, @$); }
;

exprs:
  expr                          { $$ = add_expr(p, (expr_vec){ 0 }, $1); }
| exprs "," expr                { $$ = add_expr(p, $1, $3); }
;

path:
  name                          { $$ = make_path(p, $1); }
| OUTER "." step                { $$ = add_step(p, make_outer(p, @1), $3, @3); }
| path "." step                 { $$ = add_step(p, $1, $3, @3); }
;

step:
  step_name                     { $$ = make_step($1); }
| step_name "[" label "=" TEXT "]"  { $$ = make_selector(p, $1, $3, $5, @5); }
;

step_name:
  NAME                          { $$ = make_name($1, @1); }
| TEXT
        { $$ = make_name(intern_text(p->in.names, $1), @1); }
;

label:
  name
| TEXT
        { $$ = make_name(intern_text(p->in.names, $1), @1); }
;

/* --- tests --- */

test_head:
  TEST TEXT for_map             { $$ = make_test(p, $2, $3); }
;

for_map:
  %empty                        { $$ = (struct name){ 0 }; }
| FOR name                      { $$ = $2; }
;

test_parts:
  %empty
| test_parts test_part
| test_parts EOL
| test_parts error EOL          { yyerrok; }
;

test_part:
  REF name TEXT "<->" TEXT
        { test_ref(p, $<struct test_item *>-2, @$, $2, $3, $5); }
| name record
        { test_side(p, $<struct test_item *>-2, $1, $2); }
| name record "->" name record
        { test_one_way(p, $<struct test_item *>-2, $1, $2, $4, $5); }
| name record "->" outcome
        { test_outcome(p, $<struct test_item *>-2, $1, $2, $4); }
;

outcome:
  PARKED                        { $$ = OUTCOME_PARKED; }
| REJECTED                      { $$ = OUTCOME_REJECTED; }
| LEFT OUT                      { $$ = OUTCOME_LEFT_OUT; }
;

record:
  record_open members "}"       { $$ = data_at($1, @$); }
;

record_open: "{"                { $$ = make_data(p, DATA_RECORD, @$, NULL); } ;

members:
  %empty
| members member
| members EOL
| members ","
| members error EOL             { yyerrok; }
;

member:
  label ":" data                { data_member(p, $<struct data *>-1, $1, $3); }
;

list: list_open elements "]"    { $$ = data_at($1, @$); } ;

list_open: "["                  { $$ = make_data(p, DATA_LIST, @$, NULL); } ;

elements:
  %empty
| element_list
| element_list ","
;

element_list:
  data                          { data_element(p, $<struct data *>0, $1); }
| element_list "," data         { data_element(p, $<struct data *>0, $3); }
;

data:
  TEXT                          { $$ = make_data(p, DATA_TEXT, @$, $1); }
| NUMBER                        { $$ = make_data(p, DATA_NUMBER, @$, $1); }
| "-" NUMBER
        { $$ = make_data(p, DATA_NUMBER, @$, arena_printf(p->in.arena, "-%s",
                         $2)); }
| TRUE                          { $$ = make_truth(p, @$, true); }
| FALSE                         { $$ = make_truth(p, @$, false); }
| EMPTY                         { $$ = make_data(p, DATA_EMPTY, @$, NULL); }
| MISSING                       { $$ = make_data(p, DATA_MISSING, @$, NULL); }
| record
| list
;

/* --- deployments --- */

deployment_head: DEPLOYMENT name  { $$ = make_deployment(p, $2); } ;

deployment_parts:
  %empty
| deployment_parts deployment_part EOL
| deployment_parts error EOL    { yyerrok; }
;

deployment_part:
  USE scenarios
| USE TEXT
        { deployment_file(p, $<struct deployment_item *>-2, @$, $2); }
| OPTION name "=" name
        { deployment_option(p, $<struct deployment_item *>-2, $2, $4); }
;

scenarios:
  scenario_name
        { deployment_scenario(p, $<struct deployment_item *>-3, $1); }
| scenarios "," scenario_name
        { deployment_scenario(p, $<struct deployment_item *>-3, $3); }
;

/* --- replication --- */

replicate_head: REPLICATE name  { $$ = make_replicate(p, $2); } ;

replicate_parts:
  %empty
| replicate_parts replicate_part EOL
| replicate_parts error EOL     { yyerrok; }
;

replicate_part:
  flow
        { replicate_flow(p, $<struct replicate_item *>-2, @$, $1); }
| GUARD AT MOST most
        { replicate_guard(p, $<struct replicate_item *>-2, @$, $4); }
;

flow:
  name "->" name ON MESSAGE     { $$ = make_flow(p, $1, $3, NULL); }
| name "->" name EVERY period   { $$ = make_flow(p, $1, $3, &$5); }
| flow CHANGED label            { $$ = flow_changed(p, $1, @2, $3); }
| flow OVERLAP period           { $$ = flow_overlap(p, $1, @2, $3); }
| flow SWEEP EVERY period       { $$ = flow_sweep(p, $1, @2, $4); }
;

period: NUMBER name             { $$ = make_period(@$, $1, $2); } ;

most:
  NUMBER "%"                    { $$ = make_guard($1, NULL); }
| NUMBER DELETES                { $$ = make_guard(NULL, $1); }
| NUMBER "%" OR NUMBER DELETES  { $$ = make_guard($1, $4); }
;

/* --- calls --- */

call_head:
  CALL name FROM path TO path   { $$ = make_call_item(p, $2, $4, $6); }
| DOCFLOW name FROM path TO path
        { $$ = make_docflow_item(p, $2, $4, $6); }
| DOCUMENT name FROM path TO path
        { $$ = make_document_item(p, $2, $4, $6); }
| ATTACHMENT name FROM path TO path
        { $$ = make_attachment_item(p, $2, $4, $6); }
| call_head WITHIN period       { $$ = call_within(p, $1, @2, $3); }
;

call_parts:
  %empty
| call_parts call_part EOL
| call_parts error EOL          { yyerrok; }
| call_parts error block EOL    { yyerrok; }
;

call_part:
  REQUEST block
        { call_block(p, $<struct call_item *>-2, @$, true, $2); }
| RESPONSE block
        { call_block(p, $<struct call_item *>-2, @$, false, $2); }
| EFFECT NONE
        { call_effect(p, $<struct call_item *>-2, @$); }
| EFFECT ONCE PER paths FOUND BY name
        { call_once(p, $<struct call_item *>-2, @$, $4, $7); }
| CACHE period
        { call_cache(p, $<struct call_item *>-2, @$, $2); }
| ELSE LAST KNOWN
        { call_last_known(p, $<struct call_item *>-2, @$); }
| AGAIN again_for
        { call_again(p, $<struct call_item *>-2, @$, $2); }
| CONTENT content_path content_types AT MOST period
        { call_content(p, $<struct call_item *>-2, @$, $2, $3, $6); }
;

content_path:
  path                          { $$ = (struct content_path){ $1, NULL }; }
| path "->" path                { $$ = (struct content_path){ $1, $3 }; }
;

content_types:
  %empty                        { $$ = (literal_vec){ 0 }; }
| TYPE texts                    { $$ = $2; }
;

again_for:
  %empty                        { $$ = (literal_vec){ 0 }; }
| FOR texts                     { $$ = $2; }
;

texts:
  TEXT                          { $$ = add_text(p, (literal_vec){ 0 }, $1); }
| texts "," TEXT                { $$ = add_text(p, $1, $3); }
;

/* --- layers --- */

extend_codes: EXTEND CODES name { $$ = make_extend_codes(p, $3); } ;

extend_system: EXTEND SYSTEM name
        { $$ = make_system(p, $3, NULL, (struct name){ 0 }, NULL, @3); }
;

changes:
  %empty                        { $$ = (change_vec){ 0 }; }
| changes change EOL            { $$ = add_change(p, $1, $2); }
| changes error EOL             { $$ = $1; yyerrok; }
| changes error block EOL       { $$ = $1; yyerrok; }
;

change:
  change_word item              { $$ = make_change(p, $1, @$, $2); }
| REMOVE path                   { $$ = path_change(p, CHANGE_REMOVE, @$, $2); }
| tightening
| EACH path "{" changes "}"     { $$ = each_change(p, @$, $2, $4); }
;

change_word:
  ADD                           { $$ = CHANGE_ADD; }
| REPLACE                       { $$ = CHANGE_REPLACE; }
;

tightening:
  TIGHTEN path
        { $$ = path_change(p, CHANGE_TIGHTEN, @$, $2); }
| TIGHTEN path ":" chain
        { $$ = change_checks(path_change(p, CHANGE_TIGHTEN, @$, $2), $4); }
| tightening fate               { $$ = change_fate(p, $1, @$, $2); }
| tightening PERSONAL           { $$ = change_personal(p, $1, @$, @2); }
;

codes_changes:
  %empty
| codes_changes codes_change EOL
| codes_changes error EOL       { yyerrok; }
;

codes_change:
  change_word code row_arrow code
        { code_change(p, $<struct extend_item *>-2, $1, @$, NULL, $2, $3,
                      $4); }
| change_word code ":" code row_arrow code
        { code_change(p, $<struct extend_item *>-2, $1, @$, $2, $4, $5,
                      $6); }
| REMOVE code row_arrow code
        { code_change(p, $<struct extend_item *>-2, CHANGE_REMOVE, @$, NULL,
                      $2, $3, $4); }
| REMOVE code ":" code row_arrow code
        { code_change(p, $<struct extend_item *>-2, CHANGE_REMOVE, @$, $2,
                      $4, $5, $6); }
;

/* --- names --- */

name: word                      { $$ = make_name($1, @1); } ;

/* The name of a system where a policy could stand too. */
owner_name:
  NAME                          { $$ = make_name($1, @1); }
| other_word                    { $$ = make_name($1, @1); }
;

word: NAME | policy_word | other_word | BOTH | NONE ;

policy_word: NEWEST | MIN | MAX | SUM | UNION | ASK | KEEP ;

other_word:
  LANGUAGE | SCENARIO | USE | SYSTEM | MAP | CONVERT | FUNCTION | TEST
| DEPLOYMENT | OPTION | FROM | FOR | BY | POSITION | UNLESS | LEAVE
| UNLINK | SET | REMOVE | PARK | REJECT | PARKED | REJECTED | LEFT | OUT
| BYTES | CONTROL | REPLICATE | ON | MESSAGE | EVERY | CHANGED | OVERLAP
| SWEEP | GUARD | AT | MOST | DELETES | CALL | TO | WITHIN | EFFECT
| REQUEST | RESPONSE | MESSAGES | CACHE | LAST | KNOWN | DOCFLOW | AGAIN
| DOCUMENT | ATTACHMENT | CONTENT | TYPE
| ONCE | PER | FOUND | PACKAGE | VERSION | LAYER | EXTEND | ADD
| REPLACE | TIGHTEN | OPEN | FINAL | SCHEMA
;

%%

/* The scanner's kinds of token are those of the grammar. */
#define T(kind, words, traits)                                               \
    _Static_assert((int)T_##kind == (int)TOKEN_##kind, "token.def: " #kind); \
    _Static_assert((int)YYSYMBOL_##kind ==                                   \
                   (int)TOKEN_##kind - TOKEN_FIRST + YYSYMBOL_YYUNDEF,       \
                   "token.def: " #kind);
#include "syntax/token.def"
#undef T

static int
map_lex(MAP_STYPE *value, MAP_LTYPE *at, struct parser *p)
{
    struct token t = scan_next(p->scan);

    value->T_NAME = t.text;
    *at = t.at;
    return (int)t.kind;
}

/* Called for what is no syntax error: the parser's stack is full. */
static void
map_error(MAP_LTYPE *at, struct parser *p, const char *words)
{
    if (!scan_gave_up(p->scan))
        diag_add(p->in.diags, DIAG_TOO_DEEP, *at,
                 "this part of the file is too deeply nested (%s)", words);
}

static int
yyreport_syntax_error(const yypcontext_t *cx, struct parser *p)
{
    yysymbol_kind_t symbols[TOKEN_LIMIT - TOKEN_FIRST + 3];
    enum token_kind kinds[TOKEN_LIMIT - TOKEN_FIRST + 3];
    int n = yypcontext_expected_tokens(cx, symbols,
                                       (int)(sizeof symbols / sizeof *symbols));

    for (int i = 0; i < n; i++)
        kinds[i] = symbols[i] == YYSYMBOL_YYEOF
                       ? TOKEN_END
                       : (enum token_kind)((int)symbols[i] - YYSYMBOL_YYUNDEF +
                                           TOKEN_FIRST);
    if (!scan_gave_up(p->scan))
        expect_report(&p->in, p->scan, kinds, n > 0 ? (size_t)n : 0);
    scan_skip_statement(p->scan);
    return 0;
}

struct file *
parse_source(struct arena *a, struct names *ns, struct diags *ds,
             const struct source *src)
{
    struct file *f = arena_alloc(a, sizeof *f);
    struct parser p = { .in = { a, ns, ds, src, f, diags_errors(ds) } };

    f->source = src;
    p.scan = scan_new(&p.in);
    map_parse(&p);
    return f;
}
