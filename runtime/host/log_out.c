/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the log, for people or as JSON. */
#include "host/log_out.h"

#include "host/clock.h"

enum { LINE_MAX_BYTES = 2048 };

static const char *const levels[] = { "error", "warning", "info", "debug" };

/* Control characters would break the line. */
static void
put_plain(FILE *out, const char *p)
{
    for (; *p != '\0'; p++)
        fputc((unsigned char)*p < 0x20 || *p == 0x7f ? ' ' : *p, out);
}

static void
put_member(FILE *out, bool json, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    if (json) {
        fprintf(out, ",\"%s\":", name);
        host_json_text(out, value);
    } else if (strcmp(name, "text") == 0) {
        fputs(": ", out);
        put_plain(out, value);
    } else {
        fprintf(out, " %s=", name);
        put_plain(out, value);
    }
}

/* In one write, so that lines of several programs don't mix. */
void
log_put(const struct config *c, enum config_level level, const char *event,
        const struct log_line *l)
{
    bool json = c->log_format == LOG_JSON;
    char line[LINE_MAX_BYTES], time[32];
    FILE *out = fmemopen(line, sizeof line - 1, "w");
    long n;

    if (out == NULL)
        return;
    host_time_text(host_now(), time);
    fprintf(out, json ? "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\""
                      : "%s %s %s",
            time, levels[level], event);
    put_member(out, json, "map", l->map);
    put_member(out, json, "call", l->call);
    put_member(out, json, "system", l->system);
    put_member(out, json, "key", l->key);
    put_member(out, json, "text", l->text);
    if (json)
        fputc('}', out);
    n = ftell(out);
    fclose(out);
    if (n < 0 || n > (long)sizeof line - 2)
        n = (long)sizeof line - 2;
    line[n] = '\n';
    fwrite(line, 1, (size_t)n + 1, stderr);
}
