/* SPDX-License-Identifier: Apache-2.0 */
/* cpuset.c - make a new v1 cpuset usable; see cpuset.h. From the top down, each from its
 * parent. */
#include "cgroup/cpuset.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "cgroup/dirs.h"

static int seed_file(const struct cgroup_dir *d, const char *parent, const char *path,
		     const char *file, struct err *e)
{
	char text[4096]; /* kernfs gives no more at a time */
	ssize_t r = cgroup_read(d, path, file, text, sizeof(text));

	if (r < 0)
		return err_sysf(e, (int)r, "read", "%s/%s/%s", d->root, path, file);
	if (text[0])
		return 0;
	r = cgroup_read(d, parent, file, text, sizeof(text));
	if (r < 0)
		return err_sysf(e, (int)r, "read", "%s/%s/%s", d->root, parent, file);
	r = cgroup_put(d, path, file, text);
	return r < 0 ? err_sysf(e, (int)r, "write", "%s/%s/%s", d->root, path, file) : 0;
}

int cpuset_seed(const struct cgroup_dir *d, const char *path, struct err *e)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	size_t depth = cgroup_depth(path);
	char parent[PATH_MAX] = "", current[PATH_MAX];

	for (size_t i = 1; i <= depth; i++) {
		int r = cgroup_prefix(path, i, current);

		if (r < 0)
			return err_sys(e, r, "open", path);
		for (size_t k = 0; k < N_ELEMENTS(files); k++) {
			r = seed_file(d, parent, current, files[k], e);
			if (r < 0)
				return r;
		}
		memcpy(parent, current, sizeof(parent));
	}
	return 0;
}
