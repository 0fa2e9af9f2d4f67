/* SPDX-License-Identifier: Apache-2.0 */
/* hints.c - one error for each row of the table, as the library fills it. */
#include "cmd/hints.h"

#include <errno.h>

#include "base/err.h"
#include "base/str.h"
#include "tests/unit/unit.h"

/* Does the hint for this error hold these words? NULL: there must be none. */
static void hinted(int code, const char *op, const char *path, const char *field,
		   const char *words)
{
	struct err e = { 0 };
	const char *hint;

	(void)err_sys(&e, -code, op, path);
	if (field)
		(void)err_at(&e, -code, "%s", field);
	hint = hint_for(&e);
	if (words)
		CHECK(hint && strstr(hint, words));
	else
		CHECK_STR(hint, NULL);
}

static void hinted_state(int code, const char *words)
{
	struct err e = { 0 };

	(void)err_state(&e, -code, "something");
	CHECK(hint_for(&e) && strstr(hint_for(&e), words));
}

TEST(clone3_eperm)
{
	hinted(EPERM, "clone3", "init", "/linux/namespaces", "CAP_SYS_ADMIN");
}
TEST(clone3_enospc)
{
	hinted(ENOSPC, "clone3", "init", "/linux/namespaces", "user.max_");
}
TEST(clone3_eagain)
{
	hinted(EAGAIN, "clone3", "init", "/linux/namespaces", "pids.max");
}
TEST(clone3_einval)
{
	hinted(EINVAL, "clone3", "init", "/linux/namespaces", "kernel was built");
}
TEST(setns_eperm)
{
	hinted(EPERM, "setns", "/proc/1/ns/net", "/linux/namespaces/0/path", "joining");
}
TEST(prlimit_eperm)
{
	hinted(EPERM, "prlimit", "RLIMIT_NOFILE", "/process/rlimits/0", "ulimit -H");
	hinted(EPERM, "prlimit", "RLIMIT_NOFILE", "/elsewhere", NULL);
}
TEST(mkdir_of_a_cgroup)
{
	const char *dir = "/sys/fs/cgroup/tare/x", *field = "/linux/cgroupsPath";

	hinted(EROFS, "mkdir", dir, field, "mounted read-only");
	hinted(EACCES, "mkdir", dir, field, "as root");
	hinted(ENOSPC, "mkdir", dir, field, "cgroup.max.descendants");
}
TEST(mkdir_of_the_state_directory)
{
	hinted(EACCES, "mkdir", "/run/tare", NULL, "--root");
	hinted(EROFS, "mkdir", "/run/tare", NULL, "--root");
	hinted(ENOSPC, "mkdir", "/run/tare/x", NULL, "full");
	hinted(EACCES, "mkdir", "/x", "/mounts/0", NULL);
}
TEST(write_of_the_state)
{
	hinted(ENOSPC, "write", "/run/tare/x/state.json", NULL, "full");
	hinted(ENOSPC, "write", "cpuset.cpus", "/linux/resources/cpu/cpus", NULL);
}
TEST(missing_bundle)
{
	hinted(ENOENT, "open bundle", "/nowhere", NULL, "--bundle");
}
TEST(missing_config)
{
	hinted(ENOENT, "open", "config.json", NULL, "tare spec");
	hinted(ENOENT, "open", "/b/config.json", NULL, "tare spec");
	hinted(ENOENT, "open", "/dev/null", NULL, NULL);
}
TEST(connect_to_a_console_socket)
{
	hinted(ENOENT, "connect", "/run/x.sock", NULL, "makes this socket");
	hinted(ECONNREFUSED, "connect", "/run/x.sock", NULL, "listens");
}
TEST(keyring)
{
	hinted(EDQUOT, "keyctl", "x", NULL, "maxkeys");
	hinted(EPERM, "keyctl", "x", NULL, "--no-new-keyring");
}
TEST(bpf_eperm)
{
	hinted(EPERM, "bpf", "device program", "/linux/resources/devices", "CAP_BPF");
}
TEST(mknod_eperm)
{
	hinted(EPERM, "mknod", "/dev/fuse", "/linux/devices/0", "CAP_MKNOD");
}
TEST(execveat_eacces)
{
	hinted(EACCES, "execveat", "/proc/self/exe", NULL, "vm.memfd_noexec");
}
TEST(no_such_container)
{
	hinted_state(ENOENT, "tare list");
}
TEST(container_exists)
{
	hinted_state(EEXIST, "tare delete");
}
TEST(most_errors_need_no_hint)
{
	struct err e = { 0 };

	(void)err_config(&e, "expected string, got number");
	CHECK_STR(hint_for(&e), NULL);
	hinted(EIO, "read", "/x", NULL, NULL);
}
