/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fs.c - cgroups made as directories.
 *
 * Controllers are enabled in the parents before the last directory is made, so that the
 * kernel makes it complete at once.
 */
#include "cgroup/fs.h"

#include <errno.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cgroup/cpuset.h"
#include "cgroup/dirs.h"
#include "cgroup/enable.h"
#include "cgroup/freeze.h"
#include "cgroup/path.h"
#include "cgroup/stats.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "plan.h"

#define DIR_MODE  0755
#define MAX_TRIES 100 /* a parent that others keep removing */

static int exists(const struct cgroup_dir *d, const char *path)
{
	int r = sys_faccessat(d->root_fd, path, F_OK, 0);

	return r == -ENOENT ? 0 : r < 0 ? r : 1;
}

static int refuse_processes(const struct cgroup_dir *d, const char *path,
			    const struct pid_list *pids, struct err *e)
{
	return err_hint(e,
			err_state(e, -EBUSY, "cgroup '%s/%s' already has processes: %d%s",
				  d->root, path, (int)pids->v[0],
				  pids->n > 1 ? " and others" : ""),
			"another container may have the same cgroupsPath");
}

int fs_check_usable(const struct cgroup_dirs *d, struct err *e)
{
	int r;

	for (size_t i = 0; i < d->n; i++) {
		autopids struct pid_list pids = { 0 };

		if (d->v[i].is_new)
			continue;
		r = pids_in(&d->v[i], d->path, &pids);
		if (r < 0 && r != -ENOENT)
			return err_sysf(e, r, "read", "%s/%s/cgroup.procs", d->v[i].root,
					d->path);
		if (pids.n)
			return refuse_processes(&d->v[i], d->path, &pids, e);
	}
	r = dirs_are_frozen(d);
	if (r < 0)
		return err_sysf(e, r, "read", "%s: freezer state", d->path);
	if (r > 0)
		return err_hint(e,
				err_state(e, -EBUSY,
					  "cgroup '/%s' is frozen, or one above it is",
					  d->path),
				"thaw it first: nothing could start in it");
	return 0;
}

/* The default parent is removed whenever it is empty: no need to look. */
static bool only_default_parent(const char *path)
{
	return str_after(path, CGROUP_DEFAULT_PARENT "/") && cgroup_depth(path) == 2;
}

/* How many leading components are there; all but the last at most. */
static int existing_depth(const struct cgroup_dir *d, const char *path, struct err *e)
{
	size_t depth = cgroup_depth(path) - 1;
	char prefix[PATH_MAX];

	for (; depth > 0; depth--) {
		int r = cgroup_prefix(path, depth, prefix);

		if (r >= 0)
			r = exists(d, prefix);
		if (r < 0)
			return err_sysf(e, r, "access", "%s/%s", d->root, path);
		if (r)
			break;
	}
	return (int)depth;
}

int fs_survey(const struct cgroup_dirs *d, struct plan *plan, const char **ret_made,
	      struct err *e)
{
	bool skip_parents = only_default_parent(d->path), found = false;
	int full = (int)cgroup_depth(d->path) - 1, r;
	autostr struct str made = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		r = exists(&d->v[i], d->path);
		if (r < 0)
			return err_sysf(e, r, "access", "%s/%s", d->v[i].root, d->path);
		found = found || r;
		if (r || skip_parents)
			continue;
		r = existing_depth(&d->v[i], d->path, e);
		if (r < 0)
			return r;
		if (r < full)
			str_addf(&made, "%s%s=%d", made.len ? "," : "", d->v[i].name, r);
	}
	r = found ? fs_check_usable(d, e) : 0;
	if (r < 0)
		return r;
	*ret_made = arena_strdup(&plan->arena, str_text(&made));
	return 0;
}

static int make_parents(const struct cgroup_dir *d, const char *path, char **ret_failed)
{
	size_t depth = cgroup_depth(path);
	char prefix[PATH_MAX];

	for (size_t i = 1; i < depth; i++) {
		int r = cgroup_prefix(path, i, prefix);

		if (r >= 0)
			r = sys_mkdirat(d->root_fd, prefix, DIR_MODE);
		if (r < 0 && r != -EEXIST) {
			*ret_failed = str_dup(prefix);
			return r;
		}
	}
	return 0;
}

/* -ENOENT: a parent is, or has become, missing. */
static int make_leaf(struct cgroup_dir *d, const char *path, const struct plan *plan,
		     struct err *e)
{
	int r = d->v2 ? controllers_enable(d, path, plan, e) : 0;

	if (r < 0)
		return r;
	r = sys_mkdirat(d->root_fd, path, DIR_MODE);
	d->is_new = r == 0;
	if (r == -ENODEV) /* the parent is being removed */
		r = -ENOENT;
	return r < 0 && r != -EEXIST ? err_sysf(e, r, "mkdir", "%s/%s", d->root, path)
				     : 0;
}

/* Where one hierarchy lacked parents (*no_parents), the others mostly do as well. */
static int make_dir(struct cgroup_dir *d, const char *path, const struct plan *plan,
		    bool *no_parents, struct err *e)
{
	if (*no_parents) {
		autofree char *failed = NULL;

		(void)make_parents(d, path, &failed); /* told below, if it matters */
	}
	for (unsigned tries = 0;; tries++) {
		autofree char *failed = NULL;
		struct err why = { 0 };
		int r = make_leaf(d, path, plan, &why);

		if (r >= 0)
			return 0;
		if (r != -ENOENT || tries == MAX_TRIES) {
			if (e)
				*e = why;
			return r;
		}
		*no_parents = true;
		r = make_parents(d, path, &failed);
		if (r == -ENOENT || r == -ENODEV)
			r = sys_sleep_ms(1); /* removed again: the next round makes it */
		if (r < 0)
			return err_sysf(e, r, "mkdir", "%s/%s", d->root,
					failed ? failed : path);
	}
}

int fs_make(struct cgroup_dirs *d, const struct plan *plan, struct err *e)
{
	const struct cgroup_dir *cpuset = cgroup_dirs_v1(d, CGROUP_CPUSET);
	bool no_parents = false;
	int r;

	for (size_t i = 0; i < d->n; i++) {
		r = make_dir(&d->v[i], d->path, plan, &no_parents, e);
		if (r < 0)
			return r;
	}
	return cpuset ? cpuset_seed(cpuset, d->path, e) : 0;
}
