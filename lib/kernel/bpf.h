/* SPDX-License-Identifier: Apache-2.0 */
/* bpf.h - bpf(2) for cgroup device programs; no policy, see file.h. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct bpf_insn_ebpf { /* struct bpf_insn */
	uint8_t code;
	uint8_t regs; /* dst in the low nibble, src in the high one */
	int16_t off;
	int32_t imm;
};

/* Load a BPF_PROG_TYPE_CGROUP_DEVICE program; log (may be NULL) gets the verifier's
 * words. */
int sys_bpf_load_device(const struct bpf_insn_ebpf *prog, size_t n, char *log,
			size_t log_size);
/* replace_fd >= 0: swap that program atomically (BPF_F_REPLACE), else BPF_F_ALLOW_MULTI.
 */
int sys_bpf_attach_device(int cgroup_fd, int prog_fd, int replace_fd);
int sys_bpf_detach_device(int cgroup_fd, int prog_fd);
/* Ids of the device programs attached to the cgroup itself; the number, or -errno. */
int sys_bpf_query_device(int cgroup_fd, uint32_t *ret_ids, size_t max);
int sys_bpf_prog_by_id(uint32_t id);
