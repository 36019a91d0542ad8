/* SPDX-License-Identifier: Apache-2.0 */
/* The command ids: which left and which right record are one, as CSV: what
 * `map --ids` reads, and the way in for pairs that are known from elsewhere. */
#include "codec/input.h"
#include "host/control.h"
#include "host/csv.h"
#include "host/replication.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 256 << 20 };

static const char help_text[] =
    "usage: %s ids export [--map MAP] [--technical] [-o FILE]\n"
    "       %s ids import [FILE]\n"
    "\n"
    "export  writes the pairs of keys as CSV: map, left, right; --technical:\n"
    "        with left_id and right_id. Fields of one key are joined by \"|\".\n"
    "        Links of which only one side's key is known are left out and counted,\n"
    "        but for --technical.\n"
    "import  reads such rows and makes links of them: all, or none where a row\n"
    "        is wrong. The records are compared when one of them changes, or by\n"
    "        `load`.\n";

/* --- export --- */

static bool
export_link(FILE *out, const struct store_link *l, bool technical)
{
    if (!technical && (l->keys[0][0] == '\0' || l->keys[1][0] == '\0'))
        return false;
    csv_put(out, l->map, ',');
    csv_put(out, l->keys[0], ',');
    csv_put(out, l->keys[1], technical ? ',' : '\n');
    if (technical) {
        csv_put(out, l->ids[0], ',');
        csv_put(out, l->ids[1], '\n');
    }
    return true;
}

struct exported {
    uint64_t pairs, left_out;
};

static int
export_map(struct session *s, FILE *out, const char *map, bool technical,
           struct exported *n)
{
    struct store_link l;
    int64_t after = 0;
    enum mr_status st;

    while ((st = s->store->ops->link_next(&s->cx, s->store, map, after,
                                          &l)) == MR_OK) {
        after = l.id;
        if (export_link(out, &l, technical))
            n->pairs++;
        else
            n->left_out++;
    }
    return st == MR_END ? HOST_OK : session_store_error(s, "ids");
}

static int
export_all(struct session *s, FILE *out, const char *map, bool technical)
{
    const struct mr_program *p = s->h->program;
    int code = HOST_OK;
    struct exported n = { 0, 0 };

    fputs(technical ? "map,left,right,left_id,right_id\n" : "map,left,right\n",
          out);
    for (uint16_t i = 0; i < p->n_maps && code == HOST_OK; i++)
        if (p->maps[i]->repl != NULL && s->store != NULL &&
            (map == NULL || strcmp(map, p->maps[i]->name) == 0))
            code = export_map(s, out, p->maps[i]->name, technical, &n);
    if (fflush(out) != 0 || ferror(out)) {
        fprintf(stderr, "%s ids: the output can't be written: %s\n",
                s->h->name, strerror(errno));
        code = HOST_OUTPUT;
    }
    if (code == HOST_OK && out != stdout)
        printf("%" PRIu64 " pairs\n", n.pairs);
    if (code == HOST_OK && n.left_out > 0)
        fprintf(stderr, "%s ids: %" PRIu64 " links are not among them: only one "
                "side's key\n  is known, as where a map's key goes one way; "
                "--technical writes them, too\n", s->h->name, n.left_out);
    return code;
}

static int
export_command(const struct host *h, const struct common_args *a,
               const char *map, bool technical, const char *file)
{
    struct session s;
    FILE *out = stdout;
    int code;

    if (map != NULL && common_map(h, "ids", map) == NULL)
        return HOST_USAGE;
    code = session_open(h, &s, a->config, SESSION_READ);
    if (code != HOST_OK)
        return code;
    if (file != NULL && (out = fopen(file, "w")) == NULL) {
        fprintf(stderr, "%s ids: %s: %s\n", h->name, file, strerror(errno));
        code = HOST_OUTPUT;
    } else {
        code = export_all(&s, out, map, technical);
    }
    if (file != NULL && out != NULL && fclose(out) != 0 && code == HOST_OK)
        code = HOST_OUTPUT;
    session_close(&s);
    return code;
}

/* --- import --- */

struct importing {
    struct session *s;
    struct change *c;
    size_t line;
    uint64_t made, known;
};

static int
wrong(struct importing *im, const char *text)
{
    fprintf(im->c->err, "line %zu: %s\n", im->line, text);
    return HOST_USAGE;
}

static const struct mr_map *
map_of_row(struct importing *im, const char *name)
{
    const struct mr_program *p = im->s->h->program;

    for (uint16_t i = 0; i < p->n_maps; i++)
        if (p->maps[i]->repl != NULL && strcmp(p->maps[i]->name, name) == 0)
            return p->maps[i];
    return NULL;
}

/* *known: these two are linked already. A key with another partner is wrong. */
static int
look_up(struct importing *im, const char *map, const char *const keys[2],
        bool *known)
{
    struct session *s = im->s;
    int64_t ids[2] = { 0, 0 };

    for (int side = 0; side < 2; side++) {
        struct store_link l;
        enum mr_status st = s->store->ops->link_by_key(
            &s->cx, s->store, map, side, keys[side], &l);

        if (st == MR_OK)
            ids[side] = l.id;
        else if (st != MR_END)
            return change_error(s, im->c);
    }
    *known = ids[0] != 0 && ids[0] == ids[1];
    if (*known || (ids[0] == 0 && ids[1] == 0))
        return HOST_OK;
    return wrong(im, "one of the keys has another partner already");
}

