/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox.h - build a container's root in a private mount namespace, and look at it.
 *
 * A test fills ->spec (and ->options), sandbox_run() plans it, forks, does in the child
 * what host and init do about mounts, in their order, and calls the test's function
 * with the container's root as "/". Needs root.
 */
#pragma once

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cgroup/hierarchy.h"
#include "kernel/compat.h"
#include "kernel/cred.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/ns.h"
#include "kernel/socket.h"
#include "linux/devices.h"
#include "linux/paths.h"
#include "mounts/apply.h"
#include "mounts/source.h"
#include "plan.h"
#include "root/dev.h"
#include "root/pivot.h"
#include "root/rootfs.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/scratch.h"

#define NEEDS_ROOT()                                                                     \
	do {                                                                             \
		if (!is_root())                                                          \
			SKIP("needs root to mount");                                     \
	} while (0)

#define SANDBOX_MOUNTS  16
#define SANDBOX_OPTIONS 12

struct sandbox {
	struct scratch bundle;
	struct spec spec;
	struct host host;
	struct options options;
	struct plan plan;
	struct inside in;
	struct spec_namespace ns[4];
	struct spec_mount mounts[SANDBOX_MOUNTS];
	const char *words[SANDBOX_MOUNTS][SANDBOX_OPTIONS + 1];
	int source_fds[64];
	int (*prepare)(struct sandbox *s); /* on the "host"; NULL: nothing */
	int (*body)(struct sandbox *s);    /* in the container; counts what is wrong */
	bool userns;                       /* 0..65535 are 100000.. on the host */
	int host_ns_fd;                    /* to look at the "host" from body */
	bool share_host;                   /* the host's mounts are shared first */
	int old_kernel;                    /* system call that is ENOSYS, 0: none */
	struct err err;                    /* of the child, when it failed */
	int failed;                        /* its -errno */
};

/* Also of one that was never sandbox_init()ed, because its test was skipped. */
static inline void sandbox_close(struct sandbox *s)
{
	if (!s->bundle.path[0])
		return;
	hierarchy_free((struct cgroup_hierarchy *)s->host.cgroup);
	arena_free(&s->plan.arena);
	scratch_remove(&s->bundle);
}
#define SANDBOX(name_)                                                                   \
	__attribute__((cleanup(sandbox_close))) struct sandbox name_ = { .failed = 0 }

static inline void sandbox_init(struct sandbox *s)
{
	memset(s, 0, sizeof(*s));
	s->bundle = scratch_make();
	CHECK_INT(mkdirat(s->bundle.fd, "rootfs", 0755), 0);
	s->ns[0].type = "mount";
	s->spec.linux.namespaces.v = s->ns;
	s->spec.linux.namespaces.n = 1;
	s->spec.root.is_set = true;
	s->spec.root.path = "rootfs";
	s->spec.mounts.v = s->mounts;
	s->host.cgroup = hierarchy_new();
	s->host.caps.effective = UINT64_MAX;
	s->options.bundle = s->bundle.path;
	s->plan.ns.new_flags = CLONE_NEWNS;
	s->in.root_fd = s->in.proc_fd = -EBADF;
}

/* Options until NULL. */
static inline void sandbox_mount(struct sandbox *s, const char *destination,
				 const char *type, const char *source,
				 const char *const *options)
{
	size_t i = s->spec.mounts.n++;
	struct spec_mount *m = &s->mounts[i];

	m->destination = destination;
	m->type = type;
	m->source = source;
	m->options.v = s->words[i];
	while (options && options[m->options.n]) {
		s->words[i][m->options.n] = options[m->options.n];
		m->options.n++;
	}
}
#define OPTIONS(...)                                                                     \
	(const char *const[])                                                            \
	{                                                                                \
		__VA_ARGS__, NULL                                                        \
	}

