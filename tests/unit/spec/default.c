/* SPDX-License-Identifier: Apache-2.0 */
/* default.c - the config that `spec` writes is one that we read. */
#include "../unit.h"

#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "spec/config.h"
#include "spec/default.h"

static struct spec *load(bool has_cgroup2)
{
	autostr struct str text = { 0 };
	struct spec *s = NULL;
	struct err e = { 0 };

	spec_default_emit(has_cgroup2, &text);
	CHECK_INT(spec_parse(text.s, text.len, "config.json", &s, &e), 0);
	CHECK_STR(e.msg, "");
	return s;
}

TEST(the_default_config_loads_and_says_what_it_should)
{
	autospec struct spec *s = load(false);

	if (!s)
		return;
	CHECK_STR(s->oci_version, "1.3.0");
	CHECK_STR(s->hostname, "tare");
	CHECK_STR(s->root.path, "rootfs");
	CHECK(s->root.readonly && s->process.terminal && s->process.no_new_privileges);
	CHECK_STR(s->process.args.v[0], "sh");
	CHECK_INT((int64_t)s->process.args.n, 1);
	CHECK_STR(s->process.cwd, "/");
	CHECK_INT((int64_t)s->process.env.n, 2);
	CHECK_INT((int64_t)s->mounts.n, 7);
	CHECK_INT((int64_t)s->linux.masked_paths.n, 10);
	CHECK_INT((int64_t)s->linux.readonly_paths.n, 5);
	CHECK_STR(s->process.rlimits.v[0].type, "RLIMIT_NOFILE");
	CHECK_INT((int64_t)s->process.rlimits.v[0].hard, 1024);
	CHECK_INT((int64_t)s->process.rlimits.v[0].soft, 1024);
	CHECK_INT((int64_t)s->linux.resources.devices.n, 1);
	CHECK(!s->linux.resources.devices.v[0].allow);
}

/* CVE-2022-29162: inheritable capabilities in the template. */
TEST(the_default_config_has_three_capabilities_and_none_to_inherit)
{
	autospec struct spec *s = load(true);

	if (!s)
		return;
	CHECK_INT((int64_t)s->process.capabilities.bounding.n, 3);
	CHECK_INT((int64_t)s->process.capabilities.effective.n, 3);
	CHECK_INT((int64_t)s->process.capabilities.permitted.n, 3);
	CHECK(!s->process.capabilities.inheritable.is_set);
	CHECK(!s->process.capabilities.ambient.is_set);
}

static bool has_namespace(const struct spec *s, const char *type)
{
	for (size_t i = 0; i < s->linux.namespaces.n; i++)
		if (str_eq(s->linux.namespaces.v[i].type, type))
			return true;
	return false;
}

TEST(only_on_cgroup_v2_there_is_a_cgroup_namespace)
{
	autospec struct spec *v1 = load(false), *v2 = load(true);

	if (!v1 || !v2)
		return;
	CHECK(!has_namespace(v1, "cgroup") && v1->linux.namespaces.n == 5);
	CHECK(has_namespace(v2, "cgroup") && v2->linux.namespaces.n == 6);
}
