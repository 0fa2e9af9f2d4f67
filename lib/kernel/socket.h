/* SPDX-License-Identifier: Apache-2.0 */
/* socket.h - Unix sockets and descriptor passing; no policy, see file.h. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

int sys_socketpair_seqpacket(int ret_fd[2]);
/* Connect SOCK_STREAM to a path of any length (through its parent's descriptor). */
int sys_connect_unix(const char *path);
/* Listen on a path of any length; the caller unlinks it. */
int sys_listen_unix(const char *path, int type);
int sys_accept(int fd);
/*
 * One datagram (or one stream write) with up to 4 descriptors; MSG_NOSIGNAL. All or
 * -errno.
 */
int sys_send_fds(int fd, const void *buf, size_t len, const int *fds, size_t n_fds);
/* Length, 0 at end of file; *n_fds in: room, out: received (O_CLOEXEC). -EMSGSIZE if cut
 * off. */
ssize_t sys_recv_fds(int fd, void *buf, size_t size, int *fds, size_t *n_fds);
