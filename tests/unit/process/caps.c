/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities: names, what can be granted, and a process that has just those. */
#include "process/caps.h"

#include <sched.h>
#include <sys/capability.h>

#include "base/log.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#define BIT(cap) (UINT64_C(1) << (cap))
#define LIST(...)                                                                        \
	{                                                                                \
		N_ELEMENTS(((const char *[]){ __VA_ARGS__ })),                           \
			(const char *[]){ __VA_ARGS__ }, true                            \
	}

TEST(names_are_those_of_libcap)
{
	for (int i = 0; i < caps_count(); i++) {
		char *theirs = cap_to_name((cap_value_t)i);
		char lower[64] = "";

		for (size_t j = 0; caps_name(i)[j]; j++)
			lower[j] =
				(char)(caps_name(i)[j] | 0x20 * (caps_name(i)[j] != '_'));
		CHECK_STR(lower, theirs);
		cap_free(theirs);
	}
	CHECK_INT(caps_count(), 41);
	CHECK_STR(caps_name(41), NULL);
	CHECK_STR(caps_name(-1), NULL);
}

TEST(a_name_is_taken_with_and_without_its_prefix_in_any_case)
{
	CHECK_INT(caps_parse("CAP_NET_ADMIN"), CAP_NET_ADMIN);
	CHECK_INT(caps_parse("cap_net_admin"), CAP_NET_ADMIN);
	CHECK_INT(caps_parse("Net_Admin"), CAP_NET_ADMIN);
	CHECK_INT(caps_parse("CAP_CHECKPOINT_RESTORE"), 40);
	CHECK_INT(caps_parse("CAP_NET"), -EINVAL);
	CHECK_INT(caps_parse("CAP_"), -EINVAL);
	CHECK_INT(caps_parse(""), -EINVAL);
	CHECK_INT(caps_parse("CAP_CAP_CHOWN"), -EINVAL);
}

TEST(an_empty_name_is_refused)
{
	struct spec s = { .process.capabilities.inheritable = LIST("CAP_CHOWN", "") };
	struct err e = { 0 };
	char text[1024];

	CHECK_INT(caps_check(&s, &e), -EINVAL);
	CHECK_STR(text_of(&e, text),
		  "/process/capabilities/inheritable/1: an empty name");
}

struct warnings {
	int n;
	char text[2][512];
};

static void keep_warning(void *ctx, enum log_level level, const char *text)
{
	struct warnings *w = ctx;

	if (level == LOG_LEVEL_WARNING && w->n < 2)
		(void)snprintf(w->text[w->n], sizeof(w->text[0]), "%s", text);
	w->n += level == LOG_LEVEL_WARNING;
}

static struct plan_caps planned(const struct spec_capabilities *c, const struct host *h,
				uint64_t new_ns, struct warnings *w)
{
	struct spec s = { .process.capabilities = *c };
	struct plan p = { .ns = { .new_flags = new_ns } };

	*w = (struct warnings){ 0 };
	log_set_sink(keep_warning, w, LOG_LEVEL_WARNING);
	CHECK_INT(caps_plan(&s, h, &p, NULL), 0);
	log_set_sink(NULL, NULL, LOG_LEVEL_ERROR);
	return p.caps;
}

static const struct host all = { .caps = { .permitted = BIT(41) - 1 },
				 .cap_bounding = BIT(41) - 1,
				 .last_cap = 40 };

TEST(absent_means_none)
{
	struct warnings w;
	struct plan_caps got = planned(&(struct spec_capabilities){ 0 }, &all, 0, &w);

	CHECK(!got.bounding && !got.permitted && !got.effective && !got.inheritable &&
	      !got.ambient);
	CHECK_INT(w.n, 0);
}

