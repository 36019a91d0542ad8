/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `effect once`: what must hold so that a call that was cut off can be settled.
 * The key goes along with the request, unchanged enough that two keys never
 * become one, and another call finds what the key has made.
 */
#include <string.h>

#include "sema/once.h"
#include "sema/rules.h"

/* --- the key --- */

/* Conversions that refuse what they can't tell apart. */
static bool
keeps_apart(const struct tconv *c)
{
    static const char *const names[] = { "alpha", "numc", "prefix", "max" };

    if (c->native == NULL || c->turned)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(c->native->name, names[i]) == 0)
            return true;
    return false;
}

/* The rule that sends this field and nothing else, whatever it holds. */
static const struct trule *
carrier(const struct tcall *call, const struct member *key)
{
    const struct tlevel *root = call->request->root;

    for (size_t i = 0; i < root->rules.n; i++) {
        const struct trule *r = root->rules.at[i];

        if (r->fields[LEFT].n == 1 && r->when == NULL &&
            r->fields[LEFT].at[0]->hops.n == 1 &&
            tpath_member(r->fields[LEFT].at[0]) == key)
            return r;
    }
    return NULL;
}

static bool
is_carried(struct env *env, const struct tcall *call,
           const struct tcall *by, const struct tpath *key)
{
    const struct trule *r = carrier(by, tpath_member(key));
    struct diag *d;

    if (r == NULL) {
        d = diag_add(env->diags, DIAG_ONCE_KEY, key->at,
                     "the request of %s does not carry %s", by->name,
                     key->text);
        diag_note(d, NOTE_HELP, "send it as the reference by which the called "
                  "system finds what %s has made", call->name);
        return false;
    }
    for (size_t i = 0; i < r->chain.n; i++)
        if (!keeps_apart(&r->chain.at[i])) {
            d = diag_add(env->diags, DIAG_ONCE_KEY, r->at,
                         "two values of %s may become one by %s", key->text,
                         r->chain.at[i].text);
            diag_label(d, key->at, "the effect is told by this");
            diag_note(d, NOTE_HELP, "alpha, numc, prefix and max keep them "
                      "apart or refuse them");
            return false;
        }
    return true;
}

static bool
take_keys(struct env *env, const struct tcall *call, struct tonce *once)
{
    struct scope sc = { .env = env, .map = call->request,
                        .level = call->request->root };
    const expr_vec *per = &call->ast->once.per;

    for (size_t i = 0; i < per->n; i++) {
        const struct tpath *key = resolve_path(&sc, per->at[i], WANT_VALUE);

        if (key == NULL)
            return false;
        if (key->side != LEFT || key->hops.n != 1 ||
            tpath_member(key)->type.kind != TYPE_TEXT) {
            diag_add(env->diags, DIAG_ONCE_KEY, key->at,
                     "%s is no text of the caller's record itself",
                     key->text);
            return false;
        }
        if (!is_carried(env, call, call, key) ||
            !is_carried(env, call, once->find, key))
            return false;
        vec_push(env->arena, &once->keys, tpath_member(key));
    }
    return true;
}

/* --- the call that finds it --- */

static const char *
call_name(const void *calls, size_t i)
{
    return ((const struct env *)calls)->program->calls.at[i]->name;
}

static const struct tcall *
find_call(struct env *env, struct name name)
{
    const char *near;
    struct diag *d;

    for (size_t i = 0; i < env->program->calls.n; i++)
        if (strcmp(env->program->calls.at[i]->name, name.text) == 0)
            return env->program->calls.at[i];
    d = diag_add(env->diags, DIAG_ONCE_FOUND, name.at,
                 "there is no call %s", name.text);
    near = closest_name(name.text, call_name, env, env->program->calls.n);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    return NULL;
}

static bool
fits(struct env *env, const struct tcall *call, const struct tcall *find)
{
    struct span at = call->ast->once.found.at;
    struct diag *d;

    if (find->docflow != NULL || !find->no_effect) {
        d = diag_add(env->diags, DIAG_ONCE_FOUND, at,
                     "%s is no call without an effect", find->name);
        diag_note(d, NOTE_HELP, "what looks whether something was done must "
                  "do nothing itself: effect none");
        return false;
    }
    if (find->request->root->record[LEFT] !=
            call->request->root->record[LEFT] ||
        strcmp(find->request->systems[RIGHT]->name,
               call->request->systems[RIGHT]->name) != 0) {
        diag_add(env->diags, DIAG_ONCE_FOUND, at,
                 "%s is not between the same record and system", find->name);
        return false;
    }
    return true;
}

/* What the look-up's answer says is a document, whatever it says: so no rule
 * of the record itself may say something where there is none. */
static bool
is_silent(struct env *env, const struct tcall *find)
{
    const struct tlevel *root = find->response->root;

    for (size_t i = 0; i < root->rules.n; i++) {
        const struct trule *r = root->rules.at[i];

        if (r->fields[RIGHT].n > 0 && r->fate.kind != FATE_VALUE)
            continue;
        struct diag *d = diag_add(env->diags, DIAG_ONCE_FOUND, r->at,
                                  "this says something where nothing was "
                                  "found");
        diag_note(d, NOTE_HELP, "%s finds a document where its answer has any "
                  "value: let it read what only a document has", find->name);
        return false;
    }
    return true;
}

void
check_once(struct env *env)
{
    for (size_t i = 0; i < env->program->calls.n; i++) {
        struct tcall *call = env->program->calls.at[i];
        struct tonce *once;

        if (!call->ast->once.there)
            continue;
        once = arena_alloc(env->arena, sizeof *once);
        once->find = find_call(env, call->ast->once.found);
        if (once->find != NULL && fits(env, call, once->find) &&
            is_silent(env, once->find) && take_keys(env, call, once))
            call->once = once;
    }
}
