/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec.h - find the container's program and become it.
 *
 * OCI: /process/args
 *
 * What goes wrong here is mostly the user's own: engines tell it by its words, so
 * these say "no such file or directory" and "permission denied" where all other
 * messages name the errno.
 */
#pragma once

#include <limits.h>

#include "plan.h"

struct err;

#define EXEC_PATH_SIZE PATH_MAX

int exec_check(const struct spec *s, struct err *e);
int exec_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e);

/*
 * Find args[0] by the container's PATH, as the user and in its cwd, into
 * plan->exec_path; say why it cannot be run as far as that is known before `start`.
 */
int exec_init_lookup(const struct plan *p, struct inside *in, struct err *e);

/* execve; returns only when that failed, with the cause. */
int exec_init(const struct plan *p, struct inside *in, struct err *e);

/* Why did execve say r for path? Fills e; see exec-diagnose.c. */
int exec_diagnose(const char *path, int r, struct err *e);
