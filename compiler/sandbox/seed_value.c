/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values for made-up records: the words of seed_words.def where they suit the
 * field's rule, else something that its code table or type allows.
 */
#include "sandbox/seed_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/pdf.h"
#include "sandbox/value.h"

enum { OFTEN = 92, SELDOM = 8 };        /* percent */

/* splitmix64 */
uint64_t
seed_random(struct growing *g, uint64_t below)
{
    uint64_t z = (g->state += 0x9e3779b97f4a7c15u);

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return below == 0 ? 0 : z % below;
}

/* --- numbers of records --- */

static uint64_t
first_number(const char *what, const struct site *site)
{
    uint64_t first = strcmp(what, "product") == 0   ? 2000000
                     : strcmp(what, "order") == 0   ? 3000000
                     : strcmp(what, "contact") == 0 ? 4000000
                                                    : 1000000;

    /* Systems number apart, so that the records of both are different ones. */
    return site->protocol == SITE_ODATA ? first + 4000000 : first;
}

static const char *
key_word(const struct kind *k)
{
    struct seed_node node = { .name = k->name };
    const hop_vec *hops;

    if (k->keys.n == 0)
        return "";
    if (k->path.n > 2)
        node.name = k->path.at[k->path.n - 1]->name;
    hops = &k->keys.at[k->keys.n - 1];
    if (hops->n > 1)
        node.name = hops->at[hops->n - 2].member->name;
    const char *word = seed_word(&node, hops->at[hops->n - 1].member->name);
    return word == NULL ? "" : word;
}

/* Which records have such numbers as keys? Own ones rather than those of the
 * other system, which will be here, too. */
static void
find_pool(struct growing *g, const char *what, struct seed_pool *out)
{
    const char *word = arena_printf(g->arena, "{%s}", what);
    const struct site *found = NULL;
    int64_t n = 0;

    for (size_t i = 0; i < g->model->sites.n; i++) {
        const struct site *site = g->model->sites.at[i];

        for (size_t k = 0; k < site->kinds.n; k++) {
            int64_t count;

            if (!site->kinds.at[k]->used ||
                strcmp(key_word(site->kinds.at[k]), word) != 0)
                continue;
            count = sb_store_count(g->store, site->kinds.at[k]->number);
            if (count > 0 && (found == NULL || site == g->kind->site)) {
                found = site;
                n = count;
            }
        }
    }
    out->first = first_number(what, found == NULL ? g->kind->site : found);
    out->n = (uint64_t)n;
}

/* The number of some record that is there, for a reference to it. */
static uint64_t
some_number(struct growing *g, const char *what)
{
    static const char *const names[] = { "account", "product", "order" };
    size_t i = 0;

    while (i + 1 < sizeof names / sizeof names[0] &&
           strcmp(names[i], what) != 0)
        i++;
    if (g->pools[i].what == NULL) {
        find_pool(g, names[i], &g->pools[i]);
        g->pools[i].what = names[i];
    }
    return g->pools[i].first + (g->pools[i].n == 0
                                    ? g->number
                                    : seed_random(g, g->pools[i].n));
}

/* --- words --- */

static const char *
one_of(struct growing *g, const char *const *list, size_t n)
{
    return list[seed_random(g, n)];
}

#define ONE_OF(g, list) one_of(g, list, sizeof(list) / sizeof(list)[0])

static const char *
a_word(struct growing *g, const char *name)
{
    static const char *const trades[] = {
        "Maschinenbau", "Anlagenbau", "Werkzeug", "Handel", "Metallbau",
        "Logistik", "Elektro", "Chemie"
    };
    static const char *const forms[] = { "GmbH", "AG", "KG", "e.K." };
    static const char *const first[] = {
        "Erika", "Max", "Paula", "Jürgen", "Änne", "Otto", "Ida", "Emil"
    };
    static const char *const last[] = {
        "Muster", "Mustermann", "Beispiel", "Probst", "Testmann", "Müster"
    };
    static const char *const things[] = {
        "Förderband", "Rollenbahn", "Kettenzug", "Antrieb", "Pumpe", "Ventil"
    };
    static const char *const sizes[] = { "1 m", "3 m", "400 mm", "Größe 2" };

    if (strcmp(name, "trade") == 0)
        return ONE_OF(g, trades);
    if (strcmp(name, "form") == 0)
        return ONE_OF(g, forms);
    if (strcmp(name, "first") == 0)
        return ONE_OF(g, first);
    if (strcmp(name, "last") == 0)
        return ONE_OF(g, last);
    if (strcmp(name, "thing") == 0)
        return ONE_OF(g, things);
    return strcmp(name, "size") == 0 ? ONE_OF(g, sizes) : "";
}

static const char *
a_postal_code(struct growing *g)
{
    unsigned long n = (unsigned long)seed_random(g, 9000);

    /* Germany's have five digits, those of its neighbours here four. */
    return arena_printf(g->arena,
                        strcmp(g->country, "DE") == 0 ? "7%04lu" : "%04lu",
                        strcmp(g->country, "DE") == 0 ? n : 1000 + n % 8000);
}

