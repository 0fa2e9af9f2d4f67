/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attrs.h - single attributes of the container's process.
 *
 * OCI: /process/oomScoreAdj, /process/noNewPrivileges, /linux/personality
 */
#pragma once

#include <sys/types.h>

#include "plan.h"

struct err;

int attrs_check(const struct spec *s, struct err *e);

/*
 * oomScoreAdj of process pid, written by the host: in a user namespace the file is not
 * init's. Absent: not touched; 0 is a value. A caller without privilege over it can
 * only raise; if it then is higher than asked for already, that is one warning.
 */
int attrs_host_oom(const struct plan *p, pid_t pid, struct err *e);

/* Before the filter, which may allow only some personalities. */
int attrs_init_personality(const struct plan *p, struct inside *in, struct err *e);
int attrs_init_no_new_privs(const struct plan *p, struct inside *in, struct err *e);
