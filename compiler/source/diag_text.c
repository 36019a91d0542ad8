/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics for people: the place and the message, the source line with
 * carets below it, further places in the same way, then the notes. Columns on
 * the screen are counted as a terminal does: a tab goes to the next multiple
 * of 8 (and is shown as blanks), wide characters take two, marks none.
 */
#include <string.h>

#include "base/buf.h"
#include "source/diag_list.h"

enum { TAB = 8, LINE_MOST = 200 };

struct show {
    const struct sources *ss;
    struct buf b;
    bool color;
    int gutter;                 /* digits of the largest line number */
    uint32_t file, line;        /* the source line shown last */
};

static const char *const reset = "\033[0m";

static void
paint(struct show *s, const char *code)
{
    if (s->color)
        buf_text(&s->b, code);
}

/* Decodes one character; anything malformed is one byte. */
static size_t
decode(const char *p, size_t n, uint32_t *c)
{
    unsigned char b = (unsigned char)p[0];
    size_t len = b < 0xC2 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF5 ? 4 : 1;

    *c = len == 1 ? b : b & (0x7Fu >> len);
    if (len > n) {
        *c = 0xFFFD;
        return 1;
    }
    for (size_t i = 1; i < len; i++) {
        if (((unsigned char)p[i] & 0xC0) != 0x80) {
            *c = 0xFFFD;
            return 1;
        }
        *c = *c << 6 | ((unsigned char)p[i] & 0x3Fu);
    }
    if (len == 1 && b >= 0x80)
        *c = 0xFFFD;
    return len;
}

static size_t
width(uint32_t c)
{
    static const struct {
        uint32_t from, to;
        size_t width;
    } ranges[] = {
        { 0x300, 0x36F, 0 },     { 0x200B, 0x200F, 0 },
        { 0xFE00, 0xFE0F, 0 },   { 0x1100, 0x115F, 2 },
        { 0x2E80, 0x303E, 2 },   { 0x3041, 0xA4CF, 2 },
        { 0xAC00, 0xD7A3, 2 },   { 0xF900, 0xFAFF, 2 },
        { 0xFE30, 0xFE6F, 2 },   { 0xFF00, 0xFF60, 2 },
        { 0xFFE0, 0xFFE6, 2 },   { 0x1F300, 0x1F64F, 2 },
        { 0x1F900, 0x1F9FF, 2 }, { 0x20000, 0x3FFFD, 2 },
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return ranges[i].width;
    return 1;
}

/* Adds the bytes as they are shown; returns the columns they take. `column`
 * is where they start. b NULL: only counts. */
static size_t
put_shown(struct buf *b, const char *p, size_t n, size_t column)
{
    size_t start = column;

    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = decode(p + i, n - i, &c);
        size_t w = c == '\t' ? TAB - column % TAB : width(c);

        if (b != NULL && c == '\t')
            buf_printf(b, "%*s", (int)w, "");
        else if (b != NULL && (c < 0x20 || c == 0x7F || c == 0xFFFD ||
                               (c >= 0x80 && c < 0xA0)))
            buf_text(b, "\xEF\xBF\xBD");
        else if (b != NULL)
            buf_add(b, p + i, len);
        column += w;
        i += len;
    }
    return column - start;
}

static void
put_gutter(struct show *s, const char *number)
{
    paint(s, "\033[34m");
    buf_printf(&s->b, " %*s | ", s->gutter, number);
    paint(s, reset);
}

/* A line far longer than a screen is shown around the place only. */
static size_t
window_start(const struct source_line *l, size_t at)
{
    size_t from = at > LINE_MOST / 2 ? at - LINE_MOST / 2 : 0;

    if (l->n <= LINE_MOST)
        return 0;
    while (from > 0 && ((unsigned char)l->p[from] & 0xC0) == 0x80)
        from--;
    return from;
}

static size_t
window_end(const struct source_line *l, size_t from)
{
    size_t to = from + LINE_MOST;

    if (to >= l->n)
        return l->n;
    while (to > from && ((unsigned char)l->p[to] & 0xC0) == 0x80)
        to--;
    return to;
}

/* The line itself, from byte `left` to `right`; its last blanks do not show. */
static void
put_line(struct show *s, uint32_t number, const struct source_line *l,
         size_t left, size_t right)
{
    char text[16];

    snprintf(text, sizeof text, "%u", (unsigned)number);
    put_gutter(s, text);
    put_shown(&s->b, l->p + left, right - left, 0);
    while (s->b.n > 0 && s->b.at[s->b.n - 1] == ' ')
        s->b.at[--s->b.n] = '\0';
    buf_char(&s->b, '\n');
}

/* The line of a place and the line of marks below it. Two places of one line
 * show it once. */
