/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths below a hostile root. Everything runs twice: by openat2, and in a child whose
 * seccomp filter answers openat2 with ENOSYS, so that the walk does it.
 */
#include "kernel/beneath.h"

#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/str.h"
#include "kernel/beneath-walk.h"
#include "kernel/compat.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

struct without {
	child_fn *fn;
	void *arg;
};

static int run_without_openat2(void *arg)
{
	const struct without *w = arg;
	int fd;

	if (make_old_kernel(SYS_openat2) < 0)
		return 100;
	fd = sys_openat2(AT_FDCWD, "/", O_PATH, 0, 0);
	if (fd != -ENOSYS)
		return 101;
	return w->fn(w->arg);
}

/* With openat2, then without. */
static void both_ways(child_fn *fn, void *arg)
{
	struct without w = { .fn = fn, .arg = arg };

	CHECK_INT(child_run(0, fn, arg), 0);
	CHECK_INT(child_run(0, run_without_openat2, &w), 0);
}

static int put(int dir_fd, const char *path, const char *text)
{
	autofd int fd = sys_openat(dir_fd, path, O_WRONLY | O_CREAT | O_EXCL, 0644);

	return fd < 0 ? fd : file_write_fd(fd, text, strlen(text));
}

/* BASE/out is the host, BASE/root what the image made of its root. */
struct tree {
	struct scratch *s;
	int root_fd;
};

static int add_links(int root_fd, const char *base)
{
	static const char *const links[][2] = {
		{ "abs", "/etc" },
		{ "absfile", "/etc/passwd" },
		{ "climb", "../../../../etc/passwd" },
		{ "climb-out", "../out/mark" },
		{ "rel", "a/b" },
		{ "slash", "a/b/" },
		{ "dot", "a/." },
		{ "up", "a/b/.." },
		{ "loop", "loop" },
		{ "ping", "pong" },
		{ "pong", "ping" },
		{ "dangling", "/nowhere" },
		{ "dangling-deep", "/nowhere/x" },
		{ "a/b/back", "../../etc" },
		{ "filelink", "a/b/file/" },
		{ "etc/self", "." },
		{ "to-root", "/" },
	};
	char target[128];
	int r = 0;

	for (size_t i = 0; r == 0 && i < N_ELEMENTS(links); i++)
		r = sys_symlinkat(links[i][1], root_fd, links[i][0]);
	if (r == 0)
		r = str_format(target, sizeof(target), "%s/out", base);
	return r < 0 ? r : sys_symlinkat(target, root_fd, "host");
}

/* n0 is a file, n1 leads to it by one link, n40 by forty, n41 by one too many. */
static int add_chain(int root_fd)
{
	int r = put(root_fd, "n0", "end\n");

	for (unsigned i = 1; r == 0 && i <= 41; i++) {
		char name[16], target[16];

		(void)snprintf(name, sizeof(name), "n%u", i);
		(void)snprintf(target, sizeof(target), "n%u", i - 1);
		r = sys_symlinkat(target, root_fd, name);
	}
	return r;
}

static int tree_make(struct tree *t, struct scratch *s)
{
	static const char *const dirs[] = { "out", "root", "root/etc", "root/a",
					    "root/a/b" };
	int r = 0;

	t->s = s;
	for (size_t i = 0; r == 0 && i < N_ELEMENTS(dirs); i++)
		r = sys_mkdirat(s->fd, dirs[i], 0755);
	if (r == 0)
		r = put(s->fd, "out/mark", "host\n");
	t->root_fd = r < 0 ? r : sys_openat(s->fd, "root", O_PATH | O_DIRECTORY, 0);
	if (t->root_fd < 0)
		return t->root_fd;
	r = put(t->root_fd, "etc/passwd", "image\n");
	if (r == 0)
		r = put(t->root_fd, "a/b/file", "file\n");
	if (r == 0)
		r = sys_mknodat(t->root_fd, "fifo", S_IFIFO | 0644, 0);
	if (r == 0)
		r = add_links(t->root_fd, s->path);
	return r < 0 ? r : add_chain(t->root_fd);
}

