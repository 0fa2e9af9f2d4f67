/* SPDX-License-Identifier: Apache-2.0 */
/*
 * socket.c - Unix sockets and descriptor passing; see socket.h, unix(7).
 *
 * An address holds 108 bytes, engines' paths are longer: a descriptor stands in
 * for the long part, the socket itself when connecting, its directory when
 * binding.
 */
#include "kernel/socket.h"

#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/ret.h"

#define FDS_MAX 4

static bool address_set(struct sockaddr_un *a, const char *path)
{
	size_t len = strlen(path);

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!len || len >= sizeof(a->sun_path))
		return false;
	memcpy(a->sun_path, path, len);
	return true;
}

static int bind_to(int fd, const struct sockaddr_un *a)
{
	return ret_errno(bind(fd, (const struct sockaddr *)a, sizeof(*a)));
}

int sys_socketpair_seqpacket(int ret_fd[2])
{
	return ret_errno(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_fd));
}

int sys_connect_unix(const char *path)
{
	struct sockaddr_un a;
	char link[FD_PATH_SIZE];
	autofd int path_fd = -EBADF;
	autofd int fd = -EBADF;
	int r;

	if (!*path)
		return -ENOENT;
	if (!address_set(&a, path)) {
		path_fd = sys_openat(AT_FDCWD, path, O_PATH, 0);
		if (path_fd < 0)
			return path_fd;
		fd_path(path_fd, link);
		(void)address_set(&a, link); /* fits by FD_PATH_SIZE */
	}
	fd = ret_errno(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	if (fd < 0)
		return fd;
	r = ret_errno(RESTART(connect(fd, (const struct sockaddr *)&a, sizeof(a))));
	if (r < 0)
		return r;
	return take_fd(&fd);
}

/*
 * Bind under a short name, then give the socket its own. link(2), not rename(2):
 * like bind(2) it fails when the name is taken.
 */
static int bind_renamed(int fd, int dir_fd, const char *base)
{
	struct sockaddr_un a;
	char name[32], path[FD_PATH_SIZE + sizeof(name)];
	int r;

	(void)snprintf(name, sizeof(name), ".tare-%ld", (long)getpid());
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir_fd, name);
	(void)address_set(&a, path); /* 64 bytes at most */
	r = bind_to(fd, &a);
	if (r < 0)
		return r;
	r = ret_errno(linkat(dir_fd, name, dir_fd, base, 0));
	if (r == -EEXIST)
		r = -EADDRINUSE;
	if (unlinkat(dir_fd, name, 0) < 0 && r == 0)
		r = -errno;
	return r;
}

/* dir is path up to its last slash, base what follows. */
static int bind_long(int fd, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	char dir[PATH_MAX], short_path[FD_PATH_SIZE + NAME_MAX + 2];
	struct sockaddr_un a;
	autofd int dir_fd = -EBADF;
	size_t len = (size_t)(base - path);

	if (len >= sizeof(dir) || strlen(base) > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(dir, path, len);
	dir[len] = '\0';
	dir_fd = sys_openat(AT_FDCWD, len ? dir : ".", O_PATH | O_DIRECTORY, 0);
	if (dir_fd < 0)
		return dir_fd;
	(void)snprintf(short_path, sizeof(short_path), "/proc/self/fd/%d/%s", dir_fd,
		       base);
	if (address_set(&a, short_path))
		return bind_to(fd, &a);
	return bind_renamed(fd, dir_fd, base);
}

int sys_listen_unix(const char *path, int type)
{
	struct sockaddr_un a;
	autofd int fd = -EBADF;
	int r;

	if (!*path)
		return -ENOENT;
	fd = ret_errno(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
	if (fd < 0)
		return fd;
	r = address_set(&a, path) ? bind_to(fd, &a) : bind_long(fd, path);
	if (r < 0)
		return r;
	r = ret_errno(listen(fd, SOMAXCONN));
	if (r < 0)
		return r;
	return take_fd(&fd);
}

int sys_accept(int fd)
{
	return ret_errno(RESTART(accept4(fd, NULL, NULL, SOCK_CLOEXEC)));
}

/* Aligned as the CMSG_ macros need it. */
union control {
	struct cmsghdr align;
	char buf[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

int sys_send_fds(int fd, const void *buf, size_t len, const int *fds, size_t n_fds)
{
	struct iovec data = { .iov_base = (void *)buf, .iov_len = len };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1 };
	union control control = { 0 };

	if (!len || n_fds > FDS_MAX) /* no data is the end of file to the peer */
		return -EINVAL;
	if (n_fds) {
		struct cmsghdr *c;

		m.msg_control = control.buf;
		m.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	while (data.iov_len) {
		long n = RESTART(sendmsg(fd, &m, MSG_NOSIGNAL));

		if (n < 0)
			return -errno;
		/* A stream may take less; the descriptors went with the first byte. */
		data.iov_base = (char *)data.iov_base + n;
		data.iov_len -= (size_t)n;
		m.msg_control = NULL;
		m.msg_controllen = 0;
	}
	return 0;
}

/* All descriptors of a message; the control buffer bounds them to FDS_MAX. */
static size_t take_fds(struct msghdr *m, int fds[FDS_MAX])
{
	size_t n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t here = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		if (here > FDS_MAX - n)
			here = FDS_MAX - n;
		memcpy(fds + n, CMSG_DATA(c), here * sizeof(int));
		n += here;
	}
	return n;
}

ssize_t sys_recv_fds(int fd, void *buf, size_t size, int *fds, size_t *n_fds)
{
	struct iovec data = { .iov_base = buf, .iov_len = size };
	union control control = { 0 };
	struct msghdr m = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = sizeof(control.buf),
	};
	int got[FDS_MAX];
	size_t n_got, room = n_fds ? *n_fds : 0;
	ssize_t n = RESTART(recvmsg(fd, &m, MSG_CMSG_CLOEXEC));
	bool cut_off;

	if (n < 0)
		return -errno;
	n_got = take_fds(&m, got);
	cut_off = m.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || n_got > room;
	if (n == 0 || cut_off) {
		for (size_t i = 0; i < n_got; i++)
			fd_close(&got[i]);
		n_got = 0;
	}
	if (cut_off)
		return -EMSGSIZE;
	if (n_got)
		memcpy(fds, got, n_got * sizeof(int));
	if (n_fds)
		*n_fds = n_got;
	return n;
}
