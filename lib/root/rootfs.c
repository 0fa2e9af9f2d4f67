/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rootfs.c - the container's root file system and how its mounts propagate.
 *
 * OCI: /root/path /root/readonly /linux/rootfsPropagation
 *
 * The host's mounts that init sees in its copy of the mount namespace are made slaves
 * first, whatever the config says: what is mounted over the root's path must not show up
 * on the host, and pivot_root(2) wants no shared parent. What the config says about the
 * root comes last, when it is "/": "shared" is then a new peer group, as the spec has it.
 */
#include "root/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include "base/err.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "mounts/apply.h"
#include "mounts/attach.h"
#include "mounts/source.h"

/* clang-format off */
static const struct {
	const char *name;
	uint64_t flags;
} propagations[] = {
	{ "private",     MS_PRIVATE },
	{ "slave",       MS_SLAVE },
	{ "shared",      MS_SHARED },
	{ "unbindable",  MS_UNBINDABLE },
	{ "rprivate",    MS_PRIVATE | MS_REC },
	{ "rslave",      MS_SLAVE | MS_REC },
	{ "rshared",     MS_SHARED | MS_REC },
	{ "runbindable", MS_UNBINDABLE | MS_REC },
};
/* clang-format on */

/* 0 for none; UINT64_MAX: no such word. */
static uint64_t parse_propagation(const char *word)
{
	if (str_empty(word))
		return 0;
	for (size_t i = 0; i < N_ELEMENTS(propagations); i++) {
		if (str_eq(word, propagations[i].name))
			return propagations[i].flags;
	}
	return UINT64_MAX;
}

static bool has_new_mount_namespace(const struct spec *s)
{
	for (size_t i = 0; i < s->linux.namespaces.n; i++) {
		const struct spec_namespace *n = &s->linux.namespaces.v[i];

		if (str_eq(n->type, "mount"))
			return str_empty(n->path);
	}
	return false;
}

/*
 * Without a mount namespace of its own the container is in its caller's, or in another
 * container's: what would be mounted, made read-only or put into /dev there is theirs.
 */
static int check_no_mounts(const struct spec *s, struct err *e)
{
	const struct {
		const char *field;
		bool is_set;
	} needs[] = {
		{ "/mounts", s->mounts.n > 0 },
		{ "/root/readonly", s->root.readonly },
		{ "/linux/rootfsPropagation", !str_empty(s->linux.rootfs_propagation) },
		{ "/linux/maskedPaths", s->linux.masked_paths.n > 0 },
		{ "/linux/readonlyPaths", s->linux.readonly_paths.n > 0 },
		{ "/linux/devices", s->linux.devices.n > 0 },
	};

	for (size_t i = 0; i < N_ELEMENTS(needs); i++) {
		if (!needs[i].is_set)
			continue;
		return err_hint(e,
				err_at(e, err_config(e, "needs a new mount namespace"),
				       "%s", needs[i].field),
				"add { \"type\": \"mount\" } to linux.namespaces");
	}
	return 0;
}

int rootfs_check(const struct spec *s, struct err *e)
{
	const char *word = s->linux.rootfs_propagation;

	if (s->root.is_set && str_empty(s->root.path))
		return err_at(e, err_config(e, "is empty"), "/root/path");
	if (parse_propagation(word) == UINT64_MAX)
		return err_at(e, err_config(e, "'%s' is no mount propagation", word),
			      "/linux/rootfsPropagation");
	return has_new_mount_namespace(s) ? 0 : check_no_mounts(s, e);
}

int rootfs_plan(const struct spec *s, const struct host *h, struct plan *p, struct err *e)
{
	struct plan_root *root = &p->root;

	(void)h, (void)e;
	root->path = path_join(&p->arena, p->options->bundle, s->root.path);
	root->in_mount_ns = p->ns.new_flags & CLONE_NEWNS;
	root->source = NO_SOURCE;
	if (!root->in_mount_ns)
		return 0;
	root->source = source_add(p, root->path, true, false, "/root/path");
	root->pivot = !p->options->no_pivot;
	root->propagation = parse_propagation(s->linux.rootfs_propagation);
	root->is_peer = root->propagation & MS_SHARED;
	return 0;
}

int rootfs_init_propagation(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	(void)in;
	if (!p->root.in_mount_ns)
		return 0;
	r = sys_mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL);
	return r < 0 ? err_sys(e, r, "mount", "/") : 0;
}

static int open_for_chroot(const struct plan *p, struct inside *in, struct err *e)
{
	int fd = sys_openat(AT_FDCWD, p->root.path, O_PATH | O_DIRECTORY, 0);

	if (fd < 0)
		return err_at(e,
			      err_sys_msg(e, fd, "open", p->root.path,
					  "the root file system cannot be entered"),
			      "/root/path");
	in->root_fd = fd;
	return 0;
}

/*
 * Over the directory it is a clone of, where hooks look for it. In a user namespace that
 * directory may be out of init's reach (below a 0700 one): then over "/", which all paths
 * that start at the host's root still pass by.
 */
static int move_to_its_place(const struct plan *p, int fd)
{
	unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS;
	int r = sys_move_mount(fd, "", AT_FDCWD, p->root.path, flags);

	if (r != -EACCES)
		return r;
	return sys_move_mount(fd, "", AT_FDCWD, "/", flags);
}

int rootfs_init_attach(const struct plan *p, struct inside *in, struct err *e)
{
	const struct attach_flags none = { 0 }, slave = { .propagation = MS_SLAVE };
	autofd int fd = -EBADF;
	int r;

	if (!p->root.in_mount_ns)
		return open_for_chroot(p, in, e);
	fd = take_fd(&in->source_fd[p->root.source]);
	r = move_to_its_place(p, fd);
	if (r < 0)
		return err_at(e, err_sys(e, r, "mount", p->root.path), "/root/path");
	/* source_open() did so; before Linux 5.12 it could not. */
	r = attach_change(fd, p->root.path, &slave, &none, e);
	if (r < 0)
		return err_at(e, r, "/root/path");
	in->root_fd = take_fd(&fd);
	return 0;
}

int rootfs_init_readonly(const struct plan *p, struct inside *in, struct err *e)
{
	const struct attach_flags none = { 0 }, readonly = { .set = MOUNT_ATTR_RDONLY };

	if (!p->root.in_mount_ns || !p->spec->root.readonly)
		return 0;
	return attach_change(in->root_fd, "/", &none, &readonly, e);
}

int rootfs_init_final_propagation(const struct plan *p, struct inside *in, struct err *e)
{
	const struct attach_flags none = { 0 };
	struct attach_flags flags = { 0 };
	int r;

	flags.propagation = p->root.propagation & ~(uint64_t)MS_REC;
	if (!p->root.in_mount_ns || !flags.propagation)
		return 0;
	if (!(p->root.propagation & MS_REC))
		return attach_change(in->root_fd, "/", &none, &flags, e);
	r = attach_change(in->root_fd, "/", &flags, &none, e);
	/* "Its own option" of a mount stands above that of the tree it is in. */
	return r < 0 ? r : mounts_init_propagation(p, in, e);
}
