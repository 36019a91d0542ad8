/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON decoder as it is built here, on streams cut in every way. */
#include "codec/json_cases.h"

CHECK_MAIN(JSON_CASE_TESTS)
