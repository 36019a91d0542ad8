/* SPDX-License-Identifier: Apache-2.0 */
/* All that generated code includes: the contract with the compiler. */
#ifndef MR_GEN_H
#define MR_GEN_H

#include <stddef.h>

#include "mr/codes.h"
#include "mr/conv.h"
#include "mr/program.h"
#include "mr/rule.h"
#include "mr/shape.h"

#endif
