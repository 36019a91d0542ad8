/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a .map file. The parser must come back; what it accepts must
 * be formatted to a text that reads back to the same tree and that formats to
 * itself. Diagnostics are rendered both ways.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syntax/ast_dump.h"
#include "syntax/fmt.h"
#include "syntax/parse.h"

static void
fail(const char *why, const char *text)
{
    fprintf(stderr, "%s:\n%s\n", why, text);
    abort();
}

static const char *
dump(struct arena *a, const struct file *f)
{
    struct buf b;

    buf_init(&b, a);
    ast_dump(&b, f);
    for (size_t i = 0; i < f->comments.n; i++)
        buf_printf(&b, "remark\n");
    return b.at;
}

static void
check_format(struct arena *a, struct names *ns, struct sources *ss,
             const struct file *f)
{
    struct diags *ds = diags_new(a);
    size_t n, m;
    char *once = fmt_file(a, f, &n);
    const struct file *again =
        parse_source(a, ns, ds, source_text(ss, "formatted", once, n));

    if (diags_errors(ds) > 0)
        fail("the formatted text does not parse", once);
    if (strcmp(dump(a, f), dump(a, again)) != 0)
        fail("formatting changed the tree", once);
    char *twice = fmt_file(a, again, &m);
    if (m != n || memcmp(once, twice, n) != 0)
        fail("formatting again changed the text", once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new();
    struct names *ns = names_new(a);
    struct diags *ds = diags_new(a);
    struct sources *ss = sources_new(a);
    const struct source *src = source_text(ss, "input", (const char *)data, n);
    const struct file *f = parse_source(a, ns, ds, src);
    FILE *out = fopen("/dev/null", "w");

    if (out != NULL) {
        diags_print_text(ds, ss, (struct diag_style){ .color = true }, out);
        diags_print_json(ds, ss, out);
        fclose(out);
    }
    if (diags_errors(ds) == 0)
        check_format(a, ns, ss, f);
    arena_free(a);
    return 0;
}
