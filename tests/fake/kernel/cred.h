/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cred.h - the ids and capabilities of a thread that exists in a test only.
 *
 * The fake of kernel/cred.h keeps what it is told, so that reading back works. It
 * checks nothing: what the kernel refuses, a test brings about with record_fail().
 * Only the calls that change something are recorded.
 */
#pragma once

#include "kernel/cred.h"

struct fake_cred {
	uid_t uid[3]; /* real, effective, saved */
	gid_t gid[3];
	gid_t groups[64];
	size_t n_groups;
	struct cap_sets caps;
	uint64_t bounding, ambient;
	int last_cap;
};

/* The thread; a test writes into it. Root with all 41 capabilities after a reset. */
struct fake_cred *fake_cred(void);
void fake_cred_reset(void);
