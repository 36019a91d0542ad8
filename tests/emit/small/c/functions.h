/* Functions of tests.small. Made by mapc: change the map, not this file. */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include "mr/gen.h"

struct mr_val function_label(struct mr_cx *cx, struct mr_val name,
                             struct mr_val country);

#endif
