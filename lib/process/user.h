/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user.h - the ids of the container's process.
 *
 * OCI: /process/user
 */
#pragma once

#include "plan.h"

struct err;

int user_check(const struct spec *s, struct err *e);

/* Only where the config has one: absent means unchanged. */
void user_init_umask(const struct plan *p);

/*
 * Give descriptors 0 to 2 to the user, so that /dev/stdout can be opened by it. What
 * cannot be given away stays as it is; /dev/null and what already is the user's too.
 */
int user_init_stdio(const struct plan *p, struct inside *in, struct err *e);

/*
 * Groups, gid, uid, in the only order that works. The supplementary groups are left as
 * they are, and in->groups_left tells so, when the annotation
 * run.oci.keep_original_groups=1 asks for it (podman's `--group-add keep-groups`), or
 * when the user namespace forbids changing them and the config wants none; the permitted
 * capabilities are kept for caps_init_set(). Clears PDEATHSIG, may make dumpable.
 */
int user_init(const struct plan *p, struct inside *in, struct err *e);
