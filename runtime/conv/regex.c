/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions: PCRE2 over UTF-8, compiled once a context, with limits
 * on effort and memory, so that no value can make a pattern run for long. The
 * only file that knows PCRE2.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "conv/kept.h"
#include "mr/conv.h"

enum {
    MATCH_LIMIT = 200000,       /* steps */
    DEPTH_LIMIT = 2000,
    HEAP_LIMIT = 4096           /* in KiB */
};

struct regex {
    struct mr_kept kept;
    pcre2_general_context *memory;
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

static void *
take(size_t size, void *cx)
{
    return mr_resize(cx, NULL, size > 0 ? size : 1);
}

static void
give_back(void *p, void *cx)
{
    if (p != NULL)
        mr_resize(cx, p, 0);
}

static void
release(struct mr_cx *cx, struct mr_kept *kept)
{
    struct regex *r = (struct regex *)kept;

    pcre2_match_context_free(r->limits);
    pcre2_match_data_free(r->data);
    pcre2_code_free(r->code);
    pcre2_general_context_free(r->memory);
    mr_resize(cx, r, 0);
}

static bool
compile(struct mr_cx *cx, struct regex *r, const char *pattern)
{
    size_t at;
    int error;

    r->memory = pcre2_general_context_create(take, give_back, cx);
    if (r->memory == NULL)
        return false;
    r->limits = pcre2_match_context_create(r->memory);
    pcre2_compile_context *options = pcre2_compile_context_create(r->memory);
    if (r->limits == NULL || options == NULL) {
        pcre2_compile_context_free(options);
        return false;
    }
    pcre2_set_match_limit(r->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(r->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(r->limits, HEAP_LIMIT);
    r->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                            PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &at,
                            options);
    pcre2_compile_context_free(options);
    if (r->code != NULL)
        r->data = pcre2_match_data_create_from_pattern(r->code, r->memory);
    return r->data != NULL;
}

static struct regex *
find(struct mr_cx *cx, const char *pattern)
{
    struct regex *r = (struct regex *)mr_kept_find(cx, release, pattern);

    if (r != NULL)
        return r;
    r = mr_resize(cx, NULL, sizeof *r);
    if (r == NULL)
        return NULL;
    memset(r, 0, sizeof *r);
    if (!compile(cx, r, pattern)) {
        release(cx, &r->kept);
        return NULL;
    }
    mr_kept_add(cx, &r->kept, release, pattern);
    return r;
}

/* Groups found, 0 for no match, -1 for giving up. */
static int
match(struct regex *r, struct mr_val v, uint32_t options)
{
    int found = pcre2_match(r->code, (PCRE2_SPTR)v.p, v.n, 0,
                            options | PCRE2_NO_UTF_CHECK, r->data, r->limits);

    return found == PCRE2_ERROR_NOMATCH ? 0 : found > 0 ? found : -1;
}

struct mr_val
mr_matches(struct mr_cx *cx, struct mr_val v, const char *pattern)
{
    struct mr_val subject = mr_is_here(v) ? v : mr_slice("", 0);
    struct regex *r;
    int found;

    if (v.state == MR_FAILED)
        return v;
    r = find(cx, pattern);
    if (r == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    found = match(r, subject, PCRE2_ANCHORED | PCRE2_ENDANCHORED);
    return mr_step(cx, "matches", found < 0 ? mr_failed(v, MR_WHY_NO_MATCH)
                                            : mr_bool(found > 0));
}

struct mr_val
mr_extract(struct mr_cx *cx, struct mr_val v, const char *pattern)
{
    struct regex *r;
    PCRE2_SIZE *at;
    int found, group;

    if (!mr_is_here(v))
        return v;
    r = find(cx, pattern);
    if (r == NULL)
        return mr_failed(v, MR_WHY_OUT_OF_MEMORY);
    found = match(r, v, 0);
    if (found <= 0)
        return mr_step(cx, "extract", mr_failed(v, MR_WHY_NO_MATCH));
    group = pcre2_get_ovector_count(r->data) > 1 ? 1 : 0;
    at = pcre2_get_ovector_pointer(r->data);
    /* A group that took no part, or \K behind the end: nothing was found. */
    if (at[group * 2] == PCRE2_UNSET || at[group * 2] > at[group * 2 + 1])
        return mr_step(cx, "extract", mr_empty());
    return mr_step(cx, "extract",
                   mr_slice(v.p + at[group * 2],
                            (uint32_t)(at[group * 2 + 1] - at[group * 2])));
}
