/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.c - make the container's mounts, below the descriptor of its root.
 *
 * OCI: /mounts
 *
 * In the order of the document, because a destination may lie in an earlier mount. Each
 * is finished while it is detached (flags, contents) and then attached: at no time can
 * anyone see it with flags it should not have. Read-only comes last for what is still
 * filled: a tmpfs holds later mount points, /dev the nodes.
 */
#include "mounts/apply.h"

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
#include "mounts/attach.h"
#include "mounts/cgroupfs.h"
#include "mounts/copyup.h"
#include "mounts/fs.h"
#include "mounts/options.h"
#include "mounts/target.h"

static uint64_t attr_for_now(const struct plan_mount *m, uint64_t attr)
{
	return m->late_readonly ? attr & ~(uint64_t)MOUNT_ATTR_RDONLY : attr;
}

/* Which entry made the mount with that id, NULL if none of this config did. */
static const struct plan_mount *find_id(const struct plan *p, uint64_t id)
{
	for (size_t i = p->mounts.n; i-- > 0;) {
		const struct plan_mount *m = &p->mounts.v[i];

		if (*m->id == id && m->kind != MOUNT_CHANGE)
			return m;
	}
	return NULL;
}

/* Processes of a pid namespace that is joined could reach into what we build. */
bool mounts_is_private(const struct plan *p, uint64_t id)
{
	static const char *const types[] = { "tmpfs", "proc", "sysfs", "devpts" };
	const struct plan_mount *made = find_id(p, id);

	if (!made || made->kind != MOUNT_FS || p->ns.join_flags & CLONE_NEWPID)
		return false;
	for (size_t i = 0; i < N_ELEMENTS(types); i++) {
		if (str_eq(made->fs_type, types[i]))
			return true;
	}
	return false;
}

static struct attach attach_args(const struct plan *p, const struct inside *in,
				 const struct plan_mount *m, const struct target *t)
{
	struct attach a = {
		.root_fd = in->root_fd,
		.path = m->destination,
		.target_fd = t->fd,
		.is_private = mounts_is_private(p, t->mount_id),
		.strict = target_is_strict(m),
	};

	if (m->propagation_recursive)
		a.tree.propagation = m->propagation;
	else
		a.top.propagation = m->propagation;
	return a;
}

static void add_attr(struct attach *a, const struct plan_mount *m)
{
	a->tree.set = m->rec_set;
	a->tree.clr = m->rec_clr;
	a->top.set = attr_for_now(m, m->attr_set);
	a->top.clr = m->attr_clr;
}

static bool gives_owner(const struct plan_mount *m)
{
	for (size_t i = 0; i < m->n_options; i++) {
		if (str_eq(m->option[i].key, "uid") || str_eq(m->option[i].key, "gid"))
			return true;
	}
	return false;
}

static int fill(const struct plan_mount *m, const struct target *t, int fd, struct err *e)
{
	struct stat st;
	int r;

	if (!m->tmpcopyup || t->made)
		return 0;
	r = copyup(t->fd, fd, m->destination, e);
	if (r < 0 || gives_owner(m))
		return r;
	r = sys_fstat(t->fd, &st);
	if (r >= 0)
		r = sys_fchownat(fd, "", st.st_uid, st.st_gid, AT_EMPTY_PATH);
	return r < 0 ? err_sys(e, r, "chown", m->destination) : 0;
}

/* A new tmpfs takes over the mode of the directory it hides, but not one we just made. */
static unsigned mode_to_copy(const struct plan_mount *m, const struct target *t)
{
	return str_eq(m->fs_type, "tmpfs") && !m->has_mode && !t->made ? t->mode : 0;
}

/* The mount that mount(2) has put on t, which it does not tell. */
static int open_mounted(const struct inside *in, const struct plan_mount *m,
			const struct target *t, int *ret_fd, struct err *e)
{
	autofd int fd = target_is_strict(m)
				? beneath_open_strict(in->root_fd, m->destination, O_PATH)
				: beneath_open(in->root_fd, m->destination, O_PATH);
	uint64_t before;
	int r = fd < 0 ? fd : sys_mount_id(t->fd, &before, NULL);

	if (r >= 0)
		r = sys_mount_id(fd, m->id, NULL);
	if (r >= 0 && *m->id == before)
		r = -ESTALE;
	if (r < 0)
		return err_sys_msg(e, r, "mount", m->destination,
				   "the path changed while it was being mounted on");
	*ret_fd = take_fd(&fd);
	return 0;
}

