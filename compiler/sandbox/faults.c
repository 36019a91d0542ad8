/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for mishaps: read from JSON, drawn for each request. */
#include "sandbox/faults.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const traffic_names[N_TRAFFIC] = {
    "read", "create", "update", "delete", "batch", "token", "metadata",
    "idoc", "delivery", "call", "bytes"
};

enum doing {
    DO_LATENCY, DO_STATUS, DO_CUT_BEFORE, DO_CUT_MIDDLE, DO_CUT_AFTER, DO_SLOW,
    DO_GARBAGE, DO_SKEW, DO_CSRF, DO_DOWN, DO_DUPLICATE, DO_REORDER, DO_ECHO, N_DOING
};

static const char *const doing_names[N_DOING] = {
    "latency", "status", "cut_before", "cut_middle", "cut_after", "slow", "garbage",
    "skew", "csrf", "down", "duplicate", "reorder", "echo"
};

enum { MOST_RULES = 64 };

struct fault_rule {
    enum doing doing;
    unsigned on;                /* a bit for each kind of traffic */
    double probability;
    int64_t every, times;       /* times: left; -1: no end */
    int64_t seen;
    int64_t ms, random_ms, seconds, bytes_per_second;
    int status, retry_after;
    int64_t until;              /* DO_DOWN: on this clock; 0: no end */
};

struct faults {
    struct fault_rule rules[MOST_RULES];
    size_t n;
    uint64_t state;             /* of the random numbers */
    uint64_t count;
};

struct faults *
faults_new(struct arena *a)
{
    return arena_alloc(a, sizeof(struct faults));
}

void
faults_clear(struct faults *f)
{
    uint64_t count = f->count;

    memset(f, 0, sizeof *f);
    f->count = count;
}

/* splitmix64 */
static uint64_t
draw(struct faults *f)
{
    uint64_t z = (f->state += 0x9e3779b97f4a7c15u);

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int64_t
now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- reading --- */

static const char *
suggestion(struct arena *a, const char *word, const char *const *names,
           size_t n)
{
    const char *best = NULL;
    int limit = 30;

    for (size_t i = 0; i < n; i++) {
        int d = name_distance(word, names[i], limit);

        if (d <= limit) {
            best = names[i];
            limit = d - 1;
        }
    }
    return best == NULL ? "" : arena_printf(a, "; did you mean %s?", best);
}

static const char *
read_on(struct arena *a, const json_t *on, struct fault_rule *rule)
{
    const char *word = json_string_value(on);
    json_t *item;
    size_t i;

    if (on == NULL || (word != NULL && strcmp(word, "any") == 0)) {
        rule->on = ~0u;
        return NULL;
    }
    if (json_is_array(on)) {
        json_array_foreach(on, i, item) {
            const char *wrong = read_on(a, item, rule);

            if (wrong != NULL)
                return wrong;
        }
        return NULL;
    }
    for (i = 0; word != NULL && i < N_TRAFFIC; i++)
        if (strcmp(word, traffic_names[i]) == 0) {
            rule->on |= 1u << i;
            return NULL;
        }
    return arena_printf(a, "\"on\" is \"any\" or a kind of request%s",
                        word == NULL ? "" : suggestion(a, word, traffic_names,
                                                       N_TRAFFIC));
}

/* A number from 0 to `most`. */
static const char *
read_count(struct arena *a, const json_t *rule, const char *name,
           int64_t most, int64_t *out)
{
    const json_t *value = json_object_get(rule, name);

    if (value == NULL)
        return NULL;
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > most)
        return arena_printf(a, "\"%s\" is a number from 0 to %lld", name,
                            (long long)most);
    *out = json_integer_value(value);
    return NULL;
}

static const char *
read_seconds(struct arena *a, const json_t *json, struct fault_rule *rule)
{
    const json_t *value = json_object_get(json, "seconds");

    if (value == NULL)
        return NULL;
    if (!json_is_integer(value) || llabs(json_integer_value(value)) > 1000000)
        return arena_printf(a, "\"seconds\" is a whole number");
    rule->seconds = json_integer_value(value);
    if (rule->doing == DO_DOWN && rule->seconds > 0)
        rule->until = now_ms() + rule->seconds * 1000;
    return NULL;
}

static const char *
read_numbers(struct arena *a, const json_t *json, struct fault_rule *rule)
{
    const json_t *chance = json_object_get(json, "probability");
    int64_t status = 500, retry_after = -1;
    const struct {
        const char *name;
        int64_t most, *out;
    } counts[] = {
        { "every", 1000000000, &rule->every },
        { "times", 1000000000, &rule->times },
        { "ms", 600000, &rule->ms },
        { "random_ms", 600000, &rule->random_ms },
        { "bytes_per_second", 1000000000, &rule->bytes_per_second },
        { "status", 599, &status },
        { "retry_after", 86400, &retry_after },
    };

    rule->times = -1;
    rule->probability = 1;
    if (chance != NULL && (!json_is_number(chance) ||
                           json_number_value(chance) < 0 ||
                           json_number_value(chance) > 1))
        return "\"probability\" is a number from 0 to 1";
    if (chance != NULL)
        rule->probability = json_number_value(chance);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const char *wrong = read_count(a, json, counts[i].name,
                                       counts[i].most, counts[i].out);
        if (wrong != NULL)
            return wrong;
    }
    if (status < 400)
        return "\"status\" is a number from 400 to 599";
    rule->status = (int)status;
    rule->retry_after = (int)retry_after;
    return read_seconds(a, json, rule);
}