static const char *
a_day(struct growing *g, const char *form)
{
    unsigned month = 1 + (unsigned)(g->number % 12);
    unsigned day = 1 + (unsigned)(g->number / 12 % 28);

    return arena_printf(g->arena, strcmp(form, "ymd") == 0
                                      ? "2026%02u%02u" : "2026-%02u-%02u",
                        month, day);
}

static const char *
a_number(struct growing *g, const char *name, const struct seed_field *f,
         unsigned row)
{
    struct arena *a = g->arena;
    unsigned long n = (unsigned long)g->number;

    if (strcmp(name, "n") == 0)
        return arena_printf(a, "%lu", n + 1);
    if (strcmp(name, "n6") == 0)
        return arena_printf(a, "%06lu", n + 1);
    if (strcmp(name, "row") == 0)
        return arena_printf(a, "%u", row + 1);
    if (strcmp(name, "item") == 0)
        return arena_printf(a, "%u", 10 * (row + 1));
    if (strcmp(name, "contact") == 0)
        return arena_printf(a, "%" PRIu64,
                            first_number(name, g->kind->site) +
                                g->number * 10 + row);
    if (strcmp(name, "amount") == 0)
        return arena_printf(a, "%u.%02u", (unsigned)seed_random(g, 9000) + 1,
                            (unsigned)seed_random(g, 100));
    if (strcmp(name, "weight") == 0)
        return arena_printf(a, "%u.500", (unsigned)seed_random(g, 400) + 1);
    if (strcmp(name, "quantity") == 0)
        return arena_printf(a, "%u.000", (unsigned)seed_random(g, 50) + 1);
    return arena_printf(a, "%" PRIu64,
                        f->key ? first_number(name, g->kind->site) + g->number
                               : some_number(g, name));
}

static const char *
placeholder(struct growing *g, const char *name, const struct seed_field *f,
            unsigned row)
{
    static const char *const words[] = {
        "trade", "form", "first", "last", "thing", "size"
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], name) == 0)
            return a_word(g, name);
    if (strcmp(name, "country") == 0)
        return g->country;
    if (strcmp(name, "state") == 0)
        return "";
    if (strcmp(name, "postal") == 0)
        return a_postal_code(g);
    if (strcmp(name, "ymd") == 0 || strcmp(name, "iso") == 0)
        return a_day(g, name);
    return a_number(g, name, f, row);
}

/* One text of the word: those parted by the sign that it uses. */
static const char *
choose(struct growing *g, const char *word, size_t length, unsigned row,
       size_t *n)
{
    char sign = memchr(word, ';', length) != NULL ? ';' : '|';
    size_t count = 1, wanted;
    const char *end = word + length, *stop;

    for (const char *p = word; p < end; p++)
        count += *p == sign;
    wanted = sign == ';' ? row % count : seed_random(g, count);
    while (wanted-- > 0)
        word = (const char *)memchr(word, sign, (size_t)(end - word)) + 1;
    stop = memchr(word, sign, (size_t)(end - word));
    *n = (size_t)((stop == NULL ? end : stop) - word);
    return word;
}

static const char *
expand(struct growing *g, const char *p, size_t n, const struct seed_field *f,
       unsigned row)
{
    const char *end = p + n;
    struct buf out;

    buf_init(&out, g->arena);
    while (p < end) {
        const char *close = *p == '{' ? memchr(p, '}', (size_t)(end - p))
                                      : NULL;

        if (close == NULL) {
            buf_char(&out, *p++);
            continue;
        }
        buf_text(&out, placeholder(g,
                                   arena_copy(g->arena, p + 1,
                                              (size_t)(close - p - 1)),
                                   f, row));
        p = close + 1;
    }
    return out.at;
}

/* --- code tables --- */

static bool
goes_over(const struct growing *g, const struct seed_field *f,
          const struct tcode *c)
{
    enum arrow way = f->column == LEFT ? ARROW_RIGHT : ARROW_LEFT;

    return (c->arrow == ARROW_BOTH || c->arrow == way) &&
           (c->context == NULL || strcmp(c->context, g->country) == 0);
}

static const char *
own(const struct seed_field *f, const struct tcode *c)
{
    return f->column == LEFT ? c->left : c->right;
}

static const char *
a_code(struct growing *g, const struct seed_field *f, const char *wanted)
{
    size_t n = 0, at;

    for (size_t i = 0; i < f->codes->rows.n; i++) {
        const struct tcode *c = &f->codes->rows.at[i];

        if (!goes_over(g, f, c))
            continue;
        n++;
        if (strcmp(own(f, c), wanted) == 0)
            return wanted;
    }
    at = (size_t)seed_random(g, n);
    for (size_t i = 0; n > 0 && i < f->codes->rows.n; i++)
        if (goes_over(g, f, &f->codes->rows.at[i]) && at-- == 0)
            return own(f, &f->codes->rows.at[i]);
    return "";
}

