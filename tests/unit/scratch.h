/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scratch.h - a directory that is gone at the end of the test.
 *
 * `autoscratch struct scratch s = scratch_make();`, then names below s.fd or s.path.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "tests/unit/unit.h"

struct scratch {
	char path[64];
	int fd;
};

static inline struct scratch scratch_make(void)
{
	struct scratch s = { .path = "/tmp/tare-unit-XXXXXX", .fd = -EBADF };

	CHECK(mkdtemp(s.path) != NULL);
	s.fd = open(s.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(s.fd >= 0);
	return s;
}

static inline int scratch_remove_one(const char *path, const struct stat *st, int type,
				     struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void scratch_remove(struct scratch *s)
{
	fd_close(&s->fd);
	CHECK_INT(nftw(s->path, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}
#define autoscratch __attribute__((cleanup(scratch_remove)))
