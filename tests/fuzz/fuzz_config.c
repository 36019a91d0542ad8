/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the configuration of a program that replicates. What is taken
 * is within its bounds, has secrets by reference only, and printed it is a
 * configuration again that says the same.
 */
#define _GNU_SOURCE             /* memfd_create */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/demand.h"
#include "fuzz/quiet.h"
#include "host/config.h"

extern const struct mr_program mapc_program;

static const struct host host = { &mapc_program, "fuzz" };

static void
check_setting(struct config *c, const struct config_system *system,
              const struct setting *s)
{
    const char *text = config_get(c, system, s);
    size_t words = 0;

    while (s->type == SET_CHOICE && s->words[words] != NULL)
        words++;
    if (text == NULL)
        return;
    switch (s->type) {
    case SET_SECRET:
        DEMAND((strncmp(text, "env:", 4) == 0 && text[4] != '\0') ||
               (strncmp(text, "file:", 5) == 0 && text[5] != '\0'));
        return;
    case SET_NUMBER:
        DEMAND(strtoul(text, NULL, 10) >= s->low &&
               strtoul(text, NULL, 10) <= s->high);
        return;
    case SET_CHOICE:
        for (size_t i = 0; i < words; i++)
            if (strcmp(text, s->words[i]) == 0)
                return;
        abort();
    case SET_BOOL:
        DEMAND(strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
        return;
    case SET_TEXT:
    case SET_FILE:
        return;
    }
}

static void
check_settings(struct config *c)
{
    for (size_t i = 0; i < config_n_settings; i++)
        check_setting(c, NULL, &config_settings[i]);
    for (size_t k = 0; k < c->n_systems; k++)
        for (size_t i = 0; i < config_n_system_settings; i++)
            check_setting(c, &c->systems[k], &config_system_settings[i]);
}

/* What is printed of the configuration in these bytes; NULL: refused. */
static char *
print(const void *p, size_t n)
{
    char name[64], *text = NULL;
    struct config c;
    struct quiet q;
    int fd = memfd_create("configuration", MFD_CLOEXEC);
    bool good;

    DEMAND(fd >= 0 && write(fd, p, n) == (ssize_t)n);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    quiet_begin(&q);
    good = config_read(&host, &c, name);
    DEMAND(good == (c.n_errors == 0));
    if (good) {
        check_settings(&c);
        config_print(&c);
    }
    quiet_end(&q);
    config_done(&c);
    close(fd);
    if (good)
        text = q.text;
    else
        free(q.text);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *first = print(data, n), *again;

    if (first == NULL)
        return 0;
    again = print(first, strlen(first));
    DEMAND(again != NULL && strcmp(first, again) == 0);
    free(first);
    free(again);
    return 0;
}
