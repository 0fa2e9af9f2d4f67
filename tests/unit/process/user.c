/* SPDX-License-Identifier: Apache-2.0 */
/* The ids of the process: what is refused, and becoming somebody. */
#include "process/user.h"

#include <limits.h>
#include <sched.h>
#include <sys/stat.h>

#include "base/str.h"
#include "kernel/procfs.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static const char *refusal(const struct spec_user *u, char text[1024])
{
	struct spec s = { .process = { .is_set = true, .user = *u } };
	struct err e = { 0 };

	return user_check(&s, &e) < 0 ? text_of(&e, text) : NULL;
}

/* CVE-2026-30892 and its like: the id that means "leave it" must not mean root. */
TEST(the_id_that_means_none_is_refused_everywhere)
{
	uint32_t groups[] = { 1, 4294967295u };
	char text[1024];

	CHECK_STR(refusal(&(struct spec_user){ .uid = 4294967295u }, text),
		  "/process/user/uid: 4294967295 is no id: the highest is 4294967294");
	CHECK_STR(refusal(&(struct spec_user){ .gid = 4294967295u }, text),
		  "/process/user/gid: 4294967295 is no id: the highest is 4294967294");
	CHECK_STR(refusal(&(struct spec_user){ .additional_gids = { 2, groups } }, text),
		  "/process/user/additionalGids/1: 4294967295 is no id: the highest is "
		  "4294967294");
	CHECK_STR(refusal(&(struct spec_user){ .uid = 4294967294u, .gid = 4294967294u },
			  text),
		  NULL);
}

TEST(a_umask_has_permission_bits_only)
{
	char text[1024];

	CHECK_STR(
		refusal(&(struct spec_user){ .umask = { true, 01000 } }, text),
		"/process/user/umask: 512 (01000) has more than the permission bits 0777");
	CHECK_STR(refusal(&(struct spec_user){ .umask = { true, 0777 } }, text), NULL);
}

TEST(more_groups_than_the_kernel_takes_are_refused)
{
	static uint32_t groups[NGROUPS_MAX + 1];
	char text[1024];

	CHECK_STR(refusal(&(struct spec_user){ .additional_gids = { NGROUPS_MAX + 1,
								    groups } },
			  text),
		  "/process/user/additionalGids: 65537 groups, the kernel takes 65536");
	CHECK_STR(
		refusal(&(struct spec_user){ .additional_gids = { NGROUPS_MAX, groups } },
			text),
		NULL);
}

struct person {
	struct spec spec;
	struct host host;
	struct plan plan;
	bool leaves;
	gid_t want[8];
	int n_want;
};

static int become(void *arg)
{
	struct person *t = arg;
	struct inside in = { .proc_fd = procfs_mounted() };
	const gid_t before[] = { 7, 8 };
	gid_t got[8] = { 0 };
	uid_t ids[3];

	t->plan.spec = &t->spec;
	t->plan.host = &t->host;
	if (sys_setgroups(2, before) < 0)
		return 10;
	if (user_init(&t->plan, &in, NULL) < 0)
		return 11;
	if (sys_getresuid(ids) < 0 || ids[0] != t->spec.process.user.uid ||
	    ids[1] != ids[0] || ids[2] != ids[0])
		return 12;
	if (sys_getresgid(ids) < 0 || ids[0] != t->spec.process.user.gid ||
	    ids[1] != ids[0] || ids[2] != ids[0])
		return 13;
	if (sys_getgroups(8, got) != t->n_want ||
	    memcmp(got, t->want, (size_t)t->n_want * sizeof(*got)) != 0)
		return 14;
	if (in.groups_left != t->leaves)
		return 15;
	return sys_prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0) == 1 ? 0 : 16;
}

TEST(groups_gid_and_uid_are_all_replaced)
{
	uint32_t groups[] = { 100, 200 };
	struct person t = { .want = { 100, 200 }, .n_want = 2 };

	if (!is_root())
		SKIP("root");
	t.spec.process.user = (struct spec_user){ .uid = 1000,
						  .gid = 2000,
						  .additional_gids = { 2, groups } };
	CHECK_INT(child_run(0, become, &t), 0);
	t.spec.process.user.additional_gids.n = 0;
	t.n_want = 0;
	CHECK_INT(child_run(0, become, &t), 0);
}

