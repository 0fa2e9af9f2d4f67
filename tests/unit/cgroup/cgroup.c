/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/cgroup.h"

#include "base/log.h"
#include "tests/unit/cgroup/fake.h"

static int plan(struct fake *f)
{
	f->e = (struct err){ 0 };
	return cgroup_plan(&f->spec, &f->host, &f->plan, &f->e);
}

#define ALWAYS                                                                           \
	(CGROUP_BIT(CGROUP_DEVICES) | CGROUP_BIT(CGROUP_FREEZER) |                       \
	 CGROUP_BIT(CGROUP_PIDS) | CGROUP_BIT(CGROUP_MEMORY))

TEST(v1_joins_what_every_container_needs_and_what_the_config_limits)
{
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(plan(&f), 0);
	CHECK_STR(f.plan.cgroup.path, "/tare/web");
	CHECK_INT(f.plan.cgroup.v1_joined, ALWAYS);
	f.spec.linux.resources.cpu.shares = (struct opt_u64){ true, 100 };
	CHECK_INT(plan(&f), 0);
	CHECK_INT(f.plan.cgroup.v1_joined, ALWAYS | CGROUP_BIT(CGROUP_CPU));
	f.spec.linux.resources.cpu.cpus = "0";
	CHECK_INT(plan(&f), 0);
	CHECK_INT(f.plan.cgroup.v1_joined,
		  ALWAYS | CGROUP_BIT(CGROUP_CPU) | CGROUP_BIT(CGROUP_CPUSET));
	fake_free(&f);
}

TEST(what_is_not_mounted_is_not_joined)
{
	struct fake f;

	fake_new(&f);
	fake_v1(&f, "devices");
	fake_v2(&f, "memory pids");
	f.spec.linux.resources.pids = (struct spec_pids){ true, 5 };
	CHECK_INT(plan(&f), 0);
	CHECK_INT(f.plan.cgroup.v1_joined, CGROUP_BIT(CGROUP_DEVICES));
	CHECK(!f.plan.cgroup.device_prog);
	fake_free(&f);
}

TEST(v2_has_a_device_program_and_joins_nothing)
{
	struct fake f;

	fake_v2_machine(&f);
	CHECK_INT(plan(&f), 0);
	CHECK_INT(f.plan.cgroup.v1_joined, 0);
	CHECK(f.plan.cgroup.device_prog && f.plan.cgroup.n_device_prog > 10);
	CHECK_GOLDEN(&f, "");
	fake_free(&f);
}

TEST(without_cgroups_the_error_says_what_helps)
{
	struct fake f;

	fake_new(&f);
	CHECK_INT(plan(&f), -EOPNOTSUPP);
	CHECK_STR(fake_error(&f), "no cgroup file system is mounted");
	CHECK(strstr(f.e.hint, "--cgroup-manager disabled"));
	fake_free(&f);
}

static void count_warning(void *ctx, enum log_level level, const char *text)
{
	(void)level, (void)text;
	(*(unsigned *)ctx)++;
}

TEST(the_disabled_manager_makes_nothing_and_refuses_limits)
{
	static struct spec_device_rule deny = { .allow = false };
	unsigned warnings = 0;
	struct fake f;

	fake_v1_machine(&f);
	f.options.cgroup_manager = "disabled";
	CHECK_INT(plan(&f), 0);
	CHECK(f.plan.cgroup.disabled);
	CHECK_INT(cgroup_intend(&f.plan, &f.held, &f.e), 0);
	CHECK_STR(f.held.cgroup_manager, "disabled");
	CHECK_STR(f.held.cgroup_path, "");
	CHECK_INT(cgroup_host(&f.plan, &f.held, &f.e), 0);
	CHECK_INT(cgroup_apply(&f.plan, &f.held, &f.e), 0);
	CHECK(!fake_exists(&f, "memory/tare"));
	CHECK_INT(cgroup_remove(&f.held, &f.e), 0);

	f.spec.linux.resources.devices = (struct spec_device_rule_list){ 1, &deny };
	log_set_sink(count_warning, &warnings, LOG_LEVEL_WARNING);
	CHECK_INT(plan(&f), 0);
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
	CHECK_INT(warnings, 1);

	f.spec.linux.resources.memory.limit = (struct opt_i64){ true, 4096 };
	CHECK_INT(plan(&f), -EOPNOTSUPP);
	CHECK_STR(f.e.field, "/linux/resources/memory/limit");
	CHECK(strstr(f.e.hint, "disabled"));
	fake_free(&f);
}

