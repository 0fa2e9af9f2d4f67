/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/devices.h"

#include "tests/unit/cgroup/fake.h"
#include "tests/unit/cgroup/rules.h"

static int plan_rules(struct fake *f, const struct spec_device_rule *v, size_t n)
{
	int r;

	f->spec.linux.resources.devices =
		(struct spec_device_rule_list){ n,
						(struct spec_device_rule *)(uintptr_t)v };
	f->plan.cgroup = (struct plan_cgroup){ 0 };
	f->e = (struct err){ 0 };
	r = device_rules_check(&f->spec, &f->e);
	return r < 0 ? r : device_rules_plan(&f->spec, f->h, &f->plan, &f->e);
}

#define NUMBER(n)                                                                        \
	{                                                                                \
		true, (n)                                                                \
	}
#define DEFAULTS                                                                         \
	"devices devices.allow=c *:* m @/devices ~EPERM\n"                               \
	"devices devices.allow=b *:* m @/devices ~EPERM\n"                               \
	"devices devices.allow=c 1:3 rwm @/devices ~EPERM\n"                             \
	"devices devices.allow=c 1:5 rwm @/devices ~EPERM\n"                             \
	"devices devices.allow=c 1:7 rwm @/devices ~EPERM\n"                             \
	"devices devices.allow=c 1:8 rwm @/devices ~EPERM\n"                             \
	"devices devices.allow=c 1:9 rwm @/devices ~EPERM\n"                             \
	"devices devices.allow=c 5:0 rwm @/devices ~EPERM\n"                             \
	"devices devices.allow=c 5:2 rwm @/devices ~EPERM\n"                             \
	"devices devices.allow=c 136:* rwm @/devices ~EPERM\n"                           \
	"devices devices.allow=c 10:200 rwm @/devices ~EPERM\n"

TEST(without_rules_only_the_default_devices_can_be_used)
{
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(plan_rules(&f, NULL, 0), 0);
	CHECK_GOLDEN(&f, "devices devices.deny=a @/devices\n" DEFAULTS);
	CHECK(!f.plan.cgroup.device_prog);
	fake_free(&f);
}

TEST(what_engines_write_is_one_denial_and_the_exceptions)
{
	static const struct spec_device_rule rules[] = {
		{ .allow = false, .access = "rwm" },
		{ .allow = true,
		  .type = "c",
		  .major = NUMBER(10),
		  .minor = NUMBER(229),
		  .access = "rw" },
		{ .allow = true, .type = "b", .major = NUMBER(8), .minor = NUMBER(-1) },
		{ .allow = true,
		  .type = "c",
		  .major = NUMBER(1),
		  .minor = NUMBER(3),
		  .access = "rwm" },
	};
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(plan_rules(&f, rules, N_ELEMENTS(rules)), 0);
	CHECK_GOLDEN(&f, "devices devices.deny=a @/devices/0\n"
			 "devices devices.allow=c 10:229 rwm @/devices/1\n"
			 "devices devices.allow=b 8:* rwm @/devices/2\n"
			 "devices devices.allow=c 1:3 rwm @/devices/3\n"
			 "devices devices.allow=c *:* m @/devices ~EPERM\n"
			 "devices devices.allow=b *:* m @/devices ~EPERM\n"
			 "devices devices.allow=c 1:5 rwm @/devices ~EPERM\n"
			 "devices devices.allow=c 1:7 rwm @/devices ~EPERM\n"
			 "devices devices.allow=c 1:8 rwm @/devices ~EPERM\n"
			 "devices devices.allow=c 1:9 rwm @/devices ~EPERM\n"
			 "devices devices.allow=c 5:0 rwm @/devices ~EPERM\n"
			 "devices devices.allow=c 5:2 rwm @/devices ~EPERM\n"
			 "devices devices.allow=c 136:* rwm @/devices ~EPERM\n"
			 "devices devices.allow=c 10:200 rwm @/devices ~EPERM\n");
	fake_free(&f);
}

