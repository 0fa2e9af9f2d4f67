/* SPDX-License-Identifier: Apache-2.0 */
/*
 * procfs.h - the one way to reach a file of procfs.
 *
 * What a config, an image or a racing process has put over /proc or over a file in
 * it must not be mistaken for the kernel's (CVE-2019-16884, CVE-2025-52881): files
 * are opened below the root of a procfs that was proved to be one, and never through
 * a mount on it or a magic link. Negative errno on failure; descriptors are O_CLOEXEC
 * and the caller's.
 */
#pragma once

/*
 * The root of a new instance, attached nowhere, for the caller's pid namespace. -EPERM
 * in a user namespace from where no unobstructed procfs can be seen.
 */
int procfs_new(void);

/* The root of the one mounted on /proc (O_PATH); -EMEDIUMTYPE when it is none. */
int procfs_mounted(void);

/*
 * The mounted one if it is of the caller's pid namespace, so that "PID/..." means what
 * the caller means by that number; else a new one.
 */
int procfs_host(void);

/* path is relative to the root: "sys/net/ipv4/ip_forward", "self/oom_score_adj". */
int procfs_open(int proc_fd, const char *path, int flags);

/* Open it for writing and put text there by one write(2). */
int procfs_put(int proc_fd, const char *path, const char *text);
