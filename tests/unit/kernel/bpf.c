/* SPDX-License-Identifier: Apache-2.0 */
/* Device programs on a cgroup of our own. */
#include "kernel/bpf.h"

#include "base/str.h"
#include "kernel/compat.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

/* r0 = verdict; exit */
static int load(int verdict)
{
	const struct bpf_insn_ebpf prog[] = {
		{ .code = 0xb7, .regs = 0, .imm = verdict },
		{ .code = 0x95 },
	};

	return sys_bpf_load_device(prog, N_ELEMENTS(prog), NULL, 0);
}

static int open_cgroup2(void)
{
	static const char *const mounts[] = { "/sys/fs/cgroup",
					      "/sys/fs/cgroup/unified" };

	for (size_t i = 0; i < N_ELEMENTS(mounts); i++) {
		int fd = sys_openat(AT_FDCWD, mounts[i], O_RDONLY | O_DIRECTORY, 0);
		long type = 0;

		if (fd >= 0 && sys_fstatfs_type(fd, &type) == 0 &&
		    type == CGROUP2_SUPER_MAGIC)
			return fd;
		fd_close(&fd);
	}
	return -ENOENT;
}

TEST(the_verifiers_words_come_with_a_refusal)
{
	static const struct bpf_insn_ebpf no_exit[] = { { .code = 0xb7 } };
	char log[4096] = "old";

	if (!is_root())
		SKIP("needs root");
	CHECK_INT(sys_bpf_load_device(no_exit, 1, NULL, 0), -EINVAL);
	CHECK_INT(sys_bpf_load_device(no_exit, 1, log, sizeof(log)), -EINVAL);
	CHECK(strlen(log) > 4 && !str_eq(log, "old"));
}

TEST(a_program_is_attached_exchanged_and_detached)
{
	autofd int mount_fd = open_cgroup2();
	autofd int group_fd = -EBADF;
	autofd int a_fd = -EBADF;
	autofd int b_fd = -EBADF;
	autofd int again_fd = -EBADF;
	uint32_t ids[4] = { 0 }, first;
	char name[32];

	if (mount_fd < 0 || !is_root())
		SKIP("needs root and a mounted cgroup2");
	a_fd = load(0);
	b_fd = load(1);
	CHECK(a_fd >= 0 && b_fd >= 0);
	(void)snprintf(name, sizeof(name), "tare-unit-%d", (int)sys_getpid());
	CHECK_INT(sys_mkdirat(mount_fd, name, 0755), 0);
	group_fd = sys_openat(mount_fd, name, O_RDONLY | O_DIRECTORY, 0);

	CHECK_INT(sys_bpf_query_device(group_fd, ids, 4), 0);
	CHECK_INT(sys_bpf_attach_device(group_fd, a_fd, -EBADF), 0);
	CHECK_INT(sys_bpf_query_device(group_fd, ids, 4), 1);
	first = ids[0];
	again_fd = sys_bpf_prog_by_id(first);
	CHECK(again_fd >= 0);
	CHECK_INT(sys_bpf_attach_device(group_fd, b_fd, again_fd), 0);
	CHECK_INT(sys_bpf_query_device(group_fd, ids, 4), 1);
	CHECK(ids[0] != first);
	CHECK_INT(sys_bpf_attach_device(group_fd, a_fd, -EBADF), 0);
	CHECK_INT(sys_bpf_query_device(group_fd, ids, 4), 2);
	CHECK_INT(sys_bpf_query_device(group_fd, ids, 1), -ENOSPC);
	CHECK_INT(sys_bpf_detach_device(group_fd, a_fd), 0);
	CHECK_INT(sys_bpf_detach_device(group_fd, b_fd), 0);
	CHECK_INT(sys_bpf_query_device(group_fd, ids, 4), 0);
	CHECK_INT(sys_unlinkat(mount_fd, name, AT_REMOVEDIR), 0);
}
