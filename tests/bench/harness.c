/* SPDX-License-Identifier: Apache-2.0 */
/*
 * harness.c - measure runtimes side by side.
 *
 * usage: harness ROUNDS BUNDLE STATE-DIR NAME=PROGRAM ... [floor=PROGRAM]
 *
 * Every round visits the candidates in a new random order and takes each through run,
 * create, start, state, exec, kill and delete. What counts is the CPU time, user and
 * system, of the command and everything it waited for (wait4); wall time is shown as
 * well. Medians are compared as ratios, because only candidates of the same run share
 * the machine's mood. A candidate called floor is run alone: it does the kernel's part
 * of `run` and nothing else.
 *
 * The harness is small and static on purpose: maximum RSS is inherited across fork.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_CANDIDATES 8
#define MAX_ROUNDS     1000

enum op { OP_RUN, OP_CREATE, OP_START, OP_STATE, OP_EXEC, OP_KILL, OP_DELETE, OPS };
static const char *const op_names[OPS] = { "run",  "create", "start", "state",
					   "exec", "kill",   "delete" };

struct candidate {
	const char *name, *program;
	bool is_floor;
	double cpu[OPS][MAX_ROUNDS], wall[OPS][MAX_ROUNDS];
	long rss[OPS]; /* KiB, the largest seen */
	size_t n[OPS];
};

static struct candidate candidates[MAX_CANDIDATES];
static size_t n_candidates;
static const char *bundle, *state_dir;

static void die(const char *what)
{
	fprintf(stderr, "harness: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) < 0)
		die("clock_gettime");
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Run one command, record what it took; its exit status, or -1. */
static int measure(struct candidate *c, enum op op, char *const argv[])
{
	double begin = now();
	struct rusage usage;
	size_t i = c->n[op];
	int status;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		int null_fd = open("/dev/null", O_RDWR);

		if (null_fd < 0 || dup2(null_fd, 0) < 0 || dup2(null_fd, 1) < 0)
			_exit(127);
		execv(argv[0], argv);
		_exit(127);
	}
	while (wait4(pid, &status, 0, &usage) < 0) {
		if (errno != EINTR)
			die("wait4");
	}
	c->cpu[op][i] = (seconds(usage.ru_utime) + seconds(usage.ru_stime)) * 1e3;
	c->wall[op][i] = (now() - begin) * 1e3;
	if (usage.ru_maxrss > c->rss[op])
		c->rss[op] = usage.ru_maxrss;
	c->n[op] = i + 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void must(struct candidate *c, enum op op, int status)
{
	if (status == 0)
		return;
	fprintf(stderr, "harness: %s %s ended with status %d\n", c->name, op_names[op],
		status);
	exit(1);
}

/* Reap containers that were reparented to us. */
static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/* Killed is not yet gone: `delete` is measured on a stopped container. */
static void await_orphan(void)
{
	if (waitpid(-1, NULL, 0) < 0 && errno != ECHILD)
		die("waitpid");
}

static void visit(struct candidate *c, unsigned round)
{
	char root[256], id[64];
	char *program = (char *)c->program;

	snprintf(root, sizeof(root), "%s/%s", state_dir, c->name);
	snprintf(id, sizeof(id), "bench-%s-%d-%u", c->name, (int)getpid(), round);

	if (c->is_floor) {
		char *const run[] = { program, (char *)bundle, root, id, NULL };

		must(c, OP_RUN, measure(c, OP_RUN, run));
		return;
	}

#define COMMAND(op, ...)                                                                 \
	do {                                                                             \
		char *const argv[] = { program, "--root", root, __VA_ARGS__, NULL };     \
		must(c, op, measure(c, op, argv));                                       \
	} while (0)

	COMMAND(OP_RUN, "run", "--bundle", (char *)bundle, id);
	char pause_bundle[300];

	snprintf(pause_bundle, sizeof(pause_bundle), "%s-pause", bundle);
	COMMAND(OP_CREATE, "create", "--bundle", pause_bundle, id);
	COMMAND(OP_START, "start", id);
	COMMAND(OP_STATE, "state", id);
	COMMAND(OP_EXEC, "exec", id, "/true");
	COMMAND(OP_KILL, "kill", id, "KILL");
	await_orphan();
	COMMAND(OP_DELETE, "delete", id);
	reap();
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	if (!n)
		return 0;
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void shuffle(size_t *order)
{
	for (size_t i = n_candidates; i-- > 1;) {
		size_t j = (size_t)rand() % (i + 1), t = order[i];

		order[i] = order[j];
		order[j] = t;
	}
}

/* tare is the first candidate; the others are what it is compared with. */
static void print_table(void)
{
	printf("%-8s", "op");
	for (size_t i = 0; i < n_candidates; i++)
		printf(" %9s", candidates[i].name);
	for (size_t i = 1; i < n_candidates; i++)
		printf("  %s/%s", candidates[0].name, candidates[i].name);
	printf("   (CPU ms, median of %zu; ratios)\n", candidates[0].n[OP_RUN]);
	for (int op = 0; op < OPS; op++) {
		double m[MAX_CANDIDATES];

		printf("%-8s", op_names[op]);
		for (size_t i = 0; i < n_candidates; i++) {
			m[i] = median(candidates[i].cpu[op], candidates[i].n[op]);
			if (candidates[i].n[op])
				printf(" %9.2f", m[i]);
			else
				printf(" %9s", "-");
		}
		for (size_t i = 1; i < n_candidates; i++) {
			int width = (int)(strlen(candidates[0].name) +
					  strlen(candidates[i].name) + 3);

			if (candidates[i].n[op])
				printf("%*.2f", width, m[0] / m[i]);
			else
				printf("%*s", width, "-");
		}
		printf("\n");
	}
	printf("wall ms, median of run:");
	for (size_t i = 0; i < n_candidates; i++)
		printf(" %s %.2f", candidates[i].name,
		       median(candidates[i].wall[OP_RUN], candidates[i].n[OP_RUN]));
	printf("\npeak RSS of run, KiB:  ");
	for (size_t i = 0; i < n_candidates; i++)
		printf(" %s %ld", candidates[i].name, candidates[i].rss[OP_RUN]);
	printf("\n");
}

int main(int argc, char *argv[])
{
	size_t order[MAX_CANDIDATES];
	unsigned rounds;

	if (argc < 5 || argc - 4 > MAX_CANDIDATES) {
		fprintf(stderr,
			"usage: harness ROUNDS BUNDLE STATE-DIR NAME=PROGRAM ...\n");
		return 1;
	}
	rounds = (unsigned)strtoul(argv[1], NULL, 10);
	if (!rounds || rounds > MAX_ROUNDS)
		rounds = 50;
	bundle = argv[2];
	state_dir = argv[3];
	for (int i = 4; i < argc; i++) {
		struct candidate *c = &candidates[n_candidates];
		char *eq = strchr(argv[i], '=');

		if (!eq)
			die(argv[i]);
		*eq = '\0';
		c->name = argv[i];
		c->program = eq + 1;
		c->is_floor = strcmp(c->name, "floor") == 0;
		order[n_candidates] = n_candidates;
		n_candidates++;
	}
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		die("prctl");
	srand((unsigned)time(NULL));
	for (unsigned round = 0; round < rounds; round++) {
		shuffle(order);
		for (size_t i = 0; i < n_candidates; i++)
			visit(&candidates[order[i]], round);
	}
	print_table();
	return 0;
}
