/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child.h - run a piece of a test in a process of its own.
 *
 * What changes ids, namespaces or limits must not happen to the test program. A CHECK
 * in the child would be lost: it reports by its exit status, 0 for success, which the
 * parent checks.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "kernel/cred.h"
#include "kernel/file.h"
#include "kernel/ns.h"
#include "kernel/process.h"

typedef int child_fn(void *arg);

/* The child's exit status, or 128 + the signal that ended it; negative: no child. */
static inline int child_run(uint64_t clone_flags, child_fn *fn, void *arg)
{
	autofd int pidfd = -EBADF;
	siginfo_t info;
	pid_t pid = sys_clone3(clone_flags, -EBADF, &pidfd);

	if (pid == 0)
		_exit(fn(arg));
	if (pid < 0)
		return pid;
	if (sys_waitid_fd(pidfd, &info, WEXITED) < 0)
		return -ECHILD;
	return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

/* A process that does nothing but keep its namespaces alive. */
struct holder {
	pid_t pid;
	int pidfd;
};

/* As uid it unshares what flags say; false when the kernel refuses. */
static inline bool holder_start(struct holder *h, uid_t uid, int flags)
{
	int ready[2];
	char ok = 'n';

	h->pidfd = -EBADF;
	if (sys_pipe(ready) < 0)
		return false;
	h->pid = sys_clone3(0, -EBADF, &h->pidfd);
	if (h->pid == 0) {
		if ((!uid || sys_setresuid(uid, uid, uid) == 0) &&
		    sys_unshare(flags) == 0)
			ok = 'y';
		(void)sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		(void)sys_write(ready[1], &ok, 1);
		for (;;)
			pause();
	}
	fd_close(&ready[1]);
	(void)sys_read(ready[0], &ok, 1);
	fd_close(&ready[0]);
	return h->pid > 0 && ok == 'y';
}

static inline void holder_stop(struct holder *h)
{
	siginfo_t info;

	if (h->pidfd < 0)
		return;
	(void)sys_pidfd_send_signal(h->pidfd, SIGKILL);
	(void)sys_waitid_fd(h->pidfd, &info, WEXITED);
	fd_close(&h->pidfd);
}

static inline bool is_root(void)
{
	struct cap_sets caps;

	return sys_geteuid() == 0 && sys_capget(&caps) == 0 &&
	       caps.effective & 1u << 21; /* CAP_SYS_ADMIN */
}

/* The message as the user sees it, in a buffer of the caller. */
static inline const char *text_of(const struct err *e, char buf[1024])
{
	err_format(e, buf, 1024);
	return buf;
}