/* -errno, or 0 and what was opened. */
static int identity(int fd, struct stat *ret)
{
	int r = fd < 0 ? fd : sys_fstat(fd, ret);

	if (fd >= 0)
		fd_close(&fd);
	return r;
}

static bool opens(int root_fd, const char *path, int flags, const char *want)
{
	struct stat got, wanted;

	return identity(beneath_open(root_fd, path, flags), &got) == 0 &&
	       sys_fstatat(root_fd, want, &wanted, AT_SYMLINK_NOFOLLOW) == 0 &&
	       got.st_dev == wanted.st_dev && got.st_ino == wanted.st_ino;
}

static int open_attack_tree(void *arg)
{
	const struct tree *t = arg;
	const int fd = t->root_fd;
	char buf[16];
	int wrong = 0;
	autofd int file_fd = -EBADF;

	EXPECT(opens(fd, "/", O_PATH, "."));
	EXPECT(opens(fd, "..", O_PATH, "."));
	EXPECT(opens(fd, "../../..", O_RDONLY, "."));
	EXPECT(opens(fd, "/etc/passwd", O_RDONLY, "etc/passwd"));
	EXPECT(opens(fd, "abs/passwd", O_RDONLY, "etc/passwd"));
	EXPECT(opens(fd, "absfile", O_PATH, "etc/passwd"));
	EXPECT(opens(fd, "climb", O_RDONLY, "etc/passwd"));
	EXPECT(opens(fd, "../../etc/../etc/./passwd", O_RDONLY, "etc/passwd"));
	EXPECT(opens(fd, "rel/file", O_RDONLY, "a/b/file"));
	EXPECT(opens(fd, "slash", O_PATH | O_DIRECTORY, "a/b"));
	EXPECT(opens(fd, "rel/../b/file", O_PATH, "a/b/file"));
	EXPECT(opens(fd, "up", O_PATH, "a"));
	EXPECT(opens(fd, "a/b/back/passwd", O_PATH, "etc/passwd"));
	EXPECT(opens(fd, "to-root/to-root/etc/self/self/passwd", O_PATH, "etc/passwd"));
	EXPECT(opens(fd, "n40", O_RDONLY, "n0"));
	EXPECT(opens(fd, "loop", O_PATH | O_NOFOLLOW, "loop"));
	EXPECT(beneath_open(fd, "n41", O_PATH) == -ELOOP);
	EXPECT(beneath_open(fd, "loop", O_PATH) == -ELOOP);
	EXPECT(beneath_open(fd, "ping/x", O_PATH) == -ELOOP);
	EXPECT(beneath_open(fd, "dangling", O_PATH) == -ENOENT);
	EXPECT(beneath_open(fd, "host", O_PATH) == -ENOENT);
	EXPECT(beneath_open(fd, "host/mark", O_PATH) == -ENOENT);
	EXPECT(beneath_open(fd, "../out/mark", O_RDONLY) == -ENOENT);
	EXPECT(beneath_open(fd, "climb-out", O_RDONLY) == -ENOENT);
	EXPECT(beneath_open(fd, "", O_PATH) == -ENOENT);
	EXPECT(beneath_open(fd, "etc/passwd/", O_PATH) == -ENOTDIR);
	EXPECT(beneath_open(fd, "etc/passwd/..", O_PATH) == -ENOTDIR);
	EXPECT(beneath_open(fd, "filelink", O_PATH) == -ENOTDIR);
	EXPECT(beneath_open(fd, "etc/passwd", O_PATH | O_DIRECTORY) == -ENOTDIR);
	EXPECT(beneath_open(fd, "etc/new", O_WRONLY | O_CREAT) == -EINVAL);
	EXPECT(beneath_open(fd, "etc", O_WRONLY) == -EISDIR);

	file_fd = beneath_open(fd, "/rel/back/../a/b/back/passwd", O_RDONLY);
	EXPECT(sys_read(file_fd, buf, sizeof(buf)) == 6 && !memcmp(buf, "image\n", 6));
	return wrong;
}