TEST(a_privileged_container_is_one_write)
{
	static const struct spec_device_rule rules[] = {
		{ .allow = false, .access = "rwm" },
		{ .allow = true, .access = "rwm" },
	};
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(plan_rules(&f, rules, N_ELEMENTS(rules)), 0);
	CHECK_GOLDEN(&f, "devices devices.allow=a @/devices/1 ~EPERM\n");
	fake_free(&f);
	fake_v2_machine(&f);
	CHECK_INT(plan_rules(&f, rules, N_ELEMENTS(rules)), 0);
	CHECK_GOLDEN(&f, "");
	CHECK(!f.plan.cgroup.device_prog);
	fake_free(&f);
}

TEST(exceptions_from_an_allowed_everything_are_denials)
{
	static const struct spec_device_rule rules[] = {
		{ .allow = true, .type = "a" },
		{ .allow = false, .type = "b", .access = "w" },
		{ .allow = false, .type = "a", .major = NUMBER(9), .access = "r" },
	};
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(plan_rules(&f, rules, N_ELEMENTS(rules)), 0);
	CHECK_GOLDEN(&f, "devices devices.allow=a @/devices/0 ~EPERM\n"
			 "devices devices.deny=b *:* w @/devices/1\n"
			 "devices devices.deny=b 9:* rw @/devices/2\n"
			 "devices devices.deny=c 9:* r @/devices/2\n");
	fake_free(&f);
}

TEST(a_rule_that_takes_back_part_of_a_wider_one_is_refused_on_v1)
{
	static const struct spec_device_rule rules[] = {
		{ .allow = false },
		{ .allow = true, .type = "c", .access = "rw" },
		{ .allow = false,
		  .type = "c",
		  .major = NUMBER(1),
		  .minor = NUMBER(1),
		  .access = "w" },
	};
	struct fake f;

	fake_v1_machine(&f);
	CHECK_INT(plan_rules(&f, rules, N_ELEMENTS(rules)), -EOPNOTSUPP);
	CHECK_STR(fake_error(&f),
		  "/linux/resources/devices/2: the v1 devices controller cannot take "
		  "back part of a wider rule");
	fake_free(&f);
	fake_v2_machine(&f);
	CHECK_INT(plan_rules(&f, rules, N_ELEMENTS(rules)), 0);
	CHECK(f.plan.cgroup.n_device_prog > 0);
	fake_free(&f);
}

TEST(malformed_rules_are_refused_with_their_pointer)
{
	static const struct {
		struct spec_device_rule rule;
		const char *field;
	} cases[] = {
		{ { .type = "x" }, "/linux/resources/devices/0/type" },
		{ { .type = "cb" }, "/linux/resources/devices/0/type" },
		{ { .access = "rx" }, "/linux/resources/devices/0/access" },
		{ { .major = NUMBER(-2) }, "/linux/resources/devices/0/major" },
		{ { .minor = NUMBER(INT64_C(1) << 32) },
		  "/linux/resources/devices/0/minor" },
	};
	struct fake f;

	fake_v2_machine(&f);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		CHECK_INT(plan_rules(&f, &cases[i].rule, 1), -EINVAL);
		CHECK_STR(f.e.field, cases[i].field);
	}
	fake_free(&f);
}

TEST(more_rules_than_can_be_compared_are_refused)
{
	struct spec_device_rule *rules = calloc(10001, sizeof(*rules));
	struct fake f;

	fake_v2_machine(&f);
	CHECK_INT(plan_rules(&f, rules, 10001), -EINVAL);
	CHECK_INT(plan_rules(&f, rules, 10000), 0);
	fake_free(&f);
	free(rules);
}

TEST(without_a_devices_controller_nothing_is_left_open)
{
	struct fake f;

	fake_new(&f);
	fake_v1(&f, "memory");
	CHECK_INT(plan_rules(&f, NULL, 0), -EOPNOTSUPP);
	CHECK_STR(f.e.field, "/linux/resources/devices");
	fake_free(&f);
}

