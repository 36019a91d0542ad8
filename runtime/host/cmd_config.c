/* SPDX-License-Identifier: Apache-2.0 */
/* The command config: a template, the schema, what is in force. */
#include "host/config.h"
#include "host/replication.h"

static const char help_text[] =
    "usage: %s config template [--all]\n"
    "       %s config schema\n"
    "       %s config show [--config FILE]\n"
    "\n"
    "template  prints a configuration to begin with; --all: with every setting\n"
    "schema    prints the JSON Schema of configurations\n"
    "show      prints what is in force: the file with what the environment\n"
    "          replaces. Secrets stay references.\n"
    "\n"
    "Each setting can come from the environment: MAPC_SYSTEMS_ERP_URL is\n"
    "systems.erp.url, MAPC_LIMITS_QUEUE is limits.queue.\n";

static int
print_template(const struct host *h, bool all)
{
    struct config c;
    bool good = config_begin(h, &c);

    if (good)
        config_print_template(&c, all);
    config_done(&c);
    return good ? HOST_OK : HOST_INTERNAL;
}

static int
show(const struct host *h, const char *file)
{
    struct config c;
    bool good = config_read(h, &c, file);

    if (good)
        config_print(&c);
    config_done(&c);
    return good ? HOST_OK : HOST_USAGE;
}

int
host_config(const struct host *h, int argc, char **argv)
{
    bool help = false, all = false;
    const char *file = NULL, *word = NULL;
    const struct host_option options[] = {
        { "--config", "-c", NULL, &file },
        { "--all", NULL, &all, NULL },
        { "--help", "-h", &help, NULL },
    };
    const char *const words[] = { "template", "schema", "show" };
    const char *best;
    size_t n;

    if (!host_args(h, "config", argc, argv, options, 3, &word, 1, &n))
        return HOST_USAGE;
    if (help) {
        printf(help_text, h->name, h->name, h->name);
        return HOST_OK;
    }
    if (n == 1 && strcmp(word, "template") == 0)
        return print_template(h, all);
    if (n == 1 && strcmp(word, "show") == 0)
        return show(h, file);
    if (n == 1 && strcmp(word, "schema") == 0) {
        config_print_schema();
        return HOST_OK;
    }
    best = n == 1 ? host_closest(word, words, 3) : NULL;
    fprintf(stderr, "%s config: say template, schema or show", h->name);
    if (best != NULL)
        fprintf(stderr, "; did you mean %s?", best);
    fputc('\n', stderr);
    return HOST_USAGE;
}
