/* SPDX-License-Identifier: Apache-2.0 */
/* The command about: what this program is and what it was made from. */
#include "host/host.h"

static void
json_pair(const char *name, const char *value, const char *after)
{
    host_json_text(stdout, name);
    putchar(':');
    host_json_text(stdout, value);
    fputs(after, stdout);
}

static void
about_json(const struct mr_program *p)
{
    putchar('{');
    json_pair("deployment", p->deployment, ",");
    json_pair("compiler", p->compiler, ",");
    fputs("\"maps\":[", stdout);
    for (uint16_t i = 0; i < p->n_maps; i++) {
        const struct mr_map *m = p->maps[i];

        fputs(i == 0 ? "{" : ",{", stdout);
        json_pair("name", m->name, ",");
        json_pair("between", m->title, ",");
        json_pair("left", m->left, ",");
        json_pair("right", m->right, ",");
        printf("\"to_right\":%s,\"to_left\":%s}",
               m->to_right != NULL ? "true" : "false",
               m->to_left != NULL ? "true" : "false");
    }
    fputs("],\"sources\":[", stdout);
    for (uint16_t i = 0; i < p->n_sources; i++) {
        fputs(i == 0 ? "{" : ",{", stdout);
        json_pair("name", p->sources[i].name, ",");
        printf("\"hash\":\"%016llx\"}",
               (unsigned long long)p->sources[i].hash);
    }
    printf("],\"tests\":%u}\n", p->n_tests);
}

static void
about_text(const struct mr_program *p)
{
    printf("%s, made by %s\n", p->deployment, p->compiler);
    fputs("\nmaps\n", stdout);
    for (uint16_t i = 0; i < p->n_maps; i++) {
        const struct mr_map *m = p->maps[i];
        const char *arrow = m->to_left == NULL    ? "->"
                            : m->to_right == NULL ? "<-"
                                                  : "<->";

        printf("  %-20s %s %s %s  (%s)\n", m->name, m->left, arrow, m->right,
               m->title);
    }
    fputs("\nmade from\n", stdout);
    for (uint16_t i = 0; i < p->n_sources; i++)
        printf("  %016llx  %s\n", (unsigned long long)p->sources[i].hash,
               p->sources[i].name);
    printf("\n%u tests\n", p->n_tests);
}

int
host_about(const struct host *h, int argc, char **argv)
{
    bool json = false, help = false;
    const struct host_option options[] = {
        { "--json", NULL, &json, NULL },
        { "--help", "-h", &help, NULL },
    };
    size_t n;

    if (!host_args(h, "about", argc, argv, options, 2, NULL, 0, &n))
        return HOST_USAGE;
    if (help)
        printf("usage: %s about [--json]\n\nSays what this program was made "
               "from: maps, tables and schemas with their hashes.\n", h->name);
    else if (json)
        about_json(h->program);
    else
        about_text(h->program);
    return HOST_OK;
}