TEST(only_known_managers_are_accepted)
{
	struct fake f;

	fake_v2_machine(&f);
	f.options.cgroup_manager = "systemd";
	CHECK_INT(plan(&f), -EOPNOTSUPP);
	f.options.cgroup_manager = "cgroupsf";
	CHECK_INT(plan(&f), -EINVAL);
	CHECK_STR(fake_error(&f), "unknown cgroup manager 'cgroupsf'");
	fake_free(&f);
}

TEST(the_intent_is_complete_before_anything_is_made)
{
	struct fake f;

	fake_v1_machine(&f);
	fake_v2(&f, "");
	f.spec.linux.cgroups_path = "/pod/web";
	fake_dir(&f, "memory/pod");
	CHECK_INT(plan(&f), 0);
	CHECK_INT(cgroup_intend(&f.plan, &f.held, &f.e), 0);
	CHECK_STR(f.held.cgroup_manager, "cgroupfs");
	CHECK_STR(f.held.cgroup_path, "/pod/web");
	CHECK_STR(f.held.cgroup_made, "unified=0,devices=0,freezer=0,pids=0");
	CHECK_INT(f.held.cgroup_v1_joined, ALWAYS);
	CHECK(!fake_exists(&f, "pids/pod"));
	CHECK_INT(cgroup_host(&f.plan, &f.held, &f.e), 0);
	CHECK(fake_exists(&f, "pids/pod/web") && fake_exists(&f, "unified/pod/web"));
	CHECK_INT(cgroup_remove(&f.held, &f.e), 0);
	CHECK(!fake_exists(&f, "pids/pod") && fake_exists(&f, "memory/pod"));
	fake_free(&f);
}

TEST(a_foreign_cgroup_is_never_recorded_and_so_never_removed)
{
	struct fake f;

	fake_v2_machine(&f);
	fake_file(&f, "unified/cgroup.subtree_control", "");
	fake_dir(&f, "unified/tare/web");
	fake_file(&f, "unified/tare/cgroup.subtree_control", "");
	fake_file(&f, "unified/tare/web/cgroup.procs", "1\n");
	CHECK_INT(plan(&f), 0);
	CHECK_INT(cgroup_intend(&f.plan, &f.held, &f.e), -EBUSY);
	CHECK(f.held.cgroup_path == NULL);
	CHECK_INT(cgroup_host(&f.plan, &f.held, &f.e), -EBUSY);
	CHECK(f.held.cgroup_path == NULL);
	CHECK_INT(cgroup_remove(&f.held, &f.e), 0);
	CHECK(fake_exists(&f, "unified/tare/web"));
	fake_free(&f);
}

TEST(one_that_becomes_foreign_after_the_intent_is_let_go)
{
	struct fake f;

	fake_v2_machine(&f);
	fake_file(&f, "unified/cgroup.subtree_control",
		  "cpuset cpu io memory hugetlb pids");
	CHECK_INT(plan(&f), 0);
	CHECK_INT(cgroup_intend(&f.plan, &f.held, &f.e), 0);
	fake_dir(&f, "unified/tare/web");
	fake_file(&f, "unified/tare/cgroup.subtree_control",
		  "cpuset cpu io memory hugetlb pids");
	fake_file(&f, "unified/tare/web/cgroup.procs", "1\n");
	CHECK_INT(cgroup_host(&f.plan, &f.held, &f.e), -EBUSY);
	CHECK(f.held.cgroup_path == NULL);
	CHECK(fake_exists(&f, "unified/tare/web"));
	fake_free(&f);
}

TEST(rules_of_the_document_are_checked)
{
	static struct spec_device_rule rule = { .access = "x" };
	struct fake f;

	fake_new(&f);
	CHECK_INT(cgroup_check(&f.spec, &f.e), 0);
	f.spec.linux.resources.devices = (struct spec_device_rule_list){ 1, &rule };
	CHECK_INT(cgroup_check(&f.spec, &f.e), -EINVAL);
	f.spec.linux.resources.devices.n = 0;
	f.spec.linux.resources.memory.limit = (struct opt_i64){ true, -7 };
	CHECK_INT(cgroup_check(&f.spec, &f.e), -EINVAL);
	fake_free(&f);
}
