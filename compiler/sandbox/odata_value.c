/* SPDX-License-Identifier: Apache-2.0 */
/*
 * …/$value: the bytes of a field of type Edm.Binary, as they were put there;
 * those of a media entity are a PDF with its key. They are what the field
 * MimeType beside them says, if there is one.
 */
#include "sandbox/odata.h"

#include <string.h>

#include "sandbox/counts.h"
#include "sandbox/pdf.h"

static const char *
text_of(struct request *r, const struct kind *k, const struct slot *slots,
        const char *name)
{
    const struct field *f = kind_field(k, name, strlen(name));
    size_t n = 0;
    const char *p = NULL;

    if (f != NULL && slots[f - k->fields.at].at != NULL)
        p = json_plain(r->arena, slots[f - k->fields.at], &n);
    return p == NULL ? NULL : arena_copy(r->arena, p, n);
}

static void
print(struct request *r, const struct kind *k, const struct slot *slots,
      struct answer *to)
{
    const char *lines[4] = { "Muster AG (made up by mapc sandbox)", "" };
    const struct field *key = k->key < 0 ? NULL : &k->fields.at[k->key];
    const char *number =
        key == NULL ? NULL : text_of(r, k, slots, key->name);

    lines[2] = arena_printf(r->arena, "%s %s", k->name,
                            number == NULL ? "" : number);
    sb_pdf(&to->body, lines, 3, 0);
    answer_header(to, "content-type", "application/pdf");
    r->site->counts->reads++;
}

void
sb_odata_value(struct request *r, const struct resource *what,
               struct answer *to)
{
    const struct kind *k = what->kind;
    struct slot *slots =
        arena_alloc(r->arena, k->fields.n * sizeof *slots);
    const char *type, *p;
    struct slot s;

    doc_read(k, what->row.doc, what->row.doc_n, slots);
    if (what->field == NULL) {
        print(r, k, slots, to);
        return;
    }
    s = slots[what->field - k->fields.at];
    size_t n = 0;
    p = s.at == NULL ? NULL : json_plain(r->arena, s, &n);
    if (p == NULL || !sb_base64_decode(&to->body, p, n)) {
        to->body.n = 0;
        answer_error(to, 404, "%s holds nothing", what->field->name);
        return;
    }
    type = text_of(r, k, slots, "MimeType");
    answer_header(to, "content-type",
                  type == NULL ? "application/octet-stream" : type);
    r->site->counts->reads++;
}
