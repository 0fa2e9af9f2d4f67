/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.c - where a mount goes: the destination, resolved beneath the root.
 *
 * OCI: /mounts/N/destination
 *
 * A destination may contain symlinks of the image (/var/run), which mean what they mean
 * inside. Not so for procfs and sysfs: a runtime that is led to mount them elsewhere
 * works with an impostor from then on.
 */
#include "mounts/target.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/beneath.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/statx.h"

#define PROC_ROOT_INO 1

/* Below /proc; what a program may be lied to about without harm to the runtime. */
/* clang-format off */
static const char *const may_be_covered[] = {
	"cpuinfo", "diskstats", "loadavg", "meminfo", "net/dev", "slabinfo", "stat",
	"swaps", "sys/crypto/fips_enabled", "sys/kernel/ns_last_pid", "uptime",
};
/* clang-format on */

bool target_is_strict(const struct plan_mount *m)
{
	return m->kind == MOUNT_FS &&
	       (str_eq(m->fs_type, "proc") || str_eq(m->fs_type, "sysfs"));
}

static int refuse(const struct plan_mount *m, int r, struct err *e)
{
	if (r == -ELOOP && target_is_strict(m))
		return err_sys_msg(e, r, "mount", m->destination,
				   "%s is mounted on ordinary directories only, and this "
				   "is or is below a symbolic link",
				   m->fs_type);
	if (r == -ENOTDIR && target_is_strict(m))
		return err_sys_msg(e, r, "mount", m->destination,
				   "%s is mounted on ordinary directories only, and this "
				   "is not a directory",
				   m->fs_type);
	return err_sys(e, r, "mount", m->destination);
}

static int open_strict(const struct inside *in, const char *path, bool *ret_made)
{
	int fd = beneath_open_strict(in->root_fd, path, O_PATH | O_DIRECTORY);
	int r;

	*ret_made = false;
	if (fd != -ENOENT)
		return fd;
	r = beneath_open_or_make(in->root_fd, path, true, ret_made);
	if (r < 0)
		return r;
	fd_close(&r);
	return beneath_open_strict(in->root_fd, path, O_PATH | O_DIRECTORY);
}

static int check_type(const struct plan_mount *m, const struct target *t, bool is_dir,
		      struct err *e)
{
	const char *source = str_empty(m->spec->source) ? m->fs_type : m->spec->source;

	if (t->is_dir == is_dir)
		return 0;
	/* Engines look for "not a directory" in both cases. */
	if (is_dir)
		return err_sys_msg(
			e, -ENOTDIR, "mount", m->destination,
			"'%s' is a directory, its destination is not a directory",
			source);
	return err_sys_msg(e, -EISDIR, "mount", m->destination,
			   "'%s' is not a directory, its destination is one", source);
}

int target_open(const struct inside *in, const struct plan_mount *m, bool is_dir,
		struct target *t, struct err *e)
{
	int r;

	*t = (struct target){ .fd = -EBADF };
	r = target_is_strict(m)
		    ? open_strict(in, m->destination, &t->made)
		    : beneath_open_or_make(in->root_fd, m->destination, is_dir, &t->made);
	if (r < 0)
		return refuse(m, r, e);
	t->fd = r;
	r = sys_mount_id(t->fd, &t->mount_id, &t->mode);
	if (r < 0) {
		r = err_sys(e, r, "statx", m->destination);
	} else {
		t->is_dir = S_ISDIR(t->mode);
		r = check_type(m, t, is_dir, e);
	}
	if (r < 0)
		fd_close(&t->fd);
	return r;
}

/* Is fd the root of a procfs? 0, 1 or -errno. */
static int is_proc_root(int fd)
{
	struct stat st;
	long type;
	int r = sys_fstatfs_type(fd, &type);

	if (r < 0)
		return r;
	if (type != PROC_SUPER_MAGIC)
		return 0;
	r = sys_fstat(fd, &st);
	return r < 0 ? r : st.st_ino == PROC_ROOT_INO;
}

static bool is_coverable(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(may_be_covered); i++) {
		if (str_eq(name, may_be_covered[i]))
			return true;
	}
	return false;
}

/* 1: a procfs, whole, by this mount; it may go where another one is. */
static int brings_proc(const struct plan_mount *m, int mount_fd)
{
	if (m->kind == MOUNT_FS)
		return str_eq(m->fs_type, "proc");
	return m->kind == MOUNT_BIND ? is_proc_root(mount_fd) : 0;
}

int target_guard_proc(const struct plan_mount *m, const struct target *t, int mount_fd,
		      struct err *e)
{
	const char *below = str_after(m->destination, "/proc/");
	bool on_proc_dir = str_eq(m->destination, "/proc");
	int on_proc_root, brings;
	long type;
	int r;

	if (below && is_coverable(below))
		return 0;
	if (!below && !on_proc_dir) {
		if (t->made)
			return 0; /* there is no mkdir in procfs */
		r = sys_fstatfs_type(t->fd, &type);
		if (r < 0)
			return err_sys(e, r, "statfs", m->destination);
		if (type != PROC_SUPER_MAGIC)
			return 0;
	}
	on_proc_root = is_proc_root(t->fd);
	brings = brings_proc(m, mount_fd);
	if (on_proc_root < 0 || brings < 0)
		return err_sys(e, on_proc_root < 0 ? on_proc_root : brings, "fstat",
			       m->destination);
	if (brings && (on_proc_dir || (on_proc_root && !below)))
		return 0;
	if (on_proc_dir)
		return err_at(e, err_config(e, "only a procfs may be mounted on '/proc'"),
			      "/destination");
	return err_at(e,
		      err_config(e, "'%s' would cover a part of procfs", m->destination),
		      "/destination");
}