static int open_without_links(void *arg)
{
	const struct tree *t = arg;
	const int fd = t->root_fd;
	struct stat st;
	int wrong = 0;

	EXPECT(identity(beneath_open_nofollow(fd, "abs/passwd", O_PATH), &st) == 0);
	EXPECT(identity(beneath_open_nofollow(fd, "etc", O_PATH | O_DIRECTORY), &st) ==
	       0);
	EXPECT(beneath_open_nofollow(fd, "absfile", O_PATH) == -ELOOP);
	EXPECT(beneath_open_nofollow(fd, "absfile", O_RDONLY) == -ELOOP);
	EXPECT(beneath_open_nofollow(fd, "abs", O_PATH | O_DIRECTORY) == -ELOOP);
	EXPECT(beneath_open_nofollow(fd, "abs", O_RDONLY | O_DIRECTORY) == -ELOOP);
	EXPECT(beneath_open_nofollow(fd, "fifo", O_PATH | O_DIRECTORY) == -ENOTDIR);

	EXPECT(identity(beneath_open_strict(fd, "/a/../etc/passwd", O_PATH), &st) == 0);
	EXPECT(beneath_open_strict(fd, "abs/passwd", O_PATH) == -ELOOP);
	EXPECT(beneath_open_strict(fd, "absfile", O_PATH) == -ELOOP);
	EXPECT(beneath_open_strict(fd, "absfile", O_PATH | O_NOFOLLOW) == -ELOOP);
	EXPECT(beneath_open_strict(fd, "dangling", O_PATH) == -ELOOP);
	EXPECT(beneath_open_strict(fd, "nothing", O_PATH) == -ENOENT);
	return wrong;
}

static void with_tree(child_fn *fn)
{
	autoscratch struct scratch s = scratch_make();
	struct tree t;

	CHECK_INT(tree_make(&t, &s), 0);
	if (t.root_fd < 0)
		return;
	both_ways(fn, &t);
	fd_close(&t.root_fd);
}

TEST(no_link_or_dotdot_leads_out_of_the_root)
{
	with_tree(open_attack_tree);
}

TEST(nofollow_and_strict_refuse_links)
{
	with_tree(open_without_links);
}

static int open_magic(void *arg)
{
	autofd int root_fd = sys_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	struct stat st;
	int wrong = 0;

	(void)arg;
	EXPECT(identity(beneath_open(root_fd, "/proc/self/stat", O_RDONLY), &st) == 0);
	EXPECT(identity(beneath_open(root_fd, "proc/thread-self/stat", O_RDONLY), &st) ==
	       0);
	EXPECT(identity(beneath_open(root_fd, "/proc/mounts", O_RDONLY), &st) == 0);
	EXPECT(identity(beneath_open(root_fd, "/proc/net/unix", O_RDONLY), &st) == 0);
	EXPECT(beneath_open(root_fd, "/proc/self/cwd", O_PATH) == -ELOOP);
	EXPECT(beneath_open(root_fd, "/proc/self/root/etc", O_PATH) == -ELOOP);
	EXPECT(beneath_open(root_fd, "/proc/self/exe", O_RDONLY) == -ELOOP);
	EXPECT(beneath_open(root_fd, "/proc/self/ns/mnt", O_RDONLY) == -ELOOP);
	EXPECT(beneath_open(root_fd, "/proc/self/fd/1", O_PATH) == -ELOOP);
	EXPECT(identity(beneath_open(root_fd, "/proc/self/exe", O_PATH | O_NOFOLLOW),
			&st) == 0 &&
	       S_ISLNK(st.st_mode));
	return wrong;
}

/* Its text is as long as st_size of such a link always is, 64. */
static int open_magic_of_length_64(void *arg)
{
	char name[65], path[128], link[64];
	autofd int root_fd = sys_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	struct scratch *s = arg;
	autofd int fd = -EBADF;
	int wrong = 0, dir_len = (int)strlen(s->path);

	memset(name, 'x', sizeof(name));
	name[64 - dir_len - 1] = '\0';
	fd = sys_openat(s->fd, name, O_RDWR | O_CREAT, 0600);
	EXPECT(fd >= 0);
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	EXPECT(sys_readlinkat(AT_FDCWD, link, path, sizeof(path)) == 64);
	EXPECT(beneath_open(root_fd, link, O_PATH) == -ELOOP);
	return wrong;
}

