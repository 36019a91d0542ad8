/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mishaps on demand. A list of rules a system, each for some kinds of requests
 * and with a chance, by a seed that gives the same mishaps again:
 *
 *   {"cloud": {"seed": 7, "rules": [
 *      {"on": "batch", "do": "status", "status": 503, "probability": 0.1},
 *      {"on": "any", "do": "latency", "ms": 20, "random_ms": 50},
 *      {"on": "create", "do": "cut_after", "every": 100}]}}
 */
#ifndef SANDBOX_FAULTS_H
#define SANDBOX_FAULTS_H

#include <jansson.h>

#include "sandbox/model.h"

/* What a request is, to rules ("on") and in the counts. */
enum traffic {
    TRAFFIC_READ, TRAFFIC_CREATE, TRAFFIC_UPDATE, TRAFFIC_DELETE,
    TRAFFIC_BATCH, TRAFFIC_TOKEN, TRAFFIC_METADATA, TRAFFIC_IDOC,
    TRAFFIC_DELIVERY, TRAFFIC_CALL, TRAFFIC_BYTES, N_TRAFFIC
};

extern const char *const traffic_names[N_TRAFFIC];

/* What is to go wrong with one request. */
struct mishap {
    int64_t delay_ms;
    int status;                 /* 0: none */
    int retry_after;            /* seconds; -1: not sent */
    int64_t bytes_per_second;   /* of the answer; 0: at once */
    bool cut_before, cut_middle, cut_after, garbage, csrf, duplicate, reorder;
};

/* Without rules. */
struct faults *faults_new(struct arena *a);
/* Replaces the rules by those of this JSON (the object of one system); NULL,
 * or what is wrong with it, in the arena. */
const char *faults_set(struct faults *f, struct arena *a, const json_t *json);
void faults_clear(struct faults *f);
/* For a request of this kind; inside of a batch, only statuses are drawn. */
struct mishap faults_draw(struct faults *f, enum traffic kind, bool inner);
/* Seconds that the clock is wrong. */
int64_t faults_skew(const struct faults *f);
/* Does an IDoc that came in make one that goes out? */
bool faults_echo(const struct faults *f);
uint64_t faults_count(const struct faults *f);

#endif
