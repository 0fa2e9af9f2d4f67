/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - file system calls, one function each: the kernel's name with sys_,
 * the kernel's argument order, a descriptor, 0 or a count, or a negative errno.
 *
 * No policy and no logging. EINTR is restarted where restarting is right. Every
 * descriptor made here is O_CLOEXEC whatever the flags say.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct open_how; /* <linux/openat2.h>, known to .c files of this room only */

/* "/proc/self/fd/N" for the old-kernel fallbacks and for readlink. */
#define FD_PATH_SIZE 32
void fd_path(int fd, char buf[FD_PATH_SIZE]);

int sys_openat(int dir_fd, const char *path, int flags, unsigned mode);
/* resolve: RESOLVE_* of <linux/openat2.h>, repeated in kernel/compat.h */
int sys_openat2(int dir_fd, const char *path, int flags, unsigned mode, uint64_t resolve);
int sys_close_range(unsigned first, unsigned last, unsigned flags);
/*
 * Close those of n owned descriptors that are open, and make all of them -EBADF; one call
 * for each run of neighbours. Neither order nor number matters.
 */
void sys_close_all(int *const *fds, size_t n);
ssize_t sys_read(int fd, void *buf, size_t size);
ssize_t sys_write(int fd, const void *buf, size_t len);
/* No SIGPIPE when the reader is gone, only -EPIPE; for pipes, FIFOs and sockets. */
ssize_t sys_write_no_sigpipe(int fd, const void *buf, size_t len);
ssize_t sys_pread(int fd, void *buf, size_t size, off_t at);
int sys_fstat(int fd, struct stat *ret);
int sys_fstatat(int dir_fd, const char *path, struct stat *ret, int flags);
/* f_type of <linux/magic.h> (CGROUP2_SUPER_MAGIC, ... in kernel/compat.h); -errno */
int sys_fstatfs_type(int fd, long *ret_type);
int sys_statfs_type(const char *path, long *ret_type);
int sys_fstatvfs_flags(int fd, unsigned long *ret_flags); /* ST_RDONLY, ST_NOSUID, ... */
int sys_mkdirat(int dir_fd, const char *path, unsigned mode);
int sys_mknodat(int dir_fd, const char *path, unsigned mode, dev_t dev);
int sys_symlinkat(const char *target, int dir_fd, const char *path);
ssize_t sys_readlinkat(int dir_fd, const char *path, char *buf,
		       size_t size); /* terminates */
int sys_renameat(int old_fd, const char *old, int new_fd, const char *new_path);
int sys_unlinkat(int dir_fd, const char *path, int flags);
int sys_fchmod(int fd, unsigned mode);
int sys_fchmodat(int dir_fd, const char *path, unsigned mode);
int sys_fchownat(int dir_fd, const char *path, uint32_t uid, uint32_t gid, int flags);
int sys_fchown(int fd, uint32_t uid, uint32_t gid);
int sys_faccessat(int dir_fd, const char *path, int mode, int flags);
int sys_ftruncate(int fd, off_t len);
int sys_fsync(int fd);
int sys_flock(int fd, int op);   /* not restarted on EINTR: a deadline may have fired */
int sys_dup(int fd, int min_fd); /* F_DUPFD_CLOEXEC */
int sys_dup3(int fd, int new_fd, bool cloexec);
int sys_set_cloexec(int fd, bool on);
int sys_get_cloexec(int fd); /* 1 or 0; -EBADF: not open */
int sys_set_nonblock(int fd, bool on);
int sys_pipe(int ret_fd[2]);
int sys_memfd_create(const char *name, unsigned flags);
int sys_add_seals(int fd, int seals);
int sys_get_seals(int fd);
int sys_chdir(const char *path);
int sys_fchdir(int fd);
int sys_chroot(const char *path);
ssize_t sys_getcwd(char *buf, size_t size); /* -ENOENT when unreachable: no leading '/' */
unsigned sys_umask(unsigned mask);
int sys_getxattr(int fd, const char *name, void *buf, size_t size);

/*
 * Call each for every entry of the directory but "." and "..", in no order; stops at
 * the first negative result and returns it. dir_fd need not be at its start.
 */
int sys_dir_each(int dir_fd,
		 int (*each)(void *ctx, int dir_fd, const char *name,
			     unsigned char d_type),
		 void *ctx);
