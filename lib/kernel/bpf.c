/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bpf.c - bpf(2) for cgroup device programs; see bpf.h. libc has no wrapper.
 *
 * Attaching with BPF_F_ALLOW_MULTI keeps a program that the parent cgroup has in
 * force; BPF_F_REPLACE changes the rules of a running container at once, without a
 * moment in which none or both apply.
 */
#include "kernel/bpf.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "kernel/ret.h"

_Static_assert(sizeof(struct bpf_insn_ebpf) == sizeof(struct bpf_insn), "layout");

static int bpf_call(enum bpf_cmd command, union bpf_attr *attr)
{
	return ret_errno(syscall(SYS_bpf, command, attr, sizeof(*attr)));
}

static uint64_t address(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

/* The verifier gives up with EAGAIN when a signal is pending. */
static int load(union bpf_attr *attr)
{
	int r = -EAGAIN;

	for (unsigned i = 0; r == -EAGAIN && i < 5; i++)
		r = bpf_call(BPF_PROG_LOAD, attr);
	return r;
}

int sys_bpf_load_device(const struct bpf_insn_ebpf *prog, size_t n, char *log,
			size_t log_size)
{
	union bpf_attr attr;
	int r, again;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = address(prog);
	attr.insn_cnt = (uint32_t)n;
	attr.license = address("Apache-2.0");
	if (log && log_size)
		log[0] = '\0';
	r = load(&attr);
	if (r >= 0 || !log || !log_size)
		return r;

	/*
	 * Only now with a log: one that is too small fails a good program. Should the
	 * second load work after all, the first result still stands.
	 */
	attr.log_level = 1;
	attr.log_buf = address(log);
	attr.log_size = (uint32_t)log_size;
	again = load(&attr);
	if (again >= 0)
		(void)close(again);
	log[log_size - 1] = '\0';
	return r;
}

int sys_bpf_attach_device(int cgroup_fd, int prog_fd, int replace_fd)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup_fd;
	attr.attach_bpf_fd = (uint32_t)prog_fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	if (replace_fd >= 0) {
		attr.attach_flags |= BPF_F_REPLACE;
		attr.replace_bpf_fd = (uint32_t)replace_fd;
	}
	return bpf_call(BPF_PROG_ATTACH, &attr);
}

int sys_bpf_detach_device(int cgroup_fd, int prog_fd)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup_fd;
	attr.attach_bpf_fd = (uint32_t)prog_fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	return bpf_call(BPF_PROG_DETACH, &attr);
}

int sys_bpf_query_device(int cgroup_fd, uint32_t *ret_ids, size_t max)
{
	union bpf_attr attr;
	int r;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = (uint32_t)cgroup_fd;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = address(ret_ids);
	attr.query.prog_cnt = (uint32_t)max;
	r = bpf_call(BPF_PROG_QUERY, &attr);
	return r < 0 ? r : (int)attr.query.prog_cnt;
}

int sys_bpf_prog_by_id(uint32_t id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	return bpf_call(BPF_PROG_GET_FD_BY_ID, &attr);
}
