/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces: what is refused, what is planned, and entering real ones. */
#include "linux/namespaces.h"

#include <sched.h>
#include <sys/stat.h>

#include "base/str.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static struct spec with(struct spec_namespace *v, size_t n)
{
	return (struct spec){ .linux = { .is_set = true, .namespaces = { n, v } } };
}

static const char *refusal(struct spec_namespace *v, size_t n, char text[1024])
{
	struct spec s = with(v, n);
	struct err e = { 0 };

	if (namespaces_check(&s, &e) >= 0)
		return NULL;
	return text_of(&e, text);
}

static void no_namespaces(struct inside *in)
{
	*in = (struct inside){ .root_fd = -EBADF,
			       .proc_fd = -EBADF,
			       .console_fd = -EBADF };
	for (int i = 0; i < NS_KINDS; i++)
		in->ns_fd[i] = -EBADF;
}

static void close_namespaces(struct inside *in)
{
	for (int i = 0; i < NS_KINDS; i++)
		fd_close(&in->ns_fd[i]);
}

TEST(every_kind_has_a_name_and_a_flag_that_lead_back_to_it)
{
	for (int i = 0; i < NS_KINDS; i++) {
		CHECK_INT(namespaces_kind(namespaces_name(i)), i);
		CHECK_INT(namespaces_kind_of_flag(namespaces_flag(i)), i);
	}
	CHECK_INT(namespaces_kind("net"), -EINVAL);
	CHECK_INT(namespaces_kind_of_flag(CLONE_NEWNS | CLONE_NEWPID), -EINVAL);
}

TEST(a_second_namespace_of_a_kind_is_refused_by_its_pointer)
{
	struct spec_namespace v[] = { { "pid", NULL }, { "ipc", NULL }, { "pid", "/x" } };
	char text[1024];

	CHECK_STR(refusal(v, 3, text),
		  "/linux/namespaces/2: a second pid namespace, the first is "
		  "/linux/namespaces/0");
}

TEST(an_unknown_kind_is_refused)
{
	struct spec_namespace v[] = { { "net", NULL } };
	char text[1024];

	CHECK_STR(refusal(v, 1, text),
		  "/linux/namespaces/0/type: no namespace is of type 'net'");
}

TEST(a_relative_path_is_refused)
{
	struct spec_namespace v[] = { { "mount", "" }, { "network", "ns/net" } };
	char text[1024];

	CHECK_STR(refusal(v, 2, text),
		  "/linux/namespaces/1/path: 'ns/net' is not an absolute path");
}

TEST(a_new_time_namespace_is_not_supported_yet_a_joined_one_is)
{
	struct spec_namespace v[] = { { "uts", NULL }, { "time", NULL } };
	struct spec s = with(v, 2);
	struct err e = { 0 };

	CHECK_INT(namespaces_check(&s, &e), -EOPNOTSUPP);
	CHECK_STR(e.field, "/linux/namespaces/1");
	CHECK(strstr(e.msg, "not supported yet: /linux/namespaces/1") != NULL);
	v[1].path = "/proc/1/ns/time";
	CHECK_INT(namespaces_check(&s, NULL), 0);
}

TEST(the_plan_tells_new_from_joined_and_an_empty_path_is_new)
{
	struct spec_namespace v[] = {
		{ "network", "/n" }, { "mount", NULL }, { "pid", "" }, { "uts", "/u" }
	};
	struct spec s = with(v, 4);
	struct plan p = { 0 };

	CHECK_INT(namespaces_plan(&s, NULL, &p, NULL), 0);
	CHECK(p.ns.new_flags == (CLONE_NEWNS | CLONE_NEWPID));
	CHECK(p.ns.join_flags == (CLONE_NEWNET | CLONE_NEWUTS));
	CHECK_STR(p.ns.join_path[NS_NET], "/n");
	CHECK_INT((int64_t)p.ns.index[NS_UTS], 3);
	CHECK(namespaces_is_new(&s, NS_PID) && !namespaces_is_joined(&s, NS_PID));
	CHECK(namespaces_is_joined(&s, NS_NET) && !namespaces_is_new(&s, NS_NET));
	CHECK(!namespaces_has(&s, NS_USER) && namespaces_has(&s, NS_MOUNT));
}

