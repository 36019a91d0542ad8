/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of the model systems: made, copied, searched, and the values of a
 * rule read and written on either side.
 */
#include "sim/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { SPLIT_AT = 35, ALPHA_DIGITS = 10, CUT_AT = 8 };

static void *
must(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

struct sim_record *
record_new(const struct sim_entity *entity, int id)
{
    struct sim_record *r = must(calloc(1, sizeof *r));

    r->entity = entity;
    r->id = id;
    for (size_t i = 0; i < entity->n_fields; i++)
        if (entity->fields[i].number)
            memcpy(r->values[i], "0", 2);
    return r;
}

struct sim_record *
record_copy(const struct sim_record *r)
{
    struct sim_record *copy = must(malloc(sizeof *copy));

    *copy = *r;
    for (size_t i = 0; i < r->n_rows; i++)
        copy->rows[i] = record_copy(r->rows[i]);
    return copy;
}

void
record_free(struct sim_record *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->n_rows; i++)
        record_free(r->rows[i]);
    free(r);
}

struct sim_record *
record_row(const struct sim_record *r, const char *key)
{
    for (size_t i = 0; i < r->n_rows; i++)
        if (strcmp(r->rows[i]->values[0], key) == 0)
            return r->rows[i];
    return NULL;
}

void
record_add_row(struct sim_record *r, struct sim_record *row)
{
    if (r->n_rows == SIM_ROWS)
        abort();
    r->rows[r->n_rows++] = row;
}

static void
remember_gone(struct sim_record *r, const char *key)
{
    for (size_t i = 0; i < r->n_gone; i++)
        if (strcmp(r->gone[i], key) == 0)
            return;
    if (r->n_gone < SIM_ROWS)
        snprintf(r->gone[r->n_gone++], SIM_TEXT, "%s", key);
}

void
record_remove_row(struct sim_record *r, const struct sim_record *row)
{
    for (size_t i = 0; i < r->n_rows; i++) {
        if (r->rows[i] != row)
            continue;
        remember_gone(r, row->values[0]);
        record_free(r->rows[i]);
        memmove(&r->rows[i], &r->rows[i + 1],
                (r->n_rows - i - 1) * sizeof r->rows[0]);
        r->n_rows--;
        return;
    }
}

/* Zeros in front of digits go. */
static void
without_zeros(const char *in, char out[static SIM_TEXT])
{
    if (in[0] != '\0' && in[strspn(in, "0123456789")] == '\0')
        while (in[0] == '0' && in[1] != '\0')
            in++;
    snprintf(out, SIM_TEXT, "%s", in);
}

static void
with_zeros(const char *in, char out[static SIM_TEXT])
{
    size_t n = strlen(in);

    if (n == 0 || n > ALPHA_DIGITS || in[strspn(in, "0123456789")] != '\0')
        snprintf(out, SIM_TEXT, "%s", in);
    else
        snprintf(out, SIM_TEXT, "%0*d%s", ALPHA_DIGITS - (int)n, 0, in);
    if (n == ALPHA_DIGITS)
        snprintf(out, SIM_TEXT, "%s", in);
}

/* What both sides can see of a text: the first characters, without the ones that
 * fill it up to these. */
static void
seen_of(const char *value, char out[static SIM_TEXT])
{
    size_t n = strlen(value);

    n = n < CUT_AT ? n : CUT_AT;
    while (n > 0 && value[n - 1] == '.')
        n--;
    snprintf(out, SIM_TEXT, "%.*s", (int)n, value);
}

bool
rule_is_whole(const struct sim_rule *rule, const struct sim_record *left)
{
    const char *value = left->values[rule->field[MR_LEFT]];
    char seen[SIM_TEXT];

    seen_of(value, seen);
    return seen[0] != 'l' ||
           (strlen(value) > CUT_AT && strcmp(value + CUT_AT, seen) == 0);
}

void
rule_get(const struct sim_rule *rule, int side, const struct sim_record *r,
         char out[static SIM_TEXT])
{
    const char *value = r->values[rule->field[side]];

    if (rule->conv == CONV_CUT)
        seen_of(value, out);
    else if (side == MR_LEFT || rule->conv == CONV_SAME)
        snprintf(out, SIM_TEXT, "%s", value);
    else if (rule->conv == CONV_ALPHA)
        without_zeros(value, out);
    else
        /* Names have no blanks here, so the parts are cut after 35. */
        snprintf(out, SIM_TEXT, "%.39s%.39s", value,
                 r->values[rule->field[side] + 1]);
}

void
rule_set(const struct sim_rule *rule, int side, struct sim_record *r,
         const char *left)
{
    char *value = r->values[rule->field[side]];

    if (rule->conv == CONV_CUT && side == MR_LEFT && left[0] == 'l') {
        size_t n = strlen(left) < CUT_AT ? strlen(left) : CUT_AT;

        snprintf(value, SIM_TEXT, "%.*s%.*s%s", CUT_AT, left,
                 (int)(CUT_AT - n), "........", left);
    } else if (side == MR_LEFT || rule->conv == CONV_SAME ||
               rule->conv == CONV_CUT) {
        snprintf(value, SIM_TEXT, "%s", left);
    } else if (rule->conv == CONV_ALPHA) {
        with_zeros(left, value);
    } else {
        size_t n = strlen(left);

        snprintf(value, SIM_TEXT, "%.*s", SPLIT_AT, left);
        snprintf(r->values[rule->field[side] + 1], SIM_TEXT, "%s",
                 n > SPLIT_AT ? left + SPLIT_AT : "");
    }
}

void
key_text(const struct sim_map *map, int side, int number,
         char out[static SIM_TEXT])
{
    char digits[SIM_TEXT];

    snprintf(digits, sizeof digits, "%d", number);
    if (side == MR_RIGHT && map->key == CONV_ALPHA)
        with_zeros(digits, out);
    else
        snprintf(out, SIM_TEXT, "%s", digits);
}

static void
make_room(struct sim_text *t, size_t n)
{
    if (t->room - t->n > n)
        return;
    t->room = (t->room + n + 64) * 2;
    t->p = must(realloc(t->p, t->room));
}

void
text_put(struct sim_text *t, const char *s)
{
    size_t n = strlen(s);

    make_room(t, n);
    memcpy(t->p + t->n, s, n + 1);
    t->n += n;
}

void
text_add(struct sim_text *t, const char *fmt, ...)
{
    va_list args;
    int n;

    make_room(t, 200);
    va_start(args, fmt);
    n = vsnprintf(t->p + t->n, t->room - t->n, fmt, args);
    va_end(args);
    if (n < 0)
        abort();
    if ((size_t)n >= t->room - t->n) {
        make_room(t, (size_t)n);
        va_start(args, fmt);
        vsnprintf(t->p + t->n, t->room - t->n, fmt, args);
        va_end(args);
    }
    t->n += (size_t)n;
}

void
text_free(struct sim_text *t)
{
    free(t->p);
    *t = (struct sim_text){ NULL, 0, 0 };
}
