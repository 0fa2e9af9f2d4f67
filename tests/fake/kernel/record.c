/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - the memory of the fakes; see record.h. */
#include "tests/fake/kernel/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Far above what RLIMIT_NOFILE allows: closing one is EBADF. */
#define FIRST_FD 0x40000000

static struct {
	char text[65536];
	size_t len;
	int n_fds;
	unsigned fail_in;
	int error;
} record;

void record_reset(void)
{
	record.text[0] = '\0';
	record.len = 0;
	record.n_fds = 0;
	record.fail_in = 0;
}

const char *record_text(void)
{
	return record.text;
}

void record_fail(unsigned n, int error)
{
	record.fail_in = n;
	record.error = error;
}

static void __attribute__((format(printf, 1, 0))) add(const char *fmt, va_list ap)
{
	size_t room = sizeof(record.text) - record.len;
	int n = vsnprintf(record.text + record.len, room, fmt, ap);

	if (n < 0 || (size_t)n + 2 > room)
		abort(); /* a test this long wants a larger text */
	record.len += (size_t)n;
	record.text[record.len++] = '\n';
	record.text[record.len] = '\0';
}

static int outcome(void)
{
	return record.fail_in && --record.fail_in == 0 ? -record.error : 0;
}

int record_call(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(fmt, ap);
	va_end(ap);
	return outcome();
}

int record_call_fd(const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	add(fmt, ap);
	va_end(ap);
	r = outcome();
	return r < 0 ? r : FIRST_FD + record.n_fds++;
}

const char *record_fd(int fd, char buf[RECORD_FD_SIZE])
{
	if (fd == AT_FDCWD)
		return "cwd";
	if (fd >= FIRST_FD)
		(void)snprintf(buf, RECORD_FD_SIZE, "#%d", fd - FIRST_FD + 1);
	else
		(void)snprintf(buf, RECORD_FD_SIZE, "%d", fd);
	return buf;
}
