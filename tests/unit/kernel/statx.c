/* SPDX-License-Identifier: Apache-2.0 */
/* statx.c - the mount a file is on. */
#include "kernel/statx.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "tests/unit/unit.h"

/* The id of the topmost mount on that path, 0 if there is none. */
static uint64_t listed_id(const char *path)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096], name[1024];
	unsigned long long id, found = 0;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%llu %*d %*s %*s %1023s", &id, name) == 2 &&
		    strcmp(name, path) == 0)
			found = id;
	}
	if (f)
		(void)fclose(f);
	return found;
}

TEST(the_id_is_the_one_mountinfo_shows_by_descriptor_and_by_path)
{
	autofd int fd = sys_openat(AT_FDCWD, "/proc/self", O_PATH, 0);
	uint64_t by_fd = 0, by_path = 0, root = 0;
	unsigned mode = 0;

	CHECK(fd >= 0);
	CHECK_INT(sys_mount_id(fd, &by_fd, &mode), 0);
	CHECK(S_ISDIR(mode));
	CHECK_INT(sys_mount_id_at(AT_FDCWD, "/proc/self", &by_path), 0);
	CHECK_INT(by_fd, listed_id("/proc"));
	CHECK_INT(by_path, by_fd);
	CHECK_INT(sys_mount_id_at(AT_FDCWD, "/", &root), 0);
	CHECK(root != by_fd);
}

TEST(what_is_not_there_has_no_id)
{
	uint64_t id = 7;

	CHECK_INT(sys_mount_id(-EBADF, &id, NULL), -EBADF);
	CHECK_INT(sys_mount_id_at(AT_FDCWD, "/no/such/file", &id), -ENOENT);
	CHECK_INT(id, 7);
}
