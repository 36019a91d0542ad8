/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry: which format a file has, which reader takes it, and how further
 * files are found. Nothing is read from the network, and no file outside the
 * parent of the first file's folder.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "schema/importer.h"
#include "schema/xml_tree.h"

static const char *
file_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

const char *
import_file(const struct source *src)
{
    return file_of(src->name);
}

static const char *
folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return ".";
    return slash == path ? "/" : arena_copy(a, path, (size_t)(slash - path));
}

struct span
import_span(const struct source *src, uint32_t line)
{
    const char *text = src->bytes;
    size_t from = 0, to;

    for (uint32_t i = 1; i < line; i++) {
        const char *end = memchr(text + from, '\n', src->n - from);

        if (end == NULL)
            break;
        from = (size_t)(end - text) + 1;
    }
    while (from < src->n && (text[from] == ' ' || text[from] == '\t'))
        from++;
    for (to = from; to < src->n && text[to] != '\n'; to++)
        continue;
    while (to > from && (text[to - 1] == '\r' || text[to - 1] == ' '))
        to--;
    return (struct span){ src->id + 1, (uint32_t)from, (uint32_t)to };
}

/* FNV-1a 64. */
static void
add_hash(struct schema *s, const char *p, size_t n)
{
    uint64_t h = s->hash != 0 ? s->hash : 14695981039346656037u;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 1099511628211u;
    s->hash = h;
    s->bytes += n;
}

const struct source *
import_load(struct importer *im, const char *path, struct span at)
{
    if (im->files.n >= IMPORT_MAX_FILES) {
        import_too_large(im, at, "it includes more than 1,000 files");
        return NULL;
    }
    errno = 0;
    const struct source *src = source_load(im->sources, path);
    if (src == NULL) {
        int why = errno;
        struct diag *d = diag_add(im->ds, DIAG_SCHEMA_UNREADABLE, at,
                                  "the schema file %s can't be read", path);

        if (why == EFBIG)
            diag_label_here(d, "it is larger than 64 MB");
        else if (why != 0)
            diag_label_here(d, "%s", strerror(why));
        diag_note(d, NOTE_HELP, "paths are relative to the file that names "
                  "them; check the spelling and the folder");
        return NULL;
    }
    for (size_t i = 0; i < im->files.n; i++)
        if (im->files.at[i] == src)
            return src;
    vec_push(im->arena, &im->files, src);
    vec_push(im->arena, &im->schema->files, src);
    add_hash(im->schema, src->bytes, src->n);
    return src;
}

static bool
is_within(const char *path, const char *top)
{
    size_t n = strlen(top);

    return strncmp(path, top, n) == 0 &&
           (path[n] == '/' || path[n] == '\0' || (n > 0 && top[n - 1] == '/'));
}

static void
report_include(struct importer *im, struct span at, const char *location,
               const char *why, const char *help)
{
    struct diag *d = diag_add(im->ds, DIAG_SCHEMA_INCLUDE, at,
                              "the schema includes \"%.200s\", %s", location,
                              why);
    diag_note(d, NOTE_HELP, "%s", help);
}

/* a/./b/../c => a/c */
static const char *
plain_path(struct arena *a, const char *path)
{
    char *out = arena_alloc(a, strlen(path) + 2), *w = out;
    const char *p = path;
    size_t depth = 0;           /* folders in `out` that ".." can take away */

    if (*p == '/')
        *w++ = '/';
    while (*p != '\0') {
        size_t n = strcspn(p, "/");
        bool up = n == 2 && p[0] == '.' && p[1] == '.';

        if (up && depth > 0) {
            for (w--; w > out && w[-1] != '/'; w--)
                continue;
            depth--;
        } else if (n > 0 && !(n == 1 && p[0] == '.')) {
            memcpy(w, p, n);
            w += n;
            *w++ = '/';
            depth += !up;
        }
        p += n + (p[n] == '/');
    }
    if (w > out + 1 && w[-1] == '/')
        w--;
    *w = '\0';
    return out;
}

/* One path for one file, without "x/.." where that leads to the same file:
 * two files that include each other would never end otherwise. */
