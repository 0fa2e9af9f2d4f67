/* SPDX-License-Identifier: Apache-2.0 */
/* proc.c - a process as procfs shows it; see proc.h, proc(5). */
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/str.h"

/* Fields of stat by their number in proc(5), the state being 3. */
enum {
	STAT_PPID = 4,
	STAT_PGRP = 5,
	STAT_SESSION = 6,
	STAT_TTY = 7,
	STAT_TPGID = 8,
	STAT_UTIME = 14,
	STAT_STIME = 15,
	STAT_NICE = 19,
	STAT_THREADS = 20,
	STAT_START = 22,
	STAT_VSIZE = 23,
	STAT_RSS = 24,
	N_STAT
};

static int read_file(pid_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	int r = str_format(path, sizeof(path), "/proc/%d/%s", (int)pid, name);

	return r < 0 ? r : (int)file_read_at(AT_FDCWD, path, buf, size);
}

/* Blank-separated numbers; `at` is behind the state. */
static int parse_fields(char *at, int64_t field[N_STAT])
{
	for (int i = STAT_PPID; i < N_STAT; i++) {
		char *text = at + strspn(at, " ");

		at = text + strcspn(text, " ");
		if (*at)
			*at++ = '\0';
		if (num_parse_i64(text, &field[i]) < 0)
			return -EBADMSG;
	}
	return 0;
}

/* "PID (comm) S PPID ...": comm may hold anything, parentheses and blanks included. */
static int parse_stat(char *line, struct proc *p)
{
	uint64_t tick_ms = 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
	uint64_t page_kib = (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	char *open = strchr(line, '('), *close = strrchr(line, ')');
	int64_t f[N_STAT];

	if (!open || !close || close < open || close[1] != ' ' || !close[2])
		return -EBADMSG;
	if (parse_fields(close + 3, f) < 0)
		return -EBADMSG;
	*close = '\0';
	str_elide(p->comm, sizeof(p->comm), open + 1);
	p->state = close[2];
	p->ppid = (pid_t)f[STAT_PPID];
	p->pgrp = (pid_t)f[STAT_PGRP];
	p->session = (pid_t)f[STAT_SESSION];
	p->tty = (unsigned)f[STAT_TTY];
	p->tpgid = (pid_t)f[STAT_TPGID];
	p->nice = (int)f[STAT_NICE];
	p->threads = (int)f[STAT_THREADS];
	p->cpu_ms = ((uint64_t)f[STAT_UTIME] + (uint64_t)f[STAT_STIME]) * tick_ms;
	p->started_ms = (uint64_t)f[STAT_START] * tick_ms;
	p->vsz_kib = (uint64_t)f[STAT_VSIZE] / 1024;
	p->rss_kib = (uint64_t)f[STAT_RSS] * page_kib;
	return 0;
}

/* "Uid:\t1000\t1001\t...": real, effective */
static int parse_id(const char *status, const char *key, uint32_t *ret)
{
	const char *at = strstr(status, key);
	unsigned real, effective;

	if (!at || sscanf(at + strlen(key), "%u %u", &real, &effective) != 2)
		return -EBADMSG;
	*ret = effective;
	return 0;
}

static void read_args(struct proc *p)
{
	char path[64];
	autofd int fd = -EBADF;
	ssize_t n = 0;

	(void)str_format(path, sizeof(path), "/proc/%d/cmdline", (int)p->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = file_read_fd(fd, p->args, sizeof(p->args) - 1);
	while (n > 0 && !p->args[n - 1])
		n--;
	for (ssize_t i = 0; i < n; i++) {
		if (!p->args[i])
			p->args[i] = ' ';
	}
	if (n > 0)
		p->args[n] = '\0';
	else
		(void)str_format(p->args, sizeof(p->args), "[%s]", p->comm);
}

int proc_read(pid_t pid, struct proc *ret)
{
	char stat[1024], status[8192];
	int r = read_file(pid, "stat", stat, sizeof(stat));

	ret->pid = pid;
	if (r >= 0)
		r = parse_stat(stat, ret);
	if (r >= 0)
		r = read_file(pid, "status", status, sizeof(status));
	if (r >= 0)
		r = parse_id(status, "\nUid:", &ret->uid);
	if (r >= 0)
		r = parse_id(status, "\nGid:", &ret->gid);
	if (r < 0)
		return r;
	read_args(ret);
	return 0;
}

int proc_read_host(struct proc_host *ret)
{
	char text[4096];
	unsigned long long seconds, kib;
	unsigned hundredths;
	ssize_t n = file_read_at(AT_FDCWD, "/proc/uptime", text, sizeof(text));

	if (n < 0)
		return (int)n;
	if (sscanf(text, "%llu.%2u", &seconds, &hundredths) != 2)
		return -EBADMSG;
	n = file_read_at(AT_FDCWD, "/proc/meminfo", text, sizeof(text));
	if (n < 0)
		return (int)n;
	if (sscanf(text, "MemTotal: %llu kB", &kib) != 1)
		return -EBADMSG;
	ret->now = time(NULL);
	ret->uptime_ms = seconds * 1000 + hundredths * 10;
	ret->memory_kib = kib;
	return 0;
}