TEST(every_set_is_planned_by_itself)
{
	struct spec_capabilities c = { .is_set = true,
				       .bounding =
					       LIST("CAP_CHOWN", "CAP_KILL", "CAP_BPF"),
				       .permitted = LIST("CAP_CHOWN", "CAP_KILL"),
				       .effective = LIST("CAP_KILL"),
				       .inheritable = LIST("CAP_CHOWN"),
				       .ambient = LIST("CAP_CHOWN") };
	struct warnings w;
	struct plan_caps got = planned(&c, &all, 0, &w);

	CHECK(got.bounding == (BIT(CAP_CHOWN) | BIT(CAP_KILL) | BIT(CAP_BPF)));
	CHECK(got.permitted == (BIT(CAP_CHOWN) | BIT(CAP_KILL)));
	CHECK(got.effective == BIT(CAP_KILL));
	CHECK(got.inheritable == BIT(CAP_CHOWN));
	CHECK(got.ambient == BIT(CAP_CHOWN));
	CHECK_INT(w.n, 0);
}

TEST(what_the_caller_lacks_is_left_out_with_one_warning)
{
	struct spec_capabilities c = { .is_set = true,
				       .bounding = LIST("CAP_CHOWN", "CAP_SYS_RESOURCE",
							"CAP_SYS_TIME"),
				       .permitted = LIST("CAP_CHOWN", "CAP_SYS_RESOURCE"),
				       .effective = LIST("CAP_SYS_RESOURCE") };
	const struct host h = {
		.caps = { .permitted = BIT(CAP_CHOWN) | BIT(CAP_SYS_TIME) },
		.cap_bounding = BIT(CAP_CHOWN),
		.last_cap = 40,
	};
	struct warnings w;
	struct plan_caps got = planned(&c, &h, 0, &w);

	CHECK(got.bounding == BIT(CAP_CHOWN));
	CHECK(got.permitted == BIT(CAP_CHOWN));
	CHECK(got.effective == 0);
	CHECK_INT(w.n, 1);
	CHECK_STR(w.text[0], "/process/capabilities: cannot be granted here: "
			     "CAP_SYS_RESOURCE, CAP_SYS_TIME");
}

TEST(root_of_a_user_namespace_can_grant_what_its_kernel_knows)
{
	struct spec_capabilities c = { .is_set = true,
				       .bounding = LIST("CAP_SYS_ADMIN", "CAP_BPF"),
				       .permitted = LIST("CAP_SYS_ADMIN", "CAP_BPF") };
	const struct host h = { .last_cap = CAP_AUDIT_READ };
	struct warnings w;
	struct plan_caps got = planned(&c, &h, CLONE_NEWUSER, &w);

	CHECK(got.bounding == BIT(CAP_SYS_ADMIN));
	CHECK(got.permitted == BIT(CAP_SYS_ADMIN));
	CHECK_STR(w.text[0], "/process/capabilities: cannot be granted here: CAP_BPF");
}

/* The kernel's own conditions: effective in permitted, ambient in both others. */
TEST(what_the_kernel_would_refuse_in_combination_is_left_out)
{
	struct spec_capabilities c = { .is_set = true,
				       .bounding = LIST("CAP_CHOWN", "CAP_KILL"),
				       .permitted = LIST("CAP_CHOWN", "CAP_KILL"),
				       .effective = LIST("CAP_FOWNER", "CAP_CHOWN"),
				       .inheritable = LIST("CAP_CHOWN", "CAP_MKNOD"),
				       .ambient = LIST("CAP_CHOWN", "CAP_KILL") };
	struct warnings w;
	struct plan_caps got = planned(&c, &all, 0, &w);

	CHECK(got.effective == BIT(CAP_CHOWN));
	CHECK(got.inheritable == BIT(CAP_CHOWN));
	CHECK(got.ambient == BIT(CAP_CHOWN));
	CHECK_INT(w.n, 1);
	CHECK_STR(w.text[0],
		  "/process/capabilities: CAP_FOWNER, CAP_KILL, CAP_MKNOD only in "
		  "a set that depends on others (effective on permitted, "
		  "inheritable on bounding, ambient on permitted and inheritable)");
}

