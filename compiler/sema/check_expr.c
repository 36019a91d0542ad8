/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions: typed, and turned into calls of the runtime's functions. */
#include <string.h>

#include "sema/scope.h"

struct texpr *
texpr_new(struct env *env, enum texpr_kind kind, struct span at)
{
    struct texpr *t = arena_alloc(env->arena, sizeof *t);

    t->kind = kind;
    t->at = at;
    return t;
}

struct texpr *
texpr_call(struct env *env, struct span at, const char *function, bool cx,
           enum type_kind result)
{
    struct texpr *t = texpr_new(env, TEXPR_CALL, at);

    t->type = type_of_kind(result);
    t->u.call.function = function;
    t->u.call.cx = cx;
    return t;
}

void
texpr_arg(struct env *env, struct texpr *call, const struct texpr *arg)
{
    struct targ a = { TARG_EXPR, arg, 0, NULL };

    vec_push(env->arena, &call->u.call.args, a);
    call->failures |= arg->failures;
    if (arg->type.kind == TYPE_ERROR)
        call->type = type_of_kind(TYPE_ERROR);
}

static struct texpr *
error_expr(struct scope *sc, const struct expr *e)
{
    struct texpr *t = texpr_new(sc->env, TEXPR_CONST, e->at);

    t->type = type_of_kind(TYPE_ERROR);
    t->u.text = "";
    return t;
}

static struct texpr *
constant(struct scope *sc, const struct expr *e, struct type type,
         const char *text)
{
    struct texpr *t = texpr_new(sc->env, TEXPR_CONST, e->at);

    t->type = type;
    t->u.text = text;
    return t;
}

static struct texpr *
check_number(struct scope *sc, const struct expr *e, bool negative)
{
    struct type type = { .kind = TYPE_NUMBER };
    const char *point = strchr(e->u.text, '.');
    size_t n = strlen(e->u.text);

    type.scale = (uint16_t)(point == NULL ? 0 : n - 1 -
                            (size_t)(point - e->u.text));
    type.precision = (uint16_t)(point == NULL ? n : n - 1);
    return constant(sc, e, type, negative
                    ? arena_printf(sc->env->arena, "-%s", e->u.text)
                    : e->u.text);
}

static struct texpr *
check_nothing(struct scope *sc, const struct expr *e)
{
    struct texpr *t =
        texpr_new(sc->env, e->u.empty ? TEXPR_CONST : TEXPR_MISSING, e->at);

    t->u.text = "";
    t->type.kind = TYPE_TEXT;
    t->type.nullable = true;
    t->type.max_chars = 1;
    vec_push(sc->env->arena, &t->type.values, "");
    return t;
}

/* --- paths and parameters --- */

static struct texpr *
check_param(struct scope *sc, const struct expr *e)
{
    struct name name = e->u.path.steps.at[0].name;
    const struct tfunction *f = sc->function;

    for (size_t i = 0; i < f->params.n && e->u.path.steps.n == 1; i++) {
        if (f->params.at[i] != name.text)
            continue;
        struct texpr *t = texpr_new(sc->env, TEXPR_PARAM, e->at);

        t->u.param = (uint32_t)i;
        t->type = sc->param_types[i];
        return t;
    }
    struct diag *d = diag_add(sc->env->diags, DIAG_UNKNOWN_PARAMETER, e->at,
                              "%s has no parameter %s", f->name,
                              source_words(sc->env, e->at));
    struct buf known;

    buf_init(&known, sc->env->arena);
    for (size_t i = 0; i < f->params.n; i++)
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", f->params.at[i]);
    diag_note(d, NOTE_HELP, f->params.n == 0 ? "it has no parameters"
              : "a function sees its parameters only: %s", known.at);
    return error_expr(sc, e);
}

static struct texpr *
check_path(struct scope *sc, const struct expr *e)
{
    if (sc->function != NULL)
        return check_param(sc, e);

    struct tpath *path = resolve_path(sc, e, WANT_VALUE);
    if (path == NULL)
        return error_expr(sc, e);
    struct texpr *t = texpr_new(sc->env, TEXPR_PATH, e->at);
    t->u.path = path;
    t->type = tpath_member(path)->type;
    return t;
}

/* --- operators --- */

static bool
is_constant_text(const struct texpr *t)
{
    return t->kind == TEXPR_CONST && t->type.kind == TYPE_TEXT;
}

