/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attach.c - put a detached mount into the container's tree, with its flags.
 *
 * mount_setattr(2) on the detached mount, move_mount(2) between two descriptors, and a
 * look whether the path leads there. Linux 5.10 and 5.11 have no mount_setattr: there
 * the flags of a clone are set by mount(2) right after it was attached, which cannot
 * reach the mounts below it.
 */
#include "mounts/attach.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/beneath.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/statx.h"
#include "mounts/options.h"

/* clang-format off */
static const struct {
	unsigned long st;
	uint64_t attr;
} lockable[] = {
	{ ST_RDONLY,     MOUNT_ATTR_RDONLY },
	{ ST_NOSUID,     MOUNT_ATTR_NOSUID },
	{ ST_NODEV,      MOUNT_ATTR_NODEV },
	{ ST_NOEXEC,     MOUNT_ATTR_NOEXEC },
	{ ST_NODIRATIME, MOUNT_ATTR_NODIRATIME },
};
/* clang-format on */

static bool is_empty(const struct attach_flags *f)
{
	return !f->set && !f->clr && !f->propagation;
}

static int set_flags(int fd, unsigned at_flags, const struct attach_flags *f)
{
	return sys_mount_setattr(fd, "", AT_EMPTY_PATH | at_flags, f->set, f->clr,
				 f->propagation, -EBADF);
}

/* The MOUNT_ATTR_* that fd's mount has; its access time is not among them. */
static int present_attr(int fd, uint64_t *ret)
{
	unsigned long st = 0;
	int r = sys_fstatvfs_flags(fd, &st);

	if (r < 0)
		return r;
	*ret = 0;
	for (size_t i = 0; i < N_ELEMENTS(lockable); i++) {
		if (st & lockable[i].st)
			*ret |= lockable[i].attr;
	}
	return 0;
}

/*
 * In a user namespace a host mount's restrictions are locked. Clearing one is refused
 * as a whole, so the rest is asked for again without it: more confined than asked.
 */
static int set_unlocked(int fd, const char *path, const struct attach_flags *f)
{
	struct attach_flags rest = *f;
	uint64_t present;
	int r = present_attr(fd, &present);

	if (r < 0)
		return r;
	rest.clr &= ~(present | MOUNT_ATTR__ATIME);
	rest.set &= ~(uint64_t)MOUNT_ATTR__ATIME;
	if (rest.clr == f->clr)
		return -EPERM;
	r = is_empty(&rest) ? 0 : set_flags(fd, 0, &rest);
	if (r >= 0)
		log_warn("'%s' keeps flags of the host's mount that are locked in a user "
			 "namespace",
			 path);
	return r;
}

static int change(int fd, const char *path, const struct attach_flags *tree,
		  const struct attach_flags *top)
{
	int r = 0;

	if (!is_empty(tree))
		r = set_flags(fd, AT_RECURSIVE, tree);
	if (r >= 0 && !is_empty(top)) {
		r = set_flags(fd, 0, top);
		if (r == -EPERM)
			r = set_unlocked(fd, path, top);
	}
	return r;
}

/*
 * A name of fd for mount(2): a directory by making it the current one, which needs no
 * procfs; for anything else the host's /proc is still there before the pivot.
 */
static int name_for_mount2(int fd, char name[FD_PATH_SIZE])
{
	struct stat st;
	int r = sys_fstat(fd, &st);

	if (r < 0)
		return r;
	if (!S_ISDIR(st.st_mode)) {
		fd_path(fd, name);
		return 0;
	}
	name[0] = '.';
	name[1] = '\0';
	return sys_fchdir(fd);
}

