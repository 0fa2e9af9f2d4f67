/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swap.c - the neighbour with a shared volume.
 *
 *   swap A B SECONDS   exchange the two names over and over, until SIGTERM; the pauses
 *                      vary, so that no step of the runtime is out of step with it
 *
 * The first line of the output says that it has begun, the last how often it was done.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ended;

static void end(int sig)
{
	(void)sig;
	ended = 1;
}

static void spin(unsigned n)
{
	for (volatile unsigned i = 0; i < n; i++)
		;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = end };
	unsigned long done = 0;
	time_t last;

	if (argc != 4) {
		fprintf(stderr, "usage: swap A B SECONDS\n");
		return 2;
	}
	last = time(NULL) + strtol(argv[3], NULL, 10);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGTERM, &sa, NULL);
	srandom((unsigned)getpid());
	while (!ended && time(NULL) < last) {
		if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) <
		    0) {
			fprintf(stderr, "swap: %s\n", strerror(errno));
			return 1;
		}
		if (!done++) {
			puts("begun");
			fflush(stdout);
		}
		spin((unsigned)random() % 40000);
	}
	printf("%lu\n", done);
	return 0;
}
