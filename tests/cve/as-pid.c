/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as-pid.c - be the next one with a pid.
 *
 *   as-pid PID PROGRAM [ARG...]   wait until the pid is free (5 s), then run the program
 *                                 as that process; its exit status is ours
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	pid_t wanted, pid = -1;
	int status;

	if (argc < 3) {
		fprintf(stderr, "usage: as-pid PID PROGRAM [ARG...]\n");
		return 2;
	}
	wanted = (pid_t)strtol(argv[1], NULL, 10);
	for (int i = 0; i < 500 && pid < 0; i++) {
		struct clone_args args = {
			.exit_signal = SIGCHLD,
			.set_tid = (uintptr_t)&wanted,
			.set_tid_size = 1,
		};

		pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
		if (pid < 0 && errno != EEXIST)
			break;
		if (pid < 0)
			nanosleep(&pause, NULL);
	}
	if (pid < 0) {
		fprintf(stderr, "as-pid: %d: %s\n", (int)wanted, strerror(errno));
		return 1;
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