static int mount_by_mount2(const struct plan *p, const struct inside *in,
			   const struct plan_mount *m, const struct target *t,
			   struct err *e)
{
	struct attach a = attach_args(p, in, m, t);
	autofd int fd = -EBADF;
	int r;

	r = fs_mount2(m, attr_for_now(m, options_attr(m)), mode_to_copy(m, t), t->fd, e);
	if (r >= 0)
		r = open_mounted(in, m, t, &fd, e);
	if (r >= 0)
		r = fill(m, t, fd, e);
	return r < 0 ? r : attach_change(fd, m->destination, &a.tree, &a.top, e);
}

static int mount_fs(const struct plan *p, const struct inside *in,
		    const struct plan_mount *m, const struct target *t,
		    struct new_fs *ret, struct err *e)
{
	struct attach a = attach_args(p, in, m, t);
	int r = target_guard_proc(m, t, -EBADF, e);

	if (r < 0)
		return r;
	if (m->by_mount2)
		return mount_by_mount2(p, in, m, t, e);
	r = fs_new(m, attr_for_now(m, options_attr(m)), mode_to_copy(m, t), ret, e);
	if (r >= 0)
		r = fill(m, t, ret->fd, e);
	return r < 0 ? r : attach_mount(ret->fd, &a, m->id, e);
}

static int make_fs(const struct plan *p, const struct inside *in,
		   const struct plan_mount *m, struct err *e)
{
	struct new_fs fs = NEW_FS_NONE;
	struct target t;
	int *fds[] = { &t.fd, &fs.context_fd, &fs.fd };
	int r = target_open(in, m, true, &t, e);

	if (r < 0)
		return r;
	r = mount_fs(p, in, m, &t, &fs, e);
	sys_close_all(fds, N_ELEMENTS(fds));
	return r;
}

static int make_bind(const struct plan *p, struct inside *in, const struct plan_mount *m,
		     struct err *e)
{
	autofd int fd = take_fd(&in->source_fd[m->source]);
	struct attach a;
	struct target t;
	struct stat st;
	int r = sys_fstat(fd, &st);

	if (r < 0)
		return err_sys(e, r, "fstat", p->sources.v[m->source].path);
	r = target_open(in, m, S_ISDIR(st.st_mode), &t, e);
	if (r < 0)
		return r;
	a = attach_args(p, in, m, &t);
	add_attr(&a, m);
	a.may_be_peer = !p->root.is_peer;
	r = target_guard_proc(m, &t, fd, e);
	if (r >= 0)
		r = attach_mount(fd, &a, m->id, e);
	fd_close(&t.fd);
	return r;
}

/*
 * remount. The super block is changed only of what this config has mounted new: that
 * of a bind mount is in use on the host.
 */
static int change_super_block(const struct plan_mount *m, const struct plan_mount *made,
			      int fd, struct err *e)
{
	bool is_ours = made && made->kind == MOUNT_FS;

	if (m->is_bind)
		return 0;
	if (is_ours)
		return fs_reconfigure(m, fd, e);
	if (m->n_options == 0)
		return 0;
	return err_at(e,
		      err_config(e,
				 "'%s' is not a file system of this container: only its "
				 "mount flags can change",
				 m->destination),
		      "/options/%zu", m->option[0].index);
}

static int make_change(const struct plan *p, const struct inside *in,
		       const struct plan_mount *m, struct err *e)
{
	autofd int fd = beneath_open(in->root_fd, m->destination, O_PATH);
	struct target t = { .fd = fd };
	const struct plan_mount *made;
	struct attach a = attach_args(p, in, m, &t);
	uint64_t id;
	int r = fd < 0 ? fd : sys_mount_id(fd, &id, NULL);

	if (r < 0)
		return err_sys(e, r, "remount", m->destination);
	made = find_id(p, id);
	*m->id = id;
	add_attr(&a, m);
	r = attach_change(fd, m->destination, &a.tree, &a.top, e);
	if (r == -EINVAL)
		return err_sys_msg(e, r, "remount", m->destination,
				   "nothing is mounted there");
	return r < 0 ? r : change_super_block(m, made, fd, e);
}

