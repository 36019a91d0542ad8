/* Code tables of tests.small. Made by mapc: change the map, not this file. */
#include "codes.h"

/* clang-format off */

/* codes Class */
static const struct mr_code codes_Class_right[] = {
    { "A", "01", 1, 2 },
    { "B", "02", 1, 2 },
};

static const uint16_t codes_Class_right_slots[4] = {
    [2] = 1, [3] = 2,
};

static const struct mr_code codes_Class_left[] = {
    { "01", "A", 2, 1 },
    { "02", "B", 2, 1 },
};

static const uint16_t codes_Class_left_slots[4] = {
    [1] = 2, [2] = 1,
};

const struct mr_codes codes_Class = {
    .name = "Class",
    .right = {
        .rows = codes_Class_right,
        .n = 2,
        .lookup = {
            .seed = 0xe220a8397b1dcdaf,
            .shift = 62,
            .slots = codes_Class_right_slots,
        },
    },
    .left = {
        .rows = codes_Class_left,
        .n = 2,
        .lookup = {
            .seed = 0xe220a8397b1dcdaf,
            .shift = 62,
            .slots = codes_Class_left_slots,
        },
    },
};