static int change_by_name(int fd, const char *name, bool slave_first,
			  const struct attach_flags *tree, const struct attach_flags *top)
{
	uint64_t attr;
	int r = 0;

	if (slave_first)
		r = sys_mount(NULL, name, NULL, MS_SLAVE | MS_REC, NULL);
	if (r >= 0 && tree->propagation)
		r = sys_mount(NULL, name, NULL, tree->propagation | MS_REC, NULL);
	if (r >= 0 && top->propagation)
		r = sys_mount(NULL, name, NULL, top->propagation, NULL);
	if (r < 0 || (!top->set && !top->clr))
		return r;
	r = present_attr(fd, &attr);
	if (r < 0)
		return r;
	attr = (attr & ~top->clr) | top->set;
	return sys_mount(NULL, name, NULL, MS_REMOUNT | MS_BIND | options_ms_flags(attr),
			 NULL);
}

/* 5.10 and 5.11, on a mount that is attached. */
static int change_by_mount2(int fd, bool slave_first, const struct attach_flags *tree,
			    const struct attach_flags *top)
{
	char name[FD_PATH_SIZE];
	int r, back;

	if (tree->set || tree->clr)
		return -ENOSYS;
	r = name_for_mount2(fd, name);
	if (r < 0)
		return r;
	r = change_by_name(fd, name, slave_first, tree, top);
	back = sys_chdir("/");
	return r < 0 ? r : back;
}

static int refuse_change(int r, const char *path, struct err *e)
{
	if (r != -ENOSYS)
		return err_sys(e, r, "mount_setattr", path);
	return err_unsupported(
		e, "'%s': recursive mount options need Linux 5.12 or newer", path);
}

int attach_change(int mount_fd, const char *path, const struct attach_flags *tree,
		  const struct attach_flags *top, struct err *e)
{
	int r = change(mount_fd, path, tree, top);

	if (r == -ENOSYS)
		r = change_by_mount2(mount_fd, false, tree, top);
	return r < 0 ? refuse_change(r, path, e) : 0;
}

/* The id of the mount that the path leads to now. */
static int look_up(const struct attach *a, uint64_t *ret)
{
	autofd int fd = -EBADF;

	if (a->is_root && !a->strict)
		return sys_mount_id_at(AT_FDCWD, a->path, ret);
	fd = a->strict ? beneath_open_strict(a->root_fd, a->path, O_PATH)
		       : beneath_open(a->root_fd, a->path, O_PATH);
	return fd < 0 ? fd : sys_mount_id(fd, ret, NULL);
}

static int check_place(int mount_fd, const struct attach *a, uint64_t *ret_id,
		       struct err *e)
{
	uint64_t id, found;
	int r;

	if (a->is_private && !ret_id)
		return 0;
	r = sys_mount_id(mount_fd, &id, NULL);
	if (r < 0)
		return err_sys(e, r, "statx", a->path);
	if (ret_id)
		*ret_id = id;
	if (a->is_private)
		return 0;
	r = look_up(a, &found);
	if (r >= 0 && found != id)
		r = -ESTALE;
	return r < 0 ? err_sys_msg(e, r, "mount", a->path,
				   "the path changed while it was being mounted on")
		     : 0;
}

int attach_mount(int mount_fd, const struct attach *a, uint64_t *ret_id, struct err *e)
{
	struct attach_flags tree = a->tree;
	bool by_mount2;
	int r;

	/* Once more what source_open() did: it tells whether it could. */
	if (a->may_be_peer && is_empty(&tree) && is_empty(&a->top))
		tree.propagation = MS_SLAVE;
	r = change(mount_fd, a->path, &tree, &a->top);
	if (r < 0 && r != -ENOSYS)
		return refuse_change(r, a->path, e);
	by_mount2 = r == -ENOSYS;

	r = sys_move_mount(mount_fd, "", a->target_fd, a->name ? a->name : "",
			   MOVE_MOUNT_F_EMPTY_PATH |
				   (a->name ? 0 : MOVE_MOUNT_T_EMPTY_PATH));
	if (r < 0)
		return err_sys(e, r, "mount", a->path);
	if (by_mount2) {
		r = change_by_mount2(mount_fd, a->may_be_peer, &tree, &a->top);
		if (r < 0)
			return refuse_change(r, a->path, e);
	}
	return check_place(mount_fd, a, ret_id, e);
}
