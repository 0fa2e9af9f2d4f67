/* SPDX-License-Identifier: Apache-2.0 */
/* The self-check: a process that is what the plan says, and ones that are not quite. */
#include <limits.h>
#include <sched.h>

#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/procfs.h"
#include "kernel/seccomp.h"
#include "process/attrs.h"
#include "process/caps.h"
#include "process/user.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

#define BIT(cap) (UINT64_C(1) << (cap))

struct subject {
	bool with_proc; /* else by system calls alone */
	void (*spoil)(struct plan *p, struct spec *s);
	const char *want; /* field of the error, NULL: none */
	size_t n_groups;
};

static uint32_t groups[NGROUPS_MAX];

/* A process of uid 1000 in groups with CAP_KILL, then checked. */
static int check_subject(void *arg)
{
	const struct subject *t = arg;
	struct spec s = { .process = { .no_new_privileges = true,
				       .user = { .uid = 1000, .gid = 2000 } } };
	struct host h = { .last_cap = 0 };
	struct plan p = { .spec = &s, .host = &h };
	struct inside in = { .proc_fd = t->with_proc ? procfs_mounted() : -EBADF };
	struct err e = { 0 };
	int r;

	s.process.user.additional_gids = (struct u32_list){ t->n_groups, groups };
	p.caps = (struct plan_caps){ BIT(CAP_KILL) | BIT(CAP_CHOWN), BIT(CAP_KILL),
				     BIT(CAP_KILL) | BIT(CAP_CHOWN), BIT(CAP_CHOWN),
				     BIT(CAP_CHOWN) };
	while (sys_capbset_read(h.last_cap + 1) >= 0)
		h.last_cap++;
	h.cap_bounding = BIT(h.last_cap + 1) - 1;
	if (caps_init_bounding(&p, &in, &e) < 0 || user_init(&p, &in, &e) < 0 ||
	    caps_init_set(&p, &in, &e) < 0 || attrs_init_no_new_privs(&p, &in, &e) < 0)
		return 10;
	if (t->spoil)
		t->spoil(&p, &s);
	r = caps_init_verify(&p, &in, &e);
	if (!t->want)
		return r == 0 ? 0 : 11;
	return r == -EPERM && str_eq(e.field, t->want) ? 0 : 12;
}

static void check_both(struct subject t)
{
	t.with_proc = false;
	CHECK_INT(child_run(0, check_subject, &t), 0);
	t.with_proc = true;
	CHECK_INT(child_run(0, check_subject, &t), 0);
}

TEST(a_process_that_is_as_planned_passes)
{
	if (!is_root())
		SKIP("root");
	check_both((struct subject){ .want = NULL });
}

static void other_uid(struct plan *p, struct spec *s)
{
	(void)p;
	s->process.user.uid = 1001;
}
static void other_gid(struct plan *p, struct spec *s)
{
	(void)p;
	s->process.user.gid = 2001;
}
static void other_group(struct plan *p, struct spec *s)
{
	static uint32_t one[] = { 5 };

	(void)p;
	s->process.user.additional_gids = (struct u32_list){ 1, one };
}
static void same_number_of_groups(struct plan *p, struct spec *s)
{
	(void)p;
	s->process.user.additional_gids.v[s->process.user.additional_gids.n - 1]++;
}
static void fewer_bounding(struct plan *p, struct spec *s)
{
	(void)s;
	p->caps.bounding = BIT(CAP_KILL);
}
static void fewer_effective(struct plan *p, struct spec *s)
{
	(void)s;
	p->caps.effective = 0;
}
static void more_permitted(struct plan *p, struct spec *s)
{
	(void)s;
	p->caps.permitted |= BIT(CAP_SYS_ADMIN);
}
static void fewer_inheritable(struct plan *p, struct spec *s)
{
	(void)s;
	p->caps.inheritable = 0;
}
static void fewer_ambient(struct plan *p, struct spec *s)
{
	(void)s;
	p->caps.ambient = 0;
}

