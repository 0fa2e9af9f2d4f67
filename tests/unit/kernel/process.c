/* SPDX-License-Identifier: Apache-2.0 */
/* Processes: clone3 and what older kernels have, signals, waiting, /proc/PID/stat. */
#include "kernel/process.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "base/num.h"
#include "base/str.h"
#include "kernel/cred.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/unit.h"

static int exit_with_own_pid_seen(void *arg)
{
	pid_t *seen = arg;

	seen[0] = sys_getpid();
	seen[1] = sys_getppid();
	return 7;
}

static int clone_and_wait(void *arg)
{
	pid_t *seen = sys_map_shared(2 * sizeof(*seen));
	autofd int pidfd = -EBADF;
	siginfo_t info;
	int wrong = 0;
	pid_t pid;

	(void)arg;
	pid = sys_clone3(0, -EBADF, &pidfd);
	if (pid == 0)
		_exit(exit_with_own_pid_seen(seen));
	EXPECT(pid > 0 && pidfd >= 0);
	EXPECT(fcntl(pidfd, F_GETFD) == FD_CLOEXEC);
	EXPECT(sys_waitid_fd(pidfd, &info, WEXITED) == 0);
	EXPECT(info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 7);
	EXPECT(info.si_signo == SIGCHLD);
	EXPECT(seen[0] == pid && seen[1] == sys_getpid());
	EXPECT(sys_waitid_fd(pidfd, &info, WEXITED) == -ECHILD);
	sys_unmap_shared(seen, 2 * sizeof(*seen));
	return wrong;
}

static int clone_the_old_way(void *arg)
{
	autofd int pidfd = -EBADF;
	int wrong = 0;

	if (make_old_kernel(SYS_clone3) < 0)
		return 100;
	EXPECT(sys_clone3(CLONE_NEWTIME, -EBADF, &pidfd) == -ENOSYS);
	EXPECT(sys_clone3(CLONE_CLEAR_SIGHAND, -EBADF, &pidfd) == -ENOSYS);
	EXPECT(sys_clone3(0, 0, &pidfd) == -ENOSYS); /* into a cgroup */
	EXPECT(pidfd == -EBADF);
	return wrong + clone_and_wait(arg);
}

TEST(a_clone_knows_its_pid_and_its_pidfd_is_waited_for)
{
	CHECK_INT(clone_and_wait(NULL), 0);
}

TEST(without_clone3_clone_does_the_same_but_for_what_it_cannot_do)
{
	CHECK_INT(child_run(0, clone_the_old_way, NULL), 0);
}

/* A grandchild made with CLONE_PARENT is a child of the test program. */
static int make_sibling(void *arg)
{
	pid_t *seen = arg;
	int pidfd = -EBADF;
	pid_t pid = sys_clone3(CLONE_PARENT, -EBADF, &pidfd);

	if (pid == 0)
		_exit(exit_with_own_pid_seen(seen));
	return pid > 0 ? 0 : 1;
}

static int make_sibling_the_old_way(void *arg)
{
	return make_old_kernel(SYS_clone3) < 0 ? 100 : make_sibling(arg);
}

TEST(clone_parent_makes_a_sibling)
{
	child_fn *const ways[] = { make_sibling, make_sibling_the_old_way };

	for (size_t i = 0; i < N_ELEMENTS(ways); i++) {
		pid_t *seen = sys_map_shared(2 * sizeof(*seen));
		siginfo_t info;

		CHECK_INT(child_run(0, ways[i], seen), 0);
		CHECK_INT(sys_waitid(P_ALL, 0, &info, WEXITED | __WALL), 0);
		CHECK_INT(info.si_pid, seen[0]);
		CHECK_INT(seen[1], sys_getpid());
		sys_unmap_shared(seen, 2 * sizeof(*seen));
	}
}

static int be_init(void *arg)
{
	(void)arg;
	return sys_getpid() == 1 && sys_getppid() == 0 ? 0 : 1;
}

TEST(in_a_new_pid_namespace_the_child_is_1)
{
	if (!is_root())
		SKIP("making a pid namespace needs root");
	CHECK_INT(child_run(CLONE_NEWPID, be_init, NULL), 0);
}

/* The unified hierarchy: pure v2, or beside v1 ones. */
static int open_cgroup2(void)
{
	static const char *const mounts[] = { "/sys/fs/cgroup",
					      "/sys/fs/cgroup/unified" };

	for (size_t i = 0; i < N_ELEMENTS(mounts); i++) {
		int fd = sys_openat(AT_FDCWD, mounts[i], O_RDONLY | O_DIRECTORY, 0);
		long type = 0;

		if (fd >= 0 && sys_fstatfs_type(fd, &type) == 0 &&
		    type == CGROUP2_SUPER_MAGIC)
			return fd;
		fd_close(&fd);
	}
	return -ENOENT;
}

