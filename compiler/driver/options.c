/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of one command. */
#include "driver/options.h"

#include <stdio.h>
#include <string.h>

#include "base/names.h"

static const struct option *
closest_option(const char *arg, const struct option *options, size_t n)
{
    const struct option *best = NULL;
    int limit = 30;

    for (size_t i = 0; i < n; i++) {
        int d = name_distance(arg, options[i].name, limit);

        if (d <= limit) {
            best = &options[i];
            limit = d - 1;
        }
    }
    return best;
}

/* The option that arg names; `value` is what stands behind its `=`. */
static const struct option *
find_option(const char *arg, const struct option *options, size_t n,
            const char **value)
{
    const char *equals = strchr(arg, '=');
    size_t length = equals == NULL ? strlen(arg) : (size_t)(equals - arg);

    for (size_t i = 0; i < n; i++) {
        const struct option *o = &options[i];

        if (strlen(o->name) == length && strncmp(o->name, arg, length) == 0) {
            *value = equals == NULL ? NULL : equals + 1;
            return o;
        }
        if (o->letter != NULL && strcmp(o->letter, arg) == 0) {
            *value = NULL;
            return o;
        }
        if (o->letter != NULL && o->kind != OPTION_FLAG && arg[1] != '-' &&
            strncmp(o->letter, arg, 2) == 0 && arg[2] != '\0') {
            *value = arg + 2;
            return o;
        }
    }
    return NULL;
}

static bool
unknown_option(const char *command, const char *arg,
               const struct option *options, size_t n)
{
    const struct option *near = closest_option(arg, options, n);

    fprintf(stderr, "mapc %s: there is no option %s", command, arg);
    if (near != NULL)
        fprintf(stderr, "; did you mean %s?", near->name);
    fprintf(stderr, "\nTry `mapc %s --help`.\n", command);
    return false;
}

static bool
take(struct arena *a, const char *command, const struct option *o,
     const char *value)
{
    if (o->kind == OPTION_FLAG) {
        if (value != NULL) {
            fprintf(stderr, "mapc %s: %s takes no value\n", command, o->name);
            return false;
        }
        *o->flag = true;
    } else if (o->kind == OPTION_VALUE) {
        *o->value = value;
    } else {
        vec_push(a, o->list, value);
    }
    return true;
}

bool
options_parse(struct arena *a, const char *command, int argc, char **argv,
              const struct option *options, size_t n, text_vec *files)
{
    bool only_files = false;

    for (int i = 0; i < argc; i++) {
        const char *value = NULL;

        if (only_files || argv[i][0] != '-' || argv[i][1] == '\0') {
            vec_push(a, files, argv[i]);
            continue;
        }
        if (strcmp(argv[i], "--") == 0) {
            only_files = true;
            continue;
        }
        const struct option *o = find_option(argv[i], options, n, &value);
        if (o == NULL)
            return unknown_option(command, argv[i], options, n);
        if (o->kind != OPTION_FLAG && value == NULL) {
            if (i + 1 == argc) {
                fprintf(stderr, "mapc %s: %s needs a value\n", command,
                        argv[i]);
                return false;
            }
            value = argv[++i];
        }
        if (!take(a, command, o, value))
            return false;
    }
    return true;
}

void
options_help(const struct option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char left[64];

        snprintf(left, sizeof left, "%s%s%s%s%s",
                 options[i].letter == NULL ? "" : options[i].letter,
                 options[i].letter == NULL ? "" : ", ", options[i].name,
                 options[i].value_name == NULL ? "" : " ",
                 options[i].value_name == NULL ? "" : options[i].value_name);
        printf("  %-26s %s\n", left, options[i].help);
    }
}
