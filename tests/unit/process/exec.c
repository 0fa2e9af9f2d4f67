/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the program: PATH, and the words for what cannot be run. */
#include "process/exec.h"

#include <sched.h>

#include "base/str.h"
#include "process/env.h"
#include "tests/unit/process/bundle.h"

TEST(a_process_has_a_program)
{
	struct spec s = { .process = { .is_set = true } };
	const char *args[] = { "x", NULL };
	struct err e = { 0 };
	char text[1024];

	CHECK_INT(exec_check(&s, &e), -EINVAL);
	CHECK_STR(text_of(&e, text), "/process/args: there is no program to run");
	s.process.args = (struct str_list){ 1, args, true };
	CHECK_INT(exec_check(&s, NULL), 0);
	s.process = (struct spec_process){ .is_set = false };
	CHECK_INT(exec_check(&s, NULL), 0);
}

/* What becomes of args[0] with this PATH (NULL: none) in the current directory. */
static int look_up(const char *name, const char *path, char found[PATH_MAX],
		   struct err *e)
{
	const char *args[] = { name, NULL }, *env[] = { path, NULL };
	struct spec s = { .process = { .is_set = true,
				       .args = { 1, args, true },
				       .env = { path != NULL, env, true } } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = -EBADF };
	int r;

	CHECK_INT(env_plan(&s, NULL, &p, NULL), 0);
	CHECK_INT(exec_plan(&s, NULL, &p, NULL), 0);
	r = exec_init_lookup(&p, &in, e);
	(void)snprintf(found, PATH_MAX, "%s", p.exec_path);
	arena_free(&p.arena);
	return r;
}

static const char *found(const char *name, const char *path, char buf[PATH_MAX])
{
	struct err e = { 0 };

	return look_up(name, path, buf, &e) < 0 ? text_of(&e, buf) : buf;
}

static void fill(struct bundle *b)
{
	bundle_make(b);
	CHECK_INT(sys_mkdirat(b->fd, "dir", 0755), 0);
	CHECK_INT(sys_mknodat(b->fd, "fifo", S_IFIFO | 0755, 0), 0);
	bundle_script(b, "prog", "#!/bin/sh\n", 0755);
	bundle_script(b, "data", "x", 0644);
	CHECK_INT(sys_symlinkat("prog", b->fd, "link"), 0);
	CHECK_INT(sys_symlinkat("loop", b->fd, "loop"), 0);
}

static const char *fmt(char buf[512], const char *format, const char *dir)
{
	size_t n = 0;

	for (const char *p = format; *p; p++) {
		if (*p == '@')
			n += (size_t)snprintf(buf + n, 512 - n, "%s", dir);
		else
			buf[n++] = *p;
	}
	buf[n] = '\0';
	return buf;
}

TEST(a_name_is_searched_for_in_path)
{
	struct bundle b;
	char buf[PATH_MAX], path[512], want[512];

	fill(&b);
	fmt(path, "PATH=/nonexistent:@/dir:@", b.dir);
	CHECK_STR(found("prog", path, buf), fmt(want, "@/prog", b.dir));
	CHECK_STR(found("link", path, buf), fmt(want, "@/link", b.dir));
	CHECK_STR(
		found("nosuch", path, buf),
		"/process/args/0: exec: \"nosuch\": executable file not found in $PATH");
	CHECK_STR(found("", path, buf),
		  "/process/args/0: exec: \"\": executable file not found in $PATH");
	CHECK_STR(found("prog", "PATH=", buf),
		  "/process/args/0: exec: \"prog\": executable file not found in $PATH");
	/* Directories are no programs, whatever their bits say. */
	CHECK_STR(found("dir", path, buf),
		  "/process/args/0: exec: \"dir\": executable file not found in $PATH");
	bundle_remove(&b);
}

TEST(without_a_path_the_usual_places_are_searched)
{
	char buf[PATH_MAX];
	const char *got = found("sh", NULL, buf);

	CHECK(strcmp(got, "/usr/bin/sh") == 0 || strcmp(got, "/bin/sh") == 0);
}

TEST(what_may_not_be_run_is_told_unless_something_better_follows)
{
	struct bundle b, more;
	char buf[PATH_MAX], path[512], want[512];

	fill(&b);
	bundle_make(&more);
	fmt(path, "PATH=@", b.dir);
	CHECK_STR(found("data", path, buf),
		  "/process/args/0: exec: \"data\": permission denied");
	bundle_script(&more, "data", "#!/bin/sh\n", 0755);
	(void)snprintf(path, sizeof(path), "PATH=%s:%s", b.dir, more.dir);
	CHECK_STR(found("data", path, buf), fmt(want, "@/data", more.dir));
	bundle_remove(&more);
	bundle_remove(&b);
}