TEST(a_child_is_born_in_the_cgroup)
{
	autofd int mount_fd = open_cgroup2();
	autofd int group_fd = -EBADF;
	autofd int pidfd = -EBADF;
	char name[32], procs[32], want[32];
	siginfo_t info;
	pid_t pid;

	if (mount_fd < 0 || !is_root())
		SKIP("needs root and a mounted cgroup2");
	(void)snprintf(name, sizeof(name), "tare-unit-%d", (int)sys_getpid());
	CHECK_INT(sys_mkdirat(mount_fd, name, 0755), 0);
	group_fd = sys_openat(mount_fd, name, O_RDONLY | O_DIRECTORY, 0);
	CHECK(group_fd >= 0);
	pid = sys_clone3(0, group_fd, &pidfd);
	if (pid == 0)
		for (;;)
			pause();
	CHECK(pid > 0);
	CHECK(file_read_at(group_fd, "cgroup.procs", procs, sizeof(procs)) > 0);
	(void)snprintf(want, sizeof(want), "%d", (int)pid);
	CHECK_STR(procs, want);
	CHECK_INT(sys_pidfd_send_signal(pidfd, SIGKILL), 0);
	CHECK_INT(sys_waitid_fd(pidfd, &info, WEXITED), 0);
	CHECK_INT(sys_unlinkat(mount_fd, name, AT_REMOVEDIR), 0);
}

TEST(a_pidfd_signals_and_fetches_descriptors)
{
	autofd int pidfd = -EBADF;
	autofd int their_fd = -EBADF;
	autofd int own_pidfd = sys_pidfd_open(sys_getpid(), 0);
	struct stat a, b;
	siginfo_t info;
	int fds[2];
	pid_t pid;

	CHECK(own_pidfd >= 0);
	CHECK_INT(sys_pipe(fds), 0);
	pid = sys_clone3(0, -EBADF, &pidfd);
	if (pid == 0)
		for (;;)
			pause();
	their_fd = sys_pidfd_getfd(pidfd, fds[0]);
	CHECK(their_fd >= 0 || their_fd == -EPERM);
	if (their_fd >= 0) {
		CHECK_INT(sys_fstat(their_fd, &a), 0);
		CHECK_INT(sys_fstat(fds[0], &b), 0);
		CHECK(a.st_ino == b.st_ino);
	}
	CHECK_INT(sys_waitid_fd(pidfd, &info, WEXITED | WNOHANG), 0);
	CHECK_INT(info.si_pid, 0);
	CHECK_INT(sys_pidfd_send_signal(pidfd, SIGKILL), 0);
	CHECK_INT(sys_waitid(P_PID, pid, &info, WEXITED), 0);
	CHECK_INT(info.si_status, SIGKILL);
	CHECK_INT(sys_pidfd_send_signal(pidfd, SIGKILL), -ESRCH);
	CHECK_INT(sys_kill(pid, 0), -ESRCH);
	fd_close(&fds[0]);
	fd_close(&fds[1]);
}

static int exec_true(void *arg)
{
	char shell[] = "sh", option[] = "-c", script[] = "exit $X", x[] = "X=5";
	char *const argv[] = { shell, option, script, NULL }, *const envp[] = { x, NULL };
	bool at = *(const bool *)arg;
	int fd = sys_openat(AT_FDCWD, "/bin/sh", O_PATH, 0);

	if (at)
		(void)sys_execveat(fd, "", argv, envp, AT_EMPTY_PATH);
	else
		(void)sys_execve("/bin/sh", argv, envp);
	return 1;
}

TEST(execve_by_name_and_by_descriptor)
{
	char name[] = "x", *const argv[] = { name, NULL };
	bool at = false;

	CHECK_INT(child_run(0, exec_true, &at), 5);
	at = true;
	CHECK_INT(child_run(0, exec_true, &at), 5);
	CHECK_INT(sys_execve("/nowhere/x", argv, argv), -ENOENT);
	CHECK_INT(sys_execveat(AT_FDCWD, "/nowhere/x", argv, argv, 0), -ENOENT);
}

/* A value of /proc/self/status: "SigIgn:\t0000..." */
static bool status_is(const char *key, const char *want)
{
	char text[4096];
	const char *at;

	if (file_read_at(AT_FDCWD, "/proc/self/status", text, sizeof(text)) < 0)
		return false;
	at = strstr(text, key);
	return at && str_after(at + strlen(key), want);
}

static void handler(int sig)
{
	(void)sig;
}

/* What libc does not let one do: ignore a signal that it keeps for itself. */
static int ignore_raw(int sig)
{
	unsigned long action[8] = { (unsigned long)SIG_IGN };

	return (int)syscall(SYS_rt_sigaction, sig, action, NULL, (size_t)8);
}

