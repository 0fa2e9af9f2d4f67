/* SPDX-License-Identifier: Apache-2.0 */
/* The working directory: made, entered as one or the other, and inside. */
#include "process/cwd.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/str.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static const char *refusal(const char *cwd, char text[1024])
{
	struct spec s = { .process = { .is_set = true, .cwd = cwd } };
	struct err e = { 0 };

	return cwd_check(&s, &e) < 0 ? text_of(&e, text) : NULL;
}

TEST(the_path_is_absolute)
{
	char text[1024];

	CHECK_STR(refusal("srv", text), "/process/cwd: 'srv' is not an absolute path");
	CHECK_STR(refusal("", text), "/process/cwd: '' is not an absolute path");
	CHECK_STR(refusal(NULL, text), "/process/cwd: '' is not an absolute path");
	CHECK_STR(refusal("/", text), NULL);
}

TEST(without_a_process_there_is_nothing_to_check)
{
	struct spec s = { .process = { .is_set = false } };

	CHECK_INT(cwd_check(&s, NULL), 0);
}

struct visit {
	const char *cwd;
	bool make;   /* cwd_init_make() first */
	uid_t uid;   /* between the two tries */
	int prepare; /* what is in the root, see below */
	int want_make, want_try, want;
};

enum { EMPTY, WITH_FILE, WITH_PRIVATE, WITH_LINK };

/* A root of our own: a tmpfs. */
static int make_root(int prepare, int *ret_fd)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/tmp", "tmpfs", 0, "mode=755") < 0)
		return -1;
	*ret_fd = sys_openat(AT_FDCWD, "/tmp", O_PATH | O_DIRECTORY, 0);
	if (prepare == WITH_FILE)
		return sys_mknodat(*ret_fd, "file", S_IFREG | 0644, 0);
	if (prepare == WITH_PRIVATE)
		return sys_mkdirat(*ret_fd, "private", 0700);
	if (prepare == WITH_LINK)
		return sys_symlinkat("/proc/self/fd/9", *ret_fd, "link");
	return 0;
}

static int visit(void *arg)
{
	struct visit *t = arg;
	struct spec s = { .process = { .is_set = true, .cwd = t->cwd } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = -EBADF };
	struct err e = { 0 };
	int host_fd = sys_openat(AT_FDCWD, "/usr", O_RDONLY | O_DIRECTORY, 0);

	if (host_fd < 0 || sys_dup3(host_fd, 9, false) < 0)
		return 10;
	if (make_root(t->prepare, &in.root_fd) < 0)
		return 11;
	if (t->make && cwd_init_make(&p, &in, &e) != t->want_make)
		return 12;
	if (sys_fchdir(in.root_fd) < 0 || sys_chroot(".") < 0)
		return 13;
	/* procfs inside, for the paths that lead out through it */
	if (sys_mkdirat(in.root_fd, "proc", 0755) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0)
		return 14;
	if (cwd_init_try(&p, &in, &e) != t->want_try)
		return 15;
	if (t->want_try < 0)
		return str_eq(e.field, "/process/cwd") ? 0 : 16;
	if (t->uid && sys_setresuid(t->uid, t->uid, t->uid) < 0)
		return 17;
	if (cwd_init(&p, &in, &e) != t->want)
		return 18;
	return t->want < 0 && !str_eq(e.field, "/process/cwd") ? 19 : 0;
}

static void check_visit(struct visit t)
{
	CHECK_INT(child_run(CLONE_NEWNS | CLONE_NEWPID, visit, &t), 0);
}

TEST(a_missing_directory_is_made_with_its_parents)
{
	if (!is_root())
		SKIP("root");
	check_visit((struct visit){ .cwd = "/a/b/c", .make = true });
	check_visit((struct visit){ .cwd = "/", .make = true });
	check_visit((struct visit){ .cwd = "/a", .want_try = -ENOENT });
}

TEST(a_file_is_no_directory)
{
	if (!is_root())
		SKIP("root");
	check_visit((struct visit){ .cwd = "/file",
				    .make = true,
				    .prepare = WITH_FILE,
				    .want_try = -ENOTDIR });
}

TEST(what_root_entered_the_user_keeps)
{
	if (!is_root())
		SKIP("root");
	check_visit((struct visit){
		.cwd = "/private", .uid = 1000, .prepare = WITH_PRIVATE });
}

/* CVE-2024-21626 */
TEST(a_directory_of_the_host_behind_a_descriptor_is_refused)
{
	if (!is_root())
		SKIP("root");
	check_visit((struct visit){ .cwd = "/proc/self/fd/9", .want = -EXDEV });
	check_visit(
		(struct visit){ .cwd = "/link", .prepare = WITH_LINK, .want = -EXDEV });
	check_visit((struct visit){ .cwd = "/proc/self/fd/9/bin", .want = -EXDEV });
}

static int try_later(void *arg)
{
	struct spec s = { .process = { .is_set = true, .cwd = "/private" } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = -EBADF };
	struct err e = { 0 };

	(void)arg;
	if (make_root(WITH_PRIVATE, &in.root_fd) < 0 ||
	    sys_fchownat(in.root_fd, "private", 1000, 1000, 0) < 0 ||
	    sys_fchdir(in.root_fd) < 0 || sys_chroot(".") < 0)
		return 10;
	/* Root that is squashed: neither owner nor allowed to override. */
	if (sys_setresuid(2000, 2000, 0) < 0)
		return 11;
	if (cwd_init_try(&p, &in, &e) != 0 || in.in_cwd)
		return 12;
	if (sys_setresuid(0, 0, 0) < 0 || sys_setresuid(1000, 1000, 1000) < 0)
		return 13;
	if (cwd_init(&p, &in, &e) != 0)
		return 14;
	return 0;
}

TEST(what_root_may_not_enter_the_user_tries_again)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNS, try_later, NULL), 0);
}

static int nobody_may(void *arg)
{
	struct spec s = { .process = { .is_set = true, .cwd = "/private" } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = -EBADF };
	struct err e = { 0 };

	(void)arg;
	if (make_root(WITH_PRIVATE, &in.root_fd) < 0 || sys_fchdir(in.root_fd) < 0 ||
	    sys_chroot(".") < 0 || sys_setresuid(2000, 2000, 2000) < 0)
		return 10;
	if (cwd_init_try(&p, &in, &e) != 0)
		return 11;
	return cwd_init(&p, &in, &e) == -EACCES ? 0 : 12;
}

TEST(what_nobody_may_enter_is_an_error)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNS, nobody_may, NULL), 0);
}

static int other_root(void *arg)
{
	struct spec s = { .process = { .is_set = true, .cwd = "/" } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = -EBADF };

	(void)arg;
	if (make_root(EMPTY, &in.root_fd) < 0)
		return 10;
	/* Not gone into the root that was built. */
	if (cwd_init_try(&p, &in, NULL) != 0)
		return 11;
	return cwd_init(&p, &in, NULL) == -EXDEV ? 0 : 12;
}

TEST(a_root_that_is_not_the_one_that_was_built_is_refused)
{
	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWNS, other_root, NULL), 0);
}