static const char *
known_path(struct importer *im, const char *real, const char *path)
{
    const char *key = intern_text(im->names, real);
    const char *known = table_find(&im->paths, key);
    char again[PATH_MAX];

    if (known != NULL)
        return known;
    const char *plain = plain_path(im->arena, path);
    if (realpath(plain, again) == NULL || strcmp(again, real) != 0)
        plain = path;
    table_put(im->arena, &im->paths, key, (void *)(uintptr_t)plain);
    return plain;
}

const char *
import_resolve(struct importer *im, const struct source *from,
               const char *location, struct span at)
{
    char real[PATH_MAX];

    if (strstr(location, "://") != NULL) {
        report_include(im, at, location, "which is on the network",
                       "save that file beside the schema and name it there");
        return NULL;
    }
    const char *path = location[0] == '/'
                           ? location
                           : arena_printf(im->arena, "%s/%s",
                                          folder_of(im->arena, from->name),
                                          location);
    if (location[0] == '\0' || realpath(path, real) == NULL) {
        report_include(im, at, location, "which is not there",
                       "put the file at this place, or correct the location");
        return NULL;
    }
    if (im->top == NULL || !is_within(real, im->top)) {
        report_include(im, at, location, "which is outside the schema folder",
                       "keep all files of a schema in its folder or beside it");
        return NULL;
    }
    return known_path(im, real, path);
}

/* The folder above the one that holds this file, but never all of the system:
 * then the folder itself; NULL where there is none. */
static const char *
find_top(struct importer *im, const char *path)
{
    char real[PATH_MAX];
    const char *folder = folder_of(im->arena, path);
    const char *up = arena_printf(im->arena, "%s/..", folder);

    if (realpath(up, real) == NULL)
        return NULL;
    if (strcmp(real, "/") == 0 && realpath(folder, real) == NULL)
        return NULL;
    return arena_copy(im->arena, real, strlen(real));
}

static void
report_format(struct importer *im, struct span at, const char *found)
{
    struct diag *d = diag_add(im->ds, DIAG_SCHEMA_FORMAT, at,
                              "%s is not a schema that mapc knows",
                              im->schema->file);

    diag_label_here(d, "%s", found);
    diag_note(d, NOTE_HELP, "mapc reads OData $metadata (v2, v4), XSD, "
              "JSON Schema and OpenAPI as JSON");
}

static void
read_xml(struct importer *im, const struct source *src)
{
    struct xml_node *root = xml_parse(im, src);

    if (root == NULL)
        return;
    if (edmx_is_root(root))
        import_edmx(im, root);
    else if (xsd_is_root(root))
        import_xsd(im, root);
    else
        report_format(im, xml_span(im, root),
                      arena_printf(im->arena, "the root element is %s",
                                   root->name));
}

static void
read_file(struct importer *im, const struct source *src)
{
    const char *p = src->bytes, *end = p + src->n;

    if (src->n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    if (p < end && *p == '{')
        import_json(im, src);
    else if (p < end &&
             (*p == '<' || *p == '\xff' || *p == '\xfe' || *p == '\0'))
        read_xml(im, src);
    else
        report_format(im, import_span(src, 1),
                      p < end ? "neither XML nor a JSON object"
                              : "the file is empty");
}

struct schema *
schema_import(struct arena *a, struct names *ns, struct diags *ds,
              struct sources *ss, const char *path, struct span at)
{
    struct schema *s = arena_alloc(a, sizeof *s);
    struct importer im = { .arena = a, .names = ns, .ds = ds, .sources = ss,
                           .schema = s, .at = at };
    size_t errors = diags_errors(ds);
    char real[PATH_MAX];

    s->path = arena_copy(a, path, strlen(path));
    s->file = file_of(s->path);
    im.top = find_top(&im, path);
    if (realpath(path, real) != NULL)
        table_put(a, &im.paths, intern_text(ns, real),
                  (void *)(uintptr_t)s->path);
    const struct source *src = import_load(&im, path, at);
    if (src == NULL)
        return NULL;
    read_file(&im, src);
    if (diags_errors(ds) != errors)
        return NULL;
    if (s->roots.n == 0) {
        struct diag *d = diag_add(ds, DIAG_SCHEMA_EMPTY, import_span(src, 1),
                                  "%s describes nothing that a map can use",
                                  s->file);
        diag_note(d, NOTE_HELP, "a schema needs an entity type, a global "
                  "element or an object type");
        return NULL;
    }
    import_skip_notes(&im);
    return s;
}