/* A text literal beside a date, a bool, … is one of those if it looks so. */
static void
adapt_constant(struct scope *sc, struct texpr *literal, const struct type *to)
{
    if (!is_constant_text(literal) || to->kind == TYPE_TEXT ||
        to->kind == TYPE_NUMBER || to->kind == TYPE_ERROR)
        return;
    const char *text = *literal->u.text == '\0' ? literal->u.text
        : canonical_constant(sc->env, to, literal->u.text);
    if (text == NULL)
        return;
    literal->u.text = text;
    literal->type = type_of_kind(to->kind);
}

static struct texpr *
unlike(struct scope *sc, const struct expr *e, const char *what,
       const struct texpr *a, const struct texpr *b)
{
    if (a->type.kind == TYPE_ERROR || b->type.kind == TYPE_ERROR)
        return error_expr(sc, e);

    struct diag *d = diag_add(sc->env->diags, DIAG_UNLIKE_OPERANDS, e->at,
                              "%s %s and %s", what, type_word(a->type.kind),
                              type_word(b->type.kind));
    diag_note(d, NOTE_FACT, "%s: %s", source_words(sc->env, a->at),
              describe(sc->env, &a->type));
    diag_note(d, NOTE_FACT, "%s: %s", source_words(sc->env, b->at),
              describe(sc->env, &b->type));
    if (a->type.kind == TYPE_NUMBER || b->type.kind == TYPE_NUMBER)
        diag_note(d, NOTE_HELP, "number(…) makes a number of text, "
                  "number_text(…) text of a number");
    return error_expr(sc, e);
}

static struct texpr *
binary_call(struct scope *sc, const struct expr *e, const char *function,
            bool cx, enum type_kind result, struct texpr *a, struct texpr *b)
{
    struct texpr *t = texpr_call(sc->env, e->at, function, cx, result);

    t->type.nullable = a->type.nullable || b->type.nullable;
    texpr_arg(sc->env, t, a);
    texpr_arg(sc->env, t, b);
    return t;
}

static struct texpr *
check_concat(struct scope *sc, const struct expr *e, struct texpr *a,
             struct texpr *b)
{
    struct texpr *t = binary_call(sc, e, "mr_concat", true, TYPE_TEXT, a, b);

    t->type.nullable = a->type.nullable && b->type.nullable;
    t->type.digits_only = a->type.digits_only && b->type.digits_only;
    t->type.min_chars = a->type.min_chars + b->type.min_chars;
    if (a->type.max_chars != UNBOUNDED && b->type.max_chars != UNBOUNDED)
        t->type.max_chars = a->type.max_chars + b->type.max_chars;
    return t;
}

static struct texpr *
check_arithmetic(struct scope *sc, const struct expr *e, struct texpr *a,
                 struct texpr *b)
{
    static const char *const functions[] = {
        [OP_ADD] = "mr_add", [OP_SUB] = "mr_sub", [OP_MUL] = "mr_mul",
        [OP_DIV] = "mr_div"
    };
    static const char *const words[] = {
        [OP_ADD] = "can't add", [OP_SUB] = "can't subtract",
        [OP_MUL] = "can't multiply", [OP_DIV] = "can't divide"
    };
    enum binary_op op = e->u.binary.op;

    if (a->type.kind != TYPE_NUMBER || b->type.kind != TYPE_NUMBER)
        return unlike(sc, e, words[op], a, b);

    struct texpr *t = binary_call(sc, e, functions[op], true, TYPE_NUMBER, a,
                                  b);
    t->failures |= WHY(OUT_OF_RANGE);
    if (op == OP_DIV) {
        t->failures |= WHY(DIVISION_BY_ZERO);
        return t;
    }
    if (a->type.precision == 0 || b->type.precision == 0 ||
        a->type.any_scale || b->type.any_scale)
        return t;
    uint16_t wa = (uint16_t)(a->type.precision - a->type.scale);
    uint16_t wb = (uint16_t)(b->type.precision - b->type.scale);
    t->type.any_scale = false;
    if (op == OP_MUL) {
        t->type.scale = (uint16_t)(a->type.scale + b->type.scale);
        t->type.precision = (uint16_t)(wa + wb + t->type.scale);
    } else {
        t->type.scale =
            a->type.scale > b->type.scale ? a->type.scale : b->type.scale;
        t->type.precision = (uint16_t)((wa > wb ? wa : wb) + 1 +
                                       t->type.scale);
    }
    if (t->type.precision <= 38)
        t->failures = a->failures | b->failures;
    return t;
}

