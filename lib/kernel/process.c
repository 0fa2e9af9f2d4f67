/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.c - making, watching and ending processes; see process.h.
 *
 * clone3 without a stack and without CLONE_VM goes on in a copy of the address
 * space, like fork, but without libc's atfork handlers and locks: the child may
 * call the kernel and nothing that allocates. What libc caches about the process
 * describes the parent, hence getpid and friends by number.
 */
#include "kernel/process.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "kernel/file.h"
#include "kernel/ret.h"

struct kernel_clone_args { /* struct clone_args, CLONE_ARGS_SIZE_VER2 */
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
	uint64_t stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};
_Static_assert(sizeof(struct kernel_clone_args) == 88, "the kernel's third version");

/* clone(2); the order of the arguments after the third does not matter here. */
static long clone_old(unsigned long flags, int *parent_tid)
{
	if (COMPAT_CLONE_STACK_FIRST)
		return syscall(SYS_clone, 0UL, flags, parent_tid, NULL, NULL);
	return syscall(SYS_clone, flags, 0UL, parent_tid, NULL, NULL);
}

/*
 * clone(2) has room for 24 flags: the low byte is the exit signal (which is where
 * CLONE_NEWTIME lies), there are no upper 32 bits, and it returns the pidfd through
 * the third argument.
 */
static long clone_pidfd_old(uint64_t flags, unsigned exit_signal, int *ret_pidfd)
{
	if (flags & 0xffU || flags >> 32) {
		errno = ENOSYS;
		return -1;
	}
	return clone_old((unsigned long)flags | exit_signal, ret_pidfd);
}

pid_t sys_clone3(uint64_t flags, int cgroup_fd, int *ret_pidfd)
{
	unsigned exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD;
	int pidfd = -EBADF;
	struct kernel_clone_args args = {
		.flags = flags | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = exit_signal,
	};
	long pid;

	if (cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup_fd;
	}
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid < 0 && errno == ENOSYS && cgroup_fd < 0)
		pid = clone_pidfd_old(args.flags, exit_signal, &pidfd);
	if (pid > 0)
		*ret_pidfd = pidfd;
	return ret_errno(pid);
}

pid_t sys_fork(void)
{
	return ret_errno(clone_old(SIGCHLD, NULL));
}

int sys_execve(const char *path, char *const argv[], char *const envp[])
{
	return ret_errno(execve(path, argv, envp));
}

int sys_execveat(int dir_fd, const char *path, char *const argv[], char *const envp[],
		 int flags)
{
	return ret_errno(syscall(SYS_execveat, dir_fd, path, argv, envp, flags));
}

pid_t sys_getpid(void)
{
	return (pid_t)syscall(SYS_getpid);
}

pid_t sys_getppid(void)
{
	return (pid_t)syscall(SYS_getppid);
}

pid_t sys_setsid(void)
{
	return ret_errno(setsid());
}

int sys_kill(pid_t pid, int sig)
{
	return ret_errno(kill(pid, sig));
}

int sys_pidfd_open(pid_t pid, unsigned flags)
{
	return ret_errno(syscall(SYS_pidfd_open, pid, flags));
}

int sys_pidfd_send_signal(int pidfd, int sig)
{
	return ret_errno(syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0U));
}

int sys_pidfd_getfd(int pidfd, int target_fd)
{
	return ret_errno(syscall(SYS_pidfd_getfd, pidfd, target_fd, 0U));
}

int sys_waitid(int type, pid_t id, siginfo_t *ret, int options)
{
	memset(ret, 0, sizeof(*ret));
	return ret_errno(RESTART(waitid((idtype_t)type, (id_t)id, ret, options)));
}

int sys_waitid_fd(int pidfd, siginfo_t *ret, int options)
{
	return sys_waitid(P_PIDFD, pidfd, ret, options);
}

int sys_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	return ret_errno(prctl(op, a, b, c, d));
}

int sys_prctl_str(int op, const char *text)
{
	return ret_errno(prctl(op, text, 0UL, 0UL, 0UL));
}

int sys_personality(unsigned long persona)
{
	return ret_errno(syscall(SYS_personality, persona));
}

int sys_prlimit(pid_t pid, int resource, const struct rlimit64 *new_limit,
		struct rlimit64 *ret_old)
{
	return ret_errno(syscall(SYS_prlimit64, pid, resource, new_limit, ret_old));
}

void *sys_map_shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		       0);

	return p == MAP_FAILED ? NULL : p;
}

void sys_unmap_shared(void *p, size_t size)
{
	(void)munmap(p, size); /* fails for a bad address only */
}

