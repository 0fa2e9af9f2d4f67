/* SPDX-License-Identifier: Apache-2.0 */
/* File calls where they differ from libc's: flags added, ends told, links not followed.
 */
#include "kernel/file.h"

#include <limits.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

#include "base/str.h"
#include "kernel/compat.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

static bool is_cloexec(int fd)
{
	return fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

TEST(every_descriptor_is_cloexec)
{
	autoscratch struct scratch s = scratch_make();
	int fd[8], n = 0;

	fd[n++] = sys_openat(s.fd, "f", O_RDWR | O_CREAT, 0600);
	fd[n++] = sys_openat2(s.fd, "f", O_RDONLY, 0, RESOLVE_NO_SYMLINKS);
	fd[n++] = sys_dup(fd[0], 100);
	fd[n++] = sys_memfd_create("m", 0);
	CHECK_INT(sys_pipe(&fd[n]), 0);
	n += 2;
	for (int i = 0; i < n; i++)
		CHECK(is_cloexec(fd[i]));
	CHECK(fd[2] >= 100);
	CHECK_INT(sys_dup3(fd[0], 200, false), 200);
	CHECK_INT(fcntl(200, F_GETFD), 0);
	CHECK_INT(sys_set_cloexec(200, true), 0);
	CHECK(is_cloexec(200));
	CHECK_INT(sys_set_cloexec(200, false), 0);
	CHECK_INT(fcntl(200, F_GETFD), 0);
	CHECK_INT(sys_dup3(fd[0], 200, true), 200);
	CHECK(is_cloexec(200));
	CHECK_INT(sys_close_range(200, 200, 0), 0);
	CHECK_INT(sys_fstat(200, &(struct stat){ 0 }), -EBADF);
	for (int i = 0; i < n; i++)
		fd_close(&fd[i]);
}

TEST(nonblock_is_set_and_cleared)
{
	int fds[2];
	char c;

	CHECK_INT(sys_pipe(fds), 0);
	CHECK_INT(sys_set_nonblock(fds[0], true), 0);
	CHECK_INT(sys_read(fds[0], &c, 1), -EAGAIN);
	CHECK_INT(sys_set_nonblock(fds[0], true), 0);
	CHECK_INT(sys_read(fds[0], &c, 1), -EAGAIN);
	CHECK_INT(sys_set_nonblock(fds[0], false), 0);
	CHECK(!(fcntl(fds[0], F_GETFL) & O_NONBLOCK));
	fd_close(&fds[0]);
	fd_close(&fds[1]);
}

TEST(a_link_is_read_whole_or_not_at_all)
{
	autoscratch struct scratch s = scratch_make();
	char buf[8];

	CHECK_INT(sys_symlinkat("1234567", s.fd, "fits"), 0);
	CHECK_INT(sys_symlinkat("12345678", s.fd, "long"), 0);
	CHECK_INT(sys_readlinkat(s.fd, "fits", buf, sizeof(buf)), 7);
	CHECK_STR(buf, "1234567");
	CHECK_INT(sys_readlinkat(s.fd, "long", buf, sizeof(buf)), -ENAMETOOLONG);
	CHECK_INT(sys_readlinkat(s.fd, "none", buf, sizeof(buf)), -ENOENT);
}

struct seen {
	unsigned n, sum, dots, stop_at;
};

static int see(void *ctx, int dir_fd, const char *name, unsigned char d_type)
{
	struct seen *seen = ctx;
	struct stat st;

	(void)d_type;
	seen->dots += name[0] == '.' && name[1] != 'h';
	seen->sum += sys_fstatat(dir_fd, name, &st, 0) == 0;
	return ++seen->n == seen->stop_at ? -ECANCELED : 1;
}

TEST(a_directory_is_listed_whole_as_often_as_asked_until_stopped)
{
	autoscratch struct scratch s = scratch_make();
	struct seen seen = { 0 };

	for (unsigned i = 0; i < 500; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%sfile-with-a-long-name-%u",
			       i % 2 ? ".h" : "", i);
		CHECK_INT(sys_mknodat(s.fd, name, S_IFREG | 0600, 0), 0);
	}
	for (unsigned i = 0; i < 2; i++) {
		seen = (struct seen){ 0 };
		CHECK_INT(sys_dir_each(s.fd, see, &seen), 0);
		CHECK(seen.n == 500 && seen.sum == 500 && seen.dots == 0);
	}
	seen = (struct seen){ .stop_at = 3 };
	CHECK_INT(sys_dir_each(s.fd, see, &seen), -ECANCELED);
	CHECK_INT(seen.n, 3);
	CHECK_INT(sys_dir_each(-EBADF, see, &seen), -EBADF);
}

