/* SPDX-License-Identifier: Apache-2.0 */
/* init's own procfs, and what it falls back on. */
#include "linux/procfs.h"

#include <sched.h>
#include <sys/mount.h>

#include "base/str.h"
#include "kernel/procfs.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static int open_and_look(void *arg)
{
	struct plan p = { 0 };
	struct inside in = { .proc_fd = -EBADF };
	autofd int fd = -EBADF;

	(void)arg;
	if (procfs_init(&p, &in, NULL) < 0)
		return 10;
	fd = procfs_open(in.proc_fd, "self/status", O_RDONLY);
	return fd >= 0 ? 0 : 11;
}

TEST(init_has_a_procfs)
{
	CHECK_INT(child_run(0, open_and_look, NULL), 0);
	if (!is_root())
		SKIP("root for the rest");
	CHECK_INT(child_run(CLONE_NEWPID | CLONE_NEWNS, open_and_look, NULL), 0);
	CHECK_INT(child_run(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS, open_and_look,
			    NULL),
		  0);
}

/* A covered file keeps a user namespace from mounting procfs; the fallback sees it. */
static int in_obstructed_userns(void *arg)
{
	autofd int fd = -EBADF;
	struct plan p = { 0 };
	struct inside in = { .proc_fd = -EBADF };

	(void)arg;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("/dev/null", "/proc/uptime", NULL, MS_BIND, NULL) < 0)
		return 10;
	if (sys_unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return 11;
	fd = procfs_new();
	if (fd != -EPERM)
		return 12;
	if (procfs_init(&p, &in, NULL) < 0)
		return 13;
	fd = procfs_open(in.proc_fd, "self/status", O_RDONLY);
	if (fd < 0)
		return 14;
	/* The cover is refused or gone, never read in place of the file. */
	fd_close(&fd);
	fd = procfs_open(in.proc_fd, "uptime", O_RDONLY);
	return fd >= 0 || fd == -EXDEV ? 0 : 15;
}

TEST(where_none_can_be_mounted_the_hosts_serves)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNS, in_obstructed_userns, NULL), 0);
}

static int without_any(void *arg)
{
	struct plan p = { 0 };
	struct inside in = { .proc_fd = -EBADF };
	struct err e = { 0 };

	(void)arg;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/proc", "tmpfs", 0, NULL) < 0 ||
	    sys_unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return 10;
	if (procfs_init(&p, &in, &e) != -EMEDIUMTYPE)
		return 11;
	return str_eq(e.path, "/proc") && in.proc_fd < 0 ? 0 : 12;
}

TEST(without_any_procfs_there_is_an_error)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNS, without_any, NULL), 0);
}