static inline int sandbox_plan(struct sandbox *s, struct err *e)
{
	struct plan *p = &s->plan;
	int r;

	if (s->userns)
		p->ns.new_flags |= CLONE_NEWUSER;
	p->spec = &s->spec;
	p->host = &s->host;
	p->options = &s->options;
	r = rootfs_check(&s->spec, e);
	if (r >= 0)
		r = mounts_check(&s->spec, e);
	if (r >= 0)
		r = devices_check(&s->spec, e);
	if (r >= 0)
		r = paths_check(&s->spec, e);
	if (r >= 0)
		r = rootfs_plan(&s->spec, &s->host, p, e);
	if (r >= 0)
		r = mounts_plan(&s->spec, &s->host, p, e);
	if (r >= 0)
		r = devices_plan(&s->spec, &s->host, p, e);
	if (r >= 0)
		r = paths_plan(&s->spec, &s->host, p, e);
	s->in.source_fd = s->source_fds;
	for (size_t i = 0; i < sizeof(s->source_fds) / sizeof(int); i++)
		s->source_fds[i] = -EBADF;
	return r;
}

static inline int sandbox_open_sources(struct sandbox *s, struct err *e)
{
	for (size_t i = 0; i < s->plan.sources.n; i++) {
		int r = source_open(&s->plan, i, &s->in.source_fd[i], e);

		if (r < 0)
			return r;
	}
	return 0;
}

/* init's steps about mounts, in the order of init/steps.c. */
static inline int sandbox_build(struct sandbox *s, struct err *e)
{
	const struct plan *p = &s->plan;
	struct inside *in = &s->in;
	int r = rootfs_init_attach(p, in, e);

	if (r >= 0)
		r = mounts_init(p, in, 0, p->mounts.n, e);
	if (r >= 0)
		r = devices_init(p, in, e);
	if (r >= 0)
		r = dev_init(p, in, e);
	if (r >= 0)
		r = pivot_init(p, in, e);
	if (r >= 0)
		r = mounts_init_readonly(p, in, e);
	if (r >= 0)
		r = rootfs_init_readonly(p, in, e);
	if (r >= 0)
		r = rootfs_init_final_propagation(p, in, e);
	if (r >= 0)
		r = paths_init_readonly(p, in, e);
	return r < 0 ? r : paths_init_masked(p, in, e);
}

#define SANDBOX_FIRST_ID 100000

/* The host's part for a user namespace, in a process that stays outside: maps, sources.
 */
