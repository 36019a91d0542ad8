/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of mapc. Each takes its own arguments, without its name. */
#ifndef DRIVER_COMMANDS_H
#define DRIVER_COMMANDS_H

#include "driver/session.h"

struct command {
    const char *name;
    const char *help;           /* one line */
    enum mapc_exit (*run)(struct session *s, int argc, char **argv);
};

enum mapc_exit command_check(struct session *s, int argc, char **argv);
enum mapc_exit command_build(struct session *s, int argc, char **argv);
enum mapc_exit command_test(struct session *s, int argc, char **argv);
enum mapc_exit command_prove(struct session *s, int argc, char **argv);
enum mapc_exit command_fmt(struct session *s, int argc, char **argv);
enum mapc_exit command_explain(struct session *s, int argc, char **argv);
enum mapc_exit command_dump(struct session *s, int argc, char **argv);
enum mapc_exit command_lock(struct session *s, int argc, char **argv);
enum mapc_exit command_resolve(struct session *s, int argc, char **argv);
enum mapc_exit command_upgrade(struct session *s, int argc, char **argv);
enum mapc_exit command_sandbox(struct session *s, int argc, char **argv);

#endif
