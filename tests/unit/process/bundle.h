/* SPDX-License-Identifier: Apache-2.0 */
/* bundle.h - a directory of programs, good and bad, for the tests of exec. */
#pragma once

#include <sys/stat.h>

#include "tests/unit/child.h"
#include "tests/unit/unit.h"

struct bundle {
	char dir[32];
	int fd;
};

static inline void bundle_make(struct bundle *b)
{
	(void)snprintf(b->dir, sizeof(b->dir), "/tmp/tare-unit-XXXXXX");
	CHECK(mkdtemp(b->dir) != NULL);
	CHECK_INT(chmod(b->dir, 0755), 0);
	b->fd = sys_openat(AT_FDCWD, b->dir, O_RDONLY | O_DIRECTORY, 0);
}

static inline void bundle_put(const struct bundle *b, const char *name, const void *data,
			      size_t len, unsigned mode)
{
	autofd int fd = sys_openat(b->fd, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	CHECK_INT(file_write_fd(fd, data, len), 0);
	CHECK_INT(sys_fchmod(fd, mode), 0);
}

static inline void bundle_script(const struct bundle *b, const char *name,
				 const char *text, unsigned mode)
{
	bundle_put(b, name, text, strlen(text), mode);
}

static inline int bundle_remove_one(void *ctx, int dir_fd, const char *name,
				    unsigned char d_type)
{
	(void)ctx;
	(void)d_type;
	if (sys_unlinkat(dir_fd, name, 0) < 0)
		return sys_unlinkat(dir_fd, name, AT_REMOVEDIR);
	return 0;
}

static inline void bundle_remove(struct bundle *b)
{
	CHECK_INT(sys_dir_each(b->fd, bundle_remove_one, NULL), 0);
	fd_close(&b->fd);
	CHECK_INT(rmdir(b->dir), 0);
}
