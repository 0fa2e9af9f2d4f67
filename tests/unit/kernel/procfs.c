/* SPDX-License-Identifier: Apache-2.0 */
/* procfs by descriptor: a real one, and what is not taken for one. */
#include "kernel/procfs.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/str.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static ssize_t read_below(int proc_fd, const char *path, char *buf, size_t size)
{
	autofd int fd = procfs_open(proc_fd, path, O_RDONLY);
	ssize_t n = fd < 0 ? fd : file_read_fd(fd, buf, size - 1);

	if (n >= 0)
		buf[n] = '\0';
	return n;
}

TEST(the_mounted_one_is_found_and_self_leads_to_us)
{
	autofd int fd = procfs_mounted();
	char stat[512], pid[16];

	CHECK(fd >= 0);
	CHECK(read_below(fd, "self/stat", stat, sizeof(stat)) > 0);
	(void)snprintf(pid, sizeof(pid), "%d ", (int)sys_getpid());
	CHECK(str_after(stat, pid) != NULL);
}

TEST(magic_links_and_ways_out_are_refused)
{
	autofd int fd = procfs_mounted();

	CHECK_INT(procfs_open(fd, "self/exe", O_RDONLY), -ELOOP);
	CHECK_INT(procfs_open(fd, "self/root/etc/passwd", O_RDONLY), -ELOOP);
	CHECK_INT(procfs_open(fd, "../etc/passwd", O_RDONLY), -EXDEV);
	CHECK_INT(procfs_open(fd, "/etc/passwd", O_RDONLY), -EXDEV);
	CHECK_INT(procfs_open(fd, "self/nothing", O_RDONLY), -ENOENT);
}

static int use_new(void *arg)
{
	autofd int fd = procfs_new();
	char stat[512];

	(void)arg;
	if (fd < 0)
		return 10;
	if (read_below(fd, "self/stat", stat, sizeof(stat)) <= 0)
		return 11;
	return str_after(stat, "1 ") ? 0 : 12;
}

TEST(a_new_one_is_of_the_callers_pid_namespace)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWPID, use_new, NULL), 0);
}

/* With the host's /proc in sight, "self" in it is not the number we have in ours. */
static int host_of_new_pid_namespace(void *arg)
{
	autofd int fd = procfs_host();
	char stat[512];

	(void)arg;
	if (fd < 0 || read_below(fd, "1/stat", stat, sizeof(stat)) <= 0)
		return 10;
	/* Only we are there. */
	return procfs_open(fd, "2/stat", O_RDONLY) == -ENOENT ? 0 : 11;
}

TEST(a_proc_of_another_pid_namespace_is_not_used_for_our_numbers)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWPID, host_of_new_pid_namespace, NULL), 0);
}

static int cover(const char *type, const char *source, const char *target,
		 unsigned long flags)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	return mount(source, target, type, flags, NULL);
}

static int tmpfs_on_proc(void *arg)
{
	(void)arg;
	if (cover("tmpfs", "tmpfs", "/proc", 0) < 0)
		return 10;
	return procfs_mounted() == -EMEDIUMTYPE ? 0 : 11;
}

static int directory_on_proc(void *arg)
{
	(void)arg;
	if (cover(NULL, "/proc/self", "/proc", MS_BIND) < 0)
		return 10;
	return procfs_mounted() == -EMEDIUMTYPE ? 0 : 11;
}

static int file_on_file(void *arg)
{
	autofd int fd = -EBADF;

	(void)arg;
	if (cover(NULL, "/proc/uptime", "/proc/sys/kernel/shmmax", MS_BIND) < 0)
		return 10;
	fd = procfs_mounted();
	if (fd < 0)
		return 11;
	if (procfs_open(fd, "sys/kernel/shmmax", O_RDONLY) != -EXDEV)
		return 12;
	return procfs_put(fd, "sys/kernel/shmmax", "1") == -EXDEV ? 0 : 13;
}

/* CVE-2019-16884, CVE-2025-52881 */
TEST(what_was_mounted_on_proc_is_not_taken_for_it)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNS, tmpfs_on_proc, NULL), 0);
	CHECK_INT(child_run(CLONE_NEWNS, directory_on_proc, NULL), 0);
	CHECK_INT(child_run(CLONE_NEWNS, file_on_file, NULL), 0);
}

TEST(a_value_is_written_and_a_refusal_is_told)
{
	autofd int fd = procfs_mounted();

	CHECK_INT(procfs_put(fd, "self/comm", "procfs-test"), 0);
	CHECK_INT(procfs_put(fd, "self/status", "x"), is_root() ? -EINVAL : -EACCES);
}
