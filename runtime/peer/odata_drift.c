/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changed in a service since the program was compiled, of what its rules
 * rely on. Each rule that relies on a changed property is named, with what
 * happens; a change that can't harm it is not.
 */
#include "peer/odata_drift.h"

#include <stdarg.h>

#include "peer/odata_metadata.h"

enum { DEEPEST = 8, CLASSES = 8 };

enum change {
    GONE, TYPE_CHANGED, KEY_CHANGED, NARROWER, REQUIRED, NOT_CREATABLE,
    NOT_UPDATABLE, WIDER
};

static const struct {
    const char *kind, *one, *many;  /* as members of the sum */
    bool breaks;
} changes[CLASSES] = {
    [GONE] = { "gone", "is gone", "are gone", true },
    [TYPE_CHANGED] = { "type", "has another type", "have another type", true },
    [KEY_CHANGED] = { "key", "key changed", "keys changed", true },
    [NARROWER] = { "narrower", "holds less", "hold less", true },
    [REQUIRED] = { "required", "is required now", "are required now", true },
    [NOT_CREATABLE] = { "not creatable", "is not creatable any more",
                        "are not creatable any more", true },
    [NOT_UPDATABLE] = { "not updatable", "is not updatable any more",
                        "are not updatable any more", true },
    [WIDER] = { "wider", "may be widened", "may be widened", false }
};

struct drift {
    const struct peer_report *to;
    struct op_bytes text;
    const struct mr_relied *r;
    struct op_bytes types[DEEPEST];     /* the type, what it stands on */
    size_t n_types;
    size_t used, counts[CLASSES];
    bool breaks;
};

/* --- looking --- */

/* A type with those that it stands on. false: it is gone. */
static bool
find_types(struct drift *d)
{
    struct mr_val base;
    char name[200];

    d->n_types = 0;
    snprintf(name, sizeof name, "%s", d->r->type);
    while (d->n_types < DEEPEST &&
           metadata_entity(d->text, name, &d->types[d->n_types], &base)) {
        d->n_types++;
        if (base.state != MR_HERE)
            break;
        snprintf(name, sizeof name, "%.*s", (int)base.n, base.p);
    }
    return d->n_types > 0;
}

static bool
find_member(const struct drift *d, const char *name,
            struct metadata_member *out)
{
    for (size_t i = 0; i < d->n_types; i++)
        if (metadata_member(d->types[i], name, out))
            return true;
    return false;
}

static bool
is_key(const struct drift *d, const char *name)
{
    for (size_t i = 0; i < d->n_types; i++)
        if (metadata_is_key(d->types[i], name))
            return true;
    return false;
}

/* --- telling --- */

static void
tell(struct drift *d, enum change change, const char *at, const char *rule,
     const char *field, const char *text)
{
    struct peer_drift out = { changes[change].kind, changes[change].breaks,
                              at, rule, field, text };

    d->breaks |= out.breaks;
    d->to->drift(d->to->arg, &out);
}

/* To whom a change of a property matters. */
enum whom { READERS, WRITERS, ALL };

static void __attribute__((format(printf, 5, 6)))
report(struct drift *d, enum change change, const struct mr_fact *f,
       enum whom whom, const char *fmt, ...)
{
    char field[300], text[400];
    va_list args;
    bool told = false;

    snprintf(field, sizeof field, "%s.%s", d->r->type, f->name);
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    for (uint16_t i = 0; i < f->n_uses; i++) {
        const struct mr_fact_use *u = &f->uses[i];

        if ((whom == READERS && !u->read) || (whom == WRITERS && !u->written))
            continue;
        tell(d, change, u->at, u->rule, field, text);
        told = true;
    }
    d->counts[change] += told;
}

/* --- one property --- */