static int reset_signals(void *arg)
{
	struct sigaction no_zombies = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };
	struct sigaction now;
	sigset_t all;
	int wrong = 0;

	(void)arg;
	/* Whatever the caller ignores: a shell's background job ignores SIGINT. */
	EXPECT(sys_signals_reset(SIGNALS_ALL) == 0);
	EXPECT(sys_signal(SIGUSR1, handler) == 0);
	EXPECT(sys_signal(SIGPIPE, SIG_IGN) == 0);
	EXPECT(sys_signal(SIGRTMAX, SIG_IGN) == 0);
	EXPECT(ignore_raw(33) == 0);
	EXPECT(sigaction(SIGCHLD, &no_zombies, NULL) == 0);
	EXPECT(sigfillset(&all) == 0 && sys_sigprocmask(SIG_BLOCK, &all, NULL) == 0);
	EXPECT(status_is("SigIgn:\t", "8000000100001000"));
	EXPECT(!status_is("SigBlk:\t", "0000000000000000"));

	EXPECT(sys_signals_reset(SIGNALS_ALL) == 0);
	EXPECT(status_is("SigIgn:\t", "0000000000000000"));
	EXPECT(status_is("SigCgt:\t", "0000000000000000"));
	EXPECT(status_is("SigBlk:\t", "0000000000000000"));
	EXPECT(sigaction(SIGCHLD, NULL, &now) == 0 && !(now.sa_flags & SA_NOCLDWAIT));
	return wrong;
}

TEST(signals_are_reset_those_of_libc_and_flags_included)
{
	CHECK_INT(child_run(0, reset_signals, NULL), 0);
}

static int reset_some_signals(void *arg)
{
	int wrong = 0;

	(void)arg;
	EXPECT(sys_signals_reset(SIGNALS_ALL) == 0);
	EXPECT(sys_signal(SIGUSR1, SIG_IGN) == 0);
	EXPECT(sys_signal(SIGPIPE, SIG_IGN) == 0);
	EXPECT(sys_signal(SIGRTMAX, SIG_IGN) == 0);
	EXPECT(sys_signals_reset(UINT64_C(1) << (SIGPIPE - 1) |
				 UINT64_C(1) << (SIGRTMAX - 1)) == 0);
	EXPECT(status_is("SigIgn:\t", "0000000000000200"));
	EXPECT(sys_signals_reset(0) == 0);
	EXPECT(status_is("SigIgn:\t", "0000000000000200"));
	return wrong;
}

TEST(only_the_signals_that_are_named_are_reset)
{
	CHECK_INT(child_run(0, reset_some_signals, NULL), 0);
}

