/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.c - tell from inside a container what busybox cannot.
 *
 *   probe fds             every open descriptor but the one used to look: "N TARGET"
 *   probe session         pid, process group, session, and whether there is a terminal
 *   probe syscall NR [A]  the error of a raw system call: "ok" or the errno's name
 *   probe cwd             what the kernel says the current directory is
 *   probe euid            the effective user id
 *   probe keyring         whether the session keyring is of its own: its serial number
 *   probe affinity        how many CPUs it may use
 *   probe signals         signals blocked and ignored
 *   probe devices CGROUP  how many device programs are attached to that v2 cgroup
 *   probe write PATH      open for writing what is there: "ok" or the errno's name
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int say(long r)
{
	printf("%s\n", r < 0 ? strerrorname_np(errno) : "ok");
	return 0;
}

static int probe_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	char path[300], target[4096];
	struct dirent *entry;

	if (!d)
		return 1;
	while ((entry = readdir(d))) {
		ssize_t n;

		if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(d))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = '\0';
		printf("%s %s\n", entry->d_name, target);
	}
	return 0;
}

static int probe_session(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY);

	printf("pid %d group %d session %d %s\n", (int)getpid(), (int)getpgrp(),
	       (int)getsid(0), fd < 0 ? "no terminal" : "terminal");
	return 0;
}

static int probe_cwd(void)
{
	char path[4096];
	long n = syscall(SYS_getcwd, path, sizeof(path));

	return n < 0 ? say(n) : printf("%s\n", path) < 0;
}

static int probe_affinity(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	printf("%d\n", CPU_COUNT(&set));
	return 0;
}

static int probe_signals(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];

	if (!f)
		return 1;
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "SigBlk:", 7) || !strncmp(line, "SigIgn:", 7))
			fputs(line, stdout);
	}
	fclose(f);
	return 0;
}

static int probe_devices(const char *cgroup)
{
	uint32_t ids[64];
	union bpf_attr attr = {
		.query = {
			.target_fd = (uint32_t)open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
			.attach_type = BPF_CGROUP_DEVICE,
			.prog_ids = (uint64_t)(uintptr_t)ids,
			.prog_cnt = 64,
		},
	};

	if (syscall(SYS_bpf, BPF_PROG_QUERY, &attr, sizeof(attr)) < 0)
		return say(-1);
	printf("%u\n", attr.query.prog_cnt);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned long number = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	unsigned long argument = argc > 3 ? strtoul(argv[3], NULL, 0) : 0;

	if (!strcmp(what, "fds"))
		return probe_fds();
	if (!strcmp(what, "session"))
		return probe_session();
	if (!strcmp(what, "syscall"))
		return say(syscall((long)number, argument, 0, 0, 0, 0, 0));
	if (!strcmp(what, "cwd"))
		return probe_cwd();
	if (!strcmp(what, "euid"))
		return printf("%d\n", (int)geteuid()) < 0;
	if (!strcmp(what, "keyring"))
		return printf("%ld\n", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
					       KEY_SPEC_SESSION_KEYRING, 0)) < 0;
	if (!strcmp(what, "affinity"))
		return probe_affinity();
	if (!strcmp(what, "signals"))
		return probe_signals();
	if (!strcmp(what, "devices") && argc > 2)
		return probe_devices(argv[2]);
	if (!strcmp(what, "write") && argc > 2)
		return say(open(argv[2], O_WRONLY | O_CLOEXEC));
	fprintf(stderr, "probe: unknown question\n");
	return 2;
}