/* Fields that a key lacks or has too many of would never be found again, what
 * can't be printed would not come back as it was exported. NULL: a good one. */
static const char *
key_fault(const struct mr_map *map, const char *key)
{
    uint16_t fields = 1;

    if (key[0] == '\0')
        return "a key is missing";
    for (const char *p = key; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return "a key has a control character in it";
        fields += *p == '|' && map->repl->n_keys > 1;
    }
    return fields == map->repl->n_keys || map->repl->n_keys < 2
               ? NULL
               : "a key has not as many fields as the map's";
}

static int
import_row(struct importing *im, char **fields, size_t n)
{
    struct session *s = im->s;
    const struct mr_map *map;
    struct store_link l = { 0 };
    const char *keys[2];
    bool known = false;
    int code;

    if (n != 3 && n != 5)
        return wrong(im, "a row has 3 fields, or 5: map, left, right, "
                         "left_id, right_id");
    if ((map = map_of_row(im, fields[0])) == NULL)
        return wrong(im, "there is no replicated map of this name");
    for (int side = 0; side < 2; side++) {
        const char *fault = key_fault(map, fields[1 + side]);

        if (fault != NULL)
            return wrong(im, fault);
        common_join_key(map, fields[1 + side]);
        keys[side] = fields[1 + side];
    }
    code = look_up(im, map->name, keys, &known);
    if (code != HOST_OK || known) {
        im->known += known;
        return code;
    }
    l.map = map->name;
    for (int side = 0; side < 2; side++) {
        l.keys[side] = keys[side];
        l.ids[side] = n == 5 ? fields[3 + side] : "";
        l.etags[side] = l.serials[side] = "";
    }
    l.made = l.changed = host_now();
    if (s->store->ops->link_put(&s->cx, s->store, &l) != MR_OK)
        return change_error(s, im->c);
    im->made++;
    return HOST_OK;
}

/* Words: "ids", "import"; the file's bytes are the body. */
int
ids_change(struct session *s, struct change *c)
{
    struct importing im = { s, c, 0, 0, 0 };
    struct csv csv = { .p = c->body, .n = c->n };
    char *fields[5];
    size_t n;
    size_t valid = mr_utf8_valid(c->body, c->n);
    int code;

    if (valid != c->n) {
        fprintf(c->err, "the rows are not UTF-8 at byte %zu\n", valid);
        return HOST_USAGE;
    }
    /* Spreadsheets begin UTF-8 with a byte order mark. */
    if (c->n >= 3 && memcmp(c->body, "\xef\xbb\xbf", 3) == 0)
        csv.at = 3;
    code = change_begin(s, c);
    if (code != HOST_OK)
        return code;
    while (code == HOST_OK && csv_next(&csv, fields, 5, &n)) {
        im.line = csv.line;
        if (csv.wrong != NULL)
            code = wrong(&im, csv.wrong);
        else if (csv.row > 1 || strcmp(fields[0], "map") != 0)
            code = import_row(&im, fields, n);
    }
    csv_done(&csv);
    code = change_end(s, c, code);
    if (code == HOST_OK)
        fprintf(c->out, "%" PRIu64 " links made, %" PRIu64 " known\n", im.made,
                im.known);
    else
        fputs("nothing was imported\n", c->err);
    return code;
}

static int
import_command(const struct host *h, const char *config, const char *file)
{
    const char *words[2] = { "ids", "import" };
    struct change c = { .argc = 2, .argv = words };
    FILE *in = file == NULL || strcmp(file, "-") == 0 ? stdin
                                                      : fopen(file, "rb");
    char *text = NULL;
    size_t room = 0, n = 0, got;
    int code;

    if (in == NULL) {
        fprintf(stderr, "%s ids: %s: %s\n", h->name, file, strerror(errno));
        return HOST_INPUT;
    }
    do {
        char *grown = text;

        if (n == room) {
            room = room == 0 ? 65536 : room * 2;
            grown = room <= FILE_BYTES_MAX ? realloc(text, room) : NULL;
        }
        if (grown == NULL)
            break;
        text = grown;
        got = fread(text + n, 1, room - n, in);
        n += got;
    } while (got > 0);
    if (ferror(in) || !feof(in)) {
        fprintf(stderr, "%s ids: the input can't be read, or has more than "
                "%d MB\n", h->name, FILE_BYTES_MAX >> 20);
        code = HOST_INPUT;
    } else {
        c.body = text;
        c.n = n;
        code = change_make(h, config, &c);
    }
    if (in != stdin)
        fclose(in);
    free(text);
    return code;
}

int
host_ids(const struct host *h, int argc, char **argv)
{
    const char *map = NULL, *file = NULL, *words[2];
    bool technical = false;
    const struct host_option more[] = {
        { "--map", NULL, NULL, &map },
        { "--technical", NULL, &technical, NULL },
        { "--output", "-o", NULL, &file },
    };
    struct common_args a;
    size_t n;
    int code;

    if (!common_args(h, "ids", help_text, argc, argv, more, 3, &a, words, 2,
                     &n, &code))
        return code;
    if (n == 1 && strcmp(words[0], "export") == 0)
        return export_command(h, &a, map, technical, file);
    if (n > 0 && strcmp(words[0], "import") == 0)
        return import_command(h, a.config, n > 1 ? words[1] : NULL);
    fprintf(stderr, "%s ids: say export, or import FILE\n", h->name);
    return HOST_USAGE;
}
