/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest PDF 1.4 with text: catalog, pages, page, its text, its font. */
#include "sandbox/pdf.h"

#include <string.h>

enum {
    OBJECTS = 5, TOP = 780, LINE = 18,
    END = 150               /* what stands behind the last object, at least */
};

static void
put_text(struct buf *out, const char *p)
{
    buf_char(out, '(');
    for (; *p != '\0'; p++) {
        if (*p == '(' || *p == ')' || *p == '\\')
            buf_char(out, '\\');
        /* Bytes behind the first one of a character are part of its mark. */
        if (((unsigned char)*p & 0xc0) != 0x80)
            buf_char(out, *p < ' ' || *p > '~' ? '?' : *p);
    }
    buf_char(out, ')');
}

static void
put_page(struct buf *out, const char *const *lines, size_t n)
{
    buf_printf(out, "BT /F1 12 Tf %d TL 60 %d Td\n", LINE, TOP);
    for (size_t i = 0; i < n; i++) {
        put_text(out, lines[i]);
        buf_text(out, " Tj T*\n");
    }
    buf_text(out, "ET\n");
}

/* Comments, a line of 16 bytes each. */
static void
put_filling(struct buf *out, size_t from, size_t least)
{
    for (size_t i = 1; out->n - from + END < least; i++)
        buf_printf(out, "%%%14zu\n", i);
}

void
sb_pdf(struct buf *out, const char *const *lines, size_t n, size_t least)
{
    static const char *const objects[OBJECTS] = {
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R\n"
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        NULL,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    };
    size_t from = out->n, at[OBJECTS], xref;
    struct buf page;

    buf_init(&page, out->arena);
    put_page(&page, lines, n);
    buf_text(out, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
    for (int i = 0; i < OBJECTS; i++) {
        at[i] = out->n - from;
        buf_printf(out, "%d 0 obj\n", i + 1);
        if (objects[i] != NULL) {
            buf_text(out, objects[i]);
        } else {
            buf_printf(out, "<< /Length %zu >>\nstream\n", page.n);
            buf_add(out, page.at, page.n);
            buf_text(out, "endstream");
        }
        buf_text(out, "\nendobj\n");
    }
    put_filling(out, from, least);
    xref = out->n - from;
    /* Each line of the table has 20 bytes. */
    buf_printf(out, "xref\n0 %d\n0000000000 65535 f \n", OBJECTS + 1);
    for (int i = 0; i < OBJECTS; i++)
        buf_printf(out, "%010zu 00000 n \n", at[i]);
    buf_printf(out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%zu\n"
               "%%%%EOF\n", OBJECTS + 1, xref);
}

/* --- base64 (RFC 4648) --- */

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
sb_base64(struct buf *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        uint32_t bits = 0;

        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < n ? (unsigned char)p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_char(out, i + k <= n ? letters[bits >> (18 - 6 * k) & 63]
                                     : '=');
    }
}

bool
sb_base64_decode(struct buf *out, const char *p, size_t n)
{
    uint32_t bits = 0;
    unsigned have = 0;

    while (n > 0 && p[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++) {
        const char *at = p[i] == '\0' ? NULL : strchr(letters, p[i]);

        if (at == NULL)
            return false;
        bits = bits << 6 | (uint32_t)(at - letters);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_char(out, (char)(bits >> have & 0xff));
        }
    }
    return have < 6;
}
