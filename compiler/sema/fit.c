/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a value fits the field it is stored in, and what the map says should
 * happen when it doesn't. */
#include "sema/rules.h"

static const struct member *
source_member(const struct flow *f)
{
    const struct trule *r = f->rule;
    enum side from = f->to == RIGHT ? LEFT : RIGHT;

    return r->fields[from].n == 0 ? NULL : tpath_member(r->fields[from].at[0]);
}

static void
note_both(struct flow *f, struct diag *d, const struct tpath *target,
          const struct type *value)
{
    struct env *env = f->sc->env;
    enum side from = f->to == RIGHT ? LEFT : RIGHT;
    const struct member *m = source_member(f);

    if (m != NULL)
        note_member(env, d, f->rule->fields[from].at[0]->text,
                    f->sc->map->systems[from], m);
    if (m == NULL || f->chain->links.n > 0)
        diag_note(d, NOTE_FACT, "arrives as: %s", describe(env, value));
    note_member(env, d, target->text, f->sc->map->systems[f->to],
                tpath_member(target));
}

static const char *
arriving(const struct flow *f)
{
    enum side from = f->to == RIGHT ? LEFT : RIGHT;
    const struct trule *r = f->rule;

    if (r->fields[from].n > 0)
        return r->fields[from].at[0]->text;
    return "this value";
}

/* What turns values of the left type into such of the right one. */
static const char *
conversion(const struct type *left, const struct type *right)
{
    static const struct {
        enum type_kind left, right;
        const char *chain;
    } ways[] = {
        { TYPE_NUMBER, TYPE_TEXT, "number_text" },
        { TYPE_TEXT, TYPE_NUMBER, "number" },
        { TYPE_BOOL, TYPE_TEXT, "flag(\"X\")" },
        { TYPE_TEXT, TYPE_BOOL, "reverse flag(\"X\")" },
        { TYPE_DATE, TYPE_TEXT, "date(\"yyyymmdd\")" },
        { TYPE_TEXT, TYPE_DATE, "reverse date(\"yyyymmdd\")" },
        { TYPE_TIME, TYPE_TEXT, "time(\"hhmmss\")" },
        { TYPE_TEXT, TYPE_TIME, "reverse time(\"hhmmss\")" },
        { TYPE_DATETIME, TYPE_DATE, "date_of" },
        { TYPE_DATE, TYPE_DATETIME, "reverse date_of" },
        { TYPE_GUID, TYPE_TEXT, "guid" },
        { TYPE_TEXT, TYPE_GUID, "reverse guid" },
    };
    enum { MOMENT = 14 };       /* digits of a date with time */

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (ways[i].left == left->kind && ways[i].right == right->kind)
            return ways[i].chain;
    if (left->kind == TYPE_DATETIME && right->kind == TYPE_TEXT)
        return right->max_chars != UNBOUNDED && right->max_chars < MOMENT
                   ? "date_of, date(\"yyyymmdd\")"
                   : "datetime(\"yyyymmddhhmmss\")";
    if (left->kind == TYPE_TEXT && right->kind == TYPE_DATETIME)
        return left->max_chars != UNBOUNDED && left->max_chars < MOMENT
                   ? "reverse date(\"yyyymmdd\"), reverse date_of"
                   : "reverse datetime(\"yyyymmddhhmmss\")";
    return NULL;
}

static void
report_kinds(struct flow *f, const struct tpath *target,
             const struct type *value)
{
    const struct type *to = &tpath_member(target)->type;
    struct diag *d = diag_add(f->sc->env->diags, DIAG_TYPE_MISMATCH,
                              target->at, to->kind == value->kind
                              ? "one of %s and the %s that arrives has a time "
                                "zone" : "%s is %s, and %s arrives",
                              target->text, type_word(to->kind),
                              type_word(value->kind));

    note_both(f, d, target, value);
    const char *chain = f->to == RIGHT ? conversion(value, to)
                                       : conversion(to, value);
    if (to->kind == value->kind)
        diag_note(d, NOTE_HELP, "say which zone the local time is in: "
                  "zone(\"Europe/Berlin\"), with the local side on the right");
    else if (chain != NULL)
        diag_note(d, NOTE_HELP, "convert it: %s", chain);
    else
        diag_note(d, NOTE_HELP, "`mapc explain stdlib` lists conversions");
}

/* Nothing waits in a call. */
static const char *
fate_that_holds(const struct scope *sc)
{
    return sc->map->call == NULL ? "park" : "reject";
}

