/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c - the file system calls of file.h.
 *
 * openat2, close_range, faccessat2, getcwd and getdents64 go to the kernel
 * directly: glibc 2.36 and musl lack the first two, and both emulate parts of the
 * others (a generic getcwd walk, an faccessat that forks) where the kernel's own
 * answer is what the caller has to know.
 */
#include "kernel/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include <linux/openat2.h>

#include "kernel/compat.h"
#include "kernel/ret.h"

void fd_path(int fd, char buf[FD_PATH_SIZE])
{
	(void)snprintf(buf, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
}

int sys_openat(int dir_fd, const char *path, int flags, unsigned mode)
{
	return ret_errno(RESTART(openat(dir_fd, path, flags | O_CLOEXEC, mode)));
}

int sys_openat2(int dir_fd, const char *path, int flags, unsigned mode, uint64_t resolve)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = resolve,
	};

	/* openat() adds it, openat2 refuses it together with O_PATH. */
	if (!(flags & O_PATH))
		how.flags |= O_LARGEFILE;
	return ret_errno(RESTART(syscall(SYS_openat2, dir_fd, path, &how, sizeof(how))));
}

/* The lowest one from `from` on; -EBADF: there is none. */
static int lowest_from(int *const *fds, size_t n, int from)
{
	int lowest = -EBADF;

	for (size_t i = 0; i < n; i++) {
		if (*fds[i] >= from && (lowest < 0 || *fds[i] < lowest))
			lowest = *fds[i];
	}
	return lowest;
}

void sys_close_all(int *const *fds, size_t n)
{
	int first = lowest_from(fds, n, 0);

	while (first >= 0) {
		int last = first, next = lowest_from(fds, n, first + 1);

		while (next == last + 1) {
			last = next;
			next = lowest_from(fds, n, last + 1);
		}
		/* A filter of our own surroundings may refuse what is newer than it. */
		if (sys_close_range((unsigned)first, (unsigned)last, 0) < 0) {
			for (int fd = first; fd <= last; fd++)
				(void)close(fd);
		}
		first = next;
	}
	for (size_t i = 0; i < n; i++)
		*fds[i] = -EBADF;
}

int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return ret_errno(syscall(SYS_close_range, first, last, flags));
}

ssize_t sys_read(int fd, void *buf, size_t size)
{
	ssize_t n = RESTART(read(fd, buf, size));

	return n < 0 ? -errno : n;
}

ssize_t sys_write(int fd, const void *buf, size_t len)
{
	ssize_t n = RESTART(write(fd, buf, len));

	return n < 0 ? -errno : n;
}

/*
 * SIGPIPE is sent to the writing thread, so that blocking it there and taking the one
 * of ours back leaves the program's handlers alone.
 */
ssize_t sys_write_no_sigpipe(int fd, const void *buf, size_t len)
{
	const struct timespec now = { 0 };
	sigset_t pipe, old, pending;
	bool was_pending;
	ssize_t n;

	if (sigemptyset(&pipe) < 0 || sigaddset(&pipe, SIGPIPE) < 0 ||
	    sigprocmask(SIG_BLOCK, &pipe, &old) < 0 || sigpending(&pending) < 0)
		return -errno;
	was_pending = sigismember(&pending, SIGPIPE) == 1;
	n = sys_write(fd, buf, len);
	if (n == -EPIPE && !was_pending)
		(void)RESTART(sigtimedwait(&pipe, NULL, &now));
	if (sigprocmask(SIG_SETMASK, &old, NULL) < 0)
		return -errno;
	return n;
}

ssize_t sys_pread(int fd, void *buf, size_t size, off_t at)
{
	ssize_t n = RESTART(pread(fd, buf, size, at));

	return n < 0 ? -errno : n;
}

int sys_fstat(int fd, struct stat *ret)
{
	return ret_errno(fstat(fd, ret));
}

int sys_fstatat(int dir_fd, const char *path, struct stat *ret, int flags)
{
	return ret_errno(fstatat(dir_fd, path, ret, flags));
}

int sys_fstatfs_type(int fd, long *ret_type)
{
	struct statfs fs;
	int r = ret_errno(RESTART(fstatfs(fd, &fs)));

	if (r < 0)
		return r;
	*ret_type = (long)fs.f_type;
	return 0;
}

int sys_statfs_type(const char *path, long *ret_type)
{
	struct statfs fs;
	int r = ret_errno(RESTART(statfs(path, &fs)));

	if (r < 0)
		return r;
	*ret_type = (long)fs.f_type;
	return 0;
}

int sys_fstatvfs_flags(int fd, unsigned long *ret_flags)
{
	struct statvfs fs;
	int r = ret_errno(RESTART(fstatvfs(fd, &fs)));

	if (r < 0)
		return r;
	*ret_flags = fs.f_flag;
	return 0;
}

int sys_mkdirat(int dir_fd, const char *path, unsigned mode)
{
	return ret_errno(mkdirat(dir_fd, path, mode));
}

