/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.c - run from a copy of our own binary that nobody can write to; see seal.h.
 *
 * First a detached, read-only clone of the mount that the binary is on (open_tree,
 * mount_setattr), which costs no copy but needs privilege; then a memfd with seals.
 * Either is executed by a close-on-exec descriptor, so that nothing of it leaks. The
 * marker variable only says that the second stage is expected: what /proc/self/exe
 * is has to show it. It holds our pid, which an execve keeps, so that a seal that
 * did not work is an error and not an endless loop.
 *
 * CVE-2019-5736.
 */
#include "seal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/process.h"

#define MARKER "TARE_SEALED"
#define EXE    "/proc/self/exe"
#define SEALS  (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

#define MARKER_SIZE 16

/* Is there a marker of this very process? It is gone afterwards. */
static bool take_marker(const char *own)
{
	const char *value = getenv(MARKER);
	bool is_ours = str_eq(value, own);

	if (value)
		(void)unsetenv(MARKER);
	return is_ours;
}

static bool is_sealed(int exe_fd)
{
	unsigned long flags;
	int seals;

	if (sys_fstatvfs_flags(exe_fd, &flags) == 0 && flags & ST_RDONLY)
		return true;
	seals = sys_get_seals(exe_fd);
	return seals >= 0 && (seals & SEALS) == SEALS;
}

static int clone_exe(void)
{
	autofd int fd = sys_open_tree(AT_FDCWD, EXE, OPEN_TREE_CLONE);
	int r;

	if (fd < 0)
		return fd;
	r = sys_mount_setattr(fd, "", AT_EMPTY_PATH, MOUNT_ATTR_RDONLY, 0, 0, -EBADF);
	return r < 0 ? r : take_fd(&fd);
}

static int copy(int from_fd, int to_fd)
{
	char buf[65536];
	ssize_t n;

	while ((n = file_read_fd(from_fd, buf, sizeof(buf))) > 0) {
		int r = file_write_fd(to_fd, buf, (size_t)n);

		if (r < 0)
			return r;
	}
	return (int)n;
}

static int copy_exe(int exe_fd)
{
	/* Kernels before 6.3 know no MFD_EXEC, some after it want it. */
	autofd int fd = sys_memfd_create("tare", MFD_ALLOW_SEALING | MFD_EXEC);
	int r;

	if (fd == -EINVAL)
		fd = sys_memfd_create("tare", MFD_ALLOW_SEALING);
	if (fd < 0)
		return fd;
	r = copy(exe_fd, fd);
	if (r == 0)
		r = sys_add_seals(fd, SEALS);
	return r < 0 ? r : take_fd(&fd);
}

/* Returns on failure only. */
static int execute(int fd, char *const argv[], const char *marker)
{
	int r;

	if (setenv(MARKER, marker, 1) < 0)
		return -ENOMEM;
	r = sys_execveat(fd, "", argv, environ, AT_EMPTY_PATH);
	(void)unsetenv(MARKER);
	return r;
}

static int open_exe(int *ret_fd, struct err *e)
{
	int fd = sys_openat(AT_FDCWD, EXE, O_RDONLY, 0);

	if (fd < 0)
		return err_hint(
			e, err_sys(e, fd, "open", EXE),
			"tare must be able to read its own binary; is /proc mounted?");
	*ret_fd = fd;
	return 0;
}

static int check_seal(struct err *e)
{
	autofd int exe_fd = -EBADF;
	int r = open_exe(&exe_fd, e);

	if (r < 0)
		return r;
	if (!is_sealed(exe_fd))
		return err_unsupported(e,
				       "the sealed copy of tare's binary is not sealed");
	/* An execve by descriptor leaves the descriptor's number as name. */
	(void)sys_prctl_str(PR_SET_NAME, "tare");
	return 0;
}

int seal_self(char *const argv[], struct err *e)
{
	char marker[MARKER_SIZE];
	autofd int exe_fd = -EBADF, fd = -EBADF;
	int r;

	(void)str_format(marker, sizeof(marker), "%d", (int)sys_getpid());
	if (take_marker(marker))
		return check_seal(e);

	fd = clone_exe();
	if (fd >= 0)
		(void)execute(fd, argv, marker);
	fd_close(&fd);
	r = open_exe(&exe_fd, e);
	if (r < 0)
		return r;
	fd = copy_exe(exe_fd);
	if (fd < 0)
		return err_sys_msg(e, fd, "memfd_create", EXE,
				   "cannot make a sealed copy of tare's binary");
	return err_sys_msg(e, execute(fd, argv, marker), "execveat", EXE,
			   "cannot run from a sealed copy of tare's binary");
}