static int make_one(const struct plan *p, struct inside *in, const struct plan_mount *m,
		    struct err *e)
{
	switch (m->kind) {
	case MOUNT_FS:
		return make_fs(p, in, m, e);
	case MOUNT_BIND:
		return make_bind(p, in, m, e);
	case MOUNT_CGROUP:
		return cgroupfs_mount(p, in, m, e);
	case MOUNT_CHANGE:
		return make_change(p, in, m, e);
	}
	return 0;
}

int mounts_init(const struct plan *p, struct inside *in, size_t from, size_t to,
		struct err *e)
{
	for (size_t i = from; i < to; i++) {
		int r = make_one(p, in, &p->mounts.v[i], e);

		if (r < 0)
			return err_at(e, r, "/mounts/%zu", i);
	}
	return 0;
}

bool mounts_is_own(const struct plan *p, const struct inside *in, int fd)
{
	const struct plan_mount *made;
	uint64_t id, root_id;

	if (sys_mount_id(fd, &id, NULL) < 0 ||
	    sys_mount_id(in->root_fd, &root_id, NULL) < 0)
		return false;
	made = find_id(p, id);
	return id == root_id || (made && made->kind == MOUNT_FS);
}

/*
 * Find what entry m has mounted again, by its id: 0 with *ret_fd -EBADF if a later
 * entry covers it, so that nobody can see it; -ESTALE if its path leads elsewhere.
 */
static int reopen(const struct plan *p, const struct inside *in,
		  const struct plan_mount *m, int *ret_fd)
{
	autofd int fd = beneath_open(in->root_fd, m->destination, O_PATH);
	const struct plan_mount *found;
	uint64_t id;
	int r = fd < 0 ? fd : sys_mount_id(fd, &id, NULL);

	*ret_fd = -EBADF;
	if (r < 0)
		return r;
	if (id == *m->id) {
		*ret_fd = take_fd(&fd);
		return 0;
	}
	found = find_id(p, id);
	return found && found > m ? 0 : -ESTALE;
}

static int change_again(const struct plan *p, const struct inside *in,
			const struct plan_mount *m, const struct attach_flags *tree,
			const struct attach_flags *top, struct err *e)
{
	autofd int fd = -EBADF;
	int r = reopen(p, in, m, &fd);

	if (r < 0)
		r = err_sys_msg(e, r, "mount", m->destination,
				"the path no longer leads to the mount");
	else if (fd >= 0)
		r = attach_change(fd, m->destination, tree, top, e);
	return r < 0 ? err_at(e, r, "/mounts/%zu", (size_t)(m - p->mounts.v)) : 0;
}

int mounts_init_readonly(const struct plan *p, struct inside *in, struct err *e)
{
	const struct attach_flags none = { 0 }, readonly = { .set = MOUNT_ATTR_RDONLY };

	for (size_t i = 0; i < p->mounts.n; i++) {
		const struct plan_mount *m = &p->mounts.v[i];
		int r = 0;

		if (m->late_readonly)
			r = change_again(p, in, m, &none, &readonly, e);
		if (r < 0)
			return r;
	}
	return 0;
}

int mounts_init_propagation(const struct plan *p, struct inside *in, struct err *e)
{
	for (size_t i = 0; i < p->mounts.n; i++) {
		const struct plan_mount *m = &p->mounts.v[i];
		const struct attach_flags none = { 0 };
		const struct attach_flags own = { .propagation = m->propagation };
		bool whole = m->propagation_recursive;
		int r = 0;

		if (m->propagation)
			r = change_again(p, in, m, whole ? &own : &none,
					 whole ? &none : &own, e);
		if (r < 0)
			return r;
	}
	return 0;
}