/* --- values --- */

static bool
only_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static const char *
pad(struct growing *g, const struct seed_field *f, const char *text)
{
    size_t n = strlen(text);

    if (!only_digits(text) || n >= f->zeros)
        return text;
    return arena_printf(g->arena, "%0*d%s", (int)(f->zeros - n), 0, text);
}

static const char *
cut(struct growing *g, const char *text, uint32_t most)
{
    const char *p = text;
    uint32_t n = 0;

    if (most == UNBOUNDED)
        return text;
    for (; *p != '\0'; p++)
        if (((unsigned char)*p & 0xc0) != 0x80 && ++n > most)
            break;
    while (p > text && p[-1] == ' ')
        p--;
    return arena_copy(g->arena, text, (size_t)(p - text));
}

/* Where numbers of this system begin, if there is room to keep them apart. */
static uint64_t
own_range(const struct growing *g, const struct type *t)
{
    uint64_t i = 0;

    while (i < g->model->sites.n && g->model->sites.at[i] != g->kind->site)
        i++;
    return t->max_chars != UNBOUNDED && t->max_chars < 8 ? 0 : i * 1000000;
}

/* A page with the record's number, as base64. */
static const char *
a_file(struct growing *g)
{
    const char *const lines[] = {
        "Muster AG (made up by mapc sandbox)", "",
        arena_printf(g->arena, "%s %" PRIu64, g->kind->name, g->number + 1)
    };
    struct buf pdf, text;

    buf_init(&pdf, g->arena);
    buf_init(&text, g->arena);
    sb_pdf(&pdf, lines, 3, g->bytes);
    sb_base64(&text, pdf.at, pdf.n);
    return arena_copy(g->arena, text.at, text.n);
}

/* Something of the field's type, where the schema or a map asks for it. */
static const char *
anything(struct growing *g, const struct seed_field *f, unsigned row)
{
    const struct type *t = &f->member->type;

    if (t->values.n > 0)
        return t->values.at[seed_random(g, t->values.n)];
    switch (t->kind) {
    case TYPE_NUMBER:
        return arena_printf(g->arena, "%u", row + 1);
    case TYPE_DATE:
        return a_day(g, "iso");
    case TYPE_DATETIME:
        return arena_printf(g->arena, "%sT00:00:00Z", a_day(g, "iso"));
    case TYPE_TEXT:
        if (f->key)
            return arena_printf(g->arena, "%" PRIu64,
                                own_range(g, t) + g->number + 1);
        if (t->digits_only || t->max_chars < 12)
            return arena_printf(g->arena, "%u", row + 1);
        return arena_printf(g->arena, "Muster %" PRIu64, g->number + 1);
    case TYPE_BINARY:
        return a_file(g);
    case TYPE_ERROR: case TYPE_BOOL: case TYPE_TIME: case TYPE_GUID:
        break;
    }
    return "";
}

static const char *
text_of(struct growing *g, const struct seed_node *node,
        const struct seed_field *f, unsigned row)
{
    const char *word = f->word, *text = "";
    const char *flaw = word == NULL || node->each || node->selector != NULL
                           ? NULL
                           : strchr(word, '!');
    /* Regions, postal codes and tax numbers mean nothing without it. */
    bool country = word != NULL && strncmp(word, "{country}", 9) == 0;
    bool must = f->key || f->match || f->needed || country;
    size_t n;

    if (flaw != NULL && g->flawed) {
        g->flawed = false;
        return cut(g, expand(g, flaw + 1, strlen(flaw + 1), f, row),
                   f->member->type.max_chars);
    }

    /* Of several fields that may hold the key, one with a word does. */
    if (word == NULL && f->key && g->kind->keys.n > 1)
        return "";
    if (word != NULL && *word == '=') {
        word++;
        must = true;
    }
    if (!must && seed_random(g, 100) >= (word != NULL ? OFTEN : SELDOM))
        return "";
    if (word != NULL) {
        word = choose(g, word, strcspn(word, "!"), row, &n);
        text = expand(g, word, n, f, row);
    }
    if (f->codes != NULL)
        return a_code(g, f, text);
    if (word == NULL && must)
        text = anything(g, f, row);
    return pad(g, f, cut(g, text, f->most));
}

json_t *
seed_value(struct growing *g, const struct seed_node *node,
           const struct seed_field *f, unsigned row)
{
    const char *text = text_of(g, node, f, row);
    const struct member *m = f->member;

    if (*text == '\0')
        return NULL;
    if (g->kind->site->protocol == SITE_ODATA && m->wire == WIRE_BOOL)
        return json_boolean(strcmp(text, "true") == 0);
    if (g->kind->site->protocol == SITE_ODATA && m->wire == WIRE_NUMBER)
        return json_integer(strtoll(text, NULL, 10));
    return json_string(text);
}