TEST(unknown_names_are_one_warning_each_name_once)
{
	struct spec_capabilities c = {
		.is_set = true,
		.bounding = LIST("CAP_FUTURE", "CAP_CHOWN", "CAP_FUTURE_TOO"),
		.permitted = LIST("CAP_FUTURE", "CAP_FUTURE_TOO", "FUTURE"),
	};
	struct warnings w;
	struct plan_caps got = planned(&c, &all, 0, &w);

	CHECK(got.bounding == BIT(CAP_CHOWN));
	CHECK_INT(w.n, 1);
	CHECK_STR(w.text[0], "/process/capabilities: no such capability: CAP_FUTURE, "
			     "CAP_FUTURE_TOO, FUTURE");
}

struct state {
	struct plan plan;
	struct host host;
	struct spec spec;
};

static int host_caps(struct host *h)
{
	int r = sys_capget(&h->caps);

	h->last_cap = 0;
	h->cap_bounding = 0;
	for (int i = 0; r == 0 && (r = sys_capbset_read(i)) >= 0; i++) {
		h->last_cap = i;
		h->cap_bounding |= (uint64_t)(r > 0) << i;
		r = 0;
	}
	return r == -EINVAL ? 0 : r;
}

/* As init does: bounding set, ids, the rest. */
static int confine(void *arg)
{
	struct state *t = arg;
	struct inside in = { .proc_fd = -EBADF };
	struct cap_sets got;
	uint64_t bounding = 0, ambient = 0;

	if (caps_init_bounding(&t->plan, &in, NULL) < 0)
		return 10;
	if (sys_prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ||
	    sys_setresuid(1000, 1000, 1000) < 0)
		return 11;
	if (caps_init_set(&t->plan, &in, NULL) < 0)
		return 12;
	if (sys_capget(&got) < 0)
		return 13;
	for (int i = 0; i <= t->host.last_cap; i++) {
		bounding |= (uint64_t)(sys_capbset_read(i) > 0) << i;
		ambient |= (uint64_t)(sys_cap_ambient_is_set(i) > 0) << i;
	}
	if (bounding != t->plan.caps.bounding)
		return 14;
	if (got.permitted != t->plan.caps.permitted ||
	    got.effective != t->plan.caps.effective ||
	    got.inheritable != t->plan.caps.inheritable)
		return 15;
	return ambient == t->plan.caps.ambient ? 0 : 16;
}

TEST(a_process_gets_just_these_sets)
{
	struct state t = { .spec.process.capabilities = {
				   .is_set = true,
				   .bounding =
					   LIST("CAP_CHOWN", "CAP_KILL", "CAP_SETUID"),
				   .permitted = LIST("CAP_CHOWN", "CAP_KILL"),
				   .effective = LIST("CAP_KILL"),
				   .inheritable = LIST("CAP_CHOWN"),
				   .ambient = LIST("CAP_CHOWN"),
			   } };

	if (!is_root())
		SKIP("root");
	CHECK_INT(host_caps(&t.host), 0);
	t.plan.host = &t.host;
	CHECK_INT(caps_plan(&t.spec, &t.host, &t.plan, NULL), 0);
	CHECK(t.plan.caps.ambient != 0);
	CHECK_INT(child_run(0, confine, &t), 0);
	t.spec.process.capabilities = (struct spec_capabilities){ 0 };
	CHECK_INT(caps_plan(&t.spec, &t.host, &t.plan, NULL), 0);
	CHECK_INT(child_run(0, confine, &t), 0);
}

static int bounding_without_right(void *arg)
{
	struct state *t = arg;
	struct inside in = { .proc_fd = -EBADF };
	struct err e = { 0 };

	if (sys_setresuid(1000, 1000, 1000) < 0)
		return 10;
	if (caps_init_bounding(&t->plan, &in, &e) != -EPERM)
		return 11;
	return str_eq(e.field, "/process/capabilities/bounding") ? 0 : 12;
}

TEST(a_bounding_set_that_cannot_be_dropped_is_an_error)
{
	struct state t = { .host = { .last_cap = 0 } };

	if (!is_root())
		SKIP("root");
	CHECK_INT(host_caps(&t.host), 0);
	t.plan.host = &t.host;
	CHECK_INT(child_run(0, bounding_without_right, &t), 0);
}