static void
compare_length(struct drift *d, const struct mr_fact *f,
               const struct metadata_member *m)
{
    if (m->max == f->max_chars)
        return;
    if (m->max != 0 && (f->max_chars == 0 || m->max < f->max_chars)) {
        if (f->max_chars == 0)
            report(d, NARROWER, f, WRITERS, "holds %u characters now, as many "
                   "as you like when this was compiled: the service refuses "
                   "longer values", (unsigned)m->max);
        else
            report(d, NARROWER, f, WRITERS, "holds %u characters now, %u when "
                   "this was compiled: the service refuses longer values",
                   (unsigned)m->max, (unsigned)f->max_chars);
        return;
    }
    if (m->max == 0)
        report(d, WIDER, f, ALL, "holds any number of characters now, the "
               "program counts on %u: longer values that come meet the fate "
               "of the rule", (unsigned)f->max_chars);
    else
        report(d, WIDER, f, ALL, "holds %u characters now, the program counts "
               "on %u: longer values that come meet the fate of the rule",
               (unsigned)m->max, (unsigned)f->max_chars);
}

static void
compare_digits(struct drift *d, const struct mr_fact *f,
               const struct metadata_member *m)
{
    uint32_t whole = (uint32_t)f->precision - f->scale;
    uint32_t whole_now = m->precision - m->scale;
    bool less;

    if (f->precision == 0 || m->precision == 0 || m->scale > m->precision ||
        (m->precision == f->precision && m->scale == f->scale))
        return;
    less = whole_now < whole || m->scale < f->scale;
    if (less)
        report(d, NARROWER, f, WRITERS, "has %u digits now, %u behind the "
               "point (%u and %u when this was compiled): the service refuses "
               "or rounds what does not fit", (unsigned)m->precision,
               (unsigned)m->scale, f->precision, f->scale);
    if (whole_now > whole || m->scale > f->scale)
        report(d, WIDER, f, READERS, "has %u digits now, %u behind the point; "
               "the program counts on %u and %u", (unsigned)m->precision,
               (unsigned)m->scale, f->precision, f->scale);
}

static void
compare_rights(struct drift *d, const struct mr_fact *f,
               const struct metadata_member *m)
{
    if (f->creatable && !m->creatable && d->r->created)
        report(d, NOT_CREATABLE, f, WRITERS, "can't be given any more when a "
               "record is made: the service refuses or drops it");
    if (f->updatable && !m->updatable && d->r->updated)
        report(d, NOT_UPDATABLE, f, WRITERS, "can't be changed any more: the "
               "service refuses or drops it");
    if (f->nullable && !m->nullable && !m->given && m->creatable &&
        d->r->created)
        report(d, REQUIRED, f, WRITERS, "must not be empty any more: a record "
               "without it is refused");
    if (!f->nullable && m->nullable)
        report(d, WIDER, f, READERS, "may be empty now");
}

static void
compare_fact(struct drift *d, const struct mr_fact *f)
{
    struct metadata_member m;

    if (!find_member(d, f->name, &m)) {
        report(d, GONE, f, ALL, "is gone: the service refuses requests that "
               "name it");
        return;
    }
    d->used += m.type.state == MR_HERE;
    if ((f->type == NULL) != (m.type.state != MR_HERE) ||
        (f->type != NULL && (m.type.n != strlen(f->type) ||
                             memcmp(m.type.p, f->type, m.type.n) != 0))) {
        report(d, TYPE_CHANGED, f, ALL, "is %.*s now, it was %s: its values "
               "look different", m.type.state == MR_HERE ? (int)m.type.n : 12,
               m.type.state == MR_HERE ? m.type.p : "a navigation",
               f->type != NULL ? f->type : "a navigation");
        return;
    }
    if (f->key != is_key(d, f->name))
        report(d, KEY_CHANGED, f, ALL, f->key
                   ? "is no part of the key any more: records are found by it"
                   : "is part of the key now: records are not found without "
                     "it");
    if (f->type == NULL)
        return;
    compare_length(d, f, &m);
    compare_digits(d, f, &m);
    compare_rights(d, f, &m);
}

/* --- one type --- */