static struct texpr *
compare(struct scope *sc, const struct expr *e, enum binary_op op,
        struct texpr *a, struct texpr *b)
{
    static const char *const texts[] = {
        [OP_EQ] = "mr_text_eq", [OP_NE] = "mr_text_ne", [OP_LT] = "mr_text_lt",
        [OP_LE] = "mr_text_le", [OP_GT] = "mr_text_lt", [OP_GE] = "mr_text_le"
    };
    static const char *const numbers[] = {
        [OP_EQ] = "mr_number_eq", [OP_NE] = "mr_number_ne",
        [OP_LT] = "mr_number_lt", [OP_LE] = "mr_number_le",
        [OP_GT] = "mr_number_lt", [OP_GE] = "mr_number_le"
    };
    static const char *const moments[] = {
        [OP_EQ] = "mr_moment_eq", [OP_NE] = "mr_moment_ne",
        [OP_LT] = "mr_moment_lt", [OP_LE] = "mr_moment_le",
        [OP_GT] = "mr_moment_lt", [OP_GE] = "mr_moment_le"
    };
    bool swapped = op == OP_GT || op == OP_GE;

    adapt_constant(sc, a, &b->type);
    adapt_constant(sc, b, &a->type);
    if (!type_same_kind(&a->type, &b->type))
        return unlike(sc, e, "can't compare", a, b);
    bool number = a->type.kind == TYPE_NUMBER;
    bool moment = a->type.kind == TYPE_TIME || a->type.kind == TYPE_DATETIME;
    struct texpr *t = binary_call(sc, e, number ? numbers[op]
                                  : moment ? moments[op] : texts[op], number, TYPE_BOOL, swapped ? b : a,
                                  swapped ? a : b);
    t->type.nullable = false;
    return t;
}

static struct texpr *
check_logic(struct scope *sc, const struct expr *e)
{
    bool and = e->u.binary.op == OP_AND;
    struct texpr *a = check_condition(sc, e->u.binary.left);
    struct texpr *b = check_condition(sc, e->u.binary.right);

    return binary_call(sc, e, and ? "mr_and" : "mr_or", false, TYPE_BOOL, a, b);
}

static struct texpr *
check_binary(struct scope *sc, const struct expr *e)
{
    enum binary_op op = e->u.binary.op;

    if (op == OP_AND || op == OP_OR)
        return check_logic(sc, e);
    struct texpr *a = check_expr(sc, e->u.binary.left);
    struct texpr *b = check_expr(sc, e->u.binary.right);
    if (op >= OP_EQ)
        return compare(sc, e, op, a, b);
    if (op == OP_ADD && a->type.kind == TYPE_TEXT && b->type.kind == TYPE_TEXT)
        return check_concat(sc, e, a, b);
    return check_arithmetic(sc, e, a, b);
}

static struct texpr *
check_not(struct scope *sc, const struct expr *e)
{
    struct texpr *t = texpr_call(sc->env, e->at, "mr_not", false, TYPE_BOOL);

    texpr_arg(sc->env, t, check_condition(sc, e->u.operand));
    return t;
}

static struct texpr *
negated(struct scope *sc, const struct expr *e, const struct texpr *a)
{
    struct diag *d = diag_add(sc->env->diags, DIAG_UNLIKE_OPERANDS, e->at,
                              "a minus stands before %s, not a number",
                              type_word(a->type.kind));

    diag_note(d, NOTE_FACT, "%s: %s", source_words(sc->env, a->at),
              describe(sc->env, &a->type));
    return error_expr(sc, e);
}

static struct texpr *
check_negate(struct scope *sc, const struct expr *e)
{
    if (e->u.operand->kind == EXPR_NUMBER)
        return check_number(sc, e->u.operand, true);

    struct texpr *a = check_expr(sc, e->u.operand);
    if (!type_same_kind(&a->type, &(struct type){ .kind = TYPE_NUMBER }))
        return negated(sc, e, a);
    struct texpr *t = texpr_call(sc->env, e->at, "mr_negate", true,
                                 TYPE_NUMBER);
    t->type = a->type;
    texpr_arg(sc->env, t, a);
    return t;
}

static struct texpr *
check_if(struct scope *sc, const struct expr *e)
{
    struct env *env = sc->env;
    struct texpr *test = check_condition(sc, e->u.choice.test);
    struct texpr *yes = check_expr(sc, e->u.choice.yes);
    struct texpr *no;

    if (e->u.choice.no != NULL) {
        no = check_expr(sc, e->u.choice.no);
    } else {
        no = texpr_new(env, TEXPR_MISSING, e->at);
        no->type = yes->type;
        no->type.nullable = true;
    }
    adapt_constant(sc, yes, &no->type);
    adapt_constant(sc, no, &yes->type);
    if (no->kind == TEXPR_MISSING && no->type.kind == TYPE_TEXT)
        no->type = yes->type, no->type.nullable = true;
    if (yes->kind == TEXPR_MISSING)
        yes->type = no->type, yes->type.nullable = true;
    if (!type_same_kind(&yes->type, &no->type))
        return unlike(sc, e, "both answers of a choice are of one kind, not",
                      yes, no);

    struct texpr *t = texpr_call(env, e->at, "mr_choose", false,
                                 yes->type.kind);
    t->type = type_either(env, &yes->type, &no->type);
    texpr_arg(env, t, test);
    texpr_arg(env, t, yes);
    texpr_arg(env, t, no);
    return t;
}

