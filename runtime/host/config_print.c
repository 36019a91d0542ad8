/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration in print: a template to begin with, the JSON Schema, and
 * what is in force. All three walk the table's dotted paths as objects. */
#include "host/config.h"

/* What is printed of a row; returns whether anything is. */
struct printer {
    struct config *c;                   /* NULL: the schema */
    const struct config_system *system; /* NULL: rows of the root */
    bool all;                           /* template: presets, too */
    void (*value)(const struct printer *p, const struct setting *s);
    bool (*wanted)(const struct printer *p, const struct setting *s);
    const char *open, *close;           /* around an object's members */
};

static void
indent(unsigned depth)
{
    printf("%*s", (int)(2 * depth), "");
}

/* Length of the first part of a path. */
static size_t
part(const char *path)
{
    return strcspn(path, ".");
}

/* Rows n of one object, whose paths go on behind `at`; says whether something
 * was printed before, so that the comma comes first. */
static bool
print_rows(const struct printer *p, const struct setting *rows, size_t n,
           size_t at, unsigned depth, bool before)
{
    for (size_t i = 0, k; i < n; i = k) {
        const char *name = rows[i].path + at;
        size_t len = part(name), wanted = 0;

        for (k = i; k < n && strncmp(rows[k].path + at, name, len) == 0 &&
                    part(rows[k].path + at) == len; k++)
            wanted += p->wanted(p, &rows[k]);
        if (wanted == 0)
            continue;
        fputs(before ? ",\n" : "\n", stdout);
        before = true;
        indent(depth);
        printf("\"%.*s\": ", (int)len, name);
        if (name[len] == '\0') {
            p->value(p, &rows[i]);
            continue;
        }
        fputs(p->open, stdout);
        print_rows(p, rows + i, k - i, at + len + 1, depth + 1, false);
        fputc('\n', stdout);
        indent(depth);
        fputs(p->close, stdout);
    }
    return before;
}

static bool
all_wanted(const struct printer *p, const struct setting *s)
{
    return p != NULL && s != NULL;
}

/* --- the JSON Schema --- */

static void
schema_value(const struct printer *p, const struct setting *s)
{
    static const char *const types[] = {
        [SET_TEXT] = "string", [SET_FILE] = "string",
        [SET_NUMBER] = "integer", [SET_BOOL] = "boolean",
        [SET_CHOICE] = "string", [SET_SECRET] = "string"
    };
    bool quoted = s->type != SET_NUMBER && s->type != SET_BOOL;

    (void)p;
    printf("{ \"type\": \"%s\", \"description\": ", types[s->type]);
    host_json_text(stdout, s->help);
    if (s->type == SET_NUMBER)
        printf(", \"minimum\": %lu, \"maximum\": %lu", (unsigned long)s->low,
               (unsigned long)s->high);
    if (s->type == SET_SECRET)
        fputs(", \"pattern\": \"^(env|file):.\"", stdout);
    for (size_t i = 0; s->words != NULL && s->words[i] != NULL; i++)
        printf("%s\"%s\"", i == 0 ? ", \"enum\": [" : ", ", s->words[i]);
    if (s->words != NULL)
        putchar(']');
    /* The store's name comes from the deployment's. */
    if (s->preset != NULL && s->type != SET_FILE)
        printf(quoted ? ", \"default\": \"%s\"" : ", \"default\": %s",
               s->preset);
    fputs(" }", stdout);
}

void
config_print_schema(void)
{
    struct printer p = { .value = schema_value, .wanted = all_wanted };

    p.open = "{ \"type\": \"object\", \"additionalProperties\": false, "
             "\"properties\": {";
    p.close = "} }";
    fputs("{\n"
          "  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
          "  \"title\": \"configuration of a program made by mapc\",\n"
          "  \"type\": \"object\",\n"
          "  \"additionalProperties\": false,\n"
          "  \"properties\": {\n"
          "    \"$schema\": { \"type\": \"string\" },\n"
          "    \"systems\": {\n"
          "      \"type\": \"object\",\n"
          "      \"description\": \"one for each system of the deployment, by "
          "its name\",\n"
          "      \"additionalProperties\": {\n"
          "        \"type\": \"object\",\n"
          "        \"additionalProperties\": false,\n"
          "        \"properties\": {", stdout);
    print_rows(&p, config_system_settings, config_n_system_settings, 0, 5,
               false);
    fputs("\n        }\n      }\n    }", stdout);
    print_rows(&p, config_settings, config_n_settings, 0, 2, true);
    puts("\n  }\n}");
}