/* Was it so, or is it told where its rules are told what changed? */
static bool
is_known(const struct drift *d, struct mr_val name)
{
    for (uint16_t i = 0; i < d->r->n_facts; i++) {
        const struct mr_fact *f = &d->r->facts[i];

        if (strlen(f->name) != name.n || memcmp(f->name, name.p, name.n) != 0)
            continue;
        for (uint16_t k = 0; k < f->n_uses; k++)
            if (f->uses[k].written)
                return true;
    }
    for (const char *const *q = d->r->required; *q != NULL; q++)
        if (strlen(*q) == name.n && memcmp(*q, name.p, name.n) == 0)
            return true;
    return false;
}

/* Properties that no rule writes and that a new record must have now. */
static void
find_required(struct drift *d)
{
    struct metadata_member m;
    char field[300];

    for (size_t i = 0; i < d->n_types; i++) {
        struct op_bytes rest = d->types[i];

        while (metadata_next(&rest, &m)) {
            if (m.type.state != MR_HERE || m.name.state != MR_HERE ||
                m.nullable || m.given || !m.creatable || is_known(d, m.name))
                continue;
            snprintf(field, sizeof field, "%s.%.*s", d->r->type, (int)m.name.n,
                     m.name.p);
            d->counts[REQUIRED]++;
            tell(d, REQUIRED, d->r->at, d->r->rule, field, "must be given now "
                 "when a record is made, and no rule sets it: new records are "
                 "refused");
        }
    }
}

/* false: there is none any more. */
static bool
compare_set(struct drift *d)
{
    struct metadata_set set;
    const struct mr_relied *r = d->r;

    if (r->set == NULL)
        return true;
    if (!metadata_set(d->text, r->set, &set)) {
        d->counts[GONE]++;
        tell(d, GONE, r->at, r->rule, r->set, "is gone: the service has no "
             "such entity set");
        return false;
    }
    if (r->created && !r->uncreatable && !set.creatable) {
        d->counts[NOT_CREATABLE]++;
        tell(d, NOT_CREATABLE, r->at, r->rule, r->set, "takes no new records "
             "any more");
    }
    if (r->updated && !r->unupdatable && !set.updatable) {
        d->counts[NOT_UPDATABLE]++;
        tell(d, NOT_UPDATABLE, r->at, r->rule, r->set, "lets no record be "
             "changed any more");
    }
    return true;
}

static void
compare_type(struct drift *d)
{
    if (!compare_set(d))
        return;
    if (!find_types(d)) {
        d->counts[GONE]++;
        tell(d, GONE, d->r->at, d->r->rule, d->r->type, "is gone: the service "
             "has no such entity type");
        return;
    }
    for (uint16_t i = 0; i < d->r->n_facts; i++)
        compare_fact(d, &d->r->facts[i]);
    if (d->r->created)
        find_required(d);
}

/* --- all of it --- */

static void
count(const struct drift *d)
{
    char text[600];
    size_t n = 0, sum = 0;

    for (int i = 0; i < CLASSES; i++)
        sum += d->counts[i];
    n = (size_t)snprintf(text, sizeof text, "%zu of %zu fields are used, ",
                         d->used, metadata_count(d->text));
    if (sum == 0)
        snprintf(text + n, sizeof text - n, "all as they were");
    else
        n += (size_t)snprintf(text + n, sizeof text - n, "%zu changed", sum);
    for (int i = 0, k = 0; i < CLASSES && n < sizeof text; i++)
        if (d->counts[i] > 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s %zu %s",
                                  k++ == 0 ? ":" : ",", d->counts[i],
                                  d->counts[i] == 1 ? changes[i].one
                                                    : changes[i].many);
    d->to->line(d->to->arg, true, "$metadata", text);
}

bool
odata_drift(const char *system, struct op_bytes text,
            const struct mr_program *program,
            const struct peer_report *report_to)
{
    struct drift d = { .to = report_to, .text = text };

    for (uint16_t i = 0; i < program->n_relied; i++) {
        d.r = &program->relied[i];
        if (strcmp(d.r->system, system) == 0)
            compare_type(&d);
    }
    count(&d);
    return !d.breaks;
}
