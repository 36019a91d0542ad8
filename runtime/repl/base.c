/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agreed state as bytes and back. Rules stand there by the hash of their
 * text and of the lists around them, so that a map may change: rules keep their
 * state wherever they move to, and that of rules that went is left out. Bytes
 * are in the machine's own order, as the store is the machine's own.
 */
#include "repl/base.h"

#include <stdlib.h>

#include "mr/lookup.h"

/* Version 2 said of kept values not what they are: all were BASE_VALUE. */
enum { VERSION = 3, WITHOUT_WHAT = 2, CELLS_MAX = 1 << 26 };

/* Most cells were agreed at one time, in the order of the rules, and many hold
 * nothing: what a cell has in common with the one before it, and one hash that
 * is common, is not written again. */
enum flag {
    FROM_RIGHT = 1, HASHES_EQUAL = 2, SAME_ROW = 4, SAME_TIME = 8,
    NAME_STEP = 16,             /* names further than the one before: a byte */
    COMMON_LEFT = 32, COMMON_RIGHT = 64,
    MORE_FLAGS = 128            /* a second byte of them */
};

enum more_flag {
    BEFORE_LEFT = 1, BEFORE_RIGHT = 2, JOINED = 4, MORE = 8, AGAIN = 16
};

/* What the cell before it was. */
struct run {
    uint64_t row, common;
    uint32_t at;
    uint16_t name;
};

static const uint64_t name_seed = 0x9fb21c651e98df25;

/* The names of a map's rules and then of its levels; made once a context. */
struct names {
    struct mr_kept kept;
    const struct mr_repl *repl;
    uint32_t n;
    uint32_t hash[];
};

static void
release_names(struct mr_cx *cx, struct mr_kept *kept)
{
    mr_resize(cx, kept, 0);
}

static uint64_t
hash_of(const char *text, uint64_t outer)
{
    return mr_hash(text, (uint32_t)strlen(text), name_seed ^ (outer << 1));
}

static uint64_t
level_name(const struct mr_repl *repl, uint32_t level)
{
    uint64_t h = 0;

    /* An outer level has a lower index; the map is its own. */
    for (uint32_t l = level; l != 0; l = repl->levels[l].outer)
        h = hash_of(repl->levels[l].name, h);
    return h;
}

static const struct names *
names_of(struct mr_cx *cx, const struct mr_repl *repl)
{
    uint32_t n = (uint32_t)repl->n_rules + repl->n_levels;
    struct names *names;

    for (struct mr_kept *k = cx->kept; k != NULL; k = k->next) {
        names = (struct names *)(void *)k;
        if (k->release == release_names && names->repl == repl)
            return names;
    }
    names = mr_resize(cx, NULL, sizeof *names + n * sizeof names->hash[0]);
    if (names == NULL)
        return NULL;
    names->repl = repl;
    names->n = n;
    for (uint32_t i = 0; i < repl->n_rules; i++)
        names->hash[i] = (uint32_t)hash_of(repl->rules[i].rule,
                                           level_name(repl,
                                                      repl->rules[i].level));
    for (uint32_t i = 0; i < repl->n_levels; i++)
        names->hash[repl->n_rules + i] = (uint32_t)level_name(repl, i);
    names->kept.release = release_names;
    names->kept.name = "names of rules";
    names->kept.next = cx->kept;
    cx->kept = &names->kept;
    return names;
}

/* --- finding --- */

static int
order(uint64_t row, unsigned rule, uint64_t row2, unsigned rule2)
{
    if (row != row2)
        return row < row2 ? -1 : 1;
    return rule < rule2 ? -1 : rule > rule2;
}

