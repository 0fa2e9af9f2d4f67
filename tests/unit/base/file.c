/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors with an owner; whole files read, written and replaced. */
#include "base/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

static void put(const struct scratch *s, const char *name, const void *data, size_t len)
{
	autofd int fd =
		openat(s->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0);
	CHECK_INT(write(fd, data, len), (int64_t)len);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int count_open(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += is_open(fd);
	return n;
}

static bool exists(const struct scratch *s, const char *name)
{
	return faccessat(s->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A file's size limit of n bytes, 0 for none; past it write() says so, not a signal. */
static void limit_size(rlim_t n)
{
	struct rlimit limit;

	CHECK_INT(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = n ? n : limit.rlim_max;
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
	CHECK(signal(SIGXFSZ, n ? SIG_IGN : SIG_DFL) != SIG_ERR);
}

static void ignore_signal(int sig)
{
	(void)sig;
}

/* Interrupt whatever blocks, every millisecond; false stops it. */
static void interrupt(bool on)
{
	struct sigaction act = { .sa_handler = ignore_signal };
	struct itimerval timer = { 0 };

	if (on)
		timer.it_value.tv_usec = timer.it_interval.tv_usec = 1000;
	CHECK_INT(sigaction(SIGALRM, &act, NULL), 0);
	CHECK_INT(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static int open_null(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

TEST(closing_poisons_the_descriptor)
{
	int fd = open_null(), number = fd;

	fd_close(&fd);
	CHECK_INT(fd, -EBADF);
	CHECK(!is_open(number));
	fd_close(&fd);
	CHECK_INT(fd, -EBADF);
	fd = -1;
	fd_close(&fd);
	CHECK_INT(fd, -EBADF);
}

TEST(an_owned_descriptor_is_closed_at_the_end_of_its_block)
{
	int number;

	{
		autofd int fd = open_null();

		number = fd;
		CHECK(is_open(number));
	}
	CHECK(!is_open(number));
}

TEST(a_taken_descriptor_stays_open)
{
	int number;

	{
		autofd int fd = open_null();

		number = take_fd(&fd);
		CHECK_INT(fd, -EBADF);
	}
	CHECK(is_open(number));
	fd_close(&number);
}

TEST(owned_memory_is_freed)
{
	autofree char *p = malloc(10), *none = NULL;

	/* The leak would be the sanitizer's to find. */
	CHECK(p != NULL && none == NULL);
}

TEST(reading_gathers_what_comes_in_pieces)
{
	int fds[2];
	char buf[8] = "#######";
	pid_t pid;

	CHECK_INT(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 5; i++) {
			(void)usleep(10000);
			(void)!write(fds[1], &"abcde"[i], 1);
		}
		_exit(0);
	}
	fd_close(&fds[1]);
	interrupt(true);
	CHECK_INT(file_read_fd(fds[0], buf, sizeof(buf)), 5);
	interrupt(false);
	CHECK(memcmp(buf, "abcde##", 7) == 0);
	CHECK_INT(waitpid(pid, NULL, 0), pid);
	fd_close(&fds[0]);
}

TEST(reading_stops_at_the_size)
{
	autoscratch struct scratch s = scratch_make();
	autofd int fd = -EBADF;
	char buf[4] = "###";

	put(&s, "f", "abcdef", 6);
	fd = openat(s.fd, "f", O_RDONLY | O_CLOEXEC);
	CHECK_INT(file_read_fd(fd, buf, 2), 2);
	CHECK_STR(buf, "ab#");
	CHECK_INT(file_read_fd(fd, buf, 0), 0);
	CHECK_INT(file_read_fd(fd, buf, 3), 3);
	CHECK_STR(buf, "cde");
}

TEST(reading_what_cannot_be_read_tells_why)
{
	char buf[4];

	CHECK_INT(file_read_fd(-EBADF, buf, sizeof(buf)), -EBADF);
	CHECK_INT(file_write_fd(-EBADF, buf, sizeof(buf)), -EBADF);
}

/* Count what comes out of the pipe, slowly at first; the status says if it was all. */
static void drain(int fd, size_t want)
{
	char buf[4096];
	size_t len = 0;
	ssize_t n;

	(void)usleep(20000);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] != (char)((len + (size_t)i) % 251))
				_exit(2);
		}
		len += (size_t)n;
	}
	_exit(len == want ? 0 : 1);
}

TEST(writing_goes_on_after_a_short_write)
{
	const size_t len = 1000000;
	autofree char *data = malloc(len);
	int fds[2], status = -1;
	pid_t pid;

	CHECK(data != NULL);
	if (!data)
		return;
	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i % 251);
	CHECK_INT(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		(void)close(fds[1]);
		drain(fds[0], len);
	}
	fd_close(&fds[0]);
	interrupt(true);
	CHECK_INT(file_write_fd(fds[1], data, len), 0);
	interrupt(false);
	fd_close(&fds[1]);
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, 0);
}

