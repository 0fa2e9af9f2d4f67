/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peak.c - run a command, print its peak resident memory in KiB on stderr.
 *
 * usage: peak PROGRAM ARG...
 *
 * Static and small, because exec keeps the peak of the image it replaces.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		return 127;
	pid = fork();
	if (pid < 0)
		return 127;
	if (pid == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) < 0)
		return 127;
	fprintf(stderr, "%ld\n", usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