static inline int sandbox_serve(struct sandbox *s, pid_t pid, int sock_fd)
{
	autofd int ns_fd = -EBADF;
	char path[64], go = 'g';
	struct err e = { 0 };
	size_t none = 0;
	int r;

	if (sys_recv_fds(sock_fd, &go, 1, NULL, &none) != 1)
		return 1;
	(void)str_format(path, sizeof(path), "/proc/%d/uid_map", pid);
	r = file_put_at(AT_FDCWD, path, "0 100000 65536");
	(void)str_format(path, sizeof(path), "/proc/%d/gid_map", pid);
	if (r >= 0)
		r = file_put_at(AT_FDCWD, path, "0 100000 65536");
	(void)str_format(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	ns_fd = sys_openat(AT_FDCWD, path, O_RDONLY, 0);
	if (r >= 0)
		r = sys_send_fds(sock_fd, &go, 1, NULL, 0);
	none = 0;
	if (r < 0 || sys_recv_fds(sock_fd, &go, 1, NULL, &none) != 1)
		return 2;
	r = sys_setns(ns_fd, CLONE_NEWNS);
	if (r >= 0)
		r = sandbox_open_sources(s, &e);
	if (r < 0)
		return sys_send_fds(sock_fd, &e, sizeof(e), NULL, 0) < 0;
	for (size_t i = 0; i < s->plan.sources.n && r >= 0; i++)
		r = sys_send_fds(sock_fd, &go, 1, &s->in.source_fd[i], 1);
	return r < 0;
}

static inline int sandbox_ask_sources(struct sandbox *s, int sock_fd, struct err *e)
{
	char go = 'g';
	int r = sys_send_fds(sock_fd, &go, 1, NULL, 0);

	for (size_t i = 0; i < s->plan.sources.n && r >= 0; i++) {
		struct err answer = { 0 };
		size_t n = 1;

		r = (int)sys_recv_fds(sock_fd, &answer, sizeof(answer),
				      &s->in.source_fd[i], &n);
		if (r == sizeof(answer)) {
			*e = answer;
			return -answer.code;
		}
		if (r >= 0 && n != 1)
			r = -EPROTO;
	}
	return r < 0 ? err_sys(e, r, "sources", NULL) : 0;
}

static inline int sandbox_enter_user(struct sandbox *s, struct err *e)
{
	char go = 'g';
	int pair[2], helper_fd = -EBADF, r;
	pid_t self = sys_getpid(), helper;
	size_t none = 0;

	r = sys_socketpair_seqpacket(pair);
	if (r < 0)
		return err_sys(e, r, "socketpair", NULL);
	helper = sys_clone3(0, -EBADF, &helper_fd);
	if (helper == 0)
		_exit(sandbox_serve(s, self, pair[1]));
	r = sys_unshare((int)s->plan.ns.new_flags);
	if (r >= 0)
		r = sys_send_fds(pair[0], &go, 1, NULL, 0);
	if (r >= 0)
		r = (int)sys_recv_fds(pair[0], &go, 1, NULL, &none);
	if (r >= 0)
		r = sys_setresgid(0, 0, 0);
	if (r >= 0)
		r = sys_setresuid(0, 0, 0);
	if (r < 0)
		return err_sys(e, r, "user namespace", NULL);
	r = rootfs_init_propagation(&s->plan, &s->in, e);
	return r < 0 ? r : sandbox_ask_sources(s, pair[0], e);
}

static inline int sandbox_enter_plain(struct sandbox *s, struct err *e)
{
	int r = sandbox_open_sources(s, e);

	if (r < 0)
		return r;
	r = s->plan.ns.new_flags ? sys_unshare((int)s->plan.ns.new_flags) : 0;
	if (r < 0)
		return err_sys(e, r, "unshare", NULL);
	return rootfs_init_propagation(&s->plan, &s->in, e);
}

/*
 * The "host" of the test is a mount namespace too, so that nothing of it is the real
 * one's: shared with nobody, whatever the test makes of it.
 */
static inline int sandbox_enter(struct sandbox *s, struct err *e)
{
	unsigned long share = s->share_host ? MS_SHARED : MS_PRIVATE;
	int r = sys_unshare(CLONE_NEWNS);

	if (r >= 0)
		r = sys_mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL);
	if (r >= 0)
		r = sys_mount(NULL, "/", NULL, share | MS_REC, NULL);
	if (r >= 0 && s->prepare)
		r = s->prepare(s);
	if (r >= 0)
		r = s->host_ns_fd =
			sys_openat(AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY, 0);
	if (r >= 0 && s->old_kernel)
		r = make_old_kernel((unsigned)s->old_kernel);
	if (r < 0)
		return err_sys(e, r, "sandbox", NULL);
	r = s->userns ? sandbox_enter_user(s, e) : sandbox_enter_plain(s, e);
	return r < 0 ? r : sandbox_build(s, e);
}

struct sandbox_report {
	int failed, wrong;
	struct err err;
};

static inline int sandbox_child(struct sandbox *s, int report_fd)
{
	struct sandbox_report report = { 0 };

	report.failed = sandbox_enter(s, &report.err);
	if (report.failed >= 0)
		report.wrong = s->body ? s->body(s) : 0;
	return sys_write(report_fd, &report, sizeof(report)) < 0;
}

