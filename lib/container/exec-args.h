/* SPDX-License-Identifier: Apache-2.0 */
/* exec-args.h - what the command line of `exec` makes of the container's process. */
#pragma once

struct err;
struct spec;
struct tare_exec_args;

/* The container's own process with other args, env, cwd, user and terminal. */
int exec_args_replace(struct spec *s, const struct tare_exec_args *a, struct err *e);

/* What changes a process.json alike: capabilities, groups, no_new_privs. */
int exec_args_change(struct spec *s, const struct tare_exec_args *a, struct err *e);
