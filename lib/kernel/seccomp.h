/* SPDX-License-Identifier: Apache-2.0 */
/* seccomp.h - the seccomp(2) system call; no policy, see file.h. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct bpf_insn_classic { /* struct sock_filter */
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

/* Load; flags are SECCOMP_FILTER_FLAG_*; a listener descriptor if NEW_LISTENER, else 0.
 */
int sys_seccomp_load(const struct bpf_insn_classic *prog, size_t n, unsigned flags);
int sys_seccomp_action_avail(uint32_t action); /* 0 or -EOPNOTSUPP */
/* Which SECCOMP_FILTER_FLAG_* does this kernel know? Probes with a NULL program. */
unsigned sys_seccomp_flags_avail(void);