static const char *
fates_there_are(const struct scope *sc)
{
    return sc->map->call == NULL
               ? "`else park`, `else keep`, `else reject` or `else` a value"
               : "`else reject`, `else keep` or `else` a value";
}

static void
note_length_help(const struct flow *f, struct diag *d, const struct type *to,
                 const struct type *value)
{
    bool two = f->rule->runs[LEFT] && f->rule->runs[RIGHT];
    uint32_t n = to->max_chars;

    if (value->values.n == 1) {
        diag_note(d, NOTE_HELP, "shorten the text");
        return;
    }
    if (n == UNBOUNDED || (value->max_chars != UNBOUNDED &&
                           value->max_chars <= n)) {
        diag_note(d, NOTE_EXAMPLE, "a value of umlauts only: they take two "
                  "bytes each");
        diag_note(d, NOTE_HELP, "say what happens then: %s",
                  fates_there_are(f->sc));
        return;
    }
    diag_note(d, NOTE_EXAMPLE, "a value of %u characters", n + 1);
    if (two)
        diag_note(d, NOTE_HELP, "say what happens then: max(%u) else %s, "
                  "split(%u) over several fields, or `else …`", n,
                  fate_that_holds(f->sc), n);
    else
        diag_note(d, NOTE_HELP, "say what happens then: max(%u) else %s, "
                  "left(%u), split(%u) over several fields, or `else …`", n,
                  fate_that_holds(f->sc), n, n);
}

static void
report_length(struct flow *f, const struct tpath *target,
              const struct type *value)
{
    struct env *env = f->sc->env;
    const struct type *to = &tpath_member(target)->type;
    struct diag *d;

    if (value->max_chars == UNBOUNDED)
        d = diag_add(env->diags, DIAG_TOO_LONG, target->at,
                     "%s can have any length, %s holds %u characters",
                     arriving(f), target->text, to->max_chars);
    else if (to->max_chars != UNBOUNDED && value->max_chars > to->max_chars)
        d = diag_add(env->diags, DIAG_TOO_LONG, target->at,
                     "%s can have %u characters, %s holds %u", arriving(f),
                     value->max_chars, target->text, to->max_chars);
    else
        d = diag_add(env->diags, DIAG_TOO_LONG, target->at,
                     "%s can take more bytes than the %u that %s holds",
                     arriving(f), to->max_bytes, target->text);
    note_both(f, d, target, value);
    note_length_help(f, d, to, value);
}

static void
report_number(struct flow *f, const struct tpath *target,
              const struct type *value, why_set misfit)
{
    struct env *env = f->sc->env;
    const struct type *to = &tpath_member(target)->type;
    bool precise = (misfit & WHY(TOO_PRECISE)) != 0;
    struct diag *d = diag_add(env->diags, precise ? DIAG_TOO_PRECISE
                              : DIAG_TOO_MANY_DIGITS, target->at, precise
                              ? "%s can have more decimals than %s holds"
                              : "%s can have more digits than %s holds",
                              arriving(f), target->text);

    note_both(f, d, target, value);
    if (precise)
        diag_note(d, NOTE_HELP, "say what happens then: round(%u), scale(%u) "
                  "else %s, or `else …`", to->scale, to->scale,
                  fate_that_holds(f->sc));
    else
        diag_note(d, NOTE_HELP, "say what happens then: %s",
                  fates_there_are(f->sc));
}

static void
report_set(struct flow *f, const struct tpath *target,
           const struct type *value)
{
    struct env *env = f->sc->env;
    const struct type *to = &tpath_member(target)->type;
    bool constant = value->values.n == 1;
    struct diag *d = diag_add(env->diags, DIAG_NOT_IN_SET, target->at,
                              constant ? "%s does not take \"%s\""
                              : "%s takes only certain values%s",
                              target->text,
                              constant ? value->values.at[0] : "");
    struct buf b;

    buf_init(&b, env->arena);
    for (size_t i = 0; i < to->values.n && i < 12; i++)
        buf_printf(&b, "%s\"%s\"", i > 0 ? ", " : "", to->values.at[i]);
    if (to->values.n > 12)
        buf_printf(&b, " and %zu more", to->values.n - 12);
    note_both(f, d, target, value);
    if (to->values.n > 4)       /* more than note_both has shown */
        diag_note(d, NOTE_FACT, "values: %s", b.at);
    diag_note(d, NOTE_HELP, constant ? "write one of them" : "translate with "
              "a code table, or say what happens to others: `else …`");
}

