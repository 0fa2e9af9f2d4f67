/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rlimits.h - the resource limits of the container's process.
 *
 * OCI: /process/rlimits
 *
 * Set by the host, last of all: a limit on files or memory would otherwise hit init
 * at work, and only the host may have the privilege to raise one.
 */
#pragma once

#include <sys/types.h>

#include "plan.h"

struct err;

int rlimits_check(const struct spec *s, struct err *e);

/*
 * Has the caller CAP_SYS_RESOURCE, without which nobody can raise a limit nor set that
 * of a process of other ids? Then rlimits_host() sets them, else rlimits_init().
 */
bool rlimits_by_host(const struct plan *p);

/* Set them on process pid; nothing where init has to. */
int rlimits_host(const struct plan *p, pid_t pid, struct err *e);

/* The process on itself, before it gives up its capabilities. */
int rlimits_init(const struct plan *p, struct inside *in, struct err *e);
