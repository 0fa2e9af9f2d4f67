/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.h - making, watching and ending processes; no policy, see file.h.
 *
 * The only file that forks. clone is raw clone3(2): the child runs on a copy of
 * the address space, shares nothing with the parent and must not allocate.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "kernel/compat.h"

/*
 * clone3 with the given CLONE_* flags (CLONE_PIDFD is always added, CLONE_INTO_CGROUP
 * iff cgroup_fd >= 0), exit signal SIGCHLD (none with CLONE_PARENT). Returns 0 in the
 * child, the pid in the parent with *ret_pidfd set; falls back to clone(2) on ENOSYS
 * when no cgroup is asked for.
 */
pid_t sys_clone3(uint64_t flags, int cgroup_fd, int *ret_pidfd);
pid_t sys_fork(void); /* plain copy */

int sys_execve(const char *path, char *const argv[], char *const envp[]);
int sys_execveat(int dir_fd, const char *path, char *const argv[], char *const envp[],
		 int flags);
pid_t sys_getpid(void); /* raw: right in a clone3 child too */
pid_t sys_getppid(void);
pid_t sys_setsid(void);
int sys_kill(pid_t pid, int sig);
int sys_pidfd_open(pid_t pid, unsigned flags);
int sys_pidfd_send_signal(int pidfd, int sig);
int sys_pidfd_getfd(int pidfd, int target_fd);
/* Wait for a child, by pid. options as waitid(2); returns 0 and fills *ret (si_pid 0:
 * WNOHANG and not yet). */
int sys_waitid(int type, pid_t id, siginfo_t *ret, int options);
int sys_waitid_fd(int pidfd, siginfo_t *ret, int options);

int sys_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
int sys_prctl_str(int op, const char *text);
int sys_personality(unsigned long persona);
int sys_prlimit(pid_t pid, int resource, const struct rlimit64 *new_limit,
		struct rlimit64 *ret_old);

/* Zeroed memory that stays shared with children made later; NULL when there is none. */
void *sys_map_shared(size_t size);
void sys_unmap_shared(void *p, size_t size);

/*
 * Signals: reset handlers to SIG_DFL, but only what differs, and empty the mask. `which`
 * has bit n - 1 for signal n: those that may differ; SIGNALS_ALL where nobody knows.
 */
#define SIGNALS_ALL UINT64_MAX
int sys_signals_reset(uint64_t which);
int sys_sigprocmask(int how, const sigset_t *set, sigset_t *ret_old);
int sys_signal(int sig,
	       void (*handler)(int));   /* SIG_DFL, SIG_IGN or a function; SA_RESTART */
int sys_signalfd(const sigset_t *mask); /* does not block */

/* Poll; timeout in ms, -1 endless; restarted on EINTR with the time that is left. */
struct pollfd;
int sys_poll(struct pollfd *fds, unsigned n, int timeout_ms);
int64_t sys_clock_ms(void); /* CLOCK_MONOTONIC */
int sys_sleep_ms(unsigned ms);

/* State and start time (clock ticks since boot, field 22) from /proc/PID/stat. */
struct proc_stat {
	char state; /* R S D Z X T ... */
	pid_t ppid;
	uint64_t start_time;
};
int sys_proc_stat(pid_t pid, struct proc_stat *ret); /* -ESRCH: no such process */
