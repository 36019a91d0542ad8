/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which expressions are numbers on their way (struct mr_num) and which values
 * (struct mr_val). A number that one operation makes and the next one takes is
 * never written as text; where one kind stands for the other, a call that
 * changes it is put around.
 */
#include "plan/lower.h"

#include <string.h>

/* The library's functions with numbers. `takes`: a bit for each argument that
 * is one, from the context on. */
struct with_numbers {
    const char *value;          /* as the library names it */
    const char *function;       /* its form for numbers */
    unsigned takes;
    bool gives;
};

enum { FIRST = 1 << 1, BOTH = 1 << 1 | 1 << 2 };

static const struct with_numbers functions[] = {
    { "mr_add", "mr_add", BOTH, true },
    { "mr_sub", "mr_sub", BOTH, true },
    { "mr_mul", "mr_mul", BOTH, true },
    { "mr_div", "mr_div", BOTH, true },
    { "mr_negate", "mr_negate", FIRST, true },
    { "mr_number_eq", "mr_number_eq", BOTH, false },
    { "mr_number_ne", "mr_number_ne", BOTH, false },
    { "mr_number_lt", "mr_number_lt", BOTH, false },
    { "mr_number_le", "mr_number_le", BOTH, false },
    { "mr_number_right", "mr_num_read", 0, true },
    { "mr_number_text_right", "mr_num_write", FIRST, false },
    { "mr_round", "mr_num_round", FIRST, true },
    { "mr_scale", "mr_num_scale", FIRST, true },
    { "mr_quantity", "mr_num_quantity", FIRST, true },
    { "mr_num_text", "mr_num_text", FIRST, false },
};

static const struct with_numbers *
find(const char *function)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].value, function) == 0 ||
            strcmp(functions[i].function, function) == 0)
            return &functions[i];
    return NULL;
}

const char *
number_function(const char *function, bool *gives)
{
    const struct with_numbers *f = find(function);

    *gives = f != NULL && f->gives;
    return f != NULL ? f->function : function;
}

/* Is this a number in canonical form that 64 bits hold? */
static bool
is_short_number(const char *text)
{
    size_t whole = strspn(text, "0123456789"), n = strlen(text);

    if (n > 18 || whole == 0 || (text[0] == '0' && whole > 1))
        return false;
    return whole == n ||
           (text[whole] == '.' && whole + 1 < n &&
            strspn(text + whole + 1, "0123456789") == n - whole - 1);
}

/* mr_text("0.19") => mr_num_quick(19, 2, false); NULL: not such a constant. */
static struct pexpr *
constant(struct lower *lo, const struct pexpr *e)
{
    unsigned long long digits = 0;
    const char *text, *point;
    struct pexpr *made;

    if (e->kind != PEXPR_CALL || strcmp(e->text, "mr_text") != 0 ||
        !is_short_number(e->args.at[0]->text))
        return NULL;
    text = e->args.at[0]->text;
    for (const char *p = text; *p != '\0'; p++)
        if (*p != '.')
            digits = digits * 10 + (unsigned long long)(*p - '0');
    point = strchr(text, '.');
    made = expr_call(lo, "mr_num_quick");
    expr_arg(lo, made, expr_c(lo, "%llu", digits));
    expr_arg(lo, made, expr_c(lo, "%zu",
                              point == NULL ? 0 : strlen(point + 1)));
    expr_arg(lo, made, expr_c(lo, "false"));
    return made;
}

const struct pexpr *
number_fitted(struct lower *lo, const struct pexpr *arg, const char *function,
              size_t index)
{
    const struct with_numbers *f = find(function);
    bool wanted = f != NULL && (f->takes >> index & 1) != 0;
    struct pexpr *made;

    if (arg->number == wanted)
        return arg;
    if (!wanted)
        return number_text(lo, arg);
    made = constant(lo, arg);
    if (made == NULL) {
        made = expr_call(lo, "mr_num_of");
        expr_arg(lo, made, arg);
    }
    made->number = true;
    return made;
}

const struct pexpr *
number_text(struct lower *lo, const struct pexpr *e)
{
    struct pexpr *made;

    if (!e->number)
        return e;
    made = expr_call(lo, "mr_num_text");
    expr_arg(lo, made, expr_c(lo, "cx"));
    expr_arg(lo, made, e);
    return made;
}