TEST(clone_makes_them_unless_a_user_namespace_meets_foreign_ones)
{
	static const struct {
		uint64_t new_flags, join_flags;
		bool by_clone;
	} cases[] = {
		{ CLONE_NEWNS | CLONE_NEWPID, 0, true },
		{ CLONE_NEWNS, CLONE_NEWNET | CLONE_NEWPID, true },
		{ CLONE_NEWUSER | CLONE_NEWNS, 0, true },
		{ CLONE_NEWUSER | CLONE_NEWNS, CLONE_NEWNET, false },
		{ CLONE_NEWNS, CLONE_NEWUSER, false },
	};

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct plan p = { .ns = { .new_flags = cases[i].new_flags,
					  .join_flags = cases[i].join_flags } };

		CHECK(namespaces_by_clone(&p) == cases[i].by_clone);
	}
}

static const char *open_refusal(const char *type, const char *path, char text[1024])
{
	struct spec_namespace v[] = { { type, path } };
	struct spec s = with(v, 1);
	struct plan p = { 0 };
	struct inside in;
	struct err e = { 0 };
	int r;

	no_namespaces(&in);
	CHECK_INT(namespaces_plan(&s, NULL, &p, NULL), 0);
	r = namespaces_host_open(&p, &in, &e);
	close_namespaces(&in);
	return r < 0 ? text_of(&e, text) : NULL;
}

TEST(a_path_that_leads_to_no_namespace_or_a_wrong_one_is_refused)
{
	char text[1024];

	CHECK_STR(open_refusal("pid", "/proc/self/ns/net", text),
		  "/linux/namespaces/0/path: '/proc/self/ns/net' is a network namespace, "
		  "not a pid one");
	CHECK_STR(open_refusal("network", "/proc/self/ns/ipc", text),
		  "/linux/namespaces/0/path: '/proc/self/ns/ipc' is an ipc namespace, "
		  "not a network one");
	CHECK_STR(open_refusal("uts", "/dev/null", text),
		  "/linux/namespaces/0/path: '/dev/null' is no namespace");
	CHECK_STR(open_refusal("uts", "/proc/self/ns/nothing", text),
		  "/linux/namespaces/0/path: open '/proc/self/ns/nothing': ENOENT");
	CHECK_STR(open_refusal("uts", "/proc/self/ns/uts", text), NULL);
}

TEST(a_fifo_in_place_of_a_namespace_blocks_nobody)
{
	char dir[] = "/tmp/tare-unit-XXXXXX", path[64], text[1024], want[256];

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/ns", dir);
	(void)snprintf(want, sizeof(want),
		       "/linux/namespaces/0/path: '%s' is no namespace", path);
	CHECK_INT(mkfifo(path, 0600), 0);
	CHECK_STR(open_refusal("uts", path, text), want);
	CHECK_INT(unlink(path), 0);
	CHECK_INT(rmdir(dir), 0);
}

TEST(the_user_namespace_one_is_in_is_not_entered_again)
{
	struct spec_namespace v[] = { { "user", "/proc/self/ns/user" } };
	struct spec s = with(v, 1);
	struct plan p = { 0 };
	struct inside in;

	no_namespaces(&in);
	CHECK_INT(namespaces_plan(&s, NULL, &p, NULL), 0);
	CHECK_INT(namespaces_host_open(&p, &in, NULL), 0);
	CHECK(in.ns_fd[NS_USER] < 0);
	CHECK_INT(namespaces_init_user(&p, &in, NULL), 0);
}

/* A namespace of pid, as the inode of its file. */
static ino_t inode_of(const char *pid, const char *name)
{
	char path[64];
	struct stat st;

	(void)snprintf(path, sizeof(path), "/proc/%s/ns/%s", pid, name);
	return sys_fstatat(AT_FDCWD, path, &st, 0) == 0 ? st.st_ino : 0;
}