TEST(a_path_is_taken_as_it_is)
{
	struct bundle b;
	char buf[PATH_MAX], name[512], want[512];

	fill(&b);
	CHECK_STR(found(fmt(name, "@/prog", b.dir), NULL, buf),
		  fmt(want, "@/prog", b.dir));
	CHECK_STR(found(fmt(name, "@/none", b.dir), NULL, buf),
		  fmt(want,
		      "/process/args/0: exec: \"@/none\": stat @/none: no such file or "
		      "directory",
		      b.dir));
	CHECK_STR(
		found(fmt(name, "@/prog/x", b.dir), NULL, buf),
		fmt(want,
		    "/process/args/0: exec: \"@/prog/x\": stat @/prog/x: not a directory",
		    b.dir));
	CHECK_STR(
		found(fmt(name, "@/data", b.dir), NULL, buf),
		fmt(want, "/process/args/0: exec: \"@/data\": permission denied", b.dir));
	CHECK_STR(
		found(fmt(name, "@/fifo", b.dir), NULL, buf),
		fmt(want, "/process/args/0: exec: \"@/fifo\": permission denied", b.dir));
	CHECK_STR(found(fmt(name, "@/dir", b.dir), NULL, buf),
		  fmt(want, "/process/args/0: exec: \"@/dir\": is a directory", b.dir));
	CHECK_STR(found(fmt(name, "@/loop", b.dir), NULL, buf),
		  fmt(want, "/process/args/0: exec: \"@/loop\": stat @/loop: ELOOP",
		      b.dir));
	bundle_remove(&b);
}

struct relative {
	const char *dir, *name, *path, *want;
};

static int look_from(void *arg)
{
	const struct relative *t = arg;
	char buf[PATH_MAX];

	if (sys_chdir(t->dir) < 0)
		return 10;
	return str_eq(found(t->name, t->path, buf), t->want) ? 0 : 11;
}

TEST(relative_names_and_empty_elements_mean_the_working_directory)
{
	struct bundle b;
	struct relative t;

	fill(&b);
	t = (struct relative){ b.dir, "./prog", NULL, "./prog" };
	CHECK_INT(child_run(0, look_from, &t), 0);
	t = (struct relative){ b.dir, "prog", "PATH=/nonexistent:", "./prog" };
	CHECK_INT(child_run(0, look_from, &t), 0);
	t = (struct relative){ b.dir, "prog", "PATH=:/bin", "./prog" };
	CHECK_INT(child_run(0, look_from, &t), 0);
	bundle_remove(&b);
}

TEST(a_name_too_long_for_a_path_is_not_found)
{
	static char name[PATH_MAX + 10], path[2 * PATH_MAX];
	char buf[PATH_MAX];
	struct err e = { 0 };

	memset(name, 'x', sizeof(name) - 1);
	CHECK_INT(look_up(name, NULL, buf, &e), -ENOENT);
	name[0] = '/';
	CHECK_INT(look_up(name, NULL, buf, &e), -ENAMETOOLONG);
	memset(path, 'y', sizeof(path) - 1);
	memcpy(path, "PATH=/", 6);
	CHECK_INT(look_up("prog", path, buf, &e), -ENOENT);
}

/* As a user that may search neither. */
static int as_nobody(void *arg)
{
	const struct bundle *b = arg;
	char buf[PATH_MAX], name[512], want[512], path[512];

	if (sys_setresuid(1000, 1000, 1000) < 0)
		return 10;
	fmt(want, "/process/args/0: exec: \"@/prog\": permission denied", b->dir);
	if (!str_eq(found(fmt(name, "@/prog", b->dir), NULL, buf), want))
		return 11;
	return str_eq(found("prog", fmt(path, "PATH=@", b->dir), buf),
		      "/process/args/0: exec: \"prog\": permission denied")
		       ? 0
		       : 12;
}

TEST(the_user_is_who_must_be_able_to_run_it)
{
	struct bundle b;

	if (!is_root())
		SKIP("root");
	fill(&b);
	CHECK_INT(chmod(b.dir, 0700), 0);
	CHECK_INT(child_run(0, as_nobody, &b), 0);
	bundle_remove(&b);
}

struct program {
	const char **args, **env;
	size_t n_args, n_env;
};

static int run(void *arg)
{
	const struct program *t = arg;
	struct spec s = { .process = { .is_set = true,
				       .args = { t->n_args, t->args, true },
				       .env = { t->n_env, t->env, true } } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = -EBADF };
	struct err e = { 0 };

	if (env_plan(&s, NULL, &p, NULL) < 0 || exec_plan(&s, NULL, &p, NULL) < 0)
		return 100;
	if (exec_init_lookup(&p, &in, NULL) < 0)
		return 101;
	(void)exec_init(&p, &in, &e);
	return 102;
}

TEST(the_program_gets_its_arguments_and_just_its_environment)
{
	const char *args[] = {
		"sh",
		"-c",
		"test \"$0\" = zero && test \"$1\" = one && test \"$A\" = b "
		"&& test -z \"$TERM\" && exit 7",
		"zero",
		"one",
		NULL
	};
	const char *env[] = { "A=b", "PATH=/usr/bin:/bin", NULL };
	struct program t = { args, env, 5, 2 };

	CHECK_INT(child_run(0, run, &t), 7);
}

TEST(without_a_process_there_is_nothing_to_start)
{
	struct spec s = { .process = { .is_set = false } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = -EBADF };
	struct err e = { 0 };

	CHECK_INT(exec_plan(&s, NULL, &p, NULL), 0);
	CHECK_INT(exec_init_lookup(&p, &in, NULL), 0);
	CHECK_INT(exec_init(&p, &in, &e), -EINVAL);
	CHECK_STR(e.msg, "the config has no process to start");
	arena_free(&p.arena);
}