TEST(in_a_user_namespace_every_write_may_be_refused)
{
	struct fake f;

	fake_v1_machine(&f);
	f.host.in_userns = true;
	CHECK_INT(plan_rules(&f, NULL, 0), 0);
	for (size_t i = 0; i < f.plan.cgroup.n_writes; i++)
		CHECK_INT(f.plan.cgroup.write[i].tolerate, EPERM);
	fake_free(&f);
}

/* The v1 controller, as the kernel has it: a default, and exceptions by exact numbers. */
struct controller {
	bool allow;
	struct {
		char type, numbers[32];
		unsigned access;
	} exception[64];
	size_t n;
};

static unsigned access_of(const char *letters)
{
	return (strchr(letters, 'r') ? DEVICE_READ : 0u) |
	       (strchr(letters, 'w') ? DEVICE_WRITE : 0u) |
	       (strchr(letters, 'm') ? DEVICE_MKNOD : 0u);
}

static void controller_write(struct controller *c, const char *file, const char *value)
{
	bool allow = str_eq(file, "devices.allow");
	char type, numbers[32], access[8];
	size_t i;

	if (value[0] == 'a') {
		*c = (struct controller){ .allow = allow };
		return;
	}
	CHECK_INT(sscanf(value, "%c %31s %7s", &type, numbers, access), 3);
	for (i = 0; i < c->n; i++) {
		if (c->exception[i].type == type &&
		    str_eq(c->exception[i].numbers, numbers))
			break;
	}
	if (allow == c->allow) {
		if (i < c->n)
			c->exception[i].access &= ~access_of(access);
		return;
	}
	CHECK(i < N_ELEMENTS(c->exception));
	c->exception[i].type = type;
	memcpy(c->exception[i].numbers, numbers, sizeof(numbers));
	c->exception[i].access |= access_of(access);
	c->n += i == c->n;
}

static bool numbers_match(const char *numbers, const struct request *q)
{
	char major[16], minor[16], want[16];

	CHECK_INT(sscanf(numbers, "%15[^:]:%15s", major, minor), 2);
	CHECK(str_format(want, sizeof(want), "%u", q->major) > 0);
	if (!str_eq(major, "*") && !str_eq(major, want))
		return false;
	CHECK(str_format(want, sizeof(want), "%u", q->minor) > 0);
	return str_eq(minor, "*") || str_eq(minor, want);
}

static bool controller_allows(const struct controller *c, const struct request *q)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->exception[i].type != q->type ||
		    !numbers_match(c->exception[i].numbers, q))
			continue;
		if (c->allow && c->exception[i].access & q->access)
			return false;
		if (!c->allow && !(q->access & ~c->exception[i].access))
			return true;
	}
	return c->allow;
}

/* Several kinds at once, spread over rules of which neither covers the other. */
static bool is_one_kind(const struct request *q)
{
	return (q->access & (q->access - 1)) == 0;
}

TEST(v1_writes_mean_what_the_rules_say_or_are_refused)
{
	uint64_t seed = 0x9e3779b97f4a7c15;
	unsigned refused = 0, compared = 0;
	struct fake f;

	fake_v1_machine(&f);
	for (unsigned round = 0; round < 3000; round++) {
		struct random_rules rules;
		struct controller c = { .allow = true };

		random_rules(&seed, &rules);
		if (plan_rules(&f, rules.v, rules.n) < 0) {
			refused++;
			continue;
		}
		for (size_t i = 0; i < f.plan.cgroup.n_writes; i++)
			controller_write(&c, f.plan.cgroup.write[i].file,
					 f.plan.cgroup.write[i].value);
		for (unsigned i = 0; i < 50; i++, compared++) {
			struct request q = random_request(&seed);
			bool want = reference_allows(&rules, &q),
			     got = controller_allows(&c, &q);

			/* Never more than asked for. */
			CHECK(is_one_kind(&q) ? got == want : !got || want);
		}
	}
	CHECK(refused > 100 && compared > 10000);
	fake_free(&f);
}
