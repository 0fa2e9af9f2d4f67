/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths.c - what of the container's tree is read-only, and what is hidden.
 *
 * OCI: /linux/readonlyPaths /linux/maskedPaths
 *
 * A file is masked with the host's /dev/null, which the host has cloned and proved to be
 * that device: never with whatever the container's /dev/null is (CVE-2025-31133). A
 * directory is masked with one empty read-only tmpfs for all of them. Both are attached
 * once, where they are needed first, and cloned from there: kernels before 6.15 clone
 * only what is attached in the own namespace.
 *
 * A path that is not there needs neither; a symlink on the way means what it means
 * inside, and the mount must be what the path leads to afterwards.
 */
#include "linux/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "kernel/beneath.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/statx.h"
#include "mounts/apply.h"
#include "mounts/attach.h"
#include "mounts/source.h"

/* It is the host's node: the container's root must not chmod or chown it. */
#define FILE_MASK_ATTR (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)

static int check_list(const struct str_list *paths, const char *field, struct err *e)
{
	for (size_t i = 0; i < paths->n; i++) {
		const char *path = paths->v[i];
		char clean[PATH_MAX];
		int r = 0;

		if (path[0] != '/')
			r = err_config(e, "'%s' is not an absolute path", path);
		else if (path_clean(path, clean, sizeof(clean)) < 0)
			r = err_config(e, "is longer than %d bytes", PATH_MAX - 1);
		else if (str_eq(clean, "/"))
			r = err_config(e, "'%s' is the root file system itself", path);
		if (r < 0)
			return err_at(e, r, "%s/%zu", field, i);
	}
	return 0;
}

int paths_check(const struct spec *s, struct err *e)
{
	int r = check_list(&s->linux.readonly_paths, "/linux/readonlyPaths", e);

	return r < 0 ? r : check_list(&s->linux.masked_paths, "/linux/maskedPaths", e);
}

int paths_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e)
{
	(void)h, (void)e;
	p->paths.null_source = NO_SOURCE;
	if (s->linux.masked_paths.n > 0)
		p->paths.null_source =
			source_add(p, "/dev/null", false, true, "/linux/maskedPaths");
	return 0;
}

/* What of path is below the mount point dir ("kcore" for "/proc"); NULL: it is not. */
static const char *below(const char *path, const char *dir)
{
	const char *rest = str_after(path, dir);

	return rest && rest[0] == '/' && rest[1] ? rest + 1 : NULL;
}

/* The mount that path lies in, as far as the config tells; NULL: the root. */
static const struct plan_mount *mount_of(const struct plan *p, const char *path)
{
	const struct plan_mount *found = NULL;

	for (size_t i = 0; i < p->mounts.n; i++) {
		const struct plan_mount *m = &p->mounts.v[i];

		if (below(path, m->destination) &&
		    (!found || strlen(m->destination) >= strlen(found->destination)))
			found = m;
	}
	return found;
}

static bool is_of_kernel(const struct plan_mount *m)
{
	return m && m->kind == MOUNT_FS && m->id && *m->id &&
	       (str_eq(m->fs_type, "proc") || str_eq(m->fs_type, "sysfs"));
}

/* The mount that the last path was in: the next one mostly is as well. */
struct place {
	const struct plan_mount *m; /* NULL: none yet */
	int fd;                     /* O_PATH of its root */
};
#define PLACE_NONE ((struct place){ .fd = -EBADF })

/*
 * From the mount itself: were "/proc" a symlink for a moment, made by another container
 * that shares a volume, "/proc/kcore" would not be there and go unmasked.
 */
static int find_place(const struct inside *in, const struct plan_mount *m,
		      struct place *place, struct err *e)
{
	autofd int fd = -EBADF;
	uint64_t id = 0;
	int r;

	if (place->m == m)
		return 0;
	fd = beneath_open(in->root_fd, m->destination, O_PATH | O_DIRECTORY);
	r = fd < 0 ? fd : sys_mount_id(fd, &id, NULL);
	if (r < 0)
		return err_sys(e, r, "open", m->destination);
	if (id != *m->id)
		return err_sys_msg(e, -ESTALE, "open", m->destination,
				   "is not the mount any more that was made there");
	fd_close(&place->fd);
	*place = (struct place){ .m = m, .fd = take_fd(&fd) };
	return 0;
}

/* Fills a for its path; target_fd is -EBADF when there is nothing to protect. */
static int open_path(const struct plan *p, const struct inside *in, struct place *place,
		     struct attach *a, unsigned *ret_mode, struct err *e)
{
	const struct plan_mount *m = mount_of(p, a->path);
	bool from_mount = is_of_kernel(m);
	const char *name = from_mount ? below(a->path, m->destination) : a->path;
	autofd int fd = -EBADF;
	uint64_t id;
	int r = from_mount ? find_place(in, m, place, e) : 0;

