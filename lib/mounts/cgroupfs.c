/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroupfs.c - a mount of type "cgroup": the container's view of its own cgroups.
 *
 * On v2 it is one cgroup2. On v1 and hybrid it is a tmpfs with a directory for each
 * hierarchy that the container has joined, named as on the host, a link for each
 * controller that shares one ("cpu" and "cpuacct"), and the v2 hierarchy of a hybrid
 * beside them. Hierarchies that were not joined are left out: there the container is
 * in a cgroup of its caller's.
 *
 * In a cgroup namespace a new mount shows the container's cgroup as its root. Without
 * one it would show the host's whole tree, so the container's own directory is bound
 * instead (CVE-2023-25809).
 */
#include "mounts/cgroupfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "cgroup/hierarchy.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "mounts/apply.h"
#include "mounts/attach.h"
#include "mounts/fs.h"
#include "mounts/options.h"
#include "mounts/source.h"
#include "mounts/target.h"

#define NAME_SIZE 256

static bool has_cgroup_ns(const struct plan *p)
{
	return (p->ns.new_flags | p->ns.join_flags) & CLONE_NEWCGROUP;
}

static bool is_v2_only(const struct plan *p)
{
	return p->host->cgroup->layout == CGROUP_LAYOUT_V2;
}

/* The hierarchy in slot i, if the container is to see it. */
static const struct cgroup_v1 *shown_v1(const struct plan *p, size_t i)
{
	const struct cgroup_v1 *v1 = &p->host->cgroup->v1[i];

	return v1->path && p->cgroup.v1_joined & CGROUP_BIT(i) ? v1 : NULL;
}

/* The container's own directory; without one (manager "disabled") the caller's root. */
static void add_source(struct plan *p, struct plan_mount *m, const char *mount_path,
		       const char *field)
{
	const char *own = p->cgroup.disabled ? "" : p->cgroup.path;
	const char *path = arena_printf(&p->arena, "%s%s", mount_path, own);
	size_t i = source_add(p, path, false, false, field);

	if (m->n_sources++ == 0)
		m->source = i;
}

int cgroupfs_plan(const struct host *h, struct plan *p, struct plan_mount *m, size_t i,
		  struct err *e)
{
	const char *field = arena_printf(&p->arena, "/mounts/%zu", i);

	if (m->n_options > 0)
		return err_at(e,
			      err_config(e, "'%s' is no option of a cgroup mount",
					 m->option[0].key),
			      "/options/%zu", m->option[0].index);
	if (h->cgroup->layout == CGROUP_LAYOUT_NONE)
		return err_unsupported(e, "no cgroup file system is mounted on the host");
	if (has_cgroup_ns(p))
		return 0;
	for (size_t c = 0; c < CGROUP_CONTROLLERS; c++) {
		const struct cgroup_v1 *v1 = is_v2_only(p) ? NULL : shown_v1(p, c);

		if (v1)
			add_source(p, m, v1->path, field);
	}
	if (!h->cgroup->v2_path)
		return 0;
	add_source(p, m, h->cgroup->v2_path, field);
	/* All of the caller's cgroups: to look at only. */
	if (p->cgroup.disabled)
		m->attr_set |= MOUNT_ATTR_RDONLY;
	return 0;
}

/* "name=systemd" or "cpu,cpuacct", as fsconfig(2) wants them. */
static int set_controllers(int fs_fd, const char *controllers)
{
	const char *name = str_after(controllers, "name=");
	char word[NAME_SIZE];
	int r;

	if (name) {
		r = sys_fsconfig_flag(fs_fd, "none");
		return r < 0 ? r : sys_fsconfig_string(fs_fd, "name", name);
	}
	while (*controllers) {
		size_t n = strcspn(controllers, ",");

		r = str_format(word, sizeof(word), "%.*s", (int)n, controllers);
		if (r >= 0)
			r = sys_fsconfig_flag(fs_fd, word);
		if (r < 0)
			return r;
		controllers += n + (controllers[n] == ',');
	}
	return 0;
}

/* A mount of a v1 hierarchy, or of v2 if v1 is NULL, in our cgroup namespace. */
static int new_view(const struct cgroup_v1 *v1, uint64_t attr)
{
	autofd int fs_fd = sys_fsopen(v1 ? "cgroup" : "cgroup2", 0);
	int r;

	if (fs_fd < 0)
		return fs_fd;
	r = sys_fsconfig_string(fs_fd, "source", "cgroup");
	if (r >= 0 && v1)
		r = set_controllers(fs_fd, v1->controllers);
	if (r >= 0)
		r = sys_fsconfig_create(fs_fd);
	return r < 0 ? r : sys_fsmount(fs_fd, 0, (unsigned)attr);
}

/* What is being put together: `next` is the source that the next view takes. */
struct views {
	const struct plan *p;
	struct inside *in;
	const struct plan_mount *m;
	size_t next;
	struct new_fs tmpfs;
};

static int attach_view(struct views *v, const struct cgroup_v1 *v1, struct attach *a,
		       uint64_t *ret_id, struct err *e)
{
	autofd int own_fd = -EBADF;
	int fd;

	a->root_fd = v->in->root_fd;
	if (has_cgroup_ns(v->p)) {
		fd = own_fd = new_view(v1, options_attr(v->m));
		if (fd < 0)
			return err_sys_msg(e, fd, "mount", a->path, "cgroup %s",
					   v1 ? v1->controllers : "v2");
	} else {
		fd = v->in->source_fd[v->next++];
		a->may_be_peer = !v->p->root.is_peer;
		a->top.set = options_attr(v->m);
		a->top.clr = v->m->attr_clr;
	}
	return attach_mount(fd, a, ret_id, e);
}