TEST(writing_into_a_full_pipe_that_does_not_block_fails)
{
	autofree char *data = calloc(1, 1000000);
	int fds[2];

	CHECK(data != NULL);
	CHECK_INT(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	CHECK_INT(file_write_fd(fds[1], data, 1000000), -EAGAIN);
	CHECK_INT(file_write_fd(fds[1], data, 0), 0);
	fd_close(&fds[0]);
	fd_close(&fds[1]);
}

TEST(a_small_file_is_read_without_its_newline)
{
	autoscratch struct scratch s = scratch_make();
	char buf[16];

	put(&s, "max", "max\n", 4);
	CHECK_INT(file_read_at(s.fd, "max", buf, sizeof(buf)), 3);
	CHECK_STR(buf, "max");
	put(&s, "two", "a\n\n", 3);
	CHECK_INT(file_read_at(s.fd, "two", buf, sizeof(buf)), 2);
	CHECK_STR(buf, "a\n");
	put(&s, "newline", "\n", 1);
	CHECK_INT(file_read_at(s.fd, "newline", buf, sizeof(buf)), 0);
	CHECK_STR(buf, "");
	put(&s, "empty", "", 0);
	buf[0] = '#';
	CHECK_INT(file_read_at(s.fd, "empty", buf, sizeof(buf)), 0);
	CHECK_STR(buf, "");
	put(&s, "args", "a\0b", 4);
	CHECK_INT(file_read_at(s.fd, "args", buf, sizeof(buf)), 4);
	CHECK(memcmp(buf, "a\0b", 4) == 0 && buf[4] == 0);
}

TEST(a_small_file_needs_room_for_its_terminator)
{
	autoscratch struct scratch s = scratch_make();
	char buf[5] = "####";

	put(&s, "f", "abc", 3);
	CHECK_INT(file_read_at(s.fd, "f", buf, 4), 3);
	CHECK_STR(buf, "abc");
	CHECK_INT(buf[4], 0);
	put(&s, "f", "abcd", 4);
	CHECK_INT(file_read_at(s.fd, "f", buf, 4), -EFBIG);
	CHECK_STR(buf, "");
	put(&s, "f", "abcdefgh", 8);
	CHECK_INT(file_read_at(s.fd, "f", buf, 4), -EFBIG);
	CHECK_INT(file_read_at(s.fd, "f", buf, 0), -EINVAL);
}

TEST(what_is_read_once_is_read_as_a_small_file_is)
{
	autoscratch struct scratch s = scratch_make();
	char buf[8];

	put(&s, "one", "seven77\n", 7);
	CHECK_INT(file_read_once_at(s.fd, "one", buf, sizeof(buf)), 7);
	CHECK_STR(buf, "seven77");
	put(&s, "two", "line\n", 5);
	CHECK_INT(file_read_once_at(s.fd, "two", buf, sizeof(buf)), 4);
	CHECK_STR(buf, "line");
	put(&s, "big", "eight888", 8);
	CHECK_INT(file_read_once_at(s.fd, "big", buf, sizeof(buf)), -EFBIG);
	CHECK_STR(buf, "");
	CHECK_INT(file_read_once_at(s.fd, "none", buf, sizeof(buf)), -ENOENT);
	CHECK_STR(buf, "");
	CHECK_INT(file_read_once_at(s.fd, "one", buf, 0), -EINVAL);
}

TEST(a_small_file_that_is_not_there_leaves_empty_text)
{
	autoscratch struct scratch s = scratch_make();
	char buf[5] = "####";
	int before = count_open();

	CHECK_INT(file_read_at(s.fd, "f", buf, sizeof(buf)), -ENOENT);
	CHECK_STR(buf, "");
	CHECK_INT(file_read_at(s.fd, ".", buf, sizeof(buf)), -EISDIR);
	CHECK_STR(buf, "");
	CHECK_INT(count_open(), before);
}

static void check_all(const struct scratch *s, size_t size, size_t limit, int want)
{
	autofree char *data = malloc(size + 1), *got = NULL;
	size_t len = 77;

	CHECK(data != NULL);
	if (!data)
		return;
	for (size_t i = 0; i < size; i++)
		data[i] = (char)(i % 253);
	put(s, "all", data, size);
	CHECK_INT(file_read_all_at(s->fd, "all", limit, true, &got, &len), want);
	if (want < 0) {
		CHECK(got == NULL && len == 77);
		return;
	}
	CHECK_INT((int64_t)len, (int64_t)size);
	CHECK(got && memcmp(got, data, size) == 0 && got[size] == '\0');
}

TEST(a_whole_file_is_read_up_to_its_limit)
{
	autoscratch struct scratch s = scratch_make();

	check_all(&s, 0, 0, 0);
	check_all(&s, 0, 10, 0);
	check_all(&s, 1, 0, -EFBIG);
	check_all(&s, 10, 10, 0);
	check_all(&s, 11, 10, -EFBIG);
	check_all(&s, 4095, 1 << 20, 0);
	check_all(&s, 4096, 1 << 20, 0);
	check_all(&s, 100000, 1 << 20, 0);
	check_all(&s, 100000, SIZE_MAX, 0);
	check_all(&s, 100000, 99999, -EFBIG);
	check_all(&s, 100000, 100000, 0);
}

/* A pipe has no size to begin with: the buffer must grow and the limit still hold. */
static int read_pipe(size_t size, size_t limit, size_t *ret_len)
{
	autofree char *text = NULL;
	char path[32];
	int fds[2], r;
	pid_t pid;

	CHECK_INT(pipe2(fds, O_CLOEXEC), 0);
	CHECK(str_format(path, sizeof(path), "/proc/self/fd/%d", fds[0]) > 0);
	pid = fork();
	if (pid == 0) {
		for (size_t i = 0; i < size; i++)
			(void)!write(fds[1], "x", 1);
		_exit(0);
	}
	fd_close(&fds[1]);
	r = file_read_all_at(AT_FDCWD, path, limit, false, &text, ret_len);
	if (r == 0)
		CHECK_INT((int64_t)strspn(text, "x"), (int64_t)*ret_len);
	fd_close(&fds[0]);
	(void)waitpid(pid, NULL, 0);
	return r;
}

TEST(a_file_without_a_size_is_read_up_to_its_limit)
{
	size_t len = 0;

	/* The writer may outlive our end of the pipe. */
	CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	CHECK_INT(read_pipe(30000, 1 << 20, &len), 0);
	CHECK_INT((int64_t)len, 30000);
	CHECK_INT(read_pipe(9000, 9000, &len), 0);
	CHECK_INT((int64_t)len, 9000);
	CHECK_INT(read_pipe(9001, 9000, &len), -EFBIG);
	CHECK_INT(read_pipe(4095, 4095, &len), 0);
	CHECK_INT(read_pipe(4096, 4095, &len), -EFBIG);
	CHECK_INT(read_pipe(0, 0, &len), 0);
	CHECK_INT((int64_t)len, 0);
	CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
}

TEST(a_file_of_procfs_is_read_whole)
{
	autofree char *text = NULL;
	size_t len = 0;

	CHECK_INT(
		file_read_all_at(AT_FDCWD, "/proc/self/maps", 1 << 24, true, &text, &len),
		0);
	CHECK(len > 0 && strlen(text) == len && text[len - 1] == '\n');
}

TEST(only_regular_files_are_read_where_that_is_asked_for)
{
	autoscratch struct scratch s = scratch_make();
	autofree char *text = NULL;
	size_t len = 0;
	int before = count_open();

	CHECK_INT(mkfifoat(s.fd, "fifo", 0600), 0);
	CHECK_INT(file_read_all_at(s.fd, "fifo", 100, true, &text, &len), -EINVAL);
	CHECK_INT(file_read_all_at(s.fd, ".", 100, true, &text, &len), -EISDIR);
	CHECK_INT(file_read_all_at(s.fd, "/dev/zero", 100, true, &text, &len), -EINVAL);
	CHECK_INT(file_read_all_at(s.fd, "/dev/zero", 100, false, &text, &len), -EFBIG);
	CHECK_INT(file_read_all_at(s.fd, "none", 100, true, &text, &len), -ENOENT);
	CHECK(text == NULL);
	CHECK_INT(file_read_all_at(s.fd, "/dev/null", 100, false, &text, &len), 0);
	CHECK_STR(text, "");
	CHECK_INT(count_open(), before);
}

TEST(putting_writes_over_an_existing_file_only)
{
	autoscratch struct scratch s = scratch_make();
	char buf[16];
	int before = count_open();

	CHECK_INT(file_put_at(s.fd, "f", "x"), -ENOENT);
	CHECK(!exists(&s, "f"));
	put(&s, "f", "", 0);
	CHECK_INT(file_put_at(s.fd, "f", "100000\n"), 0);
	CHECK_INT(file_read_at(s.fd, "f", buf, sizeof(buf)), 6);
	CHECK_STR(buf, "100000");
	CHECK_INT(file_put_at(s.fd, "f", ""), 0);
	CHECK_INT(file_put_at(s.fd, ".", "x"), -EISDIR);
	CHECK_INT(file_put_at(s.fd, "/dev/full", "x"), -ENOSPC);
	CHECK_INT(count_open(), before);
}

TEST(putting_a_part_is_a_failure)
{
	autoscratch struct scratch s = scratch_make();
	int r;

	put(&s, "f", "", 0);
	limit_size(3);
	r = file_put_at(s.fd, "f", "12345");
	limit_size(0);
	CHECK_INT(r, -EIO);
}

TEST(replacing_makes_or_renews_a_file)
{
	autoscratch struct scratch s = scratch_make();
	struct stat old, new;
	char buf[16];
	int before = count_open();

	CHECK_INT(file_replace_at(s.fd, "state.json", "one", 3, 0600, false), 0);
	CHECK_INT(fstatat(s.fd, "state.json", &old, 0), 0);
	CHECK_INT(old.st_mode & 07777, 0600);
	CHECK_INT(file_replace_at(s.fd, "state.json", "2\0two", 5, 0600, true), 0);
	CHECK_INT(fstatat(s.fd, "state.json", &new, 0), 0);
	CHECK(old.st_ino != new.st_ino);
	CHECK_INT(file_read_at(s.fd, "state.json", buf, sizeof(buf)), 5);
	CHECK(memcmp(buf, "2\0two", 5) == 0);
	CHECK(!exists(&s, ".state.json.tmp"));
	CHECK_INT(file_replace_at(s.fd, "state.json", "", 0, 0600, false), 0);
	CHECK_INT(file_read_at(s.fd, "state.json", buf, sizeof(buf)), 0);
	CHECK_INT(count_open(), before);
}

TEST(replacing_works_in_other_directories)
{
	autoscratch struct scratch s = scratch_make();
	char path[128], buf[16];

	CHECK_INT(mkdirat(s.fd, "d", 0700), 0);
	CHECK_INT(file_replace_at(s.fd, "d/pid", "12", 2, 0644, false), 0);
	CHECK_INT(file_read_at(s.fd, "d/pid", buf, sizeof(buf)), 2);
	CHECK(str_format(path, sizeof(path), "%s/d/pid", s.path) > 0);
	CHECK_INT(file_replace_at(AT_FDCWD, path, "345", 3, 0644, false), 0);
	CHECK_INT(file_read_at(s.fd, "d/pid", buf, sizeof(buf)), 3);
	CHECK(!exists(&s, "d/.pid.tmp"));
	CHECK(!exists(&s, ".pid.tmp"));
}

TEST(what_a_crashed_writer_left_is_not_in_the_way)
{
	autoscratch struct scratch s = scratch_make();
	char buf[16];

	put(&s, ".f.tmp", "rubbish that is longer", 22);
	CHECK_INT(file_replace_at(s.fd, "f", "new", 3, 0600, false), 0);
	CHECK_INT(file_read_at(s.fd, "f", buf, sizeof(buf)), 3);
	CHECK_STR(buf, "new");
	CHECK(!exists(&s, ".f.tmp"));
}

TEST(a_link_laid_in_place_of_the_sibling_is_not_followed)
{
	autoscratch struct scratch s = scratch_make();
	char buf[16];

	put(&s, "victim", "keep", 4);
	CHECK_INT(symlinkat("victim", s.fd, ".f.tmp"), 0);
	CHECK_INT(file_replace_at(s.fd, "f", "new", 3, 0600, false), 0);
	CHECK_INT(file_read_at(s.fd, "victim", buf, sizeof(buf)), 4);
	CHECK_STR(buf, "keep");
	CHECK_INT(file_read_at(s.fd, "f", buf, sizeof(buf)), 3);
}

TEST(a_failed_replacement_leaves_the_old_file_and_nothing_else)
{
	autoscratch struct scratch s = scratch_make();
	int before = count_open(), r;
	char buf[16];

	put(&s, "f", "old", 3);
	limit_size(4);
	r = file_replace_at(s.fd, "f", "longer than four", 16, 0600, false);
	limit_size(0);
	CHECK_INT(r, -EFBIG);
	CHECK_INT(file_read_at(s.fd, "f", buf, sizeof(buf)), 3);
	CHECK_STR(buf, "old");
	CHECK(!exists(&s, ".f.tmp"));

	/* The rename fails: a directory is not replaced by a file. */
	CHECK_INT(mkdirat(s.fd, "d", 0700), 0);
	CHECK_INT(file_replace_at(s.fd, "d", "x", 1, 0600, false), -EISDIR);
	CHECK(!exists(&s, ".d.tmp"));
	CHECK_INT(file_replace_at(s.fd, "d/", "x", 1, 0600, false), -EISDIR);
	CHECK_INT(file_replace_at(s.fd, "none/f", "x", 1, 0600, false), -ENOENT);
	CHECK_INT(count_open(), before);
}

TEST(a_directory_in_place_of_the_sibling_is_told)
{
	autoscratch struct scratch s = scratch_make();

	CHECK_INT(mkdirat(s.fd, ".f.tmp", 0700), 0);
	CHECK_INT(file_replace_at(s.fd, "f", "x", 1, 0600, false), -EISDIR);
	CHECK(exists(&s, ".f.tmp"));
}

TEST(a_name_that_leaves_no_room_for_the_sibling_is_refused)
{
	autoscratch struct scratch s = scratch_make();
	char path[5001];

	memset(path, 'x', sizeof(path) - 1);
	path[5000] = '\0';
	CHECK_INT(file_replace_at(s.fd, path, "x", 1, 0600, false), -ENAMETOOLONG);
	path[255] = '\0';
	CHECK_INT(file_replace_at(s.fd, path, "x", 1, 0600, false), -ENAMETOOLONG);
	path[250] = '\0';
	CHECK_INT(file_replace_at(s.fd, path, "x", 1, 0600, false), 0);
}

static bool is_dir(const struct scratch *s, const char *path, unsigned mode)
{
	struct stat st;

	return fstatat(s->fd, path, &st, 0) == 0 && S_ISDIR(st.st_mode) &&
	       (st.st_mode & 0777) == mode;
}

TEST(missing_directories_are_made)
{
	autoscratch struct scratch s = scratch_make();
	char path[128];

	CHECK_INT(file_mkdir_all_at(s.fd, "a", 0700), 0);
	CHECK(is_dir(&s, "a", 0700));
	CHECK_INT(file_mkdir_all_at(s.fd, "a/b/c", 0711), 0);
	CHECK(is_dir(&s, "a", 0700) && is_dir(&s, "a/b", 0711) &&
	      is_dir(&s, "a/b/c", 0711));
	CHECK_INT(file_mkdir_all_at(s.fd, "a/b/c", 0700), 0);
	CHECK(is_dir(&s, "a/b/c", 0711));
	CHECK_INT(file_mkdir_all_at(s.fd, "x//y/./z//", 0700), 0);
	CHECK(is_dir(&s, "x/y/z", 0700));
	CHECK(str_format(path, sizeof(path), "%s/p/q", s.path) > 0);
	CHECK_INT(file_mkdir_all_at(-EBADF, path, 0700), 0);
	CHECK(is_dir(&s, "p/q", 0700));
	CHECK_INT(file_mkdir_all_at(s.fd, "/", 0700), 0);
	CHECK_INT(file_mkdir_all_at(s.fd, ".", 0700), 0);
}

TEST(a_file_on_the_way_of_a_directory_is_told)
{
	autoscratch struct scratch s = scratch_make();
	char path[5001];

	put(&s, "f", "", 0);
	CHECK_INT(file_mkdir_all_at(s.fd, "f", 0700), -ENOTDIR);
	CHECK_INT(file_mkdir_all_at(s.fd, "f/a/b", 0700), -ENOTDIR);
	CHECK_INT(symlinkat("none", s.fd, "dangling"), 0);
	CHECK_INT(file_mkdir_all_at(s.fd, "dangling", 0700), -ENOENT);
	CHECK_INT(file_mkdir_all_at(s.fd, "dangling/a", 0700), -ENOENT);
	CHECK_INT(file_mkdir_all_at(s.fd, "", 0700), -ENOENT);
	memset(path, 'x', sizeof(path) - 1);
	path[5000] = '\0';
	CHECK_INT(file_mkdir_all_at(s.fd, path, 0700), -ENAMETOOLONG);
}

TEST(a_link_to_a_directory_is_a_directory)
{
	autoscratch struct scratch s = scratch_make();

	CHECK_INT(mkdirat(s.fd, "real", 0700), 0);
	CHECK_INT(symlinkat("real", s.fd, "link"), 0);
	CHECK_INT(file_mkdir_all_at(s.fd, "link", 0700), 0);
	CHECK_INT(file_mkdir_all_at(s.fd, "link/a/b", 0700), 0);
	CHECK(is_dir(&s, "real/a/b", 0700));
}
