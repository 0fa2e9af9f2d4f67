/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stats.c - who is in a cgroup.
 *
 * cgroup.procs of a threaded v2 cgroup cannot be read (EOPNOTSUPP): its processes are
 * listed by the cgroup above it that holds them.
 */
#include "cgroup/stats.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/num.h"
#include "cgroup/dirs.h"
#include "cgroup/tree.h"

#define PROCS_LIMIT ((size_t)64 << 20) /* pid_max is 4194304 at most */

static int add(struct pid_list *l, pid_t pid)
{
	/* Room doubles at every power of two, so its size need not be kept. */
	if ((l->n & (l->n - 1)) == 0) {
		pid_t *v = reallocarray(l->v, l->n ? 2 * l->n : 1, sizeof(*v));

		if (!v)
			return -ENOMEM;
		l->v = v;
	}
	l->v[l->n++] = pid;
	return 0;
}

static int compare(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

static void sort(struct pid_list *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), compare);
	for (size_t i = 0; i < l->n; i++) {
		if (n == 0 || l->v[n - 1] != l->v[i])
			l->v[n++] = l->v[i];
	}
	l->n = n;
}

bool pids_have(const struct pid_list *l, pid_t pid)
{
	return l->n && bsearch(&pid, l->v, l->n, sizeof(*l->v), compare);
}

static int read_procs(void *ctx, int dir_fd)
{
	autofree char *text = NULL;
	size_t len;
	int r = file_read_all_at(dir_fd, "cgroup.procs", PROCS_LIMIT, false, &text, &len);

	if (r == -EOPNOTSUPP)
		return 0;
	for (char *line = text, *next; r >= 0 && line && *line; line = next) {
		uint32_t pid;

		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		r = num_parse_u32(line, &pid);
		/* 0 stands for every process of another pid namespace. */
		if (r >= 0 && pid > 0)
			r = add(ctx, (pid_t)pid);
	}
	return r;
}

static int collect(const struct cgroup_dir *d, const char *path, struct pid_list *l)
{
	static const struct tree_visitor visitor = { .enter = read_procs };

	return tree_walk(d->root_fd, path, &visitor, l);
}

int pids_in(const struct cgroup_dir *d, const char *path, struct pid_list *ret)
{
	autopids struct pid_list l = { 0 };
	int r = collect(d, path, &l);

	if (r < 0)
		return r;
	sort(&l);
	*ret = l;
	l = (struct pid_list){ 0 };
	return 0;
}

int pids_collect(const struct cgroup_dirs *d, struct pid_list *ret, struct err *e)
{
	autopids struct pid_list l = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		int r = collect(&d->v[i], d->path, &l);

		if (r < 0 && r != -ENOENT)
			return err_sysf(e, r, "read", "%s/%s/cgroup.procs", d->v[i].root,
					d->path);
	}
	sort(&l);
	*ret = l;
	l = (struct pid_list){ 0 };
	return 0;
}
