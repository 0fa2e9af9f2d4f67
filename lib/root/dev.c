/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.c - the links that belong into /dev.
 *
 * "Dev symbolic links" of runtime-linux.md and /dev/ptmx of config-linux.md: each only
 * where what it leads to is there after the mounts.
 *
 * Relative to a descriptor of /dev that no symlink led to, and only ever where nothing of
 * that name is: an existing entry is the image's or the config's and stays, but for a
 * device /dev/ptmx of the image, which would allocate from no devpts of the container's.
 */
#include "root/dev.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/beneath.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "mounts/apply.h"

/* clang-format off */
static const struct {
	const char *name, *target;
	const char *needs; /* must exist */
} links[] = {
	{ "fd",     "/proc/self/fd",   "/proc/self/fd" },
	{ "stdin",  "/proc/self/fd/0", "/proc/self/fd" },
	{ "stdout", "/proc/self/fd/1", "/proc/self/fd" },
	{ "stderr", "/proc/self/fd/2", "/proc/self/fd" },
	{ "core",   "/proc/kcore",     "/proc/kcore" },
	{ "ptmx",   "pts/ptmx",        "/dev/pts/ptmx" },
};
/* clang-format on */

static bool exists(const struct inside *in, const char *path)
{
	autofd int fd = beneath_open(in->root_fd, path, O_PATH);

	return fd >= 0;
}

static bool is_configured(const struct plan *p, const char *path)
{
	for (size_t i = 0; i < p->devices.n; i++) {
		if (str_eq(p->devices.v[i].path, path))
			return true;
	}
	return false;
}

/* Out of the way with a ptmx device that is neither the config's nor the host's. */
static int remove_device(const struct plan *p, const struct inside *in, int dev_fd,
			 const char *name)
{
	struct stat st;
	int r;

	if (!str_eq(name, "ptmx") || is_configured(p, "/dev/ptmx"))
		return 0;
	r = sys_fstatat(dev_fd, name, &st, AT_SYMLINK_NOFOLLOW);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (!S_ISCHR(st.st_mode) && !(S_ISREG(st.st_mode) && st.st_size == 0))
		return 0;
	if (!mounts_is_own(p, in, dev_fd))
		return 0;
	r = sys_unlinkat(dev_fd, name, 0);
	return r == -EBUSY ? 0 : r;
}

static int make_link(const struct plan *p, const struct inside *in, int dev_fd,
		     const char *name, const char *target, struct err *e)
{
	int r = remove_device(p, in, dev_fd, name);

	if (r >= 0)
		r = sys_symlinkat(target, dev_fd, name);
	return r < 0 && r != -EEXIST ? err_sysf(e, r, "symlink", "/dev/%s", name) : 0;
}

int dev_init(const struct plan *p, struct inside *in, struct err *e)
{
	autofd int dev_fd = -EBADF;
	const char *asked = NULL;
	bool there = false;

	if (!p->root.in_mount_ns || !p->devices.has_links)
		return 0;
	dev_fd = beneath_open_strict(in->root_fd, "/dev", O_PATH | O_DIRECTORY);
	if (dev_fd < 0)
		return err_sys(e, dev_fd, "open", "/dev");
	for (size_t i = 0; i < N_ELEMENTS(links); i++) {
		int r = 0;

		if (!str_eq(asked, links[i].needs))
			there = exists(in, links[i].needs);
		asked = links[i].needs;
		if (there)
			r = make_link(p, in, dev_fd, links[i].name, links[i].target, e);
		if (r < 0)
			return r;
	}
	return 0;
}
