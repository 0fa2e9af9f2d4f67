/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path.c - which cgroup a container gets.
 *
 * OCI: /linux/cgroupsPath
 *
 * A relative path is below /tare and never below the caller's own cgroup: the same
 * config then means the same cgroup whoever runs it. "a:b:c" is how engines name a unit
 * of the systemd driver; taken as a path it would silently be a cgroup that no systemd
 * unit limits.
 */
#include "cgroup/path.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"

static bool is_unit(const char *path)
{
	const char *first = strchr(path, ':');

	return first && strchr(first + 1, ':') && !strchr(path, '/');
}

static bool has_control(const char *path)
{
	for (; *path; path++) {
		if ((unsigned char)*path < ' ' || *path == 0x7f)
			return true;
	}
	return false;
}

static int check(const char *path, struct err *e)
{
	if (path_has_dotdot(path))
		return err_config(e, "'%s' leads upwards by '..'", path);
	if (has_control(path))
		return err_config(e, "'%s' has a control character", path);
	if (is_unit(path))
		return err_hint(
			e, err_config(e, "'%s' names a systemd unit, not a cgroup", path),
			"a path has a '/'; slice:prefix:name needs the systemd cgroup "
			"manager");
	return 0;
}

int cgroup_path_plan(const char *cgroups_path, const char *id, struct arena *a,
		     const char **ret, struct err *e)
{
	char full[PATH_MAX], clean[PATH_MAX];
	int r;

	if (str_empty(cgroups_path)) {
		*ret = arena_printf(a, "/" CGROUP_DEFAULT_PARENT "/%s", id);
		return 0;
	}
	r = check(cgroups_path, e);
	if (r < 0)
		return err_at(e, r, "/linux/cgroupsPath");

	r = str_format(full, sizeof(full), "%s%s",
		       cgroups_path[0] == '/' ? "" : "/" CGROUP_DEFAULT_PARENT "/",
		       cgroups_path);
	if (r >= 0)
		r = path_clean(full, clean, sizeof(clean));
	if (r < 0)
		return err_at(e, err_sys(e, r, "plan cgroup", cgroups_path),
			      "/linux/cgroupsPath");
	if (str_eq(clean, "/") || str_eq(clean, "/" CGROUP_DEFAULT_PARENT))
		return err_at(e,
			      err_config(e, "'%s' is no cgroup of the container's own",
					 cgroups_path),
			      "/linux/cgroupsPath");
	*ret = arena_strdup(a, clean);
	return 0;
}
