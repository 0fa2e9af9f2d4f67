/* SPDX-License-Identifier: Apache-2.0 */
/*
 * namespaces.c - check, open and enter the container's namespaces; setns(2).
 *
 * OCI: /linux/namespaces
 *
 * The mount namespace is joined last of all but the user's: from then on a path
 * means another file, and whatever still had to be opened by name would be the
 * container's. All are opened by the host for the same reason.
 */
#include "linux/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/ns.h"

/* clang-format off */
static const struct {
	const char *name, *article;
	uint64_t flag;
} kinds[NS_KINDS] = {
	[NS_USER]   = { "user",    "a",  CLONE_NEWUSER },
	[NS_MOUNT]  = { "mount",   "a",  CLONE_NEWNS },
	[NS_PID]    = { "pid",     "a",  CLONE_NEWPID },
	[NS_NET]    = { "network", "a",  CLONE_NEWNET },
	[NS_UTS]    = { "uts",     "a",  CLONE_NEWUTS },
	[NS_IPC]    = { "ipc",     "an", CLONE_NEWIPC },
	[NS_CGROUP] = { "cgroup",  "a",  CLONE_NEWCGROUP },
	[NS_TIME]   = { "time",    "a",  CLONE_NEWTIME },
};

/* In which order they are joined; user and pid have their own functions. */
static const enum ns_kind join_order[] = {
	NS_NET, NS_IPC, NS_UTS, NS_CGROUP, NS_TIME, NS_MOUNT,
};
/* clang-format on */

const char *namespaces_name(enum ns_kind kind)
{
	return kinds[kind].name;
}

uint64_t namespaces_flag(enum ns_kind kind)
{
	return kinds[kind].flag;
}

int namespaces_kind(const char *name)
{
	for (int i = 0; i < NS_KINDS; i++) {
		if (str_eq(kinds[i].name, name))
			return i;
	}
	return -EINVAL;
}

int namespaces_kind_of_flag(uint64_t flag)
{
	for (int i = 0; i < NS_KINDS; i++) {
		if (kinds[i].flag == flag)
			return i;
	}
	return -EINVAL;
}

static const struct spec_namespace *find(const struct spec *s, enum ns_kind kind)
{
	const struct spec_namespace_list *l = &s->linux.namespaces;

	for (size_t i = 0; i < l->n; i++) {
		if (str_eq(l->v[i].type, kinds[kind].name))
			return &l->v[i];
	}
	return NULL;
}

bool namespaces_has(const struct spec *s, enum ns_kind kind)
{
	return find(s, kind) != NULL;
}

bool namespaces_is_new(const struct spec *s, enum ns_kind kind)
{
	const struct spec_namespace *n = find(s, kind);

	return n && str_empty(n->path);
}

bool namespaces_is_joined(const struct spec *s, enum ns_kind kind)
{
	const struct spec_namespace *n = find(s, kind);

	return n && !str_empty(n->path);
}

static int check_one(const struct spec_namespace *n, size_t i, size_t seen[NS_KINDS],
		     struct err *e)
{
	int kind = namespaces_kind(n->type);

	if (kind < 0)
		return err_at(e, err_config(e, "no namespace is of type '%s'", n->type),
			      "/linux/namespaces/%zu/type", i);
	if (seen[kind] != SIZE_MAX)
		return err_at(e,
			      err_config(e,
					 "a second %s namespace, the first is "
					 "/linux/namespaces/%zu",
					 n->type, seen[kind]),
			      "/linux/namespaces/%zu", i);
	seen[kind] = i;
	if (str_empty(n->path)) {
		if (kind != NS_TIME)
			return 0;
		return err_at(
			e,
			err_unsupported(e, "not supported yet: /linux/namespaces/%zu", i),
			"/linux/namespaces/%zu", i);
	}
	if (n->path[0] != '/')
		return err_at(e, err_config(e, "'%s' is not an absolute path", n->path),
			      "/linux/namespaces/%zu/path", i);
	return 0;
}

int namespaces_check(const struct spec *s, struct err *e)
{
	const struct spec_namespace_list *l = &s->linux.namespaces;
	size_t seen[NS_KINDS];

	for (int i = 0; i < NS_KINDS; i++)
		seen[i] = SIZE_MAX;
	for (size_t i = 0; i < l->n; i++) {
		int r = check_one(&l->v[i], i, seen, e);

		if (r < 0)
			return r;
	}
	return 0;
}

int namespaces_plan(const struct spec *s, const struct host *h, struct plan *p,
		    struct err *e)
{
	const struct spec_namespace_list *l = &s->linux.namespaces;

	(void)h;
	p->ns = (struct plan_namespaces){ 0 };
	for (size_t i = 0; i < l->n; i++) {
		int kind = namespaces_kind(l->v[i].type);

		if (kind < 0)
			return namespaces_check(s, e);
		p->ns.index[kind] = i;
		if (str_empty(l->v[i].path)) {
			p->ns.new_flags |= kinds[kind].flag;
		} else {
			p->ns.join_flags |= kinds[kind].flag;
			p->ns.join_path[kind] = l->v[i].path;
		}
	}
	return 0;
}

bool namespaces_by_clone(const struct plan *p)
{
	if (p->ns.join_flags & CLONE_NEWUSER)
		return false;
	return !(p->ns.new_flags & CLONE_NEWUSER) || !p->ns.join_flags;
}

