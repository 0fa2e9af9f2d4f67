/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp.h - the container's system call filter.
 *
 * OCI: /linux/seccomp
 *
 * Compiled on the host into plan->seccomp, loaded by init as the last or nearly last
 * thing it does. The verb is called install because libseccomp owns seccomp_init().
 * seccomp-none.c stands in where the build has no libseccomp: it refuses a config
 * with a filter, and never runs one without.
 */
#pragma once

#include "plan.h"

struct err;

int seccomp_check(const struct spec *s, struct err *e);
int seccomp_plan(const struct spec *s, const struct host *h, struct plan *p,
		 struct err *e);

/* Needs no_new_privs or CAP_SYS_ADMIN. From here on the filter judges our own calls. */
int seccomp_install(const struct plan *p, struct inside *in, struct err *e);

/* For `features` and --version: is there a libseccomp, and which ("2.5.4", NULL)? */
bool seccomp_is_built(void);
const char *seccomp_library_version(struct arena *a);
/* The words of /linux/seccomp/flags that this kernel takes; ends with NULL. */
const char *const *seccomp_flag_names(struct arena *a);
