/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swap.c - the neighbour with a shared volume.
 *
 *   swap A B SECONDS MICROSECONDS
 *
 * Exchanges the two names over and over, until SIGTERM or for so long. The pauses vary,
 * up to MICROSECONDS, so that every step of the runtime gets its turn.
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

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* To sleep would take longer than the gap that has to be met. */
static void spin(long usec)
{
	long until = now() + usec;

	while (now() < until && !ended)
		;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = end };
	unsigned long done = 0;
	long last, longest;

	if (argc != 5) {
		fprintf(stderr, "usage: swap A B SECONDS MICROSECONDS\n");
		return 2;
	}
	last = now() + strtol(argv[3], NULL, 10) * 1000000;
	longest = strtol(argv[4], NULL, 10);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGTERM, &sa, NULL);
	srandom((unsigned)getpid());
	while (!ended && now() < last) {
		if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) <
		    0) {
			fprintf(stderr, "swap: %s\n", strerror(errno));
			return 1;
		}
		if (!done++) {
			puts("begun");
			fflush(stdout);
		}
		spin(random() % (longest + 1));
	}
	printf("%lu\n", done);
	return 0;
}