/* --- values --- */

static void
plain_value(const struct printer *p, const struct setting *s)
{
    const char *text = config_get(p->c, p->system, s);

    if (s->type == SET_NUMBER || s->type == SET_BOOL)
        fputs(text != NULL ? text : "null", stdout);
    else
        host_json_text(stdout, text != NULL ? text : "");
}

static bool
has_value(const struct printer *p, const struct setting *s)
{
    return config_get(p->c, p->system, s) != NULL;
}

static void
print_all(struct config *c, struct printer *p)
{
    p->open = "{";
    p->close = "}";
    fputs("{\n  \"systems\": {", stdout);
    for (size_t i = 0; i < c->n_systems; i++) {
        p->system = &c->systems[i];
        printf("%s\n    ", i > 0 ? "," : "");
        host_json_text(stdout, p->system->name);
        fputs(": {", stdout);
        print_rows(p, config_system_settings, config_n_system_settings, 0, 3,
                   false);
        fputs("\n    }", stdout);
    }
    fputs("\n  }", stdout);
    p->system = NULL;
    print_rows(p, config_settings, config_n_settings, 0, 1, true);
    puts("\n}");
}

void
config_print(struct config *c)
{
    struct printer p = { .c = c, .value = plain_value, .wanted = has_value };

    print_all(c, &p);
}

/* --- the template: examples where a person has to decide --- */

static bool
template_wanted(const struct printer *p, const struct setting *s)
{
    const char *preset = s->preset != NULL ? s->preset : "";
    const char *text = config_get(p->c, p->system, s);

    if (text == NULL)
        return false;
    return p->all || strcmp(text, preset) != 0;
}

static void
set_row(struct config *c, struct config_system *system, const char *path,
        const char *text)
{
    const struct setting *rows =
        system != NULL ? config_system_settings : config_settings;
    size_t n = system != NULL ? config_n_system_settings : config_n_settings;

    for (size_t i = 0; i < n; i++)
        if (text != NULL && strcmp(rows[i].path, path) == 0)
            config_set(c, system, &rows[i], text);
}

/* "env:ERP_PASSWORD" */
static const char *
secret_of(struct config *c, const char *name, const char *what)
{
    char *text = config_text(c, "env:%s_%s", name, what);

    for (char *p = text != NULL ? text + 4 : NULL; p != NULL && *p != '\0'; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return text;
}

static void
example_system(struct config *c, struct config_system *s)
{
    if (!s->replicated && s->format == MR_XML)
        set_row(c, s, "url", "https://erp.example.com/sap/bc/soap/rfc");
    else if (!s->replicated && s->format == MR_JSON)
        set_row(c, s, "url", "https://api.example.com/v1");
    else if (s->format == MR_ODATA2)
        set_row(c, s, "url",
                "https://myNNNNNN.crm.ondemand.com/sap/c4c/odata/v1/"
                "c4codataapi/");
    else if (s->format == MR_IDOC)
        set_row(c, s, "url", "https://erp.example.com/sap/bc/idoc_xml");
    else
        set_row(c, s, "folder", s->name);
    if (s->folder != NULL)
        return;
    set_row(c, s, "auth.kind", "basic");
    set_row(c, s, "auth.user", "MAPC");
    set_row(c, s, "auth.password", secret_of(c, s->name, "PASSWORD"));
}

void
config_print_template(struct config *c, bool all)
{
    struct printer p = { .c = c, .all = all, .value = plain_value,
                         .wanted = template_wanted };

    for (size_t i = 0; i < c->n_systems; i++)
        example_system(c, &c->systems[i]);
    set_row(c, NULL, "inbound.listen", "127.0.0.1:8090");
    for (size_t i = 0; i < c->n_systems; i++)
        if (config_sends(c->h, c->systems[i].name) &&
            c->inbound.auth == IN_NONE) {
            set_row(c, NULL, "inbound.auth.kind", "basic");
            set_row(c, NULL, "inbound.auth.user", c->systems[i].name);
            set_row(c, NULL, "inbound.auth.password", "env:INBOUND_PASSWORD");
        }
    print_all(c, &p);
}
