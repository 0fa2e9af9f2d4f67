/* SPDX-License-Identifier: Apache-2.0 */
/* create.h - what create shares with exec. */
#pragma once

#include <sys/types.h>

struct err;

/* Descriptors 3 .. 3+n-1 must be the caller's: ours then get numbers above them. */
int create_check_preserved(unsigned n, struct err *e);

/* Send init's pidfd to whoever listens on the Unix socket at path. */
int create_send_pidfd(const char *path, int pidfd, struct err *e);

/* Digits only, no newline, by rename: whoever finds the file may rely on the process. */
int create_pid_file(const char *path, pid_t pid, struct err *e);
