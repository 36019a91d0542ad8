/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of the program: options from a table, names with a suggestion. */
#include "host/host.h"

#include <stdlib.h>

/* Edits between two names, for short names; large where they are long. */
static unsigned
distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    unsigned row[LONGEST + 1];
    size_t n = strlen(a), m = strlen(b);

    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (size_t k = 0; k <= m; k++)
        row[k] = (unsigned)k;
    for (size_t i = 1; i <= n; i++) {
        unsigned corner = row[0];

        row[0] = (unsigned)i;
        for (size_t k = 1; k <= m; k++) {
            unsigned same = corner + ((a[i - 1] | 32) != (b[k - 1] | 32));
            unsigned best = row[k] < row[k - 1] ? row[k] + 1 : row[k - 1] + 1;

            corner = row[k];
            row[k] = same < best ? same : best;
        }
    }
    return row[m];
}

const char *
host_closest(const char *wrong, const char *const *names, size_t n)
{
    const char *best = NULL;
    unsigned limit = (unsigned)strlen(wrong) / 3 + 1;

    for (size_t i = 0; i < n; i++) {
        unsigned d = distance(wrong, names[i]);

        if (d <= limit) {
            best = names[i];
            if (d == 0)
                return best;
            limit = d - 1;
        }
    }
    return best;
}

static const struct host_option *
find_option(const char *arg, const struct host_option *options, size_t n)
{
    size_t len = strcspn(arg, "=");

    for (size_t i = 0; i < n; i++) {
        if (strlen(options[i].name) == len &&
            memcmp(options[i].name, arg, len) == 0)
            return &options[i];
        if (options[i].letter != NULL && strcmp(options[i].letter, arg) == 0)
            return &options[i];
    }
    return NULL;
}

static bool
unknown_option(const struct host *h, const char *command, const char *arg,
               const struct host_option *options, size_t n)
{
    const char *names[32];
    const char *best;

    for (size_t i = 0; i < n && i < 32; i++)
        names[i] = options[i].name;
    best = host_closest(arg, names, n < 32 ? n : 32);
    fprintf(stderr, "%s %s: there is no option %s", h->name, command, arg);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputc('\n', stderr);
    return false;
}

/* Takes the option at argv[*i] and, where it has one, its value. */
static bool
take_option(const struct host *h, const char *command, int argc, char **argv,
            int *i, const struct host_option *o)
{
    const char *equals = strchr(argv[*i], '=');

    if (o->flag != NULL && equals != NULL) {
        fprintf(stderr, "%s %s: %s takes no value\n", h->name, command,
                o->name);
        return false;
    }
    if (o->flag != NULL) {
        *o->flag = true;
        return true;
    }
    if (equals == NULL && *i + 1 >= argc) {
        fprintf(stderr, "%s %s: %s needs a value\n", h->name, command,
                o->name);
        return false;
    }
    *o->value = equals != NULL ? equals + 1 : argv[++*i];
    return true;
}

bool
host_args(const struct host *h, const char *command, int argc, char **argv,
          const struct host_option *options, size_t n_options,
          const char **words, size_t room, size_t *n)
{
    bool ended = false;

    *n = 0;
    for (int i = 0; i < argc; i++) {
        const struct host_option *o;

        if (!ended && strcmp(argv[i], "--") == 0) {
            ended = true;
            continue;
        }
        if (!ended && argv[i][0] == '-' && argv[i][1] != '\0') {
            o = find_option(argv[i], options, n_options);
            if (o == NULL)
                return unknown_option(h, command, argv[i], options, n_options);
            if (!take_option(h, command, argc, argv, &i, o))
                return false;
            continue;
        }
        if (*n == room) {
            fprintf(stderr, "%s %s: what is %s for?\n", h->name, command,
                    argv[i]);
            return false;
        }
        words[(*n)++] = argv[i];
    }
    return true;
}

bool
host_number(const struct host *h, const char *option, const char *text,
            uint64_t most, uint64_t *out)
{
    uint64_t value = 0;
    const char *p = text;

    for (; *p >= '0' && *p <= '9' && value <= most / 10; p++)
        value = value * 10 + (uint64_t)(*p - '0');
    if (p == text || *p != '\0' || value > most) {
        fprintf(stderr, "%s: %s takes a whole number up to %llu, not %s\n",
                h->name, option, (unsigned long long)most, text);
        return false;
    }
    *out = value;
    return true;
}