	a->target_fd = -EBADF;
	if (r < 0)
		return r;
	fd = beneath_open(from_mount ? place->fd : in->root_fd, name, O_PATH);
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return err_sys(e, fd, "open", name);
	r = sys_mount_id(fd, &id, ret_mode);
	if (r < 0)
		return err_sys(e, r, "statx", a->path);
	a->root_fd = in->root_fd;
	a->is_root = in->pivoted;
	a->is_private = mounts_is_private(p, id);
	a->target_fd = take_fd(&fd);
	return 0;
}

static int make_readonly(const struct plan *p, const struct inside *in,
			 struct place *place, const char *path, struct err *e)
{
	struct attach a = { .path = path, .top.set = MOUNT_ATTR_RDONLY };
	int fd = -EBADF;
	int *fds[] = { &a.target_fd, &fd };
	unsigned mode;
	int r = open_path(p, in, place, &a, &mode, e);

	if (r < 0 || a.target_fd < 0)
		return r;
	fd = sys_open_tree(a.target_fd, "",
			   OPEN_TREE_CLONE | AT_EMPTY_PATH | AT_RECURSIVE);
	r = fd < 0 ? err_sys(e, fd, "open_tree", path) : attach_mount(fd, &a, NULL, e);
	sys_close_all(fds, N_ELEMENTS(fds));
	return r;
}

int paths_init_readonly(const struct plan *p, struct inside *in, struct err *e)
{
	const struct str_list *paths = &p->spec->linux.readonly_paths;
	struct place place = PLACE_NONE;
	int r = 0;

	for (size_t i = 0; i < paths->n && r >= 0; i++) {
		r = make_readonly(p, in, &place, paths->v[i], e);
		if (r < 0)
			r = err_at(e, r, "/linux/readonlyPaths/%zu", i);
	}
	fd_close(&place.fd);
	return r;
}

/* Attached once already; -EBADF: not yet. */
struct masks {
	int file_fd, dir_fd;
};

static int make_empty_dir(struct err *e)
{
	unsigned attr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
			MOUNT_ATTR_NOEXEC;
	autofd int fs_fd = sys_fsopen("tmpfs", 0);
	int fd = -EBADF, r = fs_fd;

	if (r >= 0)
		r = sys_fsconfig_string(fs_fd, "source", "tmpfs");
	if (r >= 0)
		r = sys_fsconfig_string(fs_fd, "mode", "0555");
	if (r >= 0)
		r = sys_fsconfig_string(fs_fd, "nr_inodes", "1");
	if (r >= 0)
		r = sys_fsconfig_create(fs_fd);
	if (r >= 0)
		r = fd = sys_fsmount(fs_fd, 0, attr);
	return r < 0 ? err_sys(e, r, "mount", "tmpfs for masked directories") : fd;
}

/* A descriptor of a mask that is attached nowhere, or -errno. */
static int get_mask(const struct plan *p, struct inside *in, const struct masks *masks,
		    bool is_dir, struct err *e)
{
	int attached_fd = is_dir ? masks->dir_fd : masks->file_fd;
	int fd;

	if (attached_fd < 0 && is_dir)
		return make_empty_dir(e);
	if (attached_fd < 0)
		return take_fd(&in->source_fd[p->paths.null_source]);
	fd = sys_open_tree(attached_fd, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
	return fd < 0 ? err_sys(e, fd, "open_tree", is_dir ? "mask" : "/dev/null") : fd;
}

static int mask(const struct plan *p, struct inside *in, struct place *place,
		struct masks *masks, const char *path, struct err *e)
{
	struct attach a = { .path = path };
	int fd = -EBADF;
	int *fds[] = { &a.target_fd, &fd };
	int *attached_fd;
	unsigned mode;
	int r = open_path(p, in, place, &a, &mode, e);

	if (r < 0 || a.target_fd < 0)
		return r;
	attached_fd = S_ISDIR(mode) ? &masks->dir_fd : &masks->file_fd;
	/* Clones of it have its flags; the directories' was made with them. */
	if (!S_ISDIR(mode) && *attached_fd < 0)
		a.top.set = FILE_MASK_ATTR;
	fd = get_mask(p, in, masks, S_ISDIR(mode), e);
	r = fd < 0 ? fd : attach_mount(fd, &a, NULL, e);
	if (r >= 0 && *attached_fd < 0)
		*attached_fd = take_fd(&fd);
	sys_close_all(fds, N_ELEMENTS(fds));
	return r;
}

int paths_init_masked(const struct plan *p, struct inside *in, struct err *e)
{
	const struct str_list *paths = &p->spec->linux.masked_paths;
	struct masks masks = { .file_fd = -EBADF, .dir_fd = -EBADF };
	struct place place = PLACE_NONE;
	int *fds[] = { &masks.file_fd, &masks.dir_fd, &place.fd };
	int r = 0;

	for (size_t i = 0; i < paths->n && r >= 0; i++) {
		r = mask(p, in, &place, &masks, paths->v[i], e);
		if (r < 0)
			r = err_at(e, r, "/linux/maskedPaths/%zu", i);
	}
	sys_close_all(fds, N_ELEMENTS(fds));
	if (p->paths.null_source != NO_SOURCE && paths->n > 0)
		fd_close(&in->source_fd[p->paths.null_source]);
	return r;
}