static int at_path(const struct plan *p, enum ns_kind kind, struct err *e, int r)
{
	return err_at(e, r, "/linux/namespaces/%zu/path", p->ns.index[kind]);
}

/* The path may name anything, a FIFO too: hence O_NONBLOCK, and nsfs proved first. */
static int open_one(const char *path, enum ns_kind kind, int *ret_fd, struct err *e)
{
	autofd int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	int flag, is;
	long type;
	int r;

	if (fd < 0)
		return err_sys(e, fd, "open", path);
	r = sys_fstatfs_type(fd, &type);
	if (r < 0)
		return err_sys(e, r, "fstatfs", path);
	if (type != NSFS_MAGIC)
		return err_config(e, "'%s' is no namespace", path);
	flag = sys_ns_type(fd);
	if (flag < 0)
		return err_sys(e, flag, "NS_GET_NSTYPE", path);
	is = namespaces_kind_of_flag((uint64_t)flag);
	if (is != (int)kind)
		return err_config(e, "'%s' is %s %s namespace, not %s %s one", path,
				  is < 0 ? "an" : kinds[is].article,
				  is < 0 ? "unknown" : kinds[is].name,
				  kinds[kind].article, kinds[kind].name);
	*ret_fd = take_fd(&fd);
	return 0;
}

/* setns(2) says EINVAL for the user namespace that the caller is in. */
static int is_own_userns(int fd, bool *ret, struct err *e)
{
	struct stat theirs, ours;
	int r = sys_fstat(fd, &theirs);

	if (r < 0)
		return err_sys(e, r, "fstat", "user namespace");
	r = sys_fstatat(AT_FDCWD, "/proc/self/ns/user", &ours, 0);
	if (r < 0)
		return err_sys(e, r, "stat", "/proc/self/ns/user");
	*ret = theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
	return 0;
}

int namespaces_host_open(const struct plan *p, struct inside *in, struct err *e)
{
	for (int i = 0; i < NS_KINDS; i++) {
		bool is_own = false;
		int r;

		if (!p->ns.join_path[i])
			continue;
		r = open_one(p->ns.join_path[i], i, &in->ns_fd[i], e);
		if (r == 0 && i == NS_USER)
			r = is_own_userns(in->ns_fd[i], &is_own, e);
		if (r < 0)
			return at_path(p, i, e, r);
		if (is_own)
			fd_close(&in->ns_fd[i]);
	}
	return 0;
}

static int join(struct inside *in, enum ns_kind kind)
{
	int r = sys_setns(in->ns_fd[kind], (int)kinds[kind].flag);

	if (r == 0)
		fd_close(&in->ns_fd[kind]);
	return r;
}

static int join_failed(const struct plan *p, enum ns_kind kind, struct err *e, int r)
{
	return at_path(p, kind, e, err_sys(e, r, "setns", p->ns.join_path[kind]));
}

/* EPERM is no failure while the user namespace is still to be entered. */
static int join_all(const struct plan *p, struct inside *in, bool may_defer,
		    struct err *e)
{
	for (size_t i = 0; i < N_ELEMENTS(join_order); i++) {
		enum ns_kind kind = join_order[i];
		int r = in->ns_fd[kind] >= 0 ? join(in, kind) : 0;

		if (r < 0 && !(r == -EPERM && may_defer))
			return join_failed(p, kind, e, r);
	}
	return 0;
}

static int unshare_all(uint64_t flags, struct err *e)
{
	int r = flags ? sys_unshare((int)flags) : 0;

	if (r < 0)
		return err_at(e,
			      err_sysf(e, r, "unshare", "CLONE_NEW* 0x%llx",
				       (unsigned long long)flags),
			      "/linux/namespaces");
	return 0;
}

/*
 * With a foreign user namespace the pid namespace too: one above it can be joined only
 * now, and it holds no process of ours until the fork.
 */
int namespaces_init_before_user(const struct plan *p, struct inside *in, struct err *e)
{
	bool by_clone = namespaces_by_clone(p);
	int r = join_all(p, in, !by_clone, e);

	if (r < 0 || by_clone || in->ns_fd[NS_PID] < 0)
		return r;
	r = join(in, NS_PID);
	if (r < 0 && r != -EPERM)
		return join_failed(p, NS_PID, e, r);
	return 0;
}

int namespaces_init_user(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	if (namespaces_by_clone(p))
		return 0;
	r = in->ns_fd[NS_USER] >= 0 ? join(in, NS_USER) : 0;
	if (r < 0)
		return join_failed(p, NS_USER, e, r);
	return unshare_all(p->ns.new_flags & CLONE_NEWUSER, e);
}

/*
 * The cgroup namespace is never made by clone3: its root is the cgroup that init is
 * in by now.
 */
int namespaces_init_after_user(const struct plan *p, struct inside *in, struct err *e)
{
	uint64_t left = namespaces_by_clone(p) ? CLONE_NEWCGROUP
					       : ~(uint64_t)CLONE_NEWUSER;
	int r = join_all(p, in, false, e);

	return r < 0 ? r : unshare_all(p->ns.new_flags & left, e);
}

int namespaces_init_pid(const struct plan *p, struct inside *in, struct err *e)
{
	int r = in->ns_fd[NS_PID] >= 0 ? join(in, NS_PID) : 0;

	return r < 0 ? join_failed(p, NS_PID, e, r) : 0;
}
