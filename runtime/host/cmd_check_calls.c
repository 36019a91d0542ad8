/* SPDX-License-Identifier: Apache-2.0 */
/* The command check of programs that only call: configuration, secrets, each
 * system: is it there, does it let us in. */
#include "host/calls.h"
#include "host/check_called.h"

static const char help_text[] =
    "usage: %s check [--format json]\n"
    "\n"
    "Checks the configuration, its secrets, and each system that is called:\n"
    "whether it answers and lets the program in. Calls nothing. Exit code 5\n"
    "where something is wrong.\n"
    "\n"
    "      --format json    the lines as JSON\n"
    "  -c, --config FILE    the configuration (MAPC_CONFIG, else %s.json)\n";

static int
check(const struct host *h, const char *file, bool json)
{
    struct checking k = { .comma = "", .system = "settings", .json = json };
    struct config c;
    bool read = config_read(h, &c, file);

    if (read) {
        if (json)
            putchar('[');
        check_line(&k, true, c.file, "");
        check_called(&k, &c);
        if (json)
            puts("]");
    }
    config_done(&c);
    return !read ? HOST_USAGE : k.wrong > 0 ? HOST_FAILED : HOST_OK;
}

int
host_check_calls(const struct host *h, int argc, char **argv)
{
    const char *config = NULL, *format = "text";
    bool help = false;
    const struct host_option options[] = {
        { "--config", "-c", NULL, &config },
        { "--format", NULL, NULL, &format },
        { "--help", "-h", &help, NULL },
    };
    size_t n;

    if (!host_args(h, "check", argc, argv, options,
                   sizeof options / sizeof options[0], NULL, 0, &n))
        return HOST_USAGE;
    if (help) {
        printf(help_text, h->name, h->program->deployment);
        return HOST_OK;
    }
    if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        fprintf(stderr, "%s check: --format is text or json\n", h->name);
        return HOST_USAGE;
    }
    return check(h, config, strcmp(format, "json") == 0);
}