static const char *
check_names(struct arena *a, const json_t *json)
{
    static const char *const names[] = {
        "on", "do", "probability", "every", "times", "ms", "random_ms",
        "seconds", "bytes_per_second", "status", "retry_after"
    };
    enum { N = sizeof names / sizeof names[0] };
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)json, name, value) {
        size_t i = 0;

        while (i < N && strcmp(names[i], name) != 0)
            i++;
        if (i == N)
            return arena_printf(a, "a rule has no \"%.40s\"%s", name,
                                suggestion(a, name, names, N));
    }
    return NULL;
}

static const char *
read_rule(struct arena *a, const json_t *json, struct fault_rule *rule)
{
    const char *word, *wrong;
    size_t i = 0;

    memset(rule, 0, sizeof *rule);
    if (!json_is_object(json))
        return "a rule is an object";
    wrong = check_names(a, json);
    if (wrong != NULL)
        return wrong;
    word = json_string_value(json_object_get(json, "do"));
    if (word == NULL)
        return "a rule needs \"do\": what is to go wrong";
    while (i < N_DOING && strcmp(doing_names[i], word) != 0)
        i++;
    if (i == N_DOING)
        return arena_printf(a, "there is no fault \"%.40s\"%s", word,
                            suggestion(a, word, doing_names, N_DOING));
    rule->doing = (enum doing)i;
    wrong = read_on(a, json_object_get(json, "on"), rule);
    return wrong != NULL ? wrong : read_numbers(a, json, rule);
}

const char *
faults_set(struct faults *f, struct arena *a, const json_t *json)
{
    const json_t *rules = json_is_array(json) ? json
                                              : json_object_get(json, "rules");
    const json_t *seed = json_object_get(json, "seed");
    struct fault_rule made[MOST_RULES];
    size_t n = json_array_size(rules);

    if (rules == NULL || !json_is_array(rules))
        return "faults of a system are a list of rules, or an object with "
               "\"rules\"";
    if (n > MOST_RULES)
        return arena_printf(a, "at most %d rules", MOST_RULES);
    for (size_t i = 0; i < n; i++) {
        const char *wrong = read_rule(a, json_array_get(rules, i), &made[i]);

        if (wrong != NULL)
            return arena_printf(a, "rule %zu: %s", i + 1, wrong);
    }
    faults_clear(f);
    if (n > 0)
        memcpy(f->rules, made, n * sizeof *made);
    f->n = n;
    f->state = seed == NULL ? 1 : (uint64_t)json_integer_value(seed);
    return NULL;
}

/* --- drawing --- */

static bool
strikes(struct faults *f, struct fault_rule *r)
{
    if (r->doing == DO_DOWN)
        return r->until == 0 || now_ms() < r->until;
    if (r->times == 0)
        return false;
    r->seen++;
    if (r->every > 0 && r->seen % r->every != 0)
        return false;
    if (r->probability < 1 &&
        (double)(draw(f) >> 11) / 9007199254740992.0 >= r->probability)
        return false;
    if (r->times > 0)
        r->times--;
    return true;
}

static void
put(struct faults *f, const struct fault_rule *r, struct mishap *m)
{
    switch (r->doing) {
    case DO_LATENCY:
        m->delay_ms += r->ms;
        if (r->random_ms > 0)
            m->delay_ms += (int64_t)(draw(f) % (uint64_t)(r->random_ms + 1));
        break;
    case DO_STATUS:
        m->status = r->status;
        m->retry_after = r->retry_after;
        break;
    case DO_CUT_BEFORE: case DO_DOWN:
        m->cut_before = true;
        break;
    case DO_CUT_MIDDLE:
        m->cut_middle = true;
        break;
    case DO_CUT_AFTER:
        m->cut_after = true;
        break;
    case DO_SLOW:
        m->bytes_per_second = r->bytes_per_second;
        break;
    case DO_GARBAGE:
        m->garbage = true;
        break;
    case DO_CSRF:
        m->csrf = true;
        break;
    case DO_DUPLICATE:
        m->duplicate = true;
        break;
    case DO_REORDER:
        m->reorder = true;
        break;
    case DO_SKEW: case DO_ECHO: case N_DOING:
        break;
    }
}

struct mishap
faults_draw(struct faults *f, enum traffic kind, bool inner)
{
    struct mishap m = { .retry_after = -1 };

    for (size_t i = 0; i < f->n; i++) {
        struct fault_rule *r = &f->rules[i];

        if (r->doing == DO_SKEW || r->doing == DO_ECHO)
            continue;
        /* "any" means HTTP requests; a part of a batch has to be named. */
        if (inner && (r->doing != DO_STATUS || r->on == ~0u))
            continue;
        if ((r->on & 1u << kind) != 0 && strikes(f, r)) {
            put(f, r, &m);
            f->count++;
        }
    }
    return m;
}

int64_t
faults_skew(const struct faults *f)
{
    int64_t seconds = 0;

    for (size_t i = 0; i < f->n; i++)
        if (f->rules[i].doing == DO_SKEW)
            seconds += f->rules[i].seconds;
    return seconds;
}

bool
faults_echo(const struct faults *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->rules[i].doing == DO_ECHO)
            return true;
    return false;
}

uint64_t
faults_count(const struct faults *f)
{
    return f->count;
}