static int take_signal(void *arg)
{
	struct {
		unsigned signo;
		char rest[124];
	} info;
	sigset_t mask;
	int fd, wrong = 0;

	(void)arg;
	EXPECT(sigemptyset(&mask) == 0 && sigaddset(&mask, SIGTERM) == 0);
	EXPECT(sys_sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
	fd = sys_signalfd(&mask);
	EXPECT(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	EXPECT(sys_kill(sys_getpid(), SIGTERM) == 0);
	EXPECT(sys_read(fd, &info, sizeof(info)) == sizeof(info) &&
	       info.signo == SIGTERM);
	return wrong;
}

TEST(a_signalfd_hands_out_what_is_blocked)
{
	CHECK_INT(child_run(0, take_signal, NULL), 0);
}

/* A process whose name looks like the end of a name and the fields after it. */
static pid_t start_evil_name(int *ret_pidfd)
{
	int ready[2] = { -EBADF, -EBADF };
	char c;
	pid_t pid;

	if (sys_pipe(ready) < 0)
		return -1;
	pid = sys_clone3(0, -EBADF, ret_pidfd);
	if (pid == 0) {
		(void)sys_prctl_str(PR_SET_NAME, ") R 1 (");
		(void)sys_write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	fd_close(&ready[1]);
	if (sys_read(ready[0], &c, 1) != 1)
		pid = -1;
	fd_close(&ready[0]);
	return pid;
}

TEST(proc_stat_is_not_fooled_by_a_name)
{
	struct proc_stat self, child, again;
	char path[32], line[1024], comm[32];
	autofd int pidfd = -EBADF;
	siginfo_t info;
	pid_t pid = start_evil_name(&pidfd);
	uint64_t start = 0;

	CHECK(pid > 0);
	for (unsigned i = 0; i < 500; i++) { /* until it has gone to sleep */
		CHECK_INT(sys_proc_stat(pid, &child), 0);
		if (child.state == 'S')
			break;
		CHECK_INT(sys_sleep_ms(10), 0);
	}
	(void)snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	CHECK(file_read_at(AT_FDCWD, path, comm, sizeof(comm)) > 0);
	CHECK_STR(comm, ") R 1 (");
	CHECK_INT(child.state, 'S');
	CHECK_INT(child.ppid, sys_getpid());

	/* the 22nd field, counted by another hand */
	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	CHECK(file_read_at(AT_FDCWD, path, line, sizeof(line)) > 0);
	CHECK(sscanf(strstr(line, "R 1 ()") + 6,
		     " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
		     "%*d %*d %lu",
		     &start) == 1);
	CHECK(start > 0 && child.start_time == start);
	CHECK_INT(sys_proc_stat(sys_getpid(), &self), 0);
	CHECK(self.start_time <= child.start_time);

	CHECK_INT(sys_pidfd_send_signal(pidfd, SIGKILL), 0);
	CHECK_INT(sys_waitid_fd(pidfd, &info, WEXITED | WNOWAIT), 0);
	CHECK_INT(sys_proc_stat(pid, &again), 0);
	CHECK_INT(again.state, 'Z');
	CHECK(again.start_time == start);
	CHECK_INT(sys_waitid_fd(pidfd, &info, WEXITED), 0);
	CHECK_INT(sys_proc_stat(pid, &again), -ESRCH);
	CHECK_INT(sys_proc_stat(0, &again), -ESRCH);
	CHECK_INT(sys_proc_stat(-1, &again), -ESRCH);
}

static int poll_through_signals(void *arg)
{
	const struct itimerval often = { { 0, 10000 }, { 0, 10000 } };
	struct sigaction action = { .sa_handler = handler };
	int64_t start = sys_clock_ms();
	int wrong = 0;

	(void)arg;
	EXPECT(sigaction(SIGALRM, &action, NULL) == 0);
	EXPECT(setitimer(ITIMER_REAL, &often, NULL) == 0);
	EXPECT(sys_poll(NULL, 0, 100) == 0);
	EXPECT(sys_clock_ms() - start >= 100);
	EXPECT(sys_sleep_ms(100) == 0);
	EXPECT(sys_clock_ms() - start >= 200);
	return wrong;
}

TEST(poll_and_sleep_last_as_long_as_asked_despite_signals)
{
	CHECK_INT(child_run(0, poll_through_signals, NULL), 0);
}

TEST(poll_tells_what_is_ready)
{
	int fds[2];
	struct pollfd p;

	CHECK_INT(sys_pipe(fds), 0);
	p = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	CHECK_INT(sys_poll(&p, 1, 0), 0);
	CHECK_INT(sys_write(fds[1], "x", 1), 1);
	CHECK_INT(sys_poll(&p, 1, -1), 1);
	CHECK(p.revents & POLLIN);
	fd_close(&fds[0]);
	fd_close(&fds[1]);
}

static int change_attributes(void *arg)
{
	struct rlimit64 old, lower, now;
	int wrong = 0, persona = sys_personality(0xffffffff);

	(void)arg;
	EXPECT(persona >= 0);
	EXPECT(sys_personality(0x0040000) == persona); /* ADDR_NO_RANDOMIZE */
	EXPECT(sys_personality(0xffffffff) == 0x0040000);

	EXPECT(sys_prlimit(0, RLIMIT_NOFILE, NULL, &old) == 0);
	lower = (struct rlimit64){ .rlim_cur = 32, .rlim_max = 64 };
	EXPECT(sys_prlimit(0, RLIMIT_NOFILE, &lower, &now) == 0);
	EXPECT(now.rlim_cur == old.rlim_cur && now.rlim_max == old.rlim_max);
	EXPECT(sys_prlimit(0, RLIMIT_NOFILE, NULL, &now) == 0);
	EXPECT(now.rlim_cur == 32 && now.rlim_max == 64);
	EXPECT(sys_prlimit(0, 1000, NULL, &now) == -EINVAL);

	EXPECT(sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
	EXPECT(sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	EXPECT(sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	EXPECT(sys_setsid() == sys_getpid());
	EXPECT(sys_setsid() == -EPERM);
	return wrong;
}

TEST(attributes_are_set_and_read_back)
{
	CHECK_INT(child_run(0, change_attributes, NULL), 0);
}

static int share(void *arg)
{
	*(int *)arg = 42;
	return 0;
}

TEST(shared_memory_is_seen_from_both_sides)
{
	int *p = sys_map_shared(sizeof(*p));

	CHECK(p && *p == 0);
	CHECK_INT(child_run(0, share, p), 0);
	CHECK_INT(*p, 42);
	sys_unmap_shared(p, sizeof(*p));
}

TEST(fork_copies)
{
	siginfo_t info;
	pid_t pid = sys_fork();

	if (pid == 0)
		_exit(3);
	CHECK(pid > 0);
	CHECK_INT(sys_waitid(P_PID, pid, &info, WEXITED), 0);
	CHECK_INT(info.si_status, 3);
}
