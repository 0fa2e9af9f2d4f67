/* SPDX-License-Identifier: Apache-2.0 */
/* self.h - what /proc/self/status says about the caller: one look for many questions. */
#pragma once

#include <stdint.h>

struct self_status {
	uint64_t signals_ignored, signals_caught; /* bit n - 1: signal n */
	uint64_t cap_bounding;                    /* bit n: capability n */
};

/* -errno, -EBADMSG when a line is missing: then the kernel has to be asked one by one. */
int sys_self_status(struct self_status *ret);
