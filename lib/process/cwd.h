/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cwd.h - the directory the container's process starts in.
 *
 * OCI: /process/cwd
 *
 * It is entered twice: with the runtime's privileges, because the user may not be
 * allowed to search the way to it, and with the user's if that failed, because root
 * may not be allowed either (a home on NFS with root squashed).
 */
#pragma once

#include "plan.h"

struct err;

int cwd_check(const struct spec *s, struct err *e);

/* Make it in the rootfs if it is missing; before that becomes read-only. */
int cwd_init_make(const struct plan *p, struct inside *in, struct err *e);
/* Before the ids change. */
int cwd_init_try(const struct plan *p, struct inside *in, struct err *e);
/* After: once more if need be, and the proof that it is inside (CVE-2024-21626). */
int cwd_init(const struct plan *p, struct inside *in, struct err *e);