int sys_mknodat(int dir_fd, const char *path, unsigned mode, dev_t dev)
{
	return ret_errno(mknodat(dir_fd, path, mode, dev));
}

int sys_symlinkat(const char *target, int dir_fd, const char *path)
{
	return ret_errno(symlinkat(target, dir_fd, path));
}

ssize_t sys_readlinkat(int dir_fd, const char *path, char *buf, size_t size)
{
	ssize_t n = readlinkat(dir_fd, path, buf, size);

	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	buf[n] = '\0';
	return n;
}

int sys_renameat(int old_fd, const char *old, int new_fd, const char *new_path)
{
	return ret_errno(renameat(old_fd, old, new_fd, new_path));
}

int sys_unlinkat(int dir_fd, const char *path, int flags)
{
	return ret_errno(unlinkat(dir_fd, path, flags));
}

int sys_fchmod(int fd, unsigned mode)
{
	return ret_errno(fchmod(fd, mode));
}

int sys_fchmodat(int dir_fd, const char *path, unsigned mode)
{
	return ret_errno(fchmodat(dir_fd, path, mode, 0));
}

int sys_fchownat(int dir_fd, const char *path, uint32_t uid, uint32_t gid, int flags)
{
	return ret_errno(fchownat(dir_fd, path, uid, gid, flags));
}

int sys_fchown(int fd, uint32_t uid, uint32_t gid)
{
	return ret_errno(fchown(fd, uid, gid));
}

int sys_faccessat(int dir_fd, const char *path, int mode, int flags)
{
	if (!flags)
		return ret_errno(syscall(SYS_faccessat, dir_fd, path, mode));
	return ret_errno(syscall(SYS_faccessat2, dir_fd, path, mode, flags));
}

int sys_ftruncate(int fd, off_t len)
{
	return ret_errno(RESTART(ftruncate(fd, len)));
}

int sys_fsync(int fd)
{
	return ret_errno(RESTART(fsync(fd)));
}

int sys_flock(int fd, int op)
{
	return ret_errno(flock(fd, op));
}

int sys_dup(int fd, int min_fd)
{
	return ret_errno(fcntl(fd, F_DUPFD_CLOEXEC, min_fd));
}

int sys_dup3(int fd, int new_fd, bool cloexec)
{
	return ret_errno(RESTART(dup3(fd, new_fd, cloexec ? O_CLOEXEC : 0)));
}

int sys_set_cloexec(int fd, bool on)
{
	return ret_errno(fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0));
}

int sys_get_cloexec(int fd)
{
	int r = ret_errno(fcntl(fd, F_GETFD));

	return r < 0 ? r : !!(r & FD_CLOEXEC);
}

int sys_set_nonblock(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -errno;
	if (!!(flags & O_NONBLOCK) == on)
		return 0;
	return ret_errno(fcntl(fd, F_SETFL, flags ^ O_NONBLOCK));
}

int sys_pipe(int ret_fd[2])
{
	return ret_errno(pipe2(ret_fd, O_CLOEXEC));
}

int sys_memfd_create(const char *name, unsigned flags)
{
	return ret_errno(memfd_create(name, flags | MFD_CLOEXEC));
}

int sys_add_seals(int fd, int seals)
{
	return ret_errno(fcntl(fd, F_ADD_SEALS, seals));
}

int sys_get_seals(int fd)
{
	return ret_errno(fcntl(fd, F_GET_SEALS));
}

int sys_chdir(const char *path)
{
	return ret_errno(chdir(path));
}

int sys_fchdir(int fd)
{
	return ret_errno(fchdir(fd));
}

int sys_chroot(const char *path)
{
	return ret_errno(chroot(path));
}

/* The kernel writes "(unreachable)/..." for a directory outside the root. */
ssize_t sys_getcwd(char *buf, size_t size)
{
	long n = syscall(SYS_getcwd, buf, size);

	if (n < 0)
		return -errno;
	if (n == 0 || buf[0] != '/')
		return -ENOENT;
	return n - 1;
}

unsigned sys_umask(unsigned mask)
{
	return umask(mask);
}

int sys_getxattr(int fd, const char *name, void *buf, size_t size)
{
	return ret_errno(fgetxattr(fd, name, buf, size));
}

struct kernel_dirent { /* struct linux_dirent64, which no header has */
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

static bool is_dot(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

int sys_dir_each(int dir_fd,
		 int (*each)(void *ctx, int dir_fd, const char *name,
			     unsigned char d_type),
		 void *ctx)
{
	_Alignas(struct kernel_dirent) char buf[4096];

	if (lseek(dir_fd, 0, SEEK_SET) < 0)
		return -errno;
	for (;;) {
		long n = syscall(SYS_getdents64, dir_fd, buf, sizeof(buf));

		if (n <= 0)
			return ret_errno(n);
		for (long at = 0; at < n;) {
			const struct kernel_dirent *d = (const void *)(buf + at);
			int r = is_dot(d->name) ? 0 : each(ctx, dir_fd, d->name, d->type);

			if (r < 0)
				return r;
			at += d->reclen;
		}
	}
}