struct entry {
	struct plan plan;
	struct inside in;
	struct holder holder;
	char path[NS_KINDS][64];
	uid_t uid;             /* to become before entering */
	bool deferred;         /* a join must have been put off */
	const char *joined[4]; /* names under /proc/PID/ns that must be the holder's */
	const char *fresh[4];  /* and those that must be neither the holder's nor ours */
};

static int enter(void *arg)
{
	struct entry *t = arg;
	char pid[16];

	(void)snprintf(pid, sizeof(pid), "%d", (int)t->holder.pid);
	if (t->uid && sys_setresuid(t->uid, t->uid, t->uid) < 0)
		return 10;
	if (namespaces_init_before_user(&t->plan, &t->in, NULL) < 0)
		return 11;
	if (t->deferred != (t->in.ns_fd[NS_NET] >= 0))
		return 12;
	if (namespaces_init_user(&t->plan, &t->in, NULL) < 0)
		return 13;
	if (namespaces_init_after_user(&t->plan, &t->in, NULL) < 0)
		return 14;
	for (int i = 0; i < NS_KINDS; i++) {
		if (i != NS_PID && t->in.ns_fd[i] >= 0)
			return 15;
	}
	return namespaces_init_pid(&t->plan, &t->in, NULL) < 0 ? 16 : 0;
}

static int enter_and_compare(void *arg)
{
	struct entry *t = arg;
	ino_t theirs[4] = { 0 }, ours[4] = { 0 };
	char pid[16];
	int r;

	(void)snprintf(pid, sizeof(pid), "%d", (int)t->holder.pid);
	for (int i = 0; i < 4 && t->joined[i]; i++)
		theirs[i] = inode_of(pid, t->joined[i]);
	for (int i = 0; i < 4 && t->fresh[i]; i++)
		ours[i] = inode_of("self", t->fresh[i]);
	r = enter(t);
	for (int i = 0; i < 4 && t->joined[i] && !r; i++) {
		if (!theirs[i] || inode_of("self", t->joined[i]) != theirs[i])
			r = 20 + i;
	}
	for (int i = 0; i < 4 && t->fresh[i] && !r; i++) {
		ino_t now = inode_of("self", t->fresh[i]);

		if (!now || now == ours[i])
			r = 30 + i;
	}
	return r;
}

/* Plan the given namespaces of the holder ("" for new ones) and open them. */
static void prepare(struct entry *t, const char *const *joined, const char *const *fresh)
{
	struct spec_namespace v[NS_KINDS];
	struct spec s;
	size_t n = 0;

	for (; *joined; joined++, n++) {
		enum ns_kind kind = (enum ns_kind)namespaces_kind(*joined);
		static const char *const files[NS_KINDS] = { "user",   "mnt", "pid",
							     "net",    "uts", "ipc",
							     "cgroup", "time" };

		(void)snprintf(t->path[n], sizeof(t->path[n]), "/proc/%d/ns/%s%s",
			       (int)t->holder.pid, files[kind],
			       kind == NS_PID ? "_for_children" : "");
		v[n] = (struct spec_namespace){ *joined, t->path[n] };
	}
	for (; *fresh; fresh++, n++)
		v[n] = (struct spec_namespace){ *fresh, NULL };
	s = with(v, n);
	CHECK_INT(namespaces_check(&s, NULL), 0);
	CHECK_INT(namespaces_plan(&s, NULL, &t->plan, NULL), 0);
	no_namespaces(&t->in);
	CHECK_INT(namespaces_host_open(&t->plan, &t->in, NULL), 0);
}

static void stop(struct entry *t)
{
	close_namespaces(&t->in);
	holder_stop(&t->holder);
}

TEST(foreign_namespaces_are_joined_and_the_cgroup_one_is_made_after)
{
	struct entry t = { .joined = { "net", "uts", "ipc", "mnt" },
			   .fresh = { "cgroup" } };

	if (!is_root())
		SKIP("root");
	if (!holder_start(&t.holder, 0,
			  CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS)) {
		holder_stop(&t.holder);
		SKIP("namespaces");
	}
	prepare(&t, (const char *[]){ "network", "uts", "ipc", "mount", NULL },
		(const char *[]){ "cgroup", NULL });
	CHECK(namespaces_by_clone(&t.plan));
	CHECK_INT(child_run(0, enter_and_compare, &t), 0);
	stop(&t);
}

