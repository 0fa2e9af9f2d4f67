/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attach.c - how a process gets into the cgroup.
 *
 * Writing a pid to cgroup.procs waits for an RCU grace period, 10 ms and more. A process
 * cloned into a v2 cgroup, or that moves itself by `tasks` while it has one thread only,
 * does not: so those are what create and exec use.
 */
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cgroup/dirs.h"
#include "kernel/file.h"
#include "plan.h"

/* Not -ENOENT, which says that there is no v2: the process would run outside of it. */
static int open_dir(const struct cgroup_dir *v2, const char *path, int *ret_fd,
		    struct err *e)
{
	int r = sys_openat(v2->root_fd, path, O_PATH | O_DIRECTORY, 0);

	if (r == -ENOENT)
		return err_state(e, -ESTALE, "cgroup '%s/%s' has been removed", v2->root,
				 path);
	if (r < 0)
		return err_sysf(e, r, "open", "%s/%s", v2->root, path);
	*ret_fd = r;
	return 0;
}

int cgroup_open_dir(const struct held *held, int *ret_fd, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	int r = cgroup_dirs_open(held, &d, e);
	const struct cgroup_dir *v2 = cgroup_dirs_v2(&d);

	if (r < 0 || !v2)
		return r < 0 ? r : -ENOENT;
	return open_dir(v2, d.path, ret_fd, e);
}

/* The text after "0::" in /proc/PID/cgroup, its v2 cgroup. */
static const char *v2_path_of(char *text)
{
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (str_after(line, "0::/"))
			return line + 4;
	}
	return NULL;
}

int cgroup_open_dir_of(const struct held *held, pid_t pid, int *ret_fd, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	char name[32], text[PATH_MAX * 4];
	const struct cgroup_dir *v2;
	const char *path, *rest;
	ssize_t r = cgroup_dirs_open(held, &d, e);

	if (r < 0)
		return (int)r;
	v2 = cgroup_dirs_v2(&d);
	if (!v2)
		return -ENOENT;
	(void)str_format(name, sizeof(name), "/proc/%d/cgroup", (int)pid);
	r = file_read_at(AT_FDCWD, name, text, sizeof(text));
	if (r < 0) /* ENOENT: the process is gone */
		return err_sys(e, r == -ENOENT ? -ESRCH : (int)r, "read", name);
	path = v2_path_of(text);
	rest = path ? str_after(path, d.path) : NULL;
	/* Not a sibling with a longer name, not one that leads out again. */
	if (!rest || (*rest && *rest != '/'))
		return err_state(e, -EXDEV, "process %d is not in cgroup '/%s'", (int)pid,
				 d.path);
	return open_dir(v2, path, ret_fd, e);
}

int cgroup_open_tasks(const struct held *held, int *ret_fds, size_t max, size_t *ret_n,
		      struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	int r = cgroup_dirs_open(held, &d, e);
	size_t n = 0;

	for (size_t i = 0; i < d.n && r >= 0; i++) {
		char name[PATH_MAX];

		if (d.v[i].v2)
			continue;
		r = n < max ? str_format(name, sizeof(name), "%s/tasks", d.path) : -E2BIG;
		if (r >= 0)
			r = sys_openat(d.v[i].root_fd, name, O_WRONLY, 0);
		if (r >= 0)
			ret_fds[n++] = r;
		else
			err_sysf(e, r, "open", "%s/%s/tasks", d.v[i].root, d.path);
	}
	if (r >= 0) {
		*ret_n = n;
		return 0;
	}
	while (n > 0)
		fd_close(&ret_fds[--n]);
	return r;
}

int cgroup_attach(const struct held *held, pid_t pid, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	char text[16];
	int r = cgroup_dirs_open(held, &d, e);

	(void)str_format(text, sizeof(text), "%d", (int)pid);
	for (size_t i = 0; i < d.n && r >= 0; i++) {
		r = cgroup_put(&d.v[i], d.path, "cgroup.procs", text);
		if (r < 0)
			err_sysf(e, r, "write", "%s/%s/cgroup.procs", d.v[i].root,
				 d.path);
		if (r == -EOPNOTSUPP)
			err_hint(e, r, "the cgroup is threaded, or below a threaded one");
	}
	return r;
}
