/* SPDX-License-Identifier: Apache-2.0 */
/* The version, in one place. */
#ifndef DRIVER_VERSION_H
#define DRIVER_VERSION_H

#define MAPC_VERSION_TEXT "mapc 0.1.0"

#endif
