/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cwd.c - make, enter and verify the working directory; chdir(2), getcwd(2).
 *
 * OCI: /process/cwd
 *
 * A cwd of /proc/self/fd/N, in the config or behind a link of the image, leads to a
 * directory of the host if a descriptor of one has leaked. From there the kernel finds
 * no way up to the root, and says so when it is asked for the path.
 */
#include "process/cwd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/beneath.h"
#include "kernel/file.h"

#define CWD_MODE 0755

int cwd_check(const struct spec *s, struct err *e)
{
	const char *cwd = s->process.cwd;

	if (!s->process.is_set)
		return 0;
	if (str_empty(cwd) || cwd[0] != '/')
		return err_at(
			e, err_config(e, "'%s' is not an absolute path", cwd ? cwd : ""),
			"/process/cwd");
	return 0;
}

/*
 * What root may not search, may not be there for the user alone; what is read-only
 * or no directory is for chdir(2) to judge.
 */
static bool is_for_later(int r)
{
	return r == -EACCES || r == -EPERM || r == -EROFS || r == -ENOTDIR ||
	       r == -EEXIST;
}

int cwd_init_make(const struct plan *p, struct inside *in, struct err *e)
{
	const char *cwd = p->spec->process.cwd;
	autofd int fd = -EBADF;

	if (!cwd || str_eq(cwd, "/"))
		return 0;
	fd = beneath_mkdir_all(in->root_fd, cwd, CWD_MODE);
	if (fd < 0 && !is_for_later(fd))
		return err_at(e, err_sys(e, fd, "mkdir", cwd), "/process/cwd");
	return 0;
}

int cwd_init_try(const struct plan *p, struct inside *in, struct err *e)
{
	const char *cwd = p->spec->process.cwd;
	int r;

	in->in_cwd = false;
	if (!cwd)
		return 0;
	r = sys_chdir(cwd);
	in->in_cwd = r == 0;
	if (r < 0 && r != -EACCES && r != -EPERM)
		return err_at(e, err_sys(e, r, "chdir", cwd), "/process/cwd");
	return 0;
}

/* "/" of the process must be the root that was built, or the path proves nothing. */
static int verify_root(const struct inside *in, struct err *e)
{
	struct stat root, built;
	int r;

	if (in->root_fd < 0)
		return 0;
	r = sys_fstat(in->root_fd, &built);
	if (r == 0)
		r = sys_fstatat(AT_FDCWD, "/", &root, 0);
	if (r < 0)
		return err_sys(e, r, "stat", "/");
	if (root.st_dev != built.st_dev || root.st_ino != built.st_ino)
		return err_sys_msg(e, -EXDEV, NULL, NULL,
				   "the process's root is not the container's");
	return 0;
}

static int verify(const struct inside *in, const char *cwd, struct err *e)
{
	char got[PATH_MAX];
	ssize_t n = sys_getcwd(got, sizeof(got));

	if (n == -ENOENT || (n >= 0 && got[0] != '/'))
		return err_sys_msg(e, -EXDEV, NULL, NULL,
				   "'%s' leads out of the container", cwd);
	/* One too long to be told is not proved either. */
	if (n < 0)
		return err_sys(e, (int)n, "getcwd", cwd);
	return verify_root(in, e);
}

int cwd_init(const struct plan *p, struct inside *in, struct err *e)
{
	const char *cwd = p->spec->process.cwd;
	int r = 0;

	if (!cwd)
		return 0;
	if (!in->in_cwd)
		r = sys_chdir(cwd);
	if (r < 0)
		return err_at(e, err_sys(e, r, "chdir", cwd), "/process/cwd");
	r = verify(in, cwd, e);
	return r < 0 ? err_at(e, r, "/process/cwd") : 0;
}
