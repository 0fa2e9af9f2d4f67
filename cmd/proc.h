/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proc.h - a process as the host's procfs shows it, for `ps`.
 *
 * Nothing of the container is asked: it may have no ps, or one that lies.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROC_COMM_SIZE 64
#define PROC_ARGS_MAX  8192

struct proc {
	pid_t pid, ppid, pgrp, session, tpgid;
	uid_t uid; /* effective */
	gid_t gid;
	char state;
	unsigned tty; /* device number, 0: none */
	int nice, threads;
	uint64_t cpu_ms;     /* user and system */
	uint64_t started_ms; /* since boot */
	uint64_t vsz_kib, rss_kib;
	char comm[PROC_COMM_SIZE];
	char args[PROC_ARGS_MAX]; /* joined by blanks; "[comm]" when there are none */
};

/* 0, or a negative errno when it is gone. */
int proc_read(pid_t pid, struct proc *ret);

/* What a table of processes is relative to. */
struct proc_host {
	int64_t now;        /* seconds since the epoch */
	uint64_t uptime_ms; /* since boot */
	uint64_t memory_kib;
};
int proc_read_host(struct proc_host *ret);
