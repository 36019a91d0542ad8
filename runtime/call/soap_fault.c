/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fault of a SOAP 1.1 envelope (section 4.4), read like any other record:
 * with a table, here by hand. What stands in `detail` is the service's own.
 */
#include "call/call.h"


struct fault {
    struct mr_val code, string;
};

static const struct mr_member fault_read[] = {
    { .name = "faultcode", .name_n = 9, .kind = MR_VALUE,
      .wire = MR_WIRE_TEXT, .offset = offsetof(struct fault, code) },
    { .name = "faultstring", .name_n = 11, .kind = MR_VALUE,
      .wire = MR_WIRE_TEXT, .offset = offsetof(struct fault, string) },
};

/* As the compiler's search for look-ups makes it for these two names. */
static const uint16_t fault_slots[4] = { [1] = 1, [3] = 2 };

static const struct mr_shape fault_shape = {
    .name = "Fault",
    .size = sizeof(struct fault),
    .n_read = 2,
    .read = fault_read,
    .lookup = { .seed = 0xe220a8397b1dcdaf, .shift = 62,
                .slots = fault_slots },
};

static const struct mr_member fault_path[] = {
    { .name = "Envelope", .name_n = 8, .kind = MR_ONE, .ns = 1 },
    { .name = "Body", .name_n = 4, .kind = MR_ONE, .ns = 1 },
    { .name = "Fault", .name_n = 5, .kind = MR_ONE, .ns = 1 },
};

static const char *const fault_namespaces[] = {
    "", "http://schemas.xmlsoap.org/soap/envelope/"
};

static const struct mr_doc fault_doc = {
    .system = "fault",
    .format = MR_XML,
    .shape = &fault_shape,
    .path = fault_path,
    .n_path = 3,
    .namespaces = fault_namespaces,
    .n_namespaces = 2,
    .head = "", .tail = "", .before = "", .after = "",
};

void
call_words(char *to, size_t size, const struct mr_val *v)
{
    size_t n = v->state == MR_HERE ? v->n : 0;

    if (n >= size)
        n = size - 1;
    while (n > 0 && n < v->n && ((unsigned char)v->p[n] & 0xc0) == 0x80)
        n--;
    for (size_t i = 0; i < n; i++)
        to[i] = (unsigned char)v->p[i] < ' ' ? ' ' : v->p[i];
    to[n] = '\0';
}

bool
soap_fault(const struct mr_memory *memory, const char *p, size_t n,
           char *text, size_t size)
{
    struct mr_cx cx;
    struct mr_reader *r;
    struct fault f;
    bool found;

    mr_cx_init(&cx, memory);
    r = call_reader(&cx, p, n, &fault_doc);
    found = r != NULL && call_read(&cx, r, &f) == MR_OK;
    if (found)
        call_words(text, size, f.string.state == MR_HERE ? &f.string : &f.code);
    call_reader_free(&cx, r);
    mr_cx_done(&cx);
    return found;
}