TEST(every_difference_is_found_and_named)
{
	if (!is_root())
		SKIP("root");
	check_both((struct subject){ .spoil = other_uid, .want = "/process/user/uid" });
	check_both((struct subject){ .spoil = other_gid, .want = "/process/user/gid" });
	check_both((struct subject){ .spoil = other_group,
				     .want = "/process/user/additionalGids" });
	check_both((struct subject){ .spoil = fewer_bounding,
				     .want = "/process/capabilities/bounding" });
	check_both((struct subject){ .spoil = fewer_effective,
				     .want = "/process/capabilities/effective" });
	check_both((struct subject){ .spoil = more_permitted,
				     .want = "/process/capabilities/permitted" });
	check_both((struct subject){ .spoil = fewer_inheritable,
				     .want = "/process/capabilities/inheritable" });
	check_both((struct subject){ .spoil = fewer_ambient,
				     .want = "/process/capabilities/ambient" });
}

static int without_nnp(void *arg)
{
	struct spec s = { .process = { .no_new_privileges = true } };
	struct host h = { .last_cap = 0 };
	struct plan p = { .spec = &s, .host = &h };
	struct inside in = { .proc_fd = *(bool *)arg ? procfs_mounted() : -EBADF };
	struct err e = { 0 };

	if (sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return 0; /* nothing to miss */
	while (sys_capbset_read(h.last_cap + 1) >= 0)
		h.last_cap++;
	h.cap_bounding = BIT(h.last_cap + 1) - 1;
	if (caps_init_bounding(&p, &in, NULL) < 0 || user_init(&p, &in, NULL) < 0 ||
	    caps_init_set(&p, &in, NULL) < 0)
		return 10;
	if (caps_init_verify(&p, &in, &e) != -EPERM ||
	    !str_eq(e.field, "/process/noNewPrivileges"))
		return 11;
	s.process.no_new_privileges = false;
	return caps_init_verify(&p, &in, &e) == 0 ? 0 : 12;
}

TEST(no_new_privs_that_is_missing_is_found)
{
	bool with_proc = true;

	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(0, without_nnp, &with_proc), 0);
	with_proc = false;
	CHECK_INT(child_run(0, without_nnp, &with_proc), 0);
}

TEST(as_many_groups_as_there_can_be_are_compared)
{
	if (!is_root())
		SKIP("root");
	for (size_t i = 0; i < N_ELEMENTS(groups); i++)
		groups[i] = (uint32_t)(3 * i + 1);
	check_both((struct subject){ .n_groups = N_ELEMENTS(groups) });
	check_both((struct subject){ .n_groups = N_ELEMENTS(groups),
				     .spoil = other_group,
				     .want = "/process/user/additionalGids" });
}

TEST(groups_in_another_order_and_twice_are_the_same)
{
	if (!is_root())
		SKIP("root");
	groups[0] = 30;
	groups[1] = 10;
	groups[2] = 30;
	groups[3] = 20;
	check_both((struct subject){ .n_groups = 4 });
	check_both((struct subject){ .n_groups = 4,
				     .spoil = same_number_of_groups,
				     .want = "/process/user/additionalGids" });
}

struct asked {
	bool nnp, has_filter;
	int want;
};

/* A filter that is loaded already and refuses capget and thereby everything. */
static int under_filter(void *arg)
{
	const struct asked *t = arg;
	struct spec s = { .process = { .no_new_privileges = t->nnp } };
	struct host h = { .last_cap = 40 };
	struct plan p = { .spec = &s,
			  .host = &h,
			  .seccomp = { .is_set = t->has_filter } };
	struct inside in = { .proc_fd = -EBADF };
	const struct bpf_insn_classic prog[] = {
		{ 0x20, 0, 0, 0 }, /* ld nr */
		{ 0x15, 0, 1, SYS_capget },
		{ 0x06, 0, 0, SECCOMP_RET_ERRNO | ENOSYS },
		{ 0x06, 0, 0, SECCOMP_RET_ALLOW },
	};

	if (sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    sys_seccomp_load(prog, N_ELEMENTS(prog), 0) < 0)
		return 10;
	return caps_init_verify(&p, &in, NULL) == t->want ? 0 : 11;
}

TEST(only_a_filter_that_is_there_already_excuses_a_question)
{
	struct asked early = { false, true, 0 }, late = { true, true, -ENOSYS },
		     none = { false, false, -ENOSYS };

	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(0, under_filter, &early), 0);
	CHECK_INT(child_run(0, under_filter, &late), 0);
	CHECK_INT(child_run(0, under_filter, &none), 0);
}