TEST(file_systems_tell_their_type_and_flags)
{
	autofd int fd = sys_openat(AT_FDCWD, "/proc", O_PATH, 0);
	unsigned long flags = 0;
	long type = 0;

	CHECK_INT(sys_fstatfs_type(fd, &type), 0);
	CHECK_INT(type, PROC_SUPER_MAGIC);
	type = 0;
	CHECK_INT(sys_statfs_type("/proc/self", &type), 0);
	CHECK_INT(type, PROC_SUPER_MAGIC);
	CHECK_INT(sys_statfs_type("/nowhere", &type), -ENOENT);
	CHECK_INT(sys_fstatvfs_flags(fd, &flags), 0);
}

TEST(a_sealed_memfd_stays_as_it_is)
{
	autofd int fd = sys_memfd_create("sealed", MFD_ALLOW_SEALING);
	int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

	CHECK_INT(sys_write(fd, "abc", 3), 3);
	CHECK_INT(sys_ftruncate(fd, 2), 0);
	CHECK_INT(sys_add_seals(fd, seals), 0);
	CHECK_INT(sys_get_seals(fd), seals);
	CHECK_INT(sys_write(fd, "d", 1), -EPERM);
	CHECK_INT(sys_ftruncate(fd, 0), -EPERM);
	CHECK_INT(sys_add_seals(fd, F_SEAL_FUTURE_WRITE), -EPERM);
}

static int write_to_nobody(void *arg)
{
	sigset_t set;
	int fds[2], wrong = 0;

	EXPECT(sys_signal(SIGPIPE, SIG_DFL) == 0);
	EXPECT(sys_pipe(fds) == 0);
	EXPECT(sys_write_no_sigpipe(fds[1], "abc", 3) == 3);
	fd_close(&fds[0]);
	EXPECT(sys_write_no_sigpipe(fds[1], "abc", 3) == -EPIPE);
	EXPECT(sigpending(&set) == 0 && sigismember(&set, SIGPIPE) == 0);
	EXPECT(sigprocmask(SIG_BLOCK, NULL, &set) == 0 &&
	       sigismember(&set, SIGPIPE) == 0);
	if (arg)
		(void)sys_write(fds[1], "abc", 3);
	return wrong;
}

TEST(a_write_without_reader_is_epipe_and_no_signal)
{
	bool then_plainly = true;

	CHECK_INT(child_run(0, write_to_nobody, NULL), 0);
	CHECK_INT(child_run(0, write_to_nobody, &then_plainly), 128 + SIGPIPE);
}

static int leave_the_root(void *arg)
{
	const struct scratch *s = arg;
	char cwd[PATH_MAX];
	int wrong = 0;

	EXPECT(sys_fchdir(s->fd) == 0);
	EXPECT(sys_getcwd(cwd, sizeof(cwd)) == (ssize_t)strlen(s->path));
	EXPECT(str_eq(cwd, s->path));
	EXPECT(sys_getcwd(cwd, 4) == -ERANGE);
	EXPECT(sys_mkdirat(s->fd, "root", 0755) == 0);
	EXPECT(sys_chroot("root") == 0);
	EXPECT(sys_getcwd(cwd, sizeof(cwd)) == -ENOENT);
	EXPECT(sys_chdir("/") == 0);
	EXPECT(sys_getcwd(cwd, sizeof(cwd)) == 1 && str_eq(cwd, "/"));
	return wrong;
}

TEST(a_cwd_outside_the_root_has_no_name)
{
	autoscratch struct scratch s = scratch_make();

	if (!is_root())
		SKIP("chroot needs root");
	CHECK_INT(child_run(0, leave_the_root, &s), 0);
}