static void
put_source(struct show *s, struct span at, char mark, const char *words)
{
    const struct source *src = source_get(s->ss, at);
    struct place pl = source_place(s->ss, at);
    struct source_line l = source_line(s->ss, at);
    size_t start = (size_t)(l.p - src->bytes);
    size_t from = at.from > start ? at.from - start : 0;
    size_t to = at.to > start ? at.to - start : 0;
    bool again = s->file == at.file && s->line == pl.line && l.n <= LINE_MOST;

    from = from < l.n ? from : l.n;
    size_t left = window_start(&l, from), right = window_end(&l, left);
    to = to < right ? to : right;
    size_t before = put_shown(NULL, l.p + left, from - left, 0);
    if (!again)
        put_line(s, pl.line, &l, left, right);
    s->file = at.file;
    s->line = pl.line;
    put_gutter(s, "");
    size_t marks = to > from
                       ? put_shown(NULL, l.p + from, to - from, before) : 0;
    buf_printf(&s->b, "%*s", (int)before, "");
    paint(s, mark == '^' ? "\033[31m" : "\033[34m");
    for (size_t i = 0; i < (marks > 0 ? marks : 1); i++)
        buf_char(&s->b, mark);
    if (words != NULL)
        buf_printf(&s->b, " %s", words);
    paint(s, reset);
    buf_char(&s->b, '\n');
}

static void
put_head(struct show *s, const struct diag *d)
{
    struct place pl = source_place(s->ss, d->at);
    enum severity sev = diag_severity(d->code);

    paint(s, "\033[1m");
    if (pl.line > 0)
        buf_printf(&s->b, "%s:%u:%u: ", pl.file, (unsigned)pl.line,
                   (unsigned)pl.column);
    paint(s, sev >= SEVERITY_ERROR ? "\033[31m" : "\033[33m");
    buf_printf(&s->b, "%s %s: ", severity_name(sev), diag_number(d->code));
    paint(s, reset);
    paint(s, "\033[1m");
    buf_text(&s->b, d->message);
    paint(s, reset);
    buf_char(&s->b, '\n');
}

static void
put_label(struct show *s, const struct diag *d, const struct diag_label *l)
{
    struct place pl = source_place(s->ss, l->at);

    if (pl.line == 0) {
        buf_printf(&s->b, " %*s = %s\n", s->gutter, "", l->words);
        return;
    }
    if (l->at.file != d->at.file)
        buf_printf(&s->b, " %*s --> %s:%u:%u\n", s->gutter, "", pl.file,
                   (unsigned)pl.line, (unsigned)pl.column);
    put_source(s, l->at, '-', l->words);
}

static int
digits(uint32_t line)
{
    int n = 1;

    while (line >= 10) {
        line /= 10;
        n++;
    }
    return n;
}

static void
put_diag(struct show *s, const struct diag *d)
{
    put_head(s, d);
    s->line = 0;
    s->gutter = digits(source_place(s->ss, d->at).line);
    for (size_t i = 0; i < d->labels.n; i++) {
        int n = digits(source_place(s->ss, d->labels.at[i].at).line);
        s->gutter = n > s->gutter ? n : s->gutter;
    }
    if (source_get(s->ss, d->at) != NULL)
        put_source(s, d->at, '^', d->here);
    for (size_t i = 0; i < d->labels.n; i++)
        put_label(s, d, &d->labels.at[i]);
    for (size_t i = 0; i < d->notes.n; i++)
        buf_printf(&s->b, " %*s = %s: %s\n", s->gutter, "",
                   diag_note_word(d->notes.at[i].kind), d->notes.at[i].words);
    buf_char(&s->b, '\n');
}

static void
put_count(struct show *s, size_t n, const char *word, const char *joint)
{
    if (n > 0)
        buf_printf(&s->b, "%s%zu %s%s", joint, n, word, n == 1 ? "" : "s");
}

/* The last line: "2 errors, 1 warning; 3 more not shown". */
static void
put_summary(struct show *s, const diag_vec *all, size_t shown)
{
    size_t count[4] = { 0 };

    for (size_t i = 0; i < all->n; i++)
        count[diag_severity(all->at[i]->code)]++;
    count[SEVERITY_ERROR] += count[SEVERITY_BUG];
    put_count(s, count[SEVERITY_ERROR], "error", "");
    put_count(s, count[SEVERITY_WARNING], "warning",
              count[SEVERITY_ERROR] > 0 ? ", " : "");
    put_count(s, count[SEVERITY_NOTE], "note",
              count[SEVERITY_ERROR] + count[SEVERITY_WARNING] > 0 ? ", " : "");
    if (shown < all->n)
        buf_printf(&s->b, "; %zu more not shown", all->n - shown);
    buf_char(&s->b, '\n');
}

void
diags_print_text(const struct diags *ds, const struct sources *ss,
                 struct diag_style style, FILE *out)
{
    struct arena *scratch = arena_new();
    diag_vec all = diags_sorted(scratch, ds);
    size_t shown = style.most > 0 && style.most < all.n ? style.most : all.n;
    struct show s = { .ss = ss, .color = style.color };

    buf_init(&s.b, scratch);
    for (size_t i = 0; i < shown; i++)
        put_diag(&s, all.at[i]);
    if (all.n > 0)
        put_summary(&s, &all, shown);
    fwrite(s.b.at, 1, s.b.n, out);
    arena_free(scratch);
}
