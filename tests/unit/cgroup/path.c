/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/path.h"

#include "base/arena.h"
#include "base/err.h"
#include "tests/unit/unit.h"

static const char *plan(struct arena *a, const char *cgroups_path)
{
	const char *path = NULL;
	struct err e = { 0 };
	static char line[512];

	if (cgroup_path_plan(cgroups_path, "web", a, &path, &e) == 0)
		return path;
	err_format(&e, line, sizeof(line));
	return line;
}

TEST(a_cgroup_is_where_the_config_says_or_below_tare)
{
	struct arena a = { 0 };

	CHECK_STR(plan(&a, NULL), "/tare/web");
	CHECK_STR(plan(&a, ""), "/tare/web");
	CHECK_STR(plan(&a, "x"), "/tare/x");
	CHECK_STR(plan(&a, "x/y"), "/tare/x/y");
	CHECK_STR(plan(&a, "/x"), "/x");
	CHECK_STR(plan(&a, "//x/./y//"), "/x/y");
	CHECK_STR(plan(&a, "/kubepods/a:b:c"), "/kubepods/a:b:c");
	CHECK_STR(plan(&a, "a:b"), "/tare/a:b");
	arena_free(&a);
}

TEST(a_path_that_leads_elsewhere_is_refused_with_its_pointer)
{
	struct arena a = { 0 };

	CHECK_STR(plan(&a, "../x"), "/linux/cgroupsPath: '../x' leads upwards by '..'");
	CHECK_STR(plan(&a, "/a/../b"),
		  "/linux/cgroupsPath: '/a/../b' leads upwards by '..'");
	CHECK_STR(plan(&a, "/"),
		  "/linux/cgroupsPath: '/' is no cgroup of the container's own");
	CHECK_STR(plan(&a, "."),
		  "/linux/cgroupsPath: '.' is no cgroup of the container's own");
	CHECK(strstr(plan(&a, "/a\nb"), "has a control character"));
	arena_free(&a);
}

TEST(a_systemd_unit_is_no_path)
{
	struct arena a = { 0 };

	CHECK_STR(
		plan(&a, "system.slice:docker:abc"),
		"/linux/cgroupsPath: 'system.slice:docker:abc' names a systemd unit, not a cgroup");
	arena_free(&a);
}