TEST(names_modes_and_owners_change)
{
	autoscratch struct scratch s = scratch_make();
	struct stat st;
	autofd int fd = sys_openat(s.fd, "f", O_RDWR | O_CREAT | O_EXCL, 0600);
	unsigned umask_before = sys_umask(077);
	char path[FD_PATH_SIZE], buf[4];

	CHECK_INT((int)sys_umask(umask_before), 077);
	CHECK_INT(sys_fchmod(fd, 0640), 0);
	CHECK(sys_fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0640);
	CHECK_INT(sys_fchmodat(s.fd, "f", 0604), 0);
	CHECK(sys_fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0604);
	CHECK_INT(sys_renameat(s.fd, "f", s.fd, "g"), 0);
	CHECK_INT(sys_faccessat(s.fd, "g", R_OK, 0), 0);
	CHECK_INT(sys_faccessat(s.fd, "f", F_OK, 0), -ENOENT);
	CHECK_INT(sys_symlinkat("nowhere", s.fd, "link"), 0);
	CHECK_INT(sys_faccessat(s.fd, "link", F_OK, 0), -ENOENT);
	CHECK_INT(sys_faccessat(s.fd, "link", F_OK, AT_SYMLINK_NOFOLLOW), 0);
	CHECK_INT(sys_write(fd, "abc", 3), 3);
	CHECK_INT(sys_pread(fd, buf, 2, 1), 2);
	CHECK(memcmp(buf, "bc", 2) == 0);
	CHECK_INT(sys_fsync(fd), 0);
	CHECK_INT(sys_fchown(fd, st.st_uid, st.st_gid), 0);
	CHECK_INT(sys_fchownat(s.fd, "link", st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW),
		  0);
	CHECK_INT(sys_getxattr(fd, "user.none", buf, sizeof(buf)) < 0, true);
	CHECK_INT(sys_unlinkat(s.fd, "g", AT_REMOVEDIR), -ENOTDIR);
	fd_path(fd, path);
	CHECK_INT(sys_faccessat(AT_FDCWD, path, R_OK, 0), 0);
}

TEST(a_lock_held_elsewhere_is_told_at_once)
{
	autoscratch struct scratch s = scratch_make();
	autofd int a_fd = sys_openat(s.fd, "lock", O_RDWR | O_CREAT, 0600);
	autofd int b_fd = sys_openat(s.fd, "lock", O_RDWR, 0);

	CHECK_INT(sys_flock(a_fd, LOCK_EX), 0);
	CHECK_INT(sys_flock(b_fd, LOCK_EX | LOCK_NB), -EWOULDBLOCK);
	CHECK_INT(sys_flock(a_fd, LOCK_UN), 0);
	CHECK_INT(sys_flock(b_fd, LOCK_EX | LOCK_NB), 0);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* In a child, whose descriptors nobody else wants. */
static int close_all_runs(void *arg)
{
	int a = 101, b = 300, c = 100, none = -EBADF, failed = -ENOENT, d = 102,
	    twice = 300;
	int *fds[] = { &a, &b, &none, &c, &failed, &d, &twice };
	int wrong = 0;

	(void)arg;
	for (int fd = 99; fd <= 103; fd++)
		EXPECT(dup2(0, fd) == fd);
	for (int fd = 299; fd <= 301; fd++)
		EXPECT(dup2(0, fd) == fd);
	sys_close_all(fds, N_ELEMENTS(fds));
	for (int fd = 100; fd <= 102; fd++)
		EXPECT(!is_open(fd));
	EXPECT(!is_open(300));
	EXPECT(is_open(99) && is_open(103) && is_open(299) && is_open(301) && is_open(0));
	for (size_t i = 0; i < N_ELEMENTS(fds); i++)
		EXPECT(*fds[i] == -EBADF);
	sys_close_all(fds, N_ELEMENTS(fds));
	sys_close_all(NULL, 0);
	EXPECT(is_open(0) && is_open(99));
	return wrong;
}

TEST(descriptors_are_closed_in_runs_and_their_neighbours_are_not)
{
	CHECK_INT(child_run(0, close_all_runs, NULL), 0);
}