/* Those of the sources; they have numbers in a row. */
static void close_sources(const struct plan_mount *m, struct inside *in)
{
	int *fds[CGROUP_CONTROLLERS + 1];
	size_t n = 0;

	for (; n < m->n_sources && n < N_ELEMENTS(fds); n++)
		fds[n] = &in->source_fd[m->source + n];
	sys_close_all(fds, n);
}

static int add_view(struct views *v, const struct cgroup_v1 *v1, const char *host_path,
		    struct err *e)
{
	const char *name = path_base(host_path);
	char path[PATH_MAX];
	struct attach a = {
		.path = path,
		.target_fd = v->tmpfs.fd,
		.name = name,
		.is_private = true,
	};
	int r;

	r = str_format(path, sizeof(path), "%s/%s", v->m->destination, name);
	if (r >= 0)
		r = sys_mkdirat(v->tmpfs.fd, name, 0755);
	if (r < 0)
		return err_sysf(e, r, "mkdir", "%s/%s", v->m->destination, name);
	return attach_view(v, v1, &a, NULL, e);
}

/* "cpu" and "cpuacct" lead to "cpu,cpuacct". */
static int add_links(struct views *v, const struct cgroup_v1 *v1, struct err *e)
{
	const char *name = path_base(v1->path), *c = v1->controllers;
	char word[NAME_SIZE];
	int r;

	if (!strchr(c, ','))
		return 0;
	while (*c) {
		size_t n = strcspn(c, ",");

		r = str_format(word, sizeof(word), "%.*s", (int)n, c);
		if (r >= 0 && !str_eq(word, name))
			r = sys_symlinkat(name, v->tmpfs.fd, word);
		if (r < 0)
			return err_sysf(e, r, "symlink", "%s/%.*s", v->m->destination,
					(int)n, c);
		c += n + (c[n] == ',');
	}
	return 0;
}

static int add_views(struct views *v, struct err *e)
{
	const struct cgroup_hierarchy *h = v->p->host->cgroup;
	int r;

	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		const struct cgroup_v1 *v1 = shown_v1(v->p, i);

		if (!v1)
			continue;
		r = add_view(v, v1, v1->path, e);
		if (r >= 0)
			r = add_links(v, v1, e);
		if (r < 0)
			return r;
	}
	return h->v2_path ? add_view(v, NULL, h->v2_path, e) : 0;
}

static int mount_tmpfs(struct views *v, const struct target *t, uint64_t *ret_id,
		       struct err *e)
{
	struct attach a = {
		.root_fd = v->in->root_fd,
		.path = v->m->destination,
		.target_fd = t->fd,
		.is_private = mounts_is_private(v->p, t->mount_id),
	};
	const struct spec_mount spec = { .source = "tmpfs" };
	const struct plan_mount tmpfs = {
		.spec = &spec,
		.fs_type = "tmpfs",
		.destination = v->m->destination,
	};
	int r;

	/* Writable until the directories are made. */
	r = fs_new(&tmpfs, options_attr(v->m) & ~(uint64_t)MOUNT_ATTR_RDONLY,
		   S_IFDIR | 0755, &v->tmpfs, e);
	return r < 0 ? r : attach_mount(v->tmpfs.fd, &a, ret_id, e);
}

/* The tmpfs is whole; read-only it becomes at the end (late_readonly). */
static int finish(struct views *v, struct err *e)
{
	const struct plan_mount *m = v->m;
	struct attach_flags tree = { 0 }, top = { 0 };

	if (m->propagation_recursive)
		tree.propagation = m->propagation;
	else
		top.propagation = m->propagation;
	return attach_change(v->tmpfs.fd, m->destination, &tree, &top, e);
}

static int mount_v1(struct views *v, const struct target *t, struct err *e)
{
	int r = mount_tmpfs(v, t, v->m->id, e);

	if (r >= 0)
		r = add_views(v, e);
	return r < 0 ? r : finish(v, e);
}

static int mount_v2(struct views *v, const struct target *t, struct err *e)
{
	struct attach a = {
		.path = v->m->destination,
		.target_fd = t->fd,
		.is_private = mounts_is_private(v->p, t->mount_id),
		.top.propagation = v->m->propagation,
	};

	return attach_view(v, NULL, &a, v->m->id, e);
}

int cgroupfs_mount(const struct plan *p, struct inside *in, const struct plan_mount *m,
		   struct err *e)
{
	struct views v = {
		.p = p,
		.in = in,
		.m = m,
		.next = m->source,
		.tmpfs = NEW_FS_NONE,
	};
	struct target t;
	int *fds[] = { &t.fd, &v.tmpfs.context_fd, &v.tmpfs.fd };
	int r = target_open(in, m, true, &t, e);

	if (r < 0)
		return r;
	r = target_guard_proc(m, &t, -EBADF, e);
	if (r >= 0 && is_v2_only(p))
		r = mount_v2(&v, &t, e);
	else if (r >= 0)
		r = mount_v1(&v, &t, e);
	sys_close_all(fds, N_ELEMENTS(fds));
	close_sources(m, in);
	return r;
}
