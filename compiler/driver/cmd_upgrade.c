/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mapc upgrade: what another version of a package changes below a layer. The
 * layer's program is read four times: with the package as it was and as it
 * is, each time without the layer and with it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/commands.h"
#include "driver/replay.h"

struct request {
    struct session *session;
    const char *from, *to, *with;
    bool all, json;
    struct replay_request replay;
};

/* Without slashes at its end. */
static const char *
plain(struct session *s, const char *path)
{
    size_t n = strlen(path);

    while (n > 1 && path[n - 1] == '/')
        n--;
    return arena_copy(s->arena, path, n);
}

/* --- programs --- */

/* The program with the package at `here`; `folders` begin with it, so that
 * deployments that name their packages find it first. */
static struct tprogram *
load(struct request *r, const char *here, const char *away,
     enum layer_rank below, struct diags *diags, bool *used)
{
    struct session *s = r->session;
    struct check_swap swap = { .away = away, .here = here, .below = below };
    VEC(const char *) folders = { 0 };

    vec_push(s->arena, &folders, here);
    for (size_t i = 0; i < s->folders.n; i++)
        vec_push(s->arena, &folders, s->folders.at[i]);
    struct check_input in = {
        .arena = s->arena, .names = s->names, .diags = diags,
        .sources = s->sources, .folders = folders.at, .swap = &swap
    };
    struct tprogram *p = check_program(&in, r->with);

    *used = swap.used;
    return p;
}

/* The highest layer in the program. */
static enum layer_rank
rank_of(const struct tprogram *p)
{
    enum layer_rank rank = LAYER_PACKAGE;

    for (size_t i = 0; i < p->layers.files.n; i++)
        if (p->layers.files.at[i].rank > rank)
            rank = p->layers.files.at[i].rank;
    return rank;
}

static bool
load_side(struct request *r, const char *here, const char *away,
          struct upgrade_side *side, enum layer_rank *rank)
{
    struct diags *unheard = diags_new(r->session->arena);
    bool used;

    side->diags = diags_new(r->session->arena);
    side->all = load(r, here, away, LAYER_RANKS, side->diags, &used);
    *rank = rank_of(side->all);
    side->below = load(r, here, away, *rank, unheard, &used);
    return used;
}

static bool
report(struct session *s, struct diags *diags, const char *words,
       const char *what)
{
    struct diags *own = s->diags;

    if (diags_errors(diags) == 0)
        return true;
    fprintf(stderr, "mapc upgrade: %s %s:\n", words, what);
    s->diags = diags;
    session_report(s, stderr);
    s->diags = own;
    return false;
}

/* --- the command --- */

static const char *
version_of(const struct tprogram *p, const char *package)
{
    for (size_t i = 0; i < p->layers.pins.n; i++)
        if (p->layers.pins.at[i].package->name.text == package)
            return p->layers.pins.at[i].package->version;
    return NULL;
}

/* Packages whose version is another one. */
static void
print_versions(const struct tprogram *was, const struct tprogram *is)
{
    const struct tlayers *l = &is->layers;

    for (size_t i = 0; i < l->pins.n; i++) {
        const struct package_item *k = l->pins.at[i].package;
        const char *old = version_of(was, k->name.text);
        bool again = false;

        for (size_t j = 0; j < i; j++)
            again |= l->pins.at[j].package->name.text == k->name.text;
        if (!again && (old == NULL || strcmp(old, k->version) != 0))
            printf("package %s: %s -> %s\n", k->name.text,
                   old == NULL ? "none" : old, k->version);
    }
}

static void
say(struct request *r, const struct upgrade *u, const struct replay *replay,
    const struct upgrade_side *was, const struct upgrade_side *is)
{
    if (r->json) {
        upgrade_print_json(r->session, u, replay, stdout);
    } else {
        print_versions(was->all, is->all);
        upgrade_print(r->session, u, r->all, stdout);
        if (replay != NULL)
            replay_print(r->session, replay, stdout);
    }
    fflush(stdout);
}

