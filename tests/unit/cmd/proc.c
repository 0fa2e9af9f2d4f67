/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/proc.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

TEST(our_own_process_is_as_we_know_it)
{
	struct proc *p = malloc(sizeof(*p));

	CHECK(p && prctl(PR_SET_NAME, "a) R (b") == 0);
	CHECK_INT(proc_read(getpid(), p), 0);
	CHECK_INT(p->pid, getpid());
	CHECK_INT(p->ppid, getppid());
	CHECK_INT(p->pgrp, getpgrp());
	CHECK_INT(p->session, getsid(0));
	CHECK_INT(p->uid, geteuid());
	CHECK_INT(p->gid, getegid());
	CHECK_INT(p->threads, 1);
	CHECK(p->state == 'R');
	CHECK_STR(p->comm, "a) R (b");
	CHECK_STR(p->args, program_invocation_name);
	CHECK(p->rss_kib > 0 && p->vsz_kib >= p->rss_kib);
	free(p);
}

TEST(a_process_without_arguments_is_shown_by_its_name)
{
	struct proc *p = malloc(sizeof(*p));
	siginfo_t si;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	/* A zombie has no command line any more. */
	CHECK(waitid(P_PID, (id_t)pid, &si, WEXITED | WNOWAIT) == 0);
	CHECK(p && proc_read(pid, p) == 0);
	CHECK(p->state == 'Z' && p->args[0] == '[');
	CHECK(waitid(P_PID, (id_t)pid, &si, WEXITED) == 0);
	CHECK(proc_read(pid, p) < 0);
	free(p);
}

TEST(the_host_has_memory_and_has_been_up)
{
	struct proc_host h;

	CHECK_INT(proc_read_host(&h), 0);
	CHECK(h.uptime_ms > 0 && h.memory_kib > 1000 && h.now > 1600000000);
}