/* What body counted; -1 with ->failed and ->err when the root could not be built. */
static inline int sandbox_run(struct sandbox *s)
{
	struct sandbox_report report = { .failed = -ECHILD };
	autofd int read_fd = -EBADF, write_fd = -EBADF, pidfd = -EBADF;
	int pair[2], r;
	siginfo_t info;
	pid_t pid;

	r = sandbox_plan(s, &s->err);
	if (r < 0) {
		s->failed = r;
		return -1;
	}
	if (sys_pipe(pair) < 0)
		return -1;
	read_fd = pair[0];
	write_fd = pair[1];
	(void)fflush(stdout);
	pid = sys_clone3(0, -EBADF, &pidfd);
	if (pid == 0)
		_exit(sandbox_child(s, write_fd));
	fd_close(&write_fd);
	if (sys_read(read_fd, &report, sizeof(report)) != sizeof(report))
		report.failed = -ECHILD;
	(void)sys_waitid_fd(pidfd, &info, WEXITED);
	s->err = report.err;
	s->failed = report.failed < 0 ? report.failed : 0;
	return s->failed ? -1 : report.wrong;
}

/* It must be built, and body must find nothing wrong. */
static inline void sandbox_must_run(struct sandbox *s)
{
	char text[1024];
	int wrong = sandbox_run(s);

	if (wrong < 0)
		printf("# %s\n", text_of(&s->err, text));
	CHECK_INT(wrong, 0);
}

/* It must be refused with these words. */
static inline void sandbox_must_fail(struct sandbox *s, const char *message)
{
	char text[1024];

	CHECK_INT(sandbox_run(s), -1);
	CHECK_STR(text_of(&s->err, text), message);
}

struct mount_line {
	char root[256], path[256], flags[256], optional[128], type[64], super[512];
};

/* The topmost mount on path, from /proc/self/mountinfo of the container or proc_fd. */
static inline bool mount_find(const char *path, struct mount_line *ret)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096];
	bool found = false;

	while (f && fgets(line, sizeof(line), f)) {
		struct mount_line l = { .optional = "" };
		const char *dash = strstr(line, " - ");
		int n = 0;

		if (!dash || sscanf(line, "%*d %*d %*s %255s %255s %255s %n", l.root,
				    l.path, l.flags, &n) != 3)
			continue;
		if (line + n < dash)
			(void)snprintf(l.optional, sizeof(l.optional), "%.*s",
				       (int)(dash - line - n), line + n);
		if (sscanf(dash, " - %63s %*s %511s", l.type, l.super) != 2 ||
		    strcmp(l.path, path) != 0)
			continue;
		*ret = l;
		found = true;
	}
	if (f)
		(void)fclose(f);
	return found;
}

/* Is `word` one of the comma-separated words? */
static inline bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p += len) {
		if ((p == words || p[-1] == ',') && (!p[len] || p[len] == ','))
			return true;
	}
	return false;
}

static inline bool mount_has(const char *path, const char *flag)
{
	struct mount_line l;

	return mount_find(path, &l) && has_word(l.flags, flag);
}

static inline unsigned mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 ? 0 : st.st_mode;
}

/* A name below the bundle as the host sees it; buf has PATH_MAX bytes. */
static inline const char *sandbox_path(const struct sandbox *s, const char *name,
				       char *buf)
{
	(void)snprintf(buf, PATH_MAX, "%s/%s", s->bundle.path, name);
	return buf;
}

/* A file below the bundle, with that content. */
static inline void sandbox_file(struct sandbox *s, const char *path, const char *text)
{
	autofd int fd =
		sys_openat(s->bundle.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	CHECK(fd >= 0);
	CHECK_INT(file_write_fd(fd, text, strlen(text)), 0);
}

static inline void sandbox_dir(struct sandbox *s, const char *path, unsigned mode)
{
	CHECK_INT(sys_mkdirat(s->bundle.fd, path, 0755), 0);
	CHECK_INT(sys_fchmodat(s->bundle.fd, path, mode), 0);
}

static inline bool file_is(const char *path, const char *text)
{
	char buf[256];
	ssize_t n = file_read_at(AT_FDCWD, path, buf, sizeof(buf));

	return n >= 0 && strcmp(buf, text) == 0;
}