TEST(a_foreign_user_namespace_is_entered_between_the_others)
{
	struct entry t = { .joined = { "user", "net", "uts" },
			   .fresh = { "ipc", "mnt" } };

	if (!is_root())
		SKIP("root");
	if (!holder_start(&t.holder, 0, CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWUTS)) {
		holder_stop(&t.holder);
		SKIP("user namespaces");
	}
	prepare(&t, (const char *[]){ "user", "network", "uts", NULL },
		(const char *[]){ "ipc", "mount", NULL });
	CHECK(!namespaces_by_clone(&t.plan));
	CHECK_INT(child_run(0, enter_and_compare, &t), 0);
	stop(&t);
}

TEST(a_new_user_namespace_comes_after_what_is_joined_and_before_what_is_new)
{
	struct entry t = { .joined = { "net" }, .fresh = { "user", "uts", "mnt" } };

	if (!is_root())
		SKIP("root");
	if (!holder_start(&t.holder, 0, CLONE_NEWNET)) {
		holder_stop(&t.holder);
		SKIP("namespaces");
	}
	prepare(&t, (const char *[]){ "network", NULL },
		(const char *[]){ "user", "uts", "mount", NULL });
	CHECK(!namespaces_by_clone(&t.plan));
	CHECK_INT(child_run(0, enter_and_compare, &t), 0);
	stop(&t);
}

/* What uid 1000 owns, it may only join from inside its user namespace. */
TEST(what_the_caller_may_not_join_is_joined_from_inside_the_user_namespace)
{
	struct entry t = { .joined = { "user", "net" },
			   .fresh = { "ipc" },
			   .uid = 1000,
			   .deferred = true };

	if (!is_root())
		SKIP("root");
	if (!holder_start(&t.holder, 1000, CLONE_NEWUSER | CLONE_NEWNET)) {
		holder_stop(&t.holder);
		SKIP("user namespaces for everyone");
	}
	prepare(&t, (const char *[]){ "user", "network", NULL },
		(const char *[]){ "ipc", NULL });
	CHECK_INT(child_run(0, enter, &t), 0);
	stop(&t);
}

static int fork_after_joining(void *arg)
{
	struct entry *t = arg;
	int r = enter(t);

	return r ? r : inode_of("self", "pid_for_children") == inode_of("self", "pid");
}

TEST(a_foreign_pid_namespace_holds_only_children)
{
	struct entry t = { .holder = { .pidfd = -EBADF } };

	if (!is_root())
		SKIP("root");
	t.holder.pid = sys_clone3(CLONE_NEWPID, -EBADF, &t.holder.pidfd);
	if (t.holder.pid == 0) {
		(void)sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		for (;;)
			pause();
	}
	CHECK(t.holder.pid > 0);
	prepare(&t, (const char *[]){ "pid", NULL }, (const char *[]){ NULL });
	CHECK_INT(child_run(0, fork_after_joining, &t), 0);
	stop(&t);
}

static int join_without_right(void *arg)
{
	struct entry *t = arg;
	struct err e = { 0 };
	int r;

	if (sys_setresuid(1000, 1000, 1000) < 0)
		return 10;
	r = namespaces_init_before_user(&t->plan, &t->in, &e);
	return r == -EPERM && str_eq(e.field, "/linux/namespaces/0/path") &&
			       str_eq(e.op, "setns")
		       ? 0
		       : 11;
}

TEST(without_a_user_namespace_a_refused_join_is_an_error)
{
	struct entry t = { .uid = 0 };

	if (!is_root())
		SKIP("root");
	if (!holder_start(&t.holder, 0, CLONE_NEWNET)) {
		holder_stop(&t.holder);
		SKIP("namespaces");
	}
	prepare(&t, (const char *[]){ "network", NULL }, (const char *[]){ NULL });
	CHECK_INT(child_run(0, join_without_right, &t), 0);
	stop(&t);
}
