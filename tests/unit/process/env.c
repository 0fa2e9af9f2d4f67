/* SPDX-License-Identifier: Apache-2.0 */
/* The environment: what is refused, which value counts, where HOME comes from. */
#include "process/env.h"

#include <sched.h>
#include <sys/stat.h>

#include "base/str.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static const char *refusal(const char *entry, char text[1024])
{
	const char *v[] = { "A=1", entry, NULL };
	struct spec s = { .process = { .is_set = true, .env = { 2, v, true } } };
	struct err e = { 0 };

	return env_check(&s, &e) < 0 ? text_of(&e, text) : NULL;
}

TEST(an_entry_is_a_name_and_a_value)
{
	char text[1024];

	CHECK_STR(refusal("NOVALUE", text),
		  "/process/env/1: 'NOVALUE' is not NAME=VALUE");
	CHECK_STR(refusal("=x", text), "/process/env/1: '=x' is not NAME=VALUE");
	CHECK_STR(refusal("", text), "/process/env/1: '' is not NAME=VALUE");
	CHECK_STR(refusal("A=", text), NULL);
	CHECK_STR(refusal("A=b=c", text), NULL);
}

/* The plan's environment as one text. */
static const char *planned(const char **v, size_t n, unsigned listen_fds, struct plan *p,
			   char text[1024])
{
	struct spec s = { .process = { .is_set = true, .env = { n, v, true } } };
	struct options o = { .listen_fds = listen_fds };
	size_t len = 0;

	*p = (struct plan){ .options = &o };
	CHECK_INT(env_plan(&s, NULL, p, NULL), 0);
	text[0] = '\0';
	for (size_t i = 0; p->envp[i]; i++)
		len += (size_t)snprintf(text + len, 1024 - len, "%s\n", p->envp[i]);
	return text;
}

TEST(of_several_values_the_last_counts)
{
	const char *v[] = { "A=1", "HOME=/h", "B=2", "A=3", "AB=4", "A=", NULL };
	struct plan p;
	char text[1024];

	CHECK_STR(planned(v, 6, 0, &p, text), "HOME=/h\nB=2\nAB=4\nA=\n");
	CHECK_INT((int64_t)p.n_envp, 4);
	CHECK(!p.home_entry);
	CHECK_STR(env_get(p.envp, "A"), "");
	CHECK_STR(env_get(p.envp, "AB"), "4");
	CHECK_STR(env_get(p.envp, "C"), NULL);
	arena_free(&p.arena);
}

TEST(passed_descriptors_are_announced_over_the_configs_own_words)
{
	const char *v[] = { "LISTEN_PID=77", "HOME=/h", "LISTEN_FDS=9", NULL };
	struct plan p;
	char text[1024];

	CHECK_STR(planned(v, 3, 2, &p, text), "HOME=/h\nLISTEN_FDS=2\nLISTEN_PID=1\n");
	arena_free(&p.arena);
	CHECK_STR(planned(v, 3, 0, &p, text), "LISTEN_PID=77\nHOME=/h\nLISTEN_FDS=9\n");
	arena_free(&p.arena);
	CHECK_STR(planned(NULL, 0, 0, &p, text), "");
	CHECK(p.home_entry != NULL);
	arena_free(&p.arena);
}

TEST(a_huge_environment_takes_no_quadratic_time)
{
	enum { N = 100000 };
	struct arena a = { 0 };
	const char **v = arena_calloc(&a, N + 1, sizeof(*v));
	struct spec s = { .process = { .env = { N, v, true } } };
	struct plan p = { 0 };
	int64_t start;

	for (int i = 0; i < N; i++)
		v[i] = arena_printf(&a, "V%d=%d", i % (N / 2), i);
	start = sys_clock_ms();
	CHECK_INT(env_plan(&s, NULL, &p, NULL), 0);
	CHECK_INT((int64_t)p.n_envp, N / 2);
	CHECK_STR(p.envp[0], "V0=50000");
	CHECK(sys_clock_ms() - start < 5000); /* quadratic: minutes */
	arena_free(&p.arena);
	arena_free(&a);
}

/* A root directory with an etc. */
struct root {
	char dir[32];
	int fd;
};

static void root_make(struct root *r)
{
	(void)snprintf(r->dir, sizeof(r->dir), "/tmp/tare-unit-XXXXXX");
	CHECK(mkdtemp(r->dir) != NULL);
	r->fd = sys_openat(AT_FDCWD, r->dir, O_PATH | O_DIRECTORY, 0);
	CHECK_INT(sys_mkdirat(r->fd, "etc", 0755), 0);
}

static void root_remove(struct root *r)
{
	(void)sys_unlinkat(r->fd, "etc/passwd", 0);
	(void)sys_unlinkat(r->fd, "etc/real", 0);
	CHECK_INT(sys_unlinkat(r->fd, "etc", AT_REMOVEDIR), 0);
	CHECK_INT(rmdir(r->dir), 0);
	fd_close(&r->fd);
}