/* a in (x, y) => a = x or a = y;  a not in (x, y) => not (…) */
static struct texpr *
check_in(struct scope *sc, const struct expr *e)
{
    struct texpr *a = check_expr(sc, e->u.in.operand);
    struct texpr *any = NULL;

    for (size_t i = 0; i < e->u.in.values.n; i++) {
        struct texpr *b = check_expr(sc, e->u.in.values.at[i]);
        struct texpr *same = compare(sc, e, OP_EQ, a, b);

        any = any == NULL ? same
            : binary_call(sc, e, "mr_or", false, TYPE_BOOL, any, same);
    }
    if (any == NULL)
        return error_expr(sc, e);
    if (!e->u.in.negated)
        return any;
    struct texpr *not = texpr_call(sc->env, e->at, "mr_not", false, TYPE_BOOL);
    texpr_arg(sc->env, not, any);
    return not;
}

/* a between x and y => x <= a and a <= y */
static struct texpr *
check_between(struct scope *sc, const struct expr *e)
{
    struct texpr *a = check_expr(sc, e->u.between.operand);
    struct texpr *low = check_expr(sc, e->u.between.low);
    struct texpr *high = check_expr(sc, e->u.between.high);

    return binary_call(sc, e, "mr_and", false, TYPE_BOOL,
                       compare(sc, e, OP_LE, low, a),
                       compare(sc, e, OP_LE, a, high));
}

static struct texpr *
check_is(struct scope *sc, const struct expr *e)
{
    const char *function = e->u.is.empty ? "mr_is_empty" : "mr_is_missing";
    struct texpr *t = texpr_call(sc->env, e->at, function, false, TYPE_BOOL);

    texpr_arg(sc->env, t, check_expr(sc, e->u.is.operand));
    if (!e->u.is.negated)
        return t;
    struct texpr *not = texpr_call(sc->env, e->at, "mr_not", false, TYPE_BOOL);
    texpr_arg(sc->env, not, t);
    return not;
}

struct texpr *
check_expr(struct scope *sc, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TEXT:
        return constant(sc, e, type_of_text(sc->env, e->u.text), e->u.text);
    case EXPR_NUMBER:
        return check_number(sc, e, false);
    case EXPR_BOOL:
        return constant(sc, e, type_of_kind(TYPE_BOOL),
                        e->u.truth ? "true" : "false");
    case EXPR_NOTHING:
        return check_nothing(sc, e);
    case EXPR_PATH:
        return check_path(sc, e);
    case EXPR_CALL:
        return check_call(sc, e);
    case EXPR_BINARY:
        return check_binary(sc, e);
    case EXPR_NOT:
        return check_not(sc, e);
    case EXPR_NEGATE:
        return check_negate(sc, e);
    case EXPR_IF:
        return check_if(sc, e);
    case EXPR_IN:
        return check_in(sc, e);
    case EXPR_BETWEEN:
        return check_between(sc, e);
    case EXPR_IS:
        return check_is(sc, e);
    }
    return error_expr(sc, e);
}

struct texpr *
check_condition(struct scope *sc, const struct expr *e)
{
    struct texpr *t = check_expr(sc, e);

    if (t->type.kind != TYPE_BOOL && t->type.kind != TYPE_ERROR) {
        struct diag *d = diag_add(sc->env->diags, DIAG_NOT_A_CONDITION, e->at,
                                  "expected a condition, this is %s",
                                  type_word(t->type.kind));
        diag_note(d, NOTE_HELP, "compare it: %s = \"…\", or test it: %s is "
                  "empty", source_words(sc->env, e->at),
                  source_words(sc->env, e->at));
        return error_expr(sc, e);
    }
    return t;
}

bool
expr_reads(const struct texpr *e, enum side side)
{
    const targ_vec *args = NULL;

    if (e->kind == TEXPR_PATH)
        return e->u.path->side == side;
    if (e->kind == TEXPR_CALL)
        args = &e->u.call.args;
    if (e->kind == TEXPR_USER)
        args = &e->u.user.args;
    for (size_t i = 0; args != NULL && i < args->n; i++)
        if (args->at[i].kind == TARG_EXPR &&
            expr_reads(args->at[i].expr, side))
            return true;
    return false;
}
