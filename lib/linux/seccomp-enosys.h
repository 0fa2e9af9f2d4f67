/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seccomp-enosys.h - ENOSYS for system calls that the profile cannot know.
 *
 * A profile lists what its author knew. A call added to the kernel since gets the
 * default action, mostly EPERM, which libc takes for a refusal of what it asked and
 * not for a reason to try the older call. So numbers above all that the profile names
 * are answered before the filter: the call is no less refused.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernel/seccomp.h"

/* System calls from .. to, both included, of the architecture AUDIT_ARCH_*. */
struct enosys_range {
	uint32_t audit_arch, from, to;
};

#define ENOSYS_RANGES_MAX 64
/* For n ranges; see the layout in the .c. */
#define ENOSYS_INSNS_MAX(n) (1 + 6 * (n))

/*
 * Write the instructions to put in front of a filter, which falls through to it where
 * none of the ranges holds. Ranges of one architecture must follow one another.
 * Returns how many there are, at most ENOSYS_INSNS_MAX(n); 0 for no range.
 */
size_t enosys_prologue(const struct enosys_range *ranges, size_t n,
		       struct bpf_insn_classic *out);
