/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h - what the fakes of the kernel room were asked to do.
 *
 * A unit test that has the lines
 *
 *     fake: kernel/record
 *     fake: kernel/mount
 *
 * each as a comment of its own (see the Makefile) is linked against
 * tests/fake/kernel/mount.c instead of the real calls. Each call adds one line to the
 * text; the descriptors that fakes return are "#1", "#2", ... there, never open, and
 * may be closed.
 */
#pragma once

#include <stddef.h>

/* Forget the text, the descriptors and the failure; every test starts with it. */
void record_reset(void);

/* The calls so far, one a line; borrowed until the next call. */
const char *record_text(void);

/* Let the n-th call from now on (1: the next one) fail with -error. */
void record_fail(unsigned n, int error);

/* For the fakes: note a call; 0, or the failure that is due. */
int record_call(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* For the fakes: the same for a call that returns a descriptor. */
int record_call_fd(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "#1" for what record_call_fd() returned first, "cwd" for AT_FDCWD, else the number. */
#define RECORD_FD_SIZE 16
const char *record_fd(int fd, char buf[RECORD_FD_SIZE]);
