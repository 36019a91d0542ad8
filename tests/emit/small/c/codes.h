/* Code tables of tests.small. Made by mapc: change the map, not this file. */
#ifndef CODES_H
#define CODES_H

#include "mr/gen.h"

extern const struct mr_codes codes_Class;

#endif
