/* SPDX-License-Identifier: Apache-2.0 */
/* A folder as a system. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "peer/files.h"

static const struct mr_map account = { .name = "Account" };
static char root[100];

struct place {
    struct mr_cx cx;
    struct peer *peer;
};

static bool
open_place(struct place *f, enum mr_format format)
{
    const char *tmp = getenv("TMPDIR");
    struct peer_settings set = { .system = "erp", .format = format,
                                 .url = root };

    snprintf(root, sizeof root, "%.60s/mapc-files-XXXXXX",
             tmp == NULL ? "/tmp" : tmp);
    mr_cx_init(&f->cx, NULL);
    if (mkdtemp(root) == NULL)
        return false;
    f->peer = peer_files_new(&f->cx, &set, false);
    return f->peer != NULL;
}

static void
close_place(struct place *f)
{
    char command[160];

    f->peer->ops->close(f->peer);
    mr_cx_done(&f->cx);
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    CHECK(system(command) == 0);
}

static void
put(const char *name, const char *text)
{
    char path[200];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", root, name);
    f = fopen(path, "w");
    REQUIRE(f != NULL);
    fputs(text, f);
    fclose(f);
}

/* The text of a file; "(none)". */
static const char *
get(const char *name)
{
    static char text[4000];
    char path[200];
    FILE *f;
    size_t n;

    snprintf(path, sizeof path, "%s/%s", root, name);
    f = fopen(path, "r");
    if (f == NULL)
        return "(none)";
    n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

static int
files_in(const char *folder)
{
    char path[200];
    struct dirent *e;
    DIR *d;
    int n = 0;

    snprintf(path, sizeof path, "%s/%s", root, folder);
    d = opendir(path);
    while (d != NULL && (e = readdir(d)) != NULL)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    if (d != NULL)
        closedir(d);
    return n;
}

static struct op_result
do_one(struct place *f, const struct mr_op *op)
{
    struct op_result r = { .id = 0 };

    CHECK(f->peer->ops->submit(f->peer, op));
    f->peer->ops->flush(f->peer);
    CHECK(f->peer->ops->collect(f->peer, &r));
    CHECK_NUMBER(r.id, op->id);
    return r;
}

static void
test_write_json(void)
{
    struct op_part part = { PART_POST, NULL, NULL, NULL, { "{\"a\":1}\n", 8 } };
    struct mr_op op = { .id = 7, .kind = OP_CREATE, .map = &account,
                        .parts = &part, .n_parts = 1 };
    struct place f;

    REQUIRE(open_place(&f, MR_JSON));
    CHECK_NUMBER(do_one(&f, &op).outcome, OP_OK);
    CHECK_TEXT(get("out/Account-0000000000000007.json"), "{\"a\":1}\n");
    CHECK_NUMBER(do_one(&f, &op).outcome, OP_OK);
    CHECK_NUMBER(files_in("out"), 1);
    op.kind = OP_READ;
    CHECK_NUMBER(do_one(&f, &op).outcome, OP_REFUSED);
    CHECK(!f.peer->ops->reads);
    close_place(&f);
}

static void
test_write_idoc(void)
{
    static const char text[] = "<A><IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">"
                               "</EDI_DC40><S/></IDOC></A>";
    struct op_part part = { PART_POST, NULL, NULL, NULL,
                            { text, sizeof text - 1 } };
    struct mr_op op = { .id = 8, .kind = OP_UPDATE, .map = &account,
                        .parts = &part, .n_parts = 1, .message_token = "12" };
    struct place f;

    REQUIRE(open_place(&f, MR_IDOC));
    CHECK_NUMBER(do_one(&f, &op).outcome, OP_OK);
    CHECK(strstr(get("out/Account-0000000000000012.xml"),
                 "<DOCNUM>0000000000000012</DOCNUM>") != NULL);
    part.body = (struct op_bytes){ "<A/>", 4 };
    CHECK_NUMBER(do_one(&f, &op).outcome, OP_REFUSED);
    close_place(&f);
}

static void
test_read(void)
{
    struct files_message m;
    struct place f;

    REQUIRE(open_place(&f, MR_JSON));
    CHECK_NUMBER(files_take(&f.cx, f.peer, 100, &m), MR_END);
    put("in/b.json", "second");
    put("in/a.json", "first");
    put("in/.hidden", "no");
    put("in/c.json.tmp", "no");
    put("in/d.part", "no");
    put("done/a.json", "earlier");
    REQUIRE(files_take(&f.cx, f.peer, 100, &m) == MR_OK);
    CHECK_TEXT(m.name, "a.json");
    CHECK(m.n == 5 && memcmp(m.p, "first", 5) == 0);
    CHECK_NUMBER(files_settle(&f.cx, f.peer, m.name, NULL), MR_OK);
    REQUIRE(files_take(&f.cx, f.peer, 100, &m) == MR_OK);
    CHECK_TEXT(m.name, "b.json");
    CHECK_NUMBER(files_take(&f.cx, f.peer, 100, &m), MR_END);
    CHECK_NUMBER(files_settle(&f.cx, f.peer, "b.json", "no record in it\n"),
                 MR_OK);
    CHECK_TEXT(get("done/a.json"), "earlier");
    CHECK_TEXT(get("done/a.json.1"), "first");
    CHECK_TEXT(get("bad/b.json"), "second");
    CHECK_TEXT(get("bad/b.json.reason"), "no record in it\n");
    CHECK_NUMBER(files_in("in"), 3);
    CHECK_NUMBER(files_take(&f.cx, f.peer, 100, &m), MR_END);
    close_place(&f);
}

static void
test_bad_files(void)
{
    struct files_message m;
    struct place f;
    char path[200];

    REQUIRE(open_place(&f, MR_JSON));
    put("in/large.json", "0123456789");
    CHECK_NUMBER(files_take(&f.cx, f.peer, 9, &m), MR_ELIMIT);
    CHECK_TEXT(get("bad/large.json"), "0123456789");
    f.cx.error.status = MR_OK;
    /* What is no file is left alone, and nobody waits for a pipe. */
    snprintf(path, sizeof path, "%s/in/folder", root);
    CHECK(mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/in/link", root);
    CHECK(symlink("/etc/passwd", path) == 0);
    snprintf(path, sizeof path, "%s/in/pipe", root);
    CHECK(mkfifo(path, 0600) == 0);
    CHECK_NUMBER(files_take(&f.cx, f.peer, 9, &m), MR_END);
    put("in/z.json", "1");
    CHECK_NUMBER(files_take(&f.cx, f.peer, 9, &m), MR_OK);
    CHECK_TEXT(m.name, "z.json");
    close_place(&f);
}

/* A file for which there was no room comes again, before the others. */
static void
test_leave(void)
{
    struct files_message m;
    struct place f;

    REQUIRE(open_place(&f, MR_JSON));
    put("in/a.json", "1");
    put("in/b.json", "2");
    REQUIRE(files_take(&f.cx, f.peer, 9, &m) == MR_OK);
    files_leave(f.peer, m.name);
    REQUIRE(files_take(&f.cx, f.peer, 9, &m) == MR_OK);
    CHECK_TEXT(m.name, "a.json");
    REQUIRE(files_take(&f.cx, f.peer, 9, &m) == MR_OK);
    files_leave(f.peer, m.name);
    CHECK_NUMBER(files_settle(&f.cx, f.peer, "a.json", NULL), MR_OK);
    REQUIRE(files_take(&f.cx, f.peer, 9, &m) == MR_OK);
    CHECK_TEXT(m.name, "b.json");
    close_place(&f);
}

static void
test_flat(void)
{
    static const char xml[] = "<A><IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">"
                              "<IDOCTYP>A</IDOCTYP></EDI_DC40><S><F>x</F></S>"
                              "</IDOC></A>";
    static const char end[] = "<S SEGMENT=\"1\"><F>x</F></S></IDOC></A>\n";
    struct op_part part = { PART_POST, NULL, NULL, NULL,
                            { xml, sizeof xml - 1 } };
    struct mr_op op = { .id = 9, .kind = OP_CREATE, .map = &account,
                        .parts = &part, .n_parts = 1, .message_token = "12" };
    struct peer_settings set = { .system = "erp", .format = MR_IDOC,
                                 .url = root };
    struct files_message m;
    struct place f;
    struct peer *flat;
    char command[260];

    REQUIRE(open_place(&f, MR_IDOC));
    CHECK(peer_files_new(&f.cx, &set, true) == NULL);
    CHECK(strstr(f.cx.error.text, "layout.txt") != NULL);
    memset(&f.cx.error, 0, sizeof f.cx.error);
    put("layout.txt", "segment S\nF 3\n");
    flat = peer_files_new(&f.cx, &set, true);
    REQUIRE(flat != NULL);
    f.peer->ops->close(f.peer);
    f.peer = flat;
    CHECK_NUMBER(do_one(&f, &op).outcome, OP_OK);
    CHECK_NUMBER(strlen(get("out/Account-0000000000000012.txt")),
                 525 + 1064);
    snprintf(command, sizeof command, "mv '%s'/out/* '%s'/in", root,
             root);
    CHECK(system(command) == 0);
    put("in/B.txt", "no flat IDoc\n");
    REQUIRE(files_take(&f.cx, f.peer, 9999, &m) == MR_OK);
    CHECK(m.n > 0 && strncmp(m.p, "<?xml", 5) == 0);
    CHECK(m.n > sizeof end && memcmp(m.p + m.n - (sizeof end - 1), end,
                                     sizeof end - 1) == 0);
    CHECK_NUMBER(files_settle(&f.cx, f.peer, m.name, NULL), MR_OK);
    CHECK_NUMBER(files_take(&f.cx, f.peer, 9999, &m), MR_EFORMAT);
    memset(&f.cx.error, 0, sizeof f.cx.error);
    CHECK(strstr(get("bad/B.txt.reason"), "line 1: ") != NULL);
    close_place(&f);
}

static void
test_no_folder(void)
{
    struct peer_settings set = { .system = "erp", .format = MR_JSON,
                                 .url = "/nowhere/at/all" };
    struct mr_cx cx;

    mr_cx_init(&cx, NULL);
    CHECK(peer_files_new(&cx, &set, false) == NULL);
    CHECK_NUMBER(cx.error.status, MR_EUSAGE);
    CHECK(strstr(cx.error.text, "/nowhere/at/all") != NULL);
    mr_cx_done(&cx);
}

CHECK_MAIN({ "write JSON", test_write_json },
           { "write an IDoc", test_write_idoc }, { "read", test_read },
           { "bad files", test_bad_files }, { "no room", test_leave },
           { "flat", test_flat }, { "no folder", test_no_folder })