static void put(const struct root *r, const char *path, const char *text)
{
	autofd int fd = sys_openat(r->fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	CHECK_INT(file_write_fd(fd, text, strlen(text)), 0);
}

static const char *home_for(const struct root *r, uint32_t uid, const char *config,
			    char home[256])
{
	const char *v[] = { config ? config : "X=1", NULL };
	struct spec s = { .process = { .env = { 1, v, true }, .user = { .uid = uid } } };
	struct plan p = { .spec = &s };
	struct inside in = { .root_fd = r->fd };
	const char *got;

	CHECK_INT(env_plan(&s, NULL, &p, NULL), 0);
	CHECK_INT(env_init(&p, &in, NULL), 0);
	got = env_get(p.envp, "HOME");
	(void)snprintf(home, 256, "%s", got ? got : "(none)");
	arena_free(&p.arena);
	return home;
}

static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
			     "garbage\n"
			     "bad:x:1x:1::/bad:/bin/sh\n"
			     "nohome:x:5:5:::/bin/sh\n"
			     "web:x:1000:1000:a,b:/srv/web:/bin/sh\n"
			     "again:x:1000:1000::/other:/bin/sh\n"
			     "last:x:7:7::/last:";

TEST(home_is_that_of_the_containers_passwd)
{
	struct root r;
	char home[256];

	root_make(&r);
	put(&r, "etc/passwd", passwd);
	CHECK_STR(home_for(&r, 0, NULL, home), "/root");
	CHECK_STR(home_for(&r, 1000, NULL, home), "/srv/web");
	CHECK_STR(home_for(&r, 7, NULL, home), "/last");
	CHECK_STR(home_for(&r, 5, NULL, home), "/");
	CHECK_STR(home_for(&r, 1, NULL, home), "/");
	CHECK_STR(home_for(&r, 4711, NULL, home), "/");
	CHECK_STR(home_for(&r, 1000, "HOME=", home), "/srv/web");
	CHECK_STR(home_for(&r, 1000, "HOME=/mine", home), "/mine");
	root_remove(&r);
}

TEST(without_a_passwd_home_is_the_root)
{
	struct root r;
	char home[256];

	root_make(&r);
	CHECK_STR(home_for(&r, 0, NULL, home), "/");
	root_remove(&r);
}

TEST(a_link_is_followed_inside_the_root_only)
{
	struct root r;
	char home[256];

	root_make(&r);
	put(&r, "etc/real", "me:x:0:0::/linked:");
	CHECK_INT(sys_symlinkat("/etc/real", r.fd, "etc/passwd"), 0);
	CHECK_STR(home_for(&r, 0, NULL, home), "/linked");
	CHECK_INT(sys_unlinkat(r.fd, "etc/passwd", 0), 0);
	CHECK_INT(sys_symlinkat("../../../../../../etc/passwd", r.fd, "etc/passwd"), 0);
	CHECK_STR(home_for(&r, 0, NULL, home), "/");
	root_remove(&r);
}

TEST(a_passwd_that_is_a_fifo_or_a_directory_blocks_nobody)
{
	struct root r;
	char home[256];
	int64_t start = sys_clock_ms();
	autofd int fifo_fd = -EBADF;

	root_make(&r);
	CHECK_INT(sys_mknodat(r.fd, "etc/passwd", S_IFIFO | 0600, 0), 0);
	CHECK_STR(home_for(&r, 0, NULL, home), "/");
	/* Nor is it read when somebody writes to it. */
	fifo_fd = sys_openat(r.fd, "etc/passwd", O_RDWR, 0);
	CHECK_INT(sys_write(fifo_fd, "me:x:0:0::/fifo:\n", 17), 17);
	CHECK_STR(home_for(&r, 0, NULL, home), "/");
	CHECK_INT(sys_unlinkat(r.fd, "etc/passwd", 0), 0);
	CHECK_INT(sys_mkdirat(r.fd, "etc/passwd", 0755), 0);
	CHECK_STR(home_for(&r, 0, NULL, home), "/");
	CHECK_INT(sys_unlinkat(r.fd, "etc/passwd", AT_REMOVEDIR), 0);
	CHECK(sys_clock_ms() - start < 1000);
	root_remove(&r);
}

TEST(a_line_or_a_file_that_is_too_long_is_no_passwd)
{
	enum { LONG = 2 << 20 };
	char *text = malloc(LONG + 64), home[256];
	struct root r;

	CHECK(text != NULL);
	root_make(&r);
	/* A long line hides nothing that follows it. */
	memset(text, 'x', 5000);
	(void)snprintf(text + 5000, 64, ":x:0:0::/long:\nme:x:0:0::/short:\n");
	put(&r, "etc/passwd", text);
	CHECK_STR(home_for(&r, 0, NULL, home), "/short");
	memset(text, 'x', LONG);
	(void)snprintf(text + LONG, 64, "\nme:x:0:0::/short:\n");
	put(&r, "etc/passwd", text);
	CHECK_STR(home_for(&r, 0, NULL, home), "/");
	root_remove(&r);
	free(text);
}