/* The kernel's signals: libc keeps two or three of them back, hence by number. */
#define KERNEL_SIGNALS       64
#define KERNEL_SIGSET_SIZE   ((size_t)_NSIG / 8)
#define KERNEL_SIGACTION_MAX 64

/*
 * The layout of the kernel's struct sigaction differs between architectures, but
 * all bytes zero is SIG_DFL, no flags and an empty mask on each. Flags count too:
 * SA_NOCLDWAIT on a default SIGCHLD survives an execve.
 */
static int signal_reset(int sig, uint64_t which)
{
	static const unsigned char none[KERNEL_SIGACTION_MAX];
	_Alignas(8) unsigned char old[KERNEL_SIGACTION_MAX] = { 0 };

	if (which == SIGNALS_ALL) {
		if (syscall(SYS_rt_sigaction, sig, NULL, old, KERNEL_SIGSET_SIZE) < 0)
			return -errno;
		if (memcmp(old, none, sizeof(old)) == 0)
			return 0;
	}
	return ret_errno(syscall(SYS_rt_sigaction, sig, none, NULL, KERNEL_SIGSET_SIZE));
}

int sys_signals_reset(uint64_t which)
{
	static const uint64_t empty[KERNEL_SIGSET_SIZE / 8];

	for (int sig = 1; sig <= KERNEL_SIGNALS; sig++) {
		int r = which >> (sig - 1) & 1 ? signal_reset(sig, which) : 0;

		if (r < 0)
			return r;
	}
	return ret_errno(syscall(SYS_rt_sigprocmask, SIG_SETMASK, empty, NULL,
				 KERNEL_SIGSET_SIZE));
}

int sys_sigprocmask(int how, const sigset_t *set, sigset_t *ret_old)
{
	return ret_errno(sigprocmask(how, set, ret_old));
}

int sys_signal(int sig, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	return ret_errno(sigaction(sig, &action, NULL));
}

int sys_signalfd(const sigset_t *mask)
{
	return ret_errno(signalfd(-1, mask, SFD_CLOEXEC | SFD_NONBLOCK));
}

int sys_poll(struct pollfd *fds, unsigned n, int timeout_ms)
{
	int64_t deadline = timeout_ms > 0 ? sys_clock_ms() + timeout_ms : 0;

	for (;;) {
		int r = ret_errno(poll(fds, n, timeout_ms));

		if (r != -EINTR)
			return r;
		if (timeout_ms > 0) {
			int64_t left = deadline - sys_clock_ms();

			timeout_ms = left > 0 ? (int)left : 0;
		}
	}
}

int64_t sys_clock_ms(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: the clock exists */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int sys_sleep_ms(unsigned ms)
{
	struct timespec left = { .tv_sec = ms / 1000,
				 .tv_nsec = (long)(ms % 1000) * 1000000 };

	return ret_errno(RESTART(nanosleep(&left, &left)));
}

/*
 * The n-th blank-separated field of text as a number; fields have at most 20
 * digits, a sign included.
 */
static int stat_field(const char *text, unsigned n, uint64_t *ret)
{
	char number[24];
	size_t len;

	for (; n > 0; n--) {
		text = strchr(text, ' ');
		if (!text)
			return -EBADMSG;
		text++;
	}
	len = strcspn(text, " \n");
	if (len >= sizeof(number))
		return -EBADMSG;
	memcpy(number, text, len);
	number[len] = '\0';
	return num_parse_u64(number, ret);
}

/* "PID (name) S PPID ...": the name may hold anything, ") R 1 (" included. */
static int stat_parse(const char *line, struct proc_stat *ret)
{
	const char *text = strrchr(line, ')');
	uint64_t ppid, start_time;
	int r;

	if (!text || text[1] != ' ' || !text[2])
		return -EBADMSG;
	text += 2; /* field 3, the state, is our number 0 */
	r = stat_field(text, 4 - 3, &ppid);
	if (r == 0)
		r = stat_field(text, 22 - 3, &start_time);
	if (r < 0)
		return -EBADMSG;
	*ret = (struct proc_stat){
		.state = *text,
		.ppid = (pid_t)ppid,
		.start_time = start_time,
	};
	return 0;
}

int sys_proc_stat(pid_t pid, struct proc_stat *ret)
{
	char path[32], line[2048];
	autofd int fd = -EBADF;
	ssize_t n;

	if (pid <= 0)
		return -ESRCH;
	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = sys_openat(AT_FDCWD, path, O_RDONLY, 0);
	if (fd == -ENOENT)
		return -ESRCH;
	if (fd < 0)
		return fd;
	n = sys_read(fd, line, sizeof(line) - 1);
	if (n < 0)
		return (int)n;
	line[n] = '\0';
	return stat_parse(line, ret);
}
