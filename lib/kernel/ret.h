/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ret.h - from libc's -1 and errno to the house's negative errno.
 *
 * For the .c files of this room only.
 */
#pragma once

#include <errno.h>

static inline int ret_errno(long r)
{
	return r < 0 ? -errno : (int)r;
}

/* For calls that did nothing when a signal came first. */
#define RESTART(call)                                                                    \
	({                                                                               \
		long restart_r_;                                                         \
		do                                                                       \
			restart_r_ = (call);                                             \
		while (restart_r_ < 0 && errno == EINTR);                                \
		restart_r_;                                                              \
	})
