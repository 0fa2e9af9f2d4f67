/* SPDX-License-Identifier: Apache-2.0 */
/* Unix sockets: descriptors passed, messages cut off, names longer than an address. */
#include "kernel/socket.h"

#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "kernel/file.h"
#include "tests/unit/child.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

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

static bool same_file(int a_fd, int b_fd)
{
	struct stat a, b;

	return sys_fstat(a_fd, &a) == 0 && sys_fstat(b_fd, &b) == 0 &&
	       a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

TEST(descriptors_arrive_in_order_and_are_cloexec)
{
	int pair[2], pipe_fd[2], got[4];
	size_t n = 4;
	char buf[8];

	CHECK_INT(sys_socketpair_seqpacket(pair), 0);
	CHECK_INT(sys_pipe(pipe_fd), 0);
	CHECK_INT(sys_send_fds(pair[0], "hello", 5, pipe_fd, 2), 0);
	CHECK_INT(sys_recv_fds(pair[1], buf, sizeof(buf), got, &n), 5);
	CHECK(memcmp(buf, "hello", 5) == 0);
	CHECK_INT((int)n, 2);
	CHECK(same_file(got[0], pipe_fd[0]) && got[0] != pipe_fd[0]);
	CHECK(same_file(got[1], pipe_fd[1]));
	CHECK_INT(fcntl(got[0], F_GETFD), FD_CLOEXEC);
	CHECK_INT(fcntl(got[1], F_GETFD), FD_CLOEXEC);
	fd_close(&got[0]);
	fd_close(&got[1]);

	n = 4;
	CHECK_INT(sys_send_fds(pair[0], "x", 1, NULL, 0), 0);
	CHECK_INT(sys_recv_fds(pair[1], buf, sizeof(buf), got, &n), 1);
	CHECK_INT((int)n, 0);
	for (size_t i = 0; i < 2; i++) {
		fd_close(&pipe_fd[i]);
		fd_close(&pair[i]);
	}
}

TEST(what_does_not_fit_is_refused_and_no_descriptor_stays)
{
	int pair[2], pipe_fd[2], got[4], many[5];
	unsigned before;
	size_t n = 1;
	char buf[4];

	CHECK_INT(sys_socketpair_seqpacket(pair), 0);
	CHECK_INT(sys_pipe(pipe_fd), 0);
	for (size_t i = 0; i < 5; i++)
		many[i] = pipe_fd[0];
	before = n_fds();

	CHECK_INT(sys_send_fds(pair[0], "hello", 5, pipe_fd, 1), 0); /* too long */
	CHECK_INT(sys_recv_fds(pair[1], buf, sizeof(buf), got, &n), -EMSGSIZE);
	CHECK_INT(sys_send_fds(pair[0], "x", 1, pipe_fd, 2), 0); /* room for one */
	n = 1;
	CHECK_INT(sys_recv_fds(pair[1], buf, sizeof(buf), got, &n), -EMSGSIZE);
	CHECK_INT(sys_send_fds(pair[0], "x", 1, pipe_fd, 1), 0); /* none wanted */
	CHECK_INT(sys_recv_fds(pair[1], buf, sizeof(buf), NULL, NULL), -EMSGSIZE);
	CHECK_INT(sys_send_fds(pair[0], "x", 1, many, 5), -EINVAL);
	CHECK_INT(sys_send_fds(pair[0], "", 0, NULL, 0), -EINVAL);
	CHECK_INT(n_fds(), before);
	for (size_t i = 0; i < 2; i++) {
		fd_close(&pipe_fd[i]);
		fd_close(&pair[i]);
	}
}

/* As a hostile peer sends them: more than this room's own limit, and without data. */
static int send_raw(int fd, size_t len, const int *fds, size_t n)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(16 * sizeof(int))];
	} control = { 0 };
	struct iovec data = { .iov_base = (char[]){ "x" }, .iov_len = len };
	struct msghdr m = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	return (int)sendmsg(fd, &m, 0);
}

