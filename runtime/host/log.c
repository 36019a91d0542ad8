/* SPDX-License-Identifier: Apache-2.0 */
/* The log of programs that replicate: what the engine tells, and what the host
 * does. */
#include "host/host_session.h"

#include <stdarg.h>

#include "host/log_out.h"

const char *
log_event_name(enum engine_event event)
{
    static const char *const names[] = {
        [EVENT_CREATED] = "created",     [EVENT_UPDATED] = "updated",
        [EVENT_DELETED] = "deleted",     [EVENT_ECHO] = "echo",
        [EVENT_MATCHED] = "matched",     [EVENT_CONFLICT] = "conflict",
        [EVENT_PARKED] = "parked",       [EVENT_REJECTED] = "rejected",
        [EVENT_WOKEN] = "woken",         [EVENT_RETRY] = "retry",
        [EVENT_STALE] = "stale",         [EVENT_LEFT_OUT] = "left_out",
        [EVENT_UNLINKED] = "unlinked",   [EVENT_GUARD] = "guard",
        [EVENT_BREAKER] = "breaker"
    };

    return names[event];
}

void
log_line(struct session *s, enum config_level level, const char *event,
         const char *fmt, ...)
{
    struct log_line l = { "", "", "", "", NULL };
    char text[512];
    va_list args;

    if (level > s->log_level)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    l.text = text;
    log_put(&s->config, level, event, &l);
}

static enum config_level
level_of(enum engine_event event)
{
    switch (event) {
    case EVENT_CREATED:
    case EVENT_UPDATED:
    case EVENT_DELETED:
    case EVENT_MATCHED:
    case EVENT_CONFLICT:
    case EVENT_REJECTED:
    case EVENT_WOKEN:
    case EVENT_UNLINKED:
        return LOG_INFO;
    case EVENT_PARKED:
    case EVENT_GUARD:
    case EVENT_BREAKER:
        return LOG_WARNING;
    case EVENT_ECHO:
    case EVENT_RETRY:
    case EVENT_STALE:
    case EVENT_LEFT_OUT:
        return LOG_DEBUG;
    }
    return LOG_DEBUG;
}

/* A search that fails concerns every record of its system. */
static bool
is_of_system(const struct engine_notice *n)
{
    return n->event == EVENT_BREAKER ||
           (n->event == EVENT_RETRY && n->key[0] == '\0');
}

/* Kept for whom the log does not tell. */
static void
note_failure(struct session *s, const struct engine_notice *n)
{
    struct session_peer *p =
        session_peer(s, n->side == MR_LEFT ? n->map->left : n->map->right);

    if (p == NULL)
        return;
    p->broken |= n->event == EVENT_BREAKER;
    p->failed = host_now();
    snprintf(p->failure, sizeof p->failure, "%s",
             n->text == NULL ? "" : n->text);
    for (char *c = p->failure; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
}

static size_t
map_index(const struct session *s, const struct mr_map *map)
{
    size_t i = 0;

    while (i < s->h->program->n_maps && s->h->program->maps[i] != map)
        i++;
    return i;
}

void
log_notice(void *arg, const struct engine_notice *n)
{
    struct session *s = arg;
    size_t map = map_index(s, n->map);
    struct log_line l = { "", "", "", n->key, n->text };
    enum config_level level = is_of_system(n) ? LOG_WARNING
                                              : level_of(n->event);
    char key[256];

    if (n->map != NULL && map < s->h->program->n_maps)
        s->counts[map][n->side][n->event]++;
    if (is_of_system(n) && n->map != NULL)
        note_failure(s, n);
    if (s->notice != NULL)
        s->notice(s->notice_arg, n);
    if (level > s->log_level)
        return;
    if (n->map != NULL) {
        l.map = n->map->name;
        l.system = n->side == MR_LEFT ? n->map->left : n->map->right;
    }
    l.key = host_key_text(n->key, key, sizeof key);
    log_put(&s->config, level, log_event_name(n->event), &l);
}
