/* SPDX-License-Identifier: Apache-2.0 */
/*
 * self.c - /proc/self/status of the caller, proc(5); see self.h.
 *
 * Three system calls in the place of one for each of 64 signals and of 41 capabilities.
 * For the host's side only: in a container /proc is the image's.
 */
#include "kernel/self.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "kernel/file.h"

/* The hexadecimal number behind a line's name. */
static int hex_after(const char *text, const char *name, uint64_t *ret)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strstr(text, name);
	uint64_t v = 0;
	size_t n;

	if (!at)
		return -EBADMSG;
	at += strlen(name);
	n = strspn(at, digits);
	if (n == 0 || n > 16 || at[n] != '\n')
		return -EBADMSG;
	for (size_t i = 0; i < n; i++)
		v = v << 4 | (uint64_t)(strchr(digits, at[i]) - digits);
	*ret = v;
	return 0;
}

int sys_self_status(struct self_status *ret)
{
	/* Behind thousands of groups the lines are missed, and the caller asks. */
	char text[8192];
	struct self_status s;
	autofd int fd = sys_openat(AT_FDCWD, "/proc/self/status", O_RDONLY, 0);
	ssize_t n;
	int r;

	if (fd < 0)
		return fd;
	n = sys_read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return (int)n;
	text[n] = '\0';
	r = hex_after(text, "\nSigIgn:\t", &s.signals_ignored);
	if (r == 0)
		r = hex_after(text, "\nSigCgt:\t", &s.signals_caught);
	if (r == 0)
		r = hex_after(text, "\nCapBnd:\t", &s.cap_bounding);
	if (r == 0)
		*ret = s;
	return r;
}