const struct base_cell *
base_find(const struct base *b, int rule, uint64_t row)
{
    size_t low = 0, high = b == NULL ? 0 : b->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct base_cell *c = &b->cells[mid];

        if (order(c->row, c->rule, row, (unsigned)rule) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (b == NULL || low == b->n || b->cells[low].row != row ||
        b->cells[low].rule != rule)
        return NULL;
    return &b->cells[low];
}

const struct base_cell *
base_sent(const struct base *b, int rule, uint64_t row, int side,
          uint64_t hash)
{
    const struct base_cell *c = base_find(b, rule, row);

    for (; c != NULL && c < b->cells + b->n && c->row == row &&
           c->rule == rule; c++)
        if (c->hash[side] == hash)
            return c;
    return NULL;
}

int
base_kept_order(const struct base_kept *a, const struct base_kept *b)
{
    int o = order(a->row, a->rule, b->row, b->rule);

    return o != 0 ? o : a->what - b->what;
}

const struct base_kept *
base_kept_find(const struct base *b, int rule, uint64_t row,
               enum base_what what)
{
    const struct base_kept of = { .row = row, .rule = (uint16_t)rule,
                                  .what = (uint8_t)what };
    size_t low = 0, high = b == NULL ? 0 : b->n_kept;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (base_kept_order(&b->kept[mid], &of) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (b == NULL || low == b->n_kept ||
        base_kept_order(&b->kept[low], &of) != 0)
        return NULL;
    return &b->kept[low];
}

const char *
base_kept_open(struct mr_cx *cx, const struct store_keys *keys,
               const struct base_kept *k, size_t *n)
{
    struct mr_error error = cx->error;
    unsigned char *p;

    if (k == NULL)
        return NULL;
    p = mr_alloc(cx, k->sealed.n + 1);
    if (p == NULL)
        return NULL;
    if (seal_open(cx, keys, k->sealed.p, k->sealed.n, p, n) == MR_OK)
        return (const char *)p;
    /* Sealed under another key: as if it were not known. */
    cx->error = error;
    return NULL;
}

/* --- packing --- */

struct pack {
    char *p;
};

static void
put(struct pack *w, const void *p, size_t n)
{
    memcpy(w->p, p, n);
    w->p += n;
}

static uint16_t
name_index(const struct mr_repl *repl, unsigned rule)
{
    return (uint16_t)(rule < BASE_ROW ? rule : repl->n_rules + rule -
                                               BASE_ROW);
}

/* The hash that most cells of the left have, if most have the same. */
static uint64_t
common_hash(const struct base *b)
{
    uint64_t hash = 0;
    size_t votes = 0;

    for (size_t i = 0; i < b->n; i++) {
        if (votes == 0)
            hash = b->cells[i].hash[0];
        votes += hash == b->cells[i].hash[0] ? 1 : (size_t)-1;
    }
    return hash;
}

static uint8_t
flags_of(const struct base_cell *c, uint16_t name, const struct run *run)
{
    bool equal = c->hash[0] == c->hash[1];
    int flags = (c->from == MR_RIGHT ? FROM_RIGHT : 0) |
                (equal ? HASHES_EQUAL : 0) |
                (c->row == run->row ? SAME_ROW : 0) |
                (c->at == run->at ? SAME_TIME : 0) |
                (name >= run->name && name - run->name <= UINT8_MAX
                     ? NAME_STEP : 0) |
                (c->hash[0] == run->common ? COMMON_LEFT : 0) |
                (!equal && c->hash[1] == run->common ? COMMON_RIGHT : 0);

    return (uint8_t)flags;
}

static uint8_t
more_flags_of(const struct base_cell *c)
{
    int flags = (c->before[0] != 0 ? BEFORE_LEFT : 0) |
                (c->before[1] != 0 ? BEFORE_RIGHT : 0) |
                (c->joined ? JOINED : 0) | (c->more != 0 ? MORE : 0) |
                (c->again != 0 ? AGAIN : 0);

    return (uint8_t)flags;
}

static void
put_cell(struct pack *w, const struct mr_repl *repl, const struct base_cell *c,
         struct run *run)
{
    uint16_t name = name_index(repl, c->rule);
    uint8_t flags = flags_of(c, name, run), more = more_flags_of(c);
    uint8_t step = (uint8_t)(name - run->name);

    flags |= more != 0 ? MORE_FLAGS : 0;
    put(w, &flags, 1);
    if (more != 0)
        put(w, &more, 1);
    if ((flags & NAME_STEP) != 0)
        put(w, &step, 1);
    else
        put(w, &name, 2);
    if ((flags & SAME_TIME) == 0)
        put(w, &c->at, 4);
    if ((flags & SAME_ROW) == 0)
        put(w, &c->row, 8);
    if ((flags & COMMON_LEFT) == 0)
        put(w, &c->hash[0], 8);
    if ((flags & (HASHES_EQUAL | COMMON_RIGHT)) == 0)
        put(w, &c->hash[1], 8);
    for (int s = 0; s < 2; s++)
        if (c->before[s] != 0)
            put(w, &c->before[s], 8);
    if (c->more != 0)
        put(w, &c->more, 1);
    if (c->again != 0)
        put(w, &c->again, 1);
    run->row = c->row;
    run->at = c->at;
    run->name = name;
}

static void
put_kept(struct pack *w, const struct mr_repl *repl, const struct base_kept *k)
{
    uint16_t name = name_index(repl, k->rule);
    uint32_t n = (uint32_t)k->sealed.n;

    put(w, &k->row, 8);
    put(w, &name, 2);
    put(w, &k->what, 1);
    put(w, &n, 4);
    put(w, k->sealed.p, n);
}

static size_t
packed_size(const struct base *b, size_t n_names)
{
    /* A cell at its largest: flags, name, time, row, four hashes, more,
     * again. */
    size_t n = 1 + 2 + 4 * n_names + 8 + 4 + 4 +
               b->n * (2 + 2 + 4 + 8 + 32 + 1 + 1);

    for (size_t i = 0; i < b->n_kept; i++)
        n += 8 + 2 + 1 + 4 + b->kept[i].sealed.n;
    return n;
}

enum mr_status
base_pack(struct mr_cx *cx, const struct mr_repl *repl, const struct base *b,
          struct mr_bytes *out)
{
    const struct names *names = names_of(cx, repl);
    uint8_t version = VERSION;
    uint16_t n_names;
    uint32_t n;
    struct run run = { .common = common_hash(b) };
    struct pack w;
    char *start;

    if (names == NULL || b->n > CELLS_MAX || b->n_kept > CELLS_MAX)
        return names == NULL ? MR_EMEMORY
                             : mr_fail(cx, MR_ELIMIT, "the record has more "
                                       "rows than can be agreed on");
    start = mr_alloc(cx, packed_size(b, names->n));
    if (start == NULL)
        return cx->error.status;
    w.p = start;
    n_names = (uint16_t)names->n;
    put(&w, &version, 1);
    put(&w, &n_names, 2);
    put(&w, names->hash, 4 * (size_t)n_names);
    n = (uint32_t)b->n;
    put(&w, &n, 4);
    put(&w, &run.common, 8);
    for (size_t i = 0; i < b->n; i++)
        put_cell(&w, repl, &b->cells[i], &run);
    n = (uint32_t)b->n_kept;
    put(&w, &n, 4);
    for (size_t i = 0; i < b->n_kept; i++)
        put_kept(&w, repl, &b->kept[i]);
    out->p = start;
    out->n = (size_t)(w.p - start);
    return MR_OK;
}

/* --- unpacking --- */

enum { NO_RULE = 0xffff };

struct unpack {
    struct mr_cx *cx;
    const char *p, *end;
    bool bad;
    uint16_t *rules;            /* by name: index of the rule, or NO_RULE */
    uint32_t n_names;
    bool same;                  /* the map is as it was */
    bool whats;                 /* kept values say what they are */
};

static void
get(struct unpack *r, void *to, size_t n)
{
    if ((size_t)(r->end - r->p) < n) {
        r->bad = true;
        memset(to, 0, n);
        return;
    }
    memcpy(to, r->p, n);
    r->p += n;
}

static enum mr_status
damaged(struct unpack *r)
{
    return mr_fail(r->cx, MR_EFORMAT, "the agreed state of a link is damaged");
}

static uint16_t
rule_of(const struct mr_repl *repl, uint32_t index)
{
    return (uint16_t)(index < repl->n_rules ? index
                                            : BASE_ROW + index -
                                              repl->n_rules);
}

/* Which rule of today has each name. */
static enum mr_status
read_names(struct unpack *r, const struct mr_repl *repl,
           const struct names *names)
{
    uint16_t n = 0;
    const char *at;

    get(r, &n, 2);
    at = r->p;
    if (r->bad || (size_t)(r->end - r->p) < 4 * (size_t)n)
        return damaged(r);
    r->p += 4 * (size_t)n;
    r->n_names = n;
    r->rules = mr_alloc(r->cx, n * sizeof *r->rules);
    if (r->rules == NULL)
        return r->cx->error.status;
    r->same = n == names->n && memcmp(at, names->hash, 4 * (size_t)n) == 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t hash, k = i;

        memcpy(&hash, at + 4 * (size_t)i, 4);
        if (!r->same)
            for (k = 0; k < names->n && names->hash[k] != hash; k++)
                ;
        r->rules[i] = k < names->n ? rule_of(repl, k) : NO_RULE;
    }
    return MR_OK;
}

static uint16_t
rule_named(struct unpack *r, uint32_t name)
{
    if (name >= r->n_names) {
        r->bad = true;
        return NO_RULE;
    }
    return r->rules[name];
}

static void
get_name(struct unpack *r, bool is_step, struct run *run)
{
    uint8_t step = 0;

    if (is_step) {
        get(r, &step, 1);
        /* Too large a name stays too large. */
        run->name = run->name > UINT16_MAX - step
                        ? UINT16_MAX : (uint16_t)(run->name + step);
    } else {
        get(r, &run->name, 2);
    }
}

static void
get_hashes(struct unpack *r, uint8_t flags, uint64_t common,
           struct base_cell *c)
{
    c->hash[0] = common;
    if ((flags & COMMON_LEFT) == 0)
        get(r, &c->hash[0], 8);
    c->hash[1] = (flags & HASHES_EQUAL) != 0 ? c->hash[0] : common;
    if ((flags & (HASHES_EQUAL | COMMON_RIGHT)) == 0)
        get(r, &c->hash[1], 8);
}

static void
get_cell(struct unpack *r, struct base_cell *c, struct run *run)
{
    uint8_t flags = 0, more = 0;

    get(r, &flags, 1);
    if ((flags & MORE_FLAGS) != 0)
        get(r, &more, 1);
    memset(c, 0, sizeof *c);
    get_name(r, (flags & NAME_STEP) != 0, run);
    c->rule = rule_named(r, run->name);
    c->from = (flags & FROM_RIGHT) != 0 ? MR_RIGHT : MR_LEFT;
    c->joined = (more & JOINED) != 0;
    if ((flags & SAME_TIME) == 0)
        get(r, &run->at, 4);
    if ((flags & SAME_ROW) == 0)
        get(r, &run->row, 8);
    c->at = run->at;
    c->row = run->row;
    get_hashes(r, flags, run->common, c);
    if ((more & BEFORE_LEFT) != 0)
        get(r, &c->before[0], 8);
    if ((more & BEFORE_RIGHT) != 0)
        get(r, &c->before[1], 8);
    if ((more & MORE) != 0)
        get(r, &c->more, 1);
    if ((more & AGAIN) != 0)
        get(r, &c->again, 1);
}

static enum mr_status
read_cells(struct unpack *r, struct base *out)
{
    struct base_cell *cells;
    struct run run = { .row = 0 };
    uint32_t n = 0;

    get(r, &n, 4);
    get(r, &run.common, 8);
    /* The smallest cell takes 2 bytes. */
    if (r->bad || n > (size_t)(r->end - r->p) / 2)
        return damaged(r);
    cells = mr_alloc(r->cx, n * sizeof *cells);
    if (cells == NULL)
        return r->cx->error.status;
    out->cells = cells;
    for (uint32_t i = 0; i < n && !r->bad; i++) {
        get_cell(r, &cells[out->n], &run);
        out->n += cells[out->n].rule != NO_RULE;
    }
    return r->bad ? damaged(r) : MR_OK;
}

static enum mr_status
read_kept(struct unpack *r, struct base *out)
{
    struct base_kept *kept;
    uint32_t n = 0;

    get(r, &n, 4);
    if (r->bad || n > (size_t)(r->end - r->p) / 14)
        return damaged(r);
    kept = mr_alloc(r->cx, n * sizeof *kept);
    if (kept == NULL)
        return r->cx->error.status;
    out->kept = kept;
    for (uint32_t i = 0; i < n && !r->bad; i++) {
        struct base_kept *k = &kept[out->n_kept];
        uint32_t size = 0;
        uint16_t name = 0;

        get(r, &k->row, 8);
        get(r, &name, 2);
        k->rule = rule_named(r, name);
        k->what = BASE_VALUE;
        if (r->whats)
            get(r, &k->what, 1);
        get(r, &size, 4);
        if (k->what > BASE_RIGHT_PART || size > (size_t)(r->end - r->p))
            return damaged(r);
        k->sealed.p = r->p;
        k->sealed.n = size;
        r->p += size;
        out->n_kept += k->rule != NO_RULE;
    }
    return r->bad || r->p != r->end ? damaged(r) : MR_OK;
}

static int
compare_cells(const void *a, const void *b)
{
    const struct base_cell *x = a, *y = b;
    int o = order(x->row, x->rule, y->row, y->rule);

    return o != 0 ? o : x->more - y->more;
}

static int
compare_kept(const void *a, const void *b)
{
    return base_kept_order(a, b);
}

enum mr_status
base_unpack(struct mr_cx *cx, const struct mr_repl *repl, struct mr_bytes in,
            struct base *out)
{
    const struct names *names = names_of(cx, repl);
    struct unpack r = { .cx = cx, .p = in.p, .end = in.p };
    uint8_t version = 0;
    enum mr_status st;

    memset(out, 0, sizeof *out);
    if (names == NULL)
        return MR_EMEMORY;
    if (in.n == 0)
        return MR_OK;
    r.end += in.n;
    get(&r, &version, 1);
    r.whats = version == VERSION;
    if (version != VERSION && version != WITHOUT_WHAT)
        return mr_fail(cx, MR_EFORMAT, "the agreed state of a link is of "
                       "version %d, not %d", version, VERSION);
    st = read_names(&r, repl, names);
    if (st == MR_OK)
        st = read_cells(&r, out);
    if (st == MR_OK)
        st = read_kept(&r, out);
    if (st != MR_OK)
        return st;
    /* Rules of a changed map stand in another order. Cells that are packed are
     * in theirs; the check costs less than trusting the store. */
    for (size_t i = 1; i < out->n; i++)
        if (compare_cells(&out->cells[i - 1], &out->cells[i]) > 0) {
            qsort((void *)(uintptr_t)out->cells, out->n, sizeof *out->cells,
                  compare_cells);
            break;
        }
    if (out->n_kept > 1)
        qsort((void *)(uintptr_t)out->kept, out->n_kept, sizeof *out->kept,
              compare_kept);
    return MR_OK;
}
