/* SPDX-License-Identifier: Apache-2.0 */
/* Shows how far a long command is. */
#include "host/progress.h"

#include <unistd.h>

enum { BAR = 24, TERMINAL_MICROS = 200000, LINE_MICROS = 5000000 };

void
progress_begin(struct progress *p, uint64_t total, uint64_t done)
{
    memset(p, 0, sizeof *p);
    p->terminal = isatty(2) == 1;
    p->total = total;
    p->first = done;
    p->done = done;
    p->began = p->last = p->moved = host_ticks();
}

/* "1:02:03", "2:03" */
static void
put_time(uint64_t seconds)
{
    unsigned long h = (unsigned long)(seconds / 3600);
    unsigned m = (unsigned)(seconds / 60 % 60), s = (unsigned)(seconds % 60);

    if (h > 0)
        fprintf(stderr, "%lu:%02u:%02u", h, m, s);
    else
        fprintf(stderr, "%u:%02u", m, s);
}

static void
put_bar(uint64_t done, uint64_t total)
{
    unsigned full = (unsigned)(done * BAR / total);

    fputs("  [", stderr);
    for (unsigned i = 0; i < BAR; i++)
        fputc(i < full ? '#' : '.', stderr);
    fprintf(stderr, "] %3u %%", (unsigned)(done * 100 / total));
}

void
progress_show(struct progress *p, uint64_t done, const char *note)
{
    int64_t now = host_ticks();
    uint64_t rate, total = p->total > done ? p->total : done;

    /* What it waits for does not make the work slower. */
    if (done != p->done)
        p->moved = now;
    p->done = done;
    if (now - p->last < (p->terminal ? TERMINAL_MICROS : LINE_MICROS))
        return;
    p->last = now;
    p->shown = true;
    rate = (done - p->first) * 1000000 / (uint64_t)(p->moved - p->began + 1);
    fprintf(stderr, p->terminal ? "\r%llu" : "%llu",
            (unsigned long long)done);
    if (p->total > 0)
        fprintf(stderr, " of %llu", (unsigned long long)total);
    fputs(" records", stderr);
    if (p->terminal && p->total > 0)
        put_bar(done, total);
    fprintf(stderr, "  %llu/s", (unsigned long long)rate);
    if (done < total && rate > 0) {
        fputs("  ", stderr);
        put_time((total - done) / rate);
        fputs(" left", stderr);
    }
    if (note[0] != '\0')
        fprintf(stderr, "  %s", note);
    fputs(p->terminal ? "\033[K" : "\n", stderr);
    fflush(stderr);
}

void
progress_end(struct progress *p)
{
    if (p->terminal && p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}
