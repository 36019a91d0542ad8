/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments that the commands of replication share. */
#include "host/replication.h"

static void
print_help(const struct host *h, const char *help)
{
    for (const char *p = help; *p != '\0'; p++) {
        if (p[0] == '%' && p[1] == 's') {
            fputs(h->name, stdout);
            p++;
        } else {
            putchar(*p);
        }
    }
    fputs("  -c, --config FILE    the configuration (MAPC_CONFIG, else ",
          stdout);
    printf("%s.json)\n", h->program->deployment);
}

bool
common_args(const struct host *h, const char *command, const char *help,
            int argc, char **argv, const struct host_option *more,
            size_t n_more, struct common_args *a, const char **words,
            size_t room, size_t *n, int *code)
{
    struct host_option options[COMMON_OPTIONS + COMMON_MORE_MAX] = {
        { "--config", "-c", NULL, &a->config },
        { "--format", NULL, NULL, &a->format },
        { "--json", NULL, &a->json, NULL },
        { "--verbose", "-v", &a->verbose, NULL },
        { "--help", "-h", &a->help, NULL },
    };

    memset(a, 0, sizeof *a);
    for (size_t i = 0; i < n_more; i++)
        options[COMMON_OPTIONS + i] = more[i];
    *code = HOST_USAGE;
    if (!host_args(h, command, argc, argv, options, COMMON_OPTIONS + n_more,
                   words, room, n))
        return false;
    if (a->help) {
        print_help(h, help);
        *code = HOST_OK;
        return false;
    }
    if (a->format == NULL)
        return true;
    if (strcmp(a->format, "json") == 0) {
        a->json = true;
        return true;
    }
    if (strcmp(a->format, "text") == 0 && !a->json)
        return true;
    if (a->json) {
        fprintf(stderr, "%s %s: --json and --format %s\n", h->name, command,
                a->format);
        return false;
    }
    fprintf(stderr, "%s %s: --format takes text or json, not %s\n", h->name,
            command, a->format);
    return false;
}

const struct mr_map *
common_map(const struct host *h, const char *command, const char *name)
{
    const char *best = NULL;

    for (uint16_t i = 0; i < h->program->n_maps; i++) {
        const struct mr_map *m = h->program->maps[i];

        if (m->repl == NULL)
            continue;
        if (strcmp(m->name, name) == 0)
            return m;
        if (best == NULL)
            best = host_closest(name, &m->name, 1);
    }
    fprintf(stderr, "%s %s: no map %s is replicated", h->name, command, name);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputc('\n', stderr);
    return NULL;
}

const char *
common_system(const struct mr_map *map, int side)
{
    return side == MR_LEFT ? map->left : map->right;
}

void
common_join_key(const struct mr_map *map, char *key)
{
    for (char *p = key; map->repl->n_keys > 1 && *p != '\0'; p++)
        if (*p == '|')
            *p = 0x1f;
}

const char *
common_key(struct session *s, const struct mr_map *map, const char *text)
{
    char *key = config_text(&s->config, "%s", text);

    if (key != NULL)
        common_join_key(map, key);
    return key;
}
