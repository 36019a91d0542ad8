/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of generated files; nothing outside of emit/ includes it. */
#ifndef EMIT_PARTS_H
#define EMIT_PARTS_H

#include "emit/cwriter.h"

/* "Made by mapc …" on top of each file. */
void emit_banner(struct cwriter *w, const struct plan *plan, const char *what);

/* A look-up as the initialiser of a struct mr_lookup; its slots are a table
 * written before. */
void emit_slots(struct cwriter *w, const char *c_name,
                const struct plookup *lookup);
void emit_lookup(struct cwriter *w, const char *field, const char *slots,
                 const struct plookup *lookup);

/* A list of texts ended with NULL, as a field; nothing where n is 0. */
void emit_values(struct cwriter *w, const char *field,
                 const char *const *values, size_t n);

void emit_map_header(struct cwriter *w, const struct pmap *map);
void emit_shapes(struct cwriter *w, const struct pmap *map);
void emit_docs(struct cwriter *w, const struct pmap *map);
void emit_rule_tables(struct cwriter *w, const struct pmap *map);
/* All targets of each direction. */
void emit_target_lists(struct cwriter *w, const struct pmap *map);
void emit_rules(struct cwriter *w, const struct pmap *map);
void emit_flows(struct cwriter *w, const struct pmap *map);
/* Does the current row, or the record, meet the conditions towards a side? */
void emit_takes_part(struct cwriter *w, const struct pmap *map,
                     const struct plevel *l, int to, const char *c_name);
/* A table of fields. */
void emit_fields(struct cwriter *w, const struct pmap *map, const char *c_name,
                 const struct pfield *const *fields, size_t n);
/* What replication knows of the map. */
void emit_repl(struct cwriter *w, const struct pmap *map);
void emit_map_table(struct cwriter *w, const struct pmap *map);
/* Calls as tables. */
void emit_calls(struct cwriter *w, const struct plan *plan);
/* The chain of documents that a call asks for. */
void emit_docflow(struct cwriter *w, const struct pcall *c);
void emit_document(struct cwriter *w, const struct pcall *c);
void emit_attachment(struct cwriter *w, const struct pcall *c);
void emit_codes_header(struct cwriter *w, const struct plan *plan);
void emit_codes(struct cwriter *w, const struct plan *plan);
void emit_functions_header(struct cwriter *w, const struct plan *plan);
void emit_functions(struct cwriter *w, const struct plan *plan);
/* What the program relies on of its services. */
void emit_facts(struct cwriter *w, const struct plan *plan);
void emit_tests(struct cwriter *w, const struct plan *plan);
void emit_program_table(struct cwriter *w, const struct plan *plan,
                        const char *version);

#endif
