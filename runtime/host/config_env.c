/* SPDX-License-Identifier: Apache-2.0 */
/* Settings from the environment: MAPC_SYSTEMS_ERP_URL is systems.erp.url. A
 * variable that looks like one and is none is an error, as a wrong key is. */
#include "host/config.h"

#include <stdlib.h>

extern char **environ;

/* Objects of settings; other variables of ours have no such word in front. */
enum { FAMILIES_MAX = 16 };

/* Letters upper case; what can't stand in a variable's name is "_". */
static void
env_case(char *p)
{
    for (; *p != '\0'; p++) {
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
        else if (!(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9'))
            *p = '_';
    }
}

char *
config_env_name(struct config *c, const struct config_system *system,
                const struct setting *s)
{
    char *name = system != NULL
                     ? config_text(c, "MAPC_systems.%s.%s", system->name,
                                   s->path)
                     : config_text(c, "MAPC_%s", s->path);

    if (name != NULL)
        env_case(name);
    return name;
}

struct names {
    const char **list;
    size_t n, room;
};

static void
take(struct config *c, struct names *names, struct config_system *system,
     const struct setting *s)
{
    const char *name = config_env_name(c, system, s);
    const char *value, *file = c->file;

    if (name == NULL)
        return;
    if (names->n < names->room)
        names->list[names->n++] = name;
    value = getenv(name);
    if (value == NULL)
        return;
    /* What is wrong with it is wrong in the variable, not in the file. */
    c->file = name;
    config_set(c, system, s, value);
    c->file = file;
}

/* The first words of all settings, upper case; how many. */
static size_t
find_families(struct config *c, const char **families)
{
    size_t n = 0;

    families[n++] = "SYSTEMS";
    for (size_t i = 0; i < config_n_settings && n < FAMILIES_MAX; i++) {
        const char *path = config_settings[i].path;
        char *word = config_text(c, "%.*s", (int)strcspn(path, "."), path);

        if (word == NULL)
            break;
        env_case(word);
        if (strcmp(word, families[n - 1]) != 0)
            families[n++] = word;
    }
    return n;
}

/* MAPC_LIMITS_…, and MAPC_LIMIT_…, which is meant for one. */
static bool
looks_like_setting(struct config *c, const char *variable,
                   const char *const *families, size_t n)
{
    const char *start = variable + sizeof "MAPC_" - 1;
    size_t len = strcspn(start, "_=");
    char *word;

    if (strncmp(variable, "MAPC_", sizeof "MAPC_" - 1) != 0 ||
        start[len] != '_' || len == 0)
        return false;
    word = config_text(c, "%.*s", (int)len, start);
    return word != NULL && host_closest(word, families, n) != NULL;
}

static void
refuse_unknown(struct config *c, const struct names *names)
{
    const char *families[FAMILIES_MAX];
    size_t n_families = find_families(c, families);

    for (char **e = environ; *e != NULL; e++) {
        size_t n = strcspn(*e, "=");
        const char *best;
        char *name;
        bool known = false;

        if (!looks_like_setting(c, *e, families, n_families))
            continue;
        name = config_text(c, "%.*s", (int)n, *e);
        if (name == NULL)
            return;
        for (size_t i = 0; i < names->n && !known; i++)
            known = strcmp(names->list[i], name) == 0;
        if (known)
            continue;
        best = host_closest(name, names->list, names->n);
        config_wrong(c, NULL, "", "the environment has %s, which is no "
                     "setting%s%s%s", name, best ? "; did you mean " : "",
                     best ? best : "", best ? "?" : "");
    }
}

void
config_environment(struct config *c)
{
    struct names names = { NULL, 0, 0 };

    names.room = config_n_settings + c->n_systems * config_n_system_settings;
    names.list = mr_alloc(&c->cx, names.room * sizeof *names.list);
    if (names.list == NULL) {
        config_wrong(c, NULL, "", "memory ran out");
        return;
    }
    for (size_t i = 0; i < config_n_settings; i++)
        take(c, &names, NULL, &config_settings[i]);
    for (size_t k = 0; k < c->n_systems; k++)
        for (size_t i = 0; i < config_n_system_settings; i++)
            take(c, &names, &c->systems[k], &config_system_settings[i]);
    refuse_unknown(c, &names);
}