static enum mapc_exit
compare(struct request *r)
{
    struct session *s = r->session;
    struct upgrade_side was, is;
    enum layer_rank before, rank;

    bool used = load_side(r, r->from, r->to, &was, &before);
    if (before == LAYER_PACKAGE) {
        fprintf(stderr, "mapc upgrade: %s and what it uses is no layer: no "
                "file says `layer customer` or `layer partner`\n", r->with);
        return MAPC_USAGE;
    }
    if (!used) {
        fprintf(stderr, "mapc upgrade: %s uses no file of %s or %s\n",
                r->with, r->from, r->to);
        return MAPC_USAGE;
    }
    if (!report(s, was.diags, "with the package in", r->from))
        return MAPC_FINDINGS;
    load_side(r, r->to, r->from, &is, &rank);
    const struct upgrade *u = upgrade_compare(s, &was, &is, before);
    const struct replay *replay = NULL;
    enum mapc_exit code = MAPC_OK;
    bool builds = diags_errors(is.diags) == 0;
    if (builds && r->replay.files.n > 0)
        replay = replay_run(s, was.all, is.all, &r->replay, &code);
    say(r, u, replay, &was, &is);
    if (!builds) {
        report(s, is.diags, "as it stands it is not built with", r->to);
        return MAPC_FINDINGS;
    }
    if (code != MAPC_OK)
        return code;
    return upgrade_to_decide(u) > 0 ||
                   (replay != NULL && replay_differs(replay))
               ? MAPC_FINDINGS : MAPC_OK;
}

static bool
is_complete(const struct request *r)
{
    const char *const paths[] = { r->from, r->to, r->with };

    if (r->from == NULL || r->to == NULL || r->with == NULL) {
        fputs("mapc upgrade: from what to what, with which layer? For "
              "example:\n  mapc upgrade --from package --to package-2 --with "
              "own.map\n", stderr);
        return false;
    }
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (access(paths[i], R_OK) == 0)
            continue;
        fprintf(stderr, "mapc upgrade: %s can't be read\n", paths[i]);
        return false;
    }
    return true;
}

enum { OWN_OPTIONS = 9 };

static void
own_options(struct request *r, struct option *at)
{
    at[0] = (struct option){ "--from", NULL, OPTION_VALUE, "PATH",
        "the package as it was: a folder, or its file", NULL, &r->from,
        NULL };
    at[1] = (struct option){ "--to", NULL, OPTION_VALUE, "PATH",
        "the package as it is now", NULL, &r->to, NULL };
    at[2] = (struct option){ "--with", NULL, OPTION_VALUE, "FILE",
        "what is built on top of it: a layer, or the deployment", NULL,
        &r->with, NULL };
    at[3] = (struct option){ "--all", "-a", OPTION_FLAG, NULL,
        "also lists what the package changed where there is nothing to "
        "decide", &r->all, NULL, NULL };
    at[4] = (struct option){ "--json", NULL, OPTION_FLAG, NULL,
        "for programs", &r->json, NULL, NULL };
    at[5] = (struct option){ "--replay", NULL, OPTION_LIST, "FILE",
        "sends recorded documents through both programs; more files may "
        "follow", NULL, NULL, &r->replay.files };
    at[6] = (struct option){ "--map", NULL, OPTION_VALUE, "MAP",
        "the map that they take", NULL, &r->replay.map, NULL };
    at[7] = (struct option){ "--sender", NULL, OPTION_VALUE, "SYSTEM",
        "the system that sent them", NULL, &r->replay.sender, NULL };
    at[8] = (struct option){ "--show-personal", NULL, OPTION_FLAG, NULL,
        "personal values are shown", &r->replay.show_personal, NULL, NULL };
}

enum mapc_exit
command_upgrade(struct session *s, int argc, char **argv)
{
    struct option options[OWN_OPTIONS + SESSION_OPTIONS];
    struct request r = { .session = s };
    size_t n = OWN_OPTIONS + SESSION_OPTIONS;

    own_options(&r, options);
    session_options(s, options + OWN_OPTIONS);
    if (!options_parse(s->arena, "upgrade", argc, argv, options, n,
                       &s->files))
        return MAPC_USAGE;
    if (s->help) {
        puts("usage: mapc upgrade --from PATH --to PATH --with FILE "
             "[OPTION…]\n\nSays what another version of a package changes "
             "below a layer, and what there is\nto decide. Exit codes: 0 "
             "nothing, 1 something.\n");
        options_help(options, n);
        return MAPC_OK;
    }
    if (!session_ready(s, "upgrade") || !is_complete(&r))
        return MAPC_USAGE;
    if (s->files.n > 0 && r.replay.files.n == 0) {
        fprintf(stderr, "mapc upgrade: what is %s?\n", s->files.at[0]);
        return MAPC_USAGE;
    }
    for (size_t i = 0; i < s->files.n; i++)
        vec_push(s->arena, &r.replay.files, s->files.at[i]);
    r.from = plain(s, r.from);
    r.to = plain(s, r.to);
    return compare(&r);
}
