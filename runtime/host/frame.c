/* SPDX-License-Identifier: Apache-2.0 */
/* A map's frame and the records it points to, made for running a map by hand
 * or its rules one by one. */
#include "host/host.h"

enum mr_status
host_frame_init(struct mr_cx *cx, struct host_frame *f,
                const struct mr_map *map)
{
    memset(f, 0, sizeof *f);
    f->map = map;
    f->frame = mr_resize(cx, NULL, map->frame_size);
    f->records = mr_resize(cx, NULL, map->n_frame * sizeof *f->records);
    if (f->records != NULL)
        memset(f->records, 0, map->n_frame * sizeof *f->records);
    for (uint32_t i = 0; f->records != NULL && i < map->n_frame; i++) {
        f->records[i] = mr_resize(cx, NULL, map->frame[i].size);
        if (f->records[i] == NULL)
            break;
    }
    if (f->frame == NULL || f->records == NULL ||
        f->records[map->n_frame - 1] == NULL) {
        host_frame_done(cx, f);
        return MR_EMEMORY;
    }
    host_frame_clear(f);
    return MR_OK;
}

void
host_frame_done(struct mr_cx *cx, struct host_frame *f)
{
    for (uint32_t i = 0; f->records != NULL && i < f->map->n_frame; i++)
        mr_resize(cx, f->records[i], 0);
    mr_resize(cx, f->records, 0);
    mr_resize(cx, f->frame, 0);
    memset(f, 0, sizeof *f);
}

void
host_frame_clear(struct host_frame *f)
{
    memset(f->frame, 0, f->map->frame_size);
    for (uint32_t i = 0; i < f->map->n_frame; i++) {
        memset(f->records[i], 0, f->map->frame[i].size);
        memcpy(f->frame + f->map->frame[i].at, &f->records[i],
               sizeof f->records[i]);
    }
}