TEST(the_annotation_keeps_the_callers_groups)
{
	struct str_pair v[] = { { "run.oci.keep_original_groups", "1" } };
	struct person t = { .leaves = true, .want = { 7, 8 }, .n_want = 2 };

	if (!is_root())
		SKIP("root");
	t.spec.annotations = (struct str_map){ 1, v };
	t.spec.process.user = (struct spec_user){ .uid = 1000, .gid = 2000 };
	CHECK_INT(child_run(0, become, &t), 0);
	v[0].value = "0";
	t.leaves = false;
	t.n_want = 0;
	CHECK_INT(child_run(0, become, &t), 0);
}

struct denied {
	uint32_t group;
	size_t n_groups;
	int want;
};

/* A user namespace whose owner may not change groups. */
static int in_denying_userns(void *arg)
{
	const struct denied *d = arg;
	struct spec s = {
		.process = { .user = { .additional_gids = { d->n_groups,
							    (uint32_t *)&d->group } } }
	};
	struct host h = { 0 };
	struct plan p = { .spec = &s, .host = &h, .ns = { .new_flags = CLONE_NEWUSER } };
	struct inside in = { .proc_fd = procfs_mounted() };

	if (procfs_put(in.proc_fd, "self/setgroups", "deny") < 0 ||
	    procfs_put(in.proc_fd, "self/uid_map", "0 0 1") < 0 ||
	    procfs_put(in.proc_fd, "self/gid_map", "0 0 1") < 0)
		return 10;
	if (user_init(&p, &in, NULL) != d->want)
		return 11;
	return d->want == 0 && !in.groups_left ? 12 : 0;
}

TEST(groups_that_may_not_be_changed_are_an_error_only_if_some_are_wanted)
{
	struct denied none = { 0, 0, 0 }, one = { 0, 1, -EPERM };

	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWUSER, in_denying_userns, &none), 0);
	CHECK_INT(child_run(CLONE_NEWUSER, in_denying_userns, &one), 0);
}

static int unmapped(void *arg)
{
	struct spec s = { .process = { .user = { .uid = 5 } } };
	struct host h = { 0 };
	struct plan p = { .spec = &s, .host = &h, .ns = { .join_flags = CLONE_NEWUSER } };
	struct inside in = { .proc_fd = procfs_mounted() };
	struct err e = { 0 };
	char text[1024];

	(void)arg;
	if (procfs_put(in.proc_fd, "self/setgroups", "deny") < 0 ||
	    procfs_put(in.proc_fd, "self/uid_map", "0 0 1") < 0 ||
	    procfs_put(in.proc_fd, "self/gid_map", "0 0 1") < 0)
		return 10;
	if (user_init(&p, &in, &e) != -EINVAL)
		return 11;
	return str_eq(text_of(&e, text),
		      "/process/user/uid: not mapped in the user namespace "
		      "(setresuid '5': EINVAL)")
		       ? 0
		       : 12;
}

TEST(an_id_that_a_joined_user_namespace_lacks_is_named)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWUSER, unmapped, NULL), 0);
}

static int masks(void *arg)
{
	struct spec s = { .process = { .user = { .umask = { false, 0 } } } };
	struct plan p = { .spec = &s };

	(void)arg;
	(void)sys_umask(0123);
	user_init_umask(&p);
	if (sys_umask(0123) != 0123)
		return 10;
	s.process.user.umask = (struct opt_u32){ true, 0 };
	user_init_umask(&p);
	return sys_umask(0) == 0 ? 0 : 11;
}

TEST(an_absent_umask_is_unchanged_and_0_is_a_value)
{
	CHECK_INT(child_run(0, masks, NULL), 0);
}

static int stdio(void *arg)
{
	struct spec s = { .process = { .user = { .uid = 1000 } } };
	struct plan p = { .spec = &s };
	struct inside in = { .proc_fd = -EBADF };
	struct stat before, st;
	int pipe_fd[2], null_fd = sys_openat(AT_FDCWD, "/dev/null", O_RDWR, 0);

	(void)arg;
	if (sys_pipe(pipe_fd) < 0 || null_fd < 0 || sys_fstat(null_fd, &before) < 0)
		return 10;
	if (sys_dup3(null_fd, 0, false) < 0 || sys_dup3(pipe_fd[1], 1, false) < 0)
		return 11;
	(void)close(2);
	if (user_init_stdio(&p, &in, NULL) < 0)
		return 12;
	if (sys_fstat(0, &st) < 0 || st.st_uid != before.st_uid)
		return 13;
	if (sys_fstat(1, &st) < 0 || st.st_uid != 1000)
		return 14;
	return st.st_gid == 0 ? 0 : 15;
}

TEST(a_pipe_is_given_to_the_user_and_the_null_device_is_not)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(0, stdio, NULL), 0);
}