TEST(a_hostile_sender_leaves_no_descriptor)
{
	int pair[2], many[16], got[4];
	unsigned before;
	size_t n = 4;
	char buf[4];

	CHECK_INT(sys_socketpair_seqpacket(pair), 0);
	for (size_t i = 0; i < 16; i++)
		many[i] = pair[0];
	before = n_fds();
	CHECK_INT(send_raw(pair[0], 1, many, 16), 1);
	CHECK_INT(sys_recv_fds(pair[1], buf, sizeof(buf), got, &n), -EMSGSIZE);
	CHECK_INT(n_fds(), before);
	n = 4;
	CHECK_INT(send_raw(pair[0], 0, many, 2), 0);
	CHECK_INT(sys_recv_fds(pair[1], buf, sizeof(buf), got, &n), 0);
	CHECK_INT((int)n, 0);
	CHECK_INT(n_fds(), before);
	fd_close(&pair[0]);
	fd_close(&pair[1]);
}

TEST(a_closed_peer_is_the_end_of_file_and_no_sigpipe)
{
	int pair[2], got[1];
	size_t n = 1;
	char buf[4];

	CHECK_INT(sys_socketpair_seqpacket(pair), 0);
	fd_close(&pair[0]);
	CHECK_INT(sys_recv_fds(pair[1], buf, sizeof(buf), got, &n), 0);
	CHECK_INT(sys_send_fds(pair[1], "x", 1, NULL, 0), -EPIPE);
	fd_close(&pair[1]);
}

static void connect_and_talk(const char *path)
{
	autofd int listen_fd = sys_listen_unix(path, SOCK_STREAM);
	autofd int client_fd = sys_connect_unix(path);
	autofd int server_fd = -EBADF;
	int got = -EBADF;
	size_t n = 1;
	char buf[4];

	CHECK(listen_fd >= 0);
	CHECK(client_fd >= 0);
	if (listen_fd < 0 || client_fd < 0)
		return;
	server_fd = sys_accept(listen_fd);
	CHECK_INT(fcntl(server_fd, F_GETFD), FD_CLOEXEC);
	CHECK_INT(fcntl(client_fd, F_GETFD), FD_CLOEXEC);
	CHECK_INT(sys_send_fds(client_fd, "tty", 3, &client_fd, 1), 0);
	CHECK_INT(sys_recv_fds(server_fd, buf, sizeof(buf), &got, &n), 3);
	CHECK(same_file(got, client_fd));
	fd_close(&got);
	CHECK_INT(sys_listen_unix(path, SOCK_STREAM), -EADDRINUSE);
}

TEST(paths_of_any_length_are_listened_on_and_connected_to)
{
	autoscratch struct scratch s = scratch_make();
	char dir[512], path[1024], name[NAME_MAX + 1];
	unsigned n = 0;
	autofd int dir_fd = -EBADF;

	(void)snprintf(path, sizeof(path), "%s/short", s.path);
	connect_and_talk(path);

	memset(name, 'd', 200);
	name[200] = '\0';
	CHECK_INT(sys_mkdirat(s.fd, name, 0755), 0);
	(void)snprintf(dir, sizeof(dir), "%s/%s", s.path, name);
	(void)snprintf(path, sizeof(path), "%s/sock", dir);
	connect_and_talk(path);
	memset(name, 's', NAME_MAX);
	name[NAME_MAX] = '\0';
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	connect_and_talk(path);

	dir_fd = sys_openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
	CHECK_INT(sys_dir_each(dir_fd, count, &n), 0);
	CHECK_INT(n, 2); /* no temporary name */
}

TEST(what_is_no_socket_is_refused)
{
	autoscratch struct scratch s = scratch_make();
	char path[512], name[201];

	(void)snprintf(path, sizeof(path), "%s/nothing", s.path);
	CHECK_INT(sys_connect_unix(path), -ENOENT);
	memset(name, 'n', 200);
	name[200] = '\0';
	(void)snprintf(path, sizeof(path), "%s/%s", s.path, name);
	CHECK_INT(sys_connect_unix(path), -ENOENT);
	CHECK_INT(sys_mkdirat(AT_FDCWD, path, 0755), 0);
	CHECK_INT(sys_connect_unix(path), -ECONNREFUSED);
	CHECK_INT(sys_connect_unix(""), -ENOENT);
	CHECK_INT(sys_listen_unix("", SOCK_STREAM), -ENOENT);
	CHECK_INT(sys_listen_unix("/nowhere/sock", SOCK_STREAM), -ENOENT);
}