TEST(magic_links_are_refused_and_the_plain_links_of_procfs_are_not)
{
	autoscratch struct scratch s = scratch_make();

	both_ways(open_magic, NULL);
	both_ways(open_magic_of_length_64, &s);
}

TEST(the_walk_and_openat2_give_the_same_result_for_every_path_and_flag)
{
	static const char *const paths[] = {
		"/",
		".",
		"..",
		"//",
		"./..",
		"etc",
		"etc/",
		"etc//passwd",
		"etc/passwd",
		"etc/passwd/",
		"etc/passwd/.",
		"etc/passwd/x",
		"abs",
		"abs/",
		"abs/.",
		"abs/..",
		"abs/passwd",
		"absfile",
		"absfile/",
		"climb",
		"climb-out",
		"rel",
		"rel/",
		"rel/..",
		"rel/../..",
		"rel/file",
		"slash",
		"slash/file",
		"dot",
		"dot/b",
		"up",
		"up/b/file",
		"loop",
		"loop/",
		"loop/x",
		"ping",
		"dangling",
		"dangling/",
		"dangling-deep",
		"dangling/../etc",
		"host",
		"host/mark",
		"fifo/",
		"a/b/back",
		"a/b/back/passwd",
		"filelink",
		"etc/self/self/passwd",
		"to-root",
		"to-root/..",
		"n0",
		"n39",
		"n40",
		"n41",
		"nothing",
		"nothing/",
		"a/nothing/x",
		"a/b/../../etc/../a/b/file",
		"etc/../../../../etc/passwd",
	};
	static const int flags[] = {
		O_PATH,
		O_PATH | O_NOFOLLOW,
		O_PATH | O_DIRECTORY,
		O_PATH | O_DIRECTORY | O_NOFOLLOW,
		O_RDONLY,
		O_RDONLY | O_NOFOLLOW,
		O_RDONLY | O_DIRECTORY,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
		O_WRONLY,
	};
	autoscratch struct scratch s = scratch_make();
	struct tree t;

	CHECK_INT(tree_make(&t, &s), 0);
	for (size_t i = 0; i < N_ELEMENTS(paths) * N_ELEMENTS(flags) * 2; i++) {
		const char *path = paths[i / 2 / N_ELEMENTS(flags)];
		int flag = flags[i / 2 % N_ELEMENTS(flags)];
		bool strict = i % 2;
		struct stat a = { 0 }, b = { 0 };
		int ra, rb;

		ra = identity(sys_openat2(t.root_fd, path, flag, 0,
					  RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS |
						  (strict ? RESOLVE_NO_SYMLINKS : 0)),
			      &a);
		rb = identity(beneath_walk(t.root_fd, path, flag, strict), &b);
		if (ra != rb || a.st_ino != b.st_ino || a.st_dev != b.st_dev)
			printf("# '%s' flags 0%o strict %d: %s or %s\n", path,
			       (unsigned)flag, strict, err_name(ra), err_name(rb));
		CHECK_INT(rb, ra);
		CHECK(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	}
	fd_close(&t.root_fd);
}

TEST(long_paths_and_names_are_refused_and_the_longest_is_not)
{
	autoscratch struct scratch s = scratch_make();
	char path[PATH_MAX + 2], name[NAME_MAX + 2];
	struct stat st;

	memset(path, '/', sizeof(path));
	path[PATH_MAX - 1] = '\0';
	CHECK_INT(identity(beneath_walk(s.fd, path, O_PATH, false), &st), 0);
	CHECK_INT(identity(beneath_open(s.fd, path, O_PATH), &st), 0);
	CHECK_INT(identity(beneath_mkdir_all(s.fd, path, 0755), &st), 0);
	path[PATH_MAX - 1] = '/';
	path[PATH_MAX] = '\0';
	CHECK_INT(beneath_walk(s.fd, path, O_PATH, false), -ENAMETOOLONG);
	CHECK_INT(beneath_open(s.fd, path, O_PATH), -ENAMETOOLONG);
	CHECK_INT(beneath_mkdir_all(s.fd, path, 0755), -ENAMETOOLONG);

	memset(name, 'n', sizeof(name));
	name[NAME_MAX + 1] = '\0';
	CHECK_INT(beneath_walk(s.fd, name, O_PATH, false), -ENAMETOOLONG);
	CHECK_INT(beneath_mkdir_all(s.fd, name, 0755), -ENAMETOOLONG);
	name[NAME_MAX] = '\0';
	CHECK_INT(identity(beneath_mkdir_all(s.fd, name, 0755), &st), 0);
	CHECK_INT(identity(beneath_walk(s.fd, name, O_PATH, false), &st), 0);
}

/* Each link is 4,000 bytes that climb up and down and leads to the next one. */
TEST(links_that_climb_up_and_down_forever_end_in_eloop)
{
	autoscratch struct scratch s = scratch_make();
	char target[4096];
	struct stat st;

	CHECK_INT(identity(beneath_mkdir_all(s.fd, "d/d/d/d/d", 0755), &st), 0);
	for (unsigned i = 0; i < 40; i++) {
		char name[16];
		size_t len = 0;

		while (len < 4000)
			len += (size_t)snprintf(target + len, sizeof(target) - len,
						"d/d/d/d/d/../../../../../");
		(void)snprintf(target + len, sizeof(target) - len, "m%u", i + 1);
		(void)snprintf(name, sizeof(name), "m%u", i);
		CHECK_INT(sys_symlinkat(target, s.fd, name), 0);
	}
	CHECK_INT(beneath_walk(s.fd, "m0", O_PATH, false), -ELOOP);
}

static unsigned mode_of(int dir_fd, const char *path)
{
	struct stat st;

	return sys_fstatat(dir_fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 ? 0 : st.st_mode;
}

static int make_dirs(void *arg)
{
	const struct tree *t = arg;
	const int fd = t->root_fd;
	struct stat st, want;
	int wrong = 0;

	(void)sys_umask(077);
	EXPECT(identity(beneath_mkdir_all(fd, "/new/x/../y/z/", 01755), &st) == 0);
	EXPECT(mode_of(fd, "new") == (S_IFDIR | 01755));
	EXPECT(mode_of(fd, "new/y/z") == (S_IFDIR | 01755));
	EXPECT(mode_of(fd, "new/x") == 0);
	EXPECT(sys_fstatat(fd, "new/y/z", &want, 0) == 0 && want.st_ino == st.st_ino);

	/* what exists keeps its mode, links to directories are followed */
	EXPECT(identity(beneath_mkdir_all(fd, "abs/in", 0711), &st) == 0);
	EXPECT(mode_of(fd, "etc/in") == (S_IFDIR | 0711));
	EXPECT(mode_of(fd, "etc") == (S_IFDIR | 0755));
	EXPECT(identity(beneath_mkdir_all(fd, "rel/back/in", 0700), &st) == 0);
	EXPECT(mode_of(fd, "etc/in") == (S_IFDIR | 0711));
	EXPECT(identity(beneath_mkdir_all(fd, "/", 0700), &st) == 0);

	/* set-group-ID comes from the parent and stays */
	EXPECT(sys_fchmodat(fd, "new", 02755) == 0);
	EXPECT(identity(beneath_mkdir_all(fd, "new/g", 0755), &st) == 0);
	EXPECT(mode_of(fd, "new/g") == (S_IFDIR | 02755));

	EXPECT(beneath_mkdir_all(fd, "etc/passwd", 0755) == -ENOTDIR);
	EXPECT(beneath_mkdir_all(fd, "etc/passwd/x", 0755) == -ENOTDIR);
	EXPECT(beneath_mkdir_all(fd, "dangling", 0755) == -ELOOP);
	EXPECT(beneath_mkdir_all(fd, "dangling/x", 0755) == -ELOOP);
	EXPECT(beneath_mkdir_all(fd, "dangling-deep/x", 0755) == -ELOOP);
	EXPECT(beneath_mkdir_all(fd, "host", 0755) == -ELOOP);
	EXPECT(beneath_mkdir_all(fd, "host/x", 0755) == -ELOOP);
	EXPECT(beneath_mkdir_all(fd, "loop/x", 0755) == -ELOOP);
	EXPECT(mode_of(fd, "nowhere") == 0);
	EXPECT(mode_of(t->s->fd, "out/x") == 0);

	EXPECT(sys_unlinkat(fd, "new/y/z", AT_REMOVEDIR) == 0);
	EXPECT(sys_unlinkat(fd, "new/y", AT_REMOVEDIR) == 0);
	EXPECT(sys_unlinkat(fd, "new/g", AT_REMOVEDIR) == 0);
	EXPECT(sys_unlinkat(fd, "new", AT_REMOVEDIR) == 0);
	EXPECT(sys_unlinkat(fd, "etc/in", AT_REMOVEDIR) == 0);
	return wrong;
}

TEST(directories_are_made_whatever_the_umask_and_never_through_a_dangling_link)
{
	with_tree(make_dirs);
}

static int make_targets(void *arg)
{
	const struct tree *t = arg;
	const int fd = t->root_fd;
	struct stat st;
	bool made = true;
	int wrong = 0;

	(void)sys_umask(077);
	EXPECT(identity(beneath_open_or_make(fd, "/etc/passwd", false, &made), &st) == 0);
	EXPECT(!made && S_ISREG(st.st_mode));
	EXPECT(identity(beneath_open_or_make(fd, "/absfile", false, &made), &st) == 0);
	EXPECT(!made && S_ISREG(st.st_mode));
	EXPECT(identity(beneath_open_or_make(fd, "/n/f", false, &made), &st) == 0);
	EXPECT(made && st.st_mode == (S_IFREG | 0644) && st.st_size == 0);
	EXPECT(mode_of(fd, "n") == (S_IFDIR | 0755));
	EXPECT(identity(beneath_open_or_make(fd, "abs/d/e", true, &made), &st) == 0);
	EXPECT(made && st.st_mode == (S_IFDIR | 0755));
	EXPECT(identity(beneath_open_or_make(fd, "abs/d/e", true, &made), &st) == 0);
	EXPECT(!made);
	EXPECT(beneath_open_or_make(fd, "dangling", false, &made) == -ELOOP);
	EXPECT(beneath_open_or_make(fd, "dangling", true, &made) == -ELOOP);
	EXPECT(beneath_open_or_make(fd, "host", false, &made) == -ELOOP);
	EXPECT(beneath_open_or_make(fd, "host/new", false, &made) == -ELOOP);
	EXPECT(beneath_open_or_make(fd, "etc/passwd/x", false, &made) == -ENOTDIR);
	EXPECT(mode_of(fd, "nowhere") == 0);
	EXPECT(mode_of(t->s->fd, "out/new") == 0);

	EXPECT(sys_unlinkat(fd, "n/f", 0) == 0);
	EXPECT(sys_unlinkat(fd, "n", AT_REMOVEDIR) == 0);
	EXPECT(sys_unlinkat(fd, "etc/d/e", AT_REMOVEDIR) == 0);
	EXPECT(sys_unlinkat(fd, "etc/d", AT_REMOVEDIR) == 0);
	return wrong;
}

TEST(a_mount_target_is_found_or_made)
{
	with_tree(make_targets);
}

static int find_parents(void *arg)
{
	const struct tree *t = arg;
	const int fd = t->root_fd;
	struct stat st, etc;
	char name[8], tiny[3];
	int wrong = 0;

	EXPECT(sys_fstatat(fd, "etc", &etc, 0) == 0);
	EXPECT(identity(beneath_parent(fd, "/abs/null", false, name, sizeof(name)),
			&st) == 0);
	EXPECT(st.st_ino == etc.st_ino && str_eq(name, "null"));
	EXPECT(identity(beneath_parent(fd, "abs//x/../null/", false, name, sizeof(name)),
			&st) == 0);
	EXPECT(st.st_ino == etc.st_ino && str_eq(name, "null"));
	EXPECT(identity(beneath_parent(fd, "null", false, name, sizeof(name)), &st) == 0);
	EXPECT(str_eq(name, "null"));
	EXPECT(beneath_parent(fd, "p/q/null", false, name, sizeof(name)) == -ENOENT);
	EXPECT(identity(beneath_parent(fd, "p/q/null", true, name, sizeof(name)), &st) ==
	       0);
	EXPECT(mode_of(fd, "p/q") == (S_IFDIR | 0755) && mode_of(fd, "p/q/null") == 0);
	EXPECT(beneath_parent(fd, "/", true, name, sizeof(name)) == -EINVAL);
	EXPECT(beneath_parent(fd, "a/..", true, name, sizeof(name)) == -EINVAL);
	EXPECT(beneath_parent(fd, "", true, name, sizeof(name)) == -ENOENT);
	EXPECT(beneath_parent(fd, "null", true, tiny, sizeof(tiny)) == -ENAMETOOLONG);
	EXPECT(beneath_parent(fd, "host/null", true, name, sizeof(name)) == -ELOOP);
	EXPECT(sys_unlinkat(fd, "p/q", AT_REMOVEDIR) == 0);
	EXPECT(sys_unlinkat(fd, "p", AT_REMOVEDIR) == 0);
	return wrong;
}

TEST(the_parent_of_what_is_to_be_made_is_found_in_the_root)
{
	with_tree(find_parents);
}

static int count(void *ctx, int dir_fd, const char *name, unsigned char d_type)
{
	unsigned *n = ctx;

	(void)dir_fd;
	(void)name;
	(void)d_type;
	++*n;
	return 0;
}

static unsigned n_fds(void)
{
	autofd int fd = sys_openat(AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY, 0);
	unsigned n = 0;

	return sys_dir_each(fd, count, &n) < 0 ? 0 : n;
}

static int leak_nothing(void *arg)
{
	unsigned before = n_fds();
	int wrong = open_attack_tree(arg) + open_without_links(arg) + make_dirs(arg) +
		    make_targets(arg) + find_parents(arg) + open_magic(NULL);

	EXPECT(before > 0 && n_fds() == before);
	return wrong;
}

TEST(no_descriptor_is_left_open)
{
	with_tree(leak_nothing);
}

/*
 * Races. A process exchanges two names below the root as fast as it can; whatever is
 * opened or made meanwhile must lie in the root.
 */
#define RACE_MS 500

struct swap {
	int dir_fd;
	const char *a, *b;
};

static int swap_forever(void *arg)
{
	const struct swap *s = arg;

	(void)sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (;;)
		if (syscall(SYS_renameat2, s->dir_fd, s->a, s->dir_fd, s->b, 2U) < 0)
			return 1;
}

/* Calls try until the time is over, while the names are being exchanged. */
static int race(struct swap *swap, int (*attempt)(const struct tree *t),
		const struct tree *t, unsigned *ret_done)
{
	int64_t end = sys_clock_ms() + RACE_MS;
	autofd int pidfd = -EBADF;
	siginfo_t info;
	int wrong = 0;
	pid_t pid = sys_clone3(0, -EBADF, &pidfd);

	if (pid == 0)
		_exit(swap_forever(swap));
	EXPECT(pid > 0);
	for (*ret_done = 0; !wrong && sys_clock_ms() < end; ++*ret_done)
		wrong += attempt(t);
	EXPECT(sys_waitid_fd(pidfd, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0);
	EXPECT(sys_pidfd_send_signal(pidfd, SIGKILL) == 0);
	EXPECT(sys_waitid_fd(pidfd, &info, WEXITED) == 0);
	return wrong;
}

/* "vol/a" is a directory or a link to the host's. */
static int attempt_make(const struct tree *t)
{
	char buf[8];
	bool made;
	int wrong = 0;
	int dir_fd = beneath_mkdir_all(t->root_fd, "/vol/a/new/x", 0755);
	int file_fd = beneath_open_or_make(t->root_fd, "/vol/a/f/file", false, &made);
	int mark_fd = beneath_open(t->root_fd, "/vol/a/mark", O_RDONLY);

	if (mark_fd >= 0)
		EXPECT(sys_read(mark_fd, buf, 5) == 5 && memcmp(buf, "image", 5) == 0);
	fd_close(&dir_fd);
	fd_close(&file_fd);
	fd_close(&mark_fd);
	(void)sys_unlinkat(t->root_fd, "vol/a/new/x", AT_REMOVEDIR);
	(void)sys_unlinkat(t->root_fd, "vol/b/new/x", AT_REMOVEDIR);
	(void)sys_unlinkat(t->root_fd, "vol/a/f/file", 0);
	(void)sys_unlinkat(t->root_fd, "vol/b/f/file", 0);
	return wrong;
}

static int race_with_a_link(void *arg)
{
	const struct tree *t = arg;
	struct swap swap = { .dir_fd = t->root_fd, .a = "vol/a", .b = "vol/b" };
	unsigned n = 0, n_out = 0;
	int wrong = race(&swap, attempt_make, t, &n);
	autofd int out_fd = sys_openat(t->s->fd, "out", O_RDONLY | O_DIRECTORY, 0);

	(void)dprintf(STDOUT_FILENO, "# %u rounds\n", n);
	EXPECT(n > 10);
	EXPECT(sys_dir_each(out_fd, count, &n_out) == 0 && n_out == 1); /* mark */
	return wrong;
}

TEST(a_directory_exchanged_for_a_link_to_the_host_makes_and_opens_nothing_there)
{
	autoscratch struct scratch s = scratch_make();
	char target[128];
	struct tree t;

	CHECK_INT(tree_make(&t, &s), 0);
	(void)snprintf(target, sizeof(target), "%s/out", s.path);
	CHECK_INT(sys_mkdirat(t.root_fd, "vol", 0755), 0);
	CHECK_INT(sys_mkdirat(t.root_fd, "vol/a", 0755), 0);
	CHECK_INT(put(t.root_fd, "vol/a/mark", "image\n"), 0);
	CHECK_INT(sys_symlinkat(target, t.root_fd, "vol/b"), 0);
	both_ways(race_with_a_link, &t);
	fd_close(&t.root_fd);
}

/* "in/deep" is moved out of the root while "..", which leads out there, is looked up. */
static int attempt_dotdot(const struct tree *t)
{
	char buf[8];
	int wrong = 0;
	int fd = beneath_open(t->root_fd, "in/deep/x/../../mark", O_RDONLY);

	if (fd >= 0)
		EXPECT(sys_read(fd, buf, 5) == 5 && memcmp(buf, "image", 5) == 0);
	fd_close(&fd);
	return wrong;
}

static int race_with_a_move(void *arg)
{
	const struct tree *t = arg;
	struct swap swap = { .dir_fd = t->s->fd, .a = "root/in/deep", .b = "out/deep" };
	unsigned n = 0;
	int wrong = race(&swap, attempt_dotdot, t, &n);

	(void)dprintf(STDOUT_FILENO, "# %u rounds\n", n);
	EXPECT(n > 10);
	return wrong;
}

TEST(a_directory_moved_out_of_the_root_does_not_lead_out_by_dotdot)
{
	autoscratch struct scratch s = scratch_make();
	struct tree t;

	CHECK_INT(tree_make(&t, &s), 0);
	CHECK_INT(sys_mkdirat(s.fd, "root/in", 0755), 0);
	CHECK_INT(sys_mkdirat(s.fd, "root/in/deep", 0755), 0);
	CHECK_INT(sys_mkdirat(s.fd, "root/in/deep/x", 0755), 0);
	CHECK_INT(put(s.fd, "root/in/mark", "image\n"), 0);
	CHECK_INT(sys_mkdirat(s.fd, "out/deep", 0755), 0);
	CHECK_INT(sys_mkdirat(s.fd, "out/deep/x", 0755), 0);
	both_ways(race_with_a_move, &t);
	fd_close(&t.root_fd);
}