static void
report_misfit(struct flow *f, const struct tpath *target,
              const struct type *value, why_set misfit)
{
    if (misfit & WHY(TOO_LONG))
        report_length(f, target, value);
    else if (misfit & WHY(NOT_IN_SET))
        report_set(f, target, value);
    else
        report_number(f, target, value, misfit);
}

/* A match rule has no words of its own; the map's `else` is for it. */
static bool
in_match(const struct trule *r)
{
    return r->key && r->level->outer != NULL;
}

/* The table whose codes arrive as they are, or NULL. */
static const struct link *
last_codes(const struct flow *f)
{
    size_t n = f->chain->links.n;

    if (n == 0)
        return NULL;
    const struct link *l = &f->chain->links.at[f->to == RIGHT ? n - 1 : 0];
    return l->conv.kind == TCONV_CODES ? l : NULL;
}

/* Rows whose code the target can't hold: no `else` helps a table. */
static void
report_codes(struct flow *f, const struct link *l, const struct tpath *target)
{
    struct env *env = f->sc->env;
    const struct tcodes *codes = l->conv.codes;
    bool right = (f->to == RIGHT) != l->conv.turned;
    struct diag *d = NULL;

    for (size_t i = 0; i < codes->rows.n; i++) {
        const struct tcode *row = &codes->rows.at[i];
        const char *code = right ? row->right : row->left;
        struct type type = type_of_text(env, code);

        if (row->arrow == (right ? ARROW_LEFT : ARROW_RIGHT) ||
            *code == '\0' ||
            type_misfit(&type, &tpath_member(target)->type) == 0)
            continue;
        if (d == NULL)
            d = diag_add(env->diags, DIAG_CODE_UNFIT, l->ast->at,
                         "codes %s gives \"%s\", which %s can't hold",
                         codes->name, code, target->text);
        diag_label(d, row->at, "this row");
    }
    if (d == NULL)
        return;
    note_member(env, d, target->text, f->sc->map->systems[f->to],
                tpath_member(target));
    diag_note(d, NOTE_HELP, "correct the table, or let the row go the other "
              "way only");
}

bool
check_fit(struct flow *f, const struct tpath *target, const struct type *value)
{
    const struct member *m = tpath_member(target);
    why_set misfit = type_misfit(value, &m->type);
    const struct link *codes = last_codes(f);

    if (misfit != 0 && misfit != WHY(NONE) && codes != NULL) {
        report_codes(f, codes, target);
        return true;
    }
    if (misfit == WHY(NONE)) {
        report_kinds(f, target, value);
        return false;
    }
    if (misfit != 0 && f->rule->ast->fate.kind == FATE_NONE &&
        !in_match(f->rule)) {
        report_misfit(f, target, value, misfit);
        return true;
    }
    f->failures |= misfit;
    if (m->type.milliseconds && value->kind == TYPE_DATETIME &&
        !value->milliseconds)
        f->failures |= WHY(TOO_PRECISE);
    if (m->required && value->nullable)
        f->failures |= WHY(REQUIRED);
    return true;
}

void
check_handled(struct scope *sc, const struct flow *f)
{
    /* A reference that is not there yet waits; that needs no words. */
    why_set open = f->failures & ~WHY(UNKNOWN_REF);

    if (open == 0 || f->rule->ast->fate.kind != FATE_NONE ||
        sc->map->fate.kind != FATE_NONE || f->rule->unhandled)
        return;
    if (f->at_fault != NULL && f->at_fault->conv.kind == TCONV_CODES &&
        f->at_fault->conv.codes->fate.kind != FATE_NONE)
        return;
    const struct env *env = sc->env;
    f->rule->unhandled = true;      /* one `else` serves both ways */
    struct diag *d = diag_add(env->diags, DIAG_UNHANDLED, f->at_fault != NULL
                              ? f->at_fault->ast->at : f->rule->at,
                              "nothing says what happens when this fails on "
                              "the way to %s", sc->map->systems[f->to]->name);
    diag_label_here(d, "%s", failure_words(sc->env, open));
    for (enum side s = LEFT; s <= RIGHT; s++)
        for (size_t i = 0; i < f->rule->fields[s].n; i++)
            note_member(sc->env, d, f->rule->fields[s].at[i]->text,
                        sc->map->systems[s],
                        tpath_member(f->rule->fields[s].at[i]));
    diag_note(d, NOTE_HELP, "add %s to the rule, or once to the %s",
              fates_there_are(sc), sc->map->call == NULL ? "map" : "block");
}
