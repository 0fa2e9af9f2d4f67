/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/tree.h"

#include <sys/resource.h>

#include "base/path.h"
#include "tests/unit/cgroup/fake.h"

struct log {
	struct str text;
	int fail_at; /* n-th directory */
	int entered;
};

static int enter(void *ctx, int dir_fd)
{
	struct log *l = ctx;
	char name[32] = "";

	(void)file_read_at(dir_fd, "name", name, sizeof(name));
	str_addf(&l->text, "+%s", name);
	return ++l->entered == l->fail_at ? -EIO : 0;
}

static int leave(void *ctx, int parent_fd, const char *name)
{
	struct log *l = ctx;

	(void)parent_fd;
	str_addf(&l->text, "-%s", name);
	return 0;
}

static void make(struct fake *f, const char *path)
{
	char file[PATH_MAX];

	fake_dir(f, path);
	CHECK(str_format(file, sizeof(file), "%s/name", path) > 0);
	fake_file(f, file, path_base(path));
}

TEST(everything_below_is_entered_before_and_left_after_what_it_holds)
{
	static const struct tree_visitor visitor = { enter, leave };
	struct log l = { .fail_at = -1 };
	struct fake f;

	fake_v2_machine(&f);
	make(&f, "unified/top");
	make(&f, "unified/top/a");
	make(&f, "unified/top/a/b");
	make(&f, "unified/top/a/b/c");
	CHECK_INT(tree_walk(f.h->v2_fd, "top", &visitor, &l), 0);
	CHECK_STR(str_text(&l.text), "+top+a+b+c-c-b-a");
	str_free(&l.text);
	make(&f, "unified/top/d");
	CHECK_INT(tree_walk(f.h->v2_fd, "top", &visitor, &l), 0);
	CHECK(str_eq(str_text(&l.text), "+top+a+b+c-c-b-a+d-d") ||
	      str_eq(str_text(&l.text), "+top+d-d+a+b+c-c-b-a"));
	str_free(&l.text);
	fake_free(&f);
}

TEST(a_failing_visit_ends_the_walk)
{
	static const struct tree_visitor visitor = { enter, leave };
	struct log l = { .fail_at = 2 };
	struct fake f;

	fake_v2_machine(&f);
	make(&f, "unified/top");
	make(&f, "unified/top/a");
	make(&f, "unified/top/a/b");
	CHECK_INT(tree_walk(f.h->v2_fd, "top", &visitor, &l), -EIO);
	CHECK_STR(str_text(&l.text), "+top+a");
	CHECK_INT(tree_walk(f.h->v2_fd, "nothing", &visitor, &l), -ENOENT);
	str_free(&l.text);
	fake_free(&f);
}

static int remove_dir(void *ctx, int parent_fd, const char *name)
{
	(*(unsigned *)ctx)++;
	return unlinkat(parent_fd, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

/* Deeper than a path can name, with few descriptors to spare. */
TEST(no_depth_is_too_deep)
{
	static const struct tree_visitor visitor = { NULL, remove_dir };
	struct rlimit old, few = { 16, 16 };
	unsigned n = 0;
	struct fake f;
	int fd;

	fake_v2_machine(&f);
	fake_dir(&f, "unified/top");
	fd = openat(f.h->v2_fd, "top", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (unsigned i = 0; i < 3000; i++) {
		int next;

		CHECK_INT(mkdirat(fd, "deep", 0755), 0);
		next = openat(fd, "deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		(void)close(fd);
		fd = next;
	}
	(void)close(fd);
	CHECK_INT(getrlimit(RLIMIT_NOFILE, &old), 0);
	few.rlim_max = old.rlim_max;
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &few), 0);
	CHECK_INT(tree_walk(f.h->v2_fd, "top", &visitor, &n), 0);
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &old), 0);
	CHECK_INT(n, 3000);
	fake_free(&f);
}

static int remove_other(void *ctx, int dir_fd)
{
	(void)ctx;
	(void)unlinkat(dir_fd, "a/b", AT_REMOVEDIR);
	(void)unlinkat(dir_fd, "a", AT_REMOVEDIR);
	return 0;
}

TEST(what_goes_away_during_the_walk_is_no_error)
{
	static const struct tree_visitor visitor = { remove_other, NULL };
	struct fake f;

	fake_v2_machine(&f);
	fake_dir(&f, "unified/top/a/b");
	fake_dir(&f, "unified/top/c");
	CHECK_INT(tree_walk(f.h->v2_fd, "top", &visitor, NULL), 0);
	CHECK(!fake_exists(&f, "unified/top/a"));
	fake_free(&f);
}
