/* SPDX-License-Identifier: Apache-2.0 */
/*
 * procfs.c - make or find a procfs for init; see procfs.h.
 *
 * In the order of what can stand in the way: nothing can be mounted on a new instance;
 * a clone of the host's mount without its submounts has lost what was mounted on it;
 * below the host's own, a file that is covered is refused (EXDEV) when it is opened.
 */
#include "linux/procfs.h"

#include <errno.h>
#include <fcntl.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/procfs.h"

/*
 * It stays open to the end: with a number above others' they would not be neighbours,
 * which one call closes (sys_close_all()).
 */
static int lowest(int fd)
{
	int low_fd = sys_dup(fd, 3);

	if (low_fd > fd || low_fd < 0) {
		fd_close(&low_fd);
		return fd;
	}
	fd_close(&fd);
	return low_fd;
}

int procfs_init(const struct plan *p, struct inside *in, struct err *e)
{
	autofd int mounted_fd = -EBADF;
	int fd;

	(void)p;
	if (in->proc_fd >= 0)
		return 0;
	fd = procfs_new();
	if (fd >= 0) {
		in->proc_fd = lowest(fd);
		return 0;
	}
	log_debug("no procfs of our own (%s), taking the host's", err_name(fd));
	mounted_fd = procfs_mounted();
	if (mounted_fd < 0)
		return err_sys_msg(e, mounted_fd, "open", "/proc",
				   "procfs can neither be mounted (%s) nor found",
				   err_name(fd));
	fd = sys_open_tree(mounted_fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE);
	in->proc_fd = fd >= 0 ? fd : take_fd(&mounted_fd);
	return 0;
}
