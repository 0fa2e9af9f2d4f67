/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c - clone what the container gets from outside as detached mount trees.
 *
 * OCI: /mounts/N/source of bind mounts
 *
 * open_tree(2) with OPEN_TREE_CLONE, once, by whoever has the caller's rights: init
 * attaches a descriptor and never resolves a host path. A clone of a shared mount is
 * its peer, so that what the container mounts in it would show up on the host: it is
 * made a slave at once, unless the config wants that (rootfsPropagation shared).
 */
#include "mounts/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"

size_t source_add(struct plan *p, const char *path, bool recursive, bool is_device,
		  const char *field)
{
	struct plan_sources *s = &p->sources;

	s->v = arena_grow(&p->arena, s->v, s->n, sizeof(*s->v));
	s->v[s->n] = (struct plan_source){
		.path = path,
		.recursive = recursive,
		.is_device = is_device,
		.field = field,
	};
	return s->n++;
}

/* Where source i is going to be seen, for the hint; NULL if no mount wants it. */
static const char *destination_of(const struct plan *p, size_t i)
{
	for (size_t k = 0; k < p->mounts.n; k++) {
		const struct plan_mount *m = &p->mounts.v[k];

		if (m->kind == MOUNT_BIND && m->source == i)
			return m->destination;
	}
	return NULL;
}

/* What source i has to be, NULL if any device will do or it is none. */
static const struct plan_device *device_of(const struct plan *p, size_t i)
{
	for (size_t k = 0; k < p->devices.n; k++) {
		if (p->devices.v[k].source == i)
			return &p->devices.v[k];
	}
	return NULL;
}

static int refuse_root(const struct plan_source *s, int r, struct err *e)
{
	if (r == -ENOENT)
		return err_sys_msg(e, r, "open_tree", s->path,
				   "the root file system does not exist");
	if (r == -ENOTDIR)
		return err_sys_msg(e, r, "open_tree", s->path,
				   "the root file system is not a directory");
	return err_sys(e, r, "open_tree", s->path);
}

static int refuse_bind(const struct plan *p, size_t i, int r, struct err *e)
{
	const struct plan_source *s = &p->sources.v[i];
	const char *destination = destination_of(p, i);

	if (r == -ENOENT && destination)
		return err_hint(e,
				err_sys_msg(e, r, NULL, NULL,
					    "bind source '%s': no such file or directory",
					    s->path),
				"create it on the host, or drop the mount to '%s'",
				destination);
	if (r == -EACCES && destination)
		return err_sys_msg(e, r, NULL, NULL,
				   "bind source '%s': permission denied", s->path);
	err_sys(e, r, "open_tree", s->path);
	if (r == -EINVAL && destination && !s->recursive)
		err_hint(e, r,
			 "it may hold mounts that must not be uncovered: 'rbind' "
			 "takes them along");
	return r;
}

static int refuse(const struct plan *p, size_t i, int r, struct err *e)
{
	const struct plan_source *s = &p->sources.v[i];

	r = i == p->root.source ? refuse_root(s, r, e) : refuse_bind(p, i, r, e);
	return s->field ? err_at(e, r, "%s", s->field) : r;
}

static bool is_device(const struct stat *st, mode_t type, dev_t rdev)
{
	return (st->st_mode & S_IFMT) == type && st->st_rdev == rdev;
}

/* A source that is bound over files to hide them must be the real /dev/null. */
static int verify_device(const struct plan *p, size_t i, int fd, struct err *e)
{
	const struct plan_source *s = &p->sources.v[i];
	const struct plan_device *d = device_of(p, i);
	mode_t type = d ? d->mode & S_IFMT : S_IFCHR;
	dev_t rdev = d ? d->rdev : makedev(1, 3);
	struct stat st;
	int r = sys_fstat(fd, &st);

	if (r < 0)
		return err_sys(e, r, "fstat", s->path);
	if (is_device(&st, type, rdev))
		return 0;
	r = err_sys_msg(e, -ENODEV, "open_tree", s->path,
			"the host's file is not %s device %u:%u",
			type == S_IFBLK ? "block" : "character", major(rdev),
			minor(rdev));
	return s->field ? err_at(e, r, "%s", s->field) : r;
}

/* Where udev keeps a link by number: a device may have another name on the host. */
static int open_by_number(const struct plan_device *d)
{
	char path[64];
	int r;

	r = str_format(path, sizeof(path), "/dev/%s/%u:%u",
		       S_ISBLK(d->mode) ? "block" : "char", major(d->rdev),
		       minor(d->rdev));
	return r < 0 ? r : sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE);
}

static int open_clone(const struct plan *p, size_t i)
{
	const struct plan_source *s = &p->sources.v[i];
	const struct plan_device *d = s->is_device ? device_of(p, i) : NULL;
	unsigned flags = OPEN_TREE_CLONE | (s->recursive ? AT_RECURSIVE : 0);
	int fd = sys_open_tree(AT_FDCWD, s->path, flags);

	if (fd == -ENOENT && d)
		fd = open_by_number(d);
	return fd;
}

static int check_type(const struct plan *p, size_t i, int fd, struct err *e)
{
	struct stat st;
	int r;

	if (p->sources.v[i].is_device)
		return verify_device(p, i, fd, e);
	if (i != p->root.source)
		return 0;
	r = sys_fstat(fd, &st);
	if (r >= 0 && !S_ISDIR(st.st_mode))
		r = -ENOTDIR;
	return r < 0 ? refuse(p, i, r, e) : 0;
}

/* The root is no peer in any case: what is mounted while it is built is ours. */
static bool stays_peer(const struct plan *p, size_t i)
{
	return p->root.is_peer && i != p->root.source && !p->sources.v[i].is_device;
}

int source_open(const struct plan *p, size_t i, int *ret_fd, struct err *e)
{
	autofd int fd = open_clone(p, i);
	int r;

	if (fd < 0)
		return refuse(p, i, fd, e);
	r = check_type(p, i, fd, e);
	if (r < 0)
		return r;
	if (!stays_peer(p, i)) {
		r = sys_mount_setattr(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, 0, 0,
				      MS_SLAVE, -EBADF);
		/* Before 5.12 attach_mount() does it, by mount(2). */
		if (r < 0 && r != -ENOSYS)
			return err_sys(e, r, "mount_setattr", p->sources.v[i].path);
	}
	*ret_fd = take_fd(&fd);
	return 0;
}
