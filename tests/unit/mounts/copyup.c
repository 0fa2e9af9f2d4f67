/* SPDX-License-Identifier: Apache-2.0 */
/* copyup.c - what a tmpfs hides is found in it. */
#include "mounts/copyup.h"

#include <sys/sysmacros.h>

#include "tests/unit/sandbox.h"

static int look_at_copy(struct sandbox *s)
{
	char target[64];
	struct stat st;
	int wrong = 0;

	(void)s;
	EXPECT(mount_has("/var", "ro"));
	EXPECT(mode_of("/var") == (S_IFDIR | 0775));
	EXPECT(lstat("/var", &st) == 0 && st.st_uid == 7 && st.st_gid == 8);
	EXPECT(file_is("/var/dir/file", "content"));
	EXPECT(mode_of("/var/dir") == (S_IFDIR | 02777));
	EXPECT(mode_of("/var/dir/file") == (S_IFREG | 04666));
	EXPECT(lstat("/var/dir/file", &st) == 0 && st.st_uid == 1 && st.st_gid == 2);
	EXPECT(sys_readlinkat(AT_FDCWD, "/var/link", target, sizeof(target)) > 0 &&
	       str_eq(target, "/etc/passwd"));
	EXPECT(S_ISFIFO(mode_of("/var/fifo")));
	EXPECT(lstat("/var/null", &st) == 0 && st.st_rdev == makedev(1, 3) &&
	       st.st_mode == (S_IFCHR | 0666));
	return wrong;
}

TEST(tmpcopyup_copies_contents_modes_owners_links_and_nodes)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/var", 0755);
	sandbox_dir(&s, "rootfs/var/dir", 0755);
	sandbox_file(&s, "rootfs/var/dir/file", "content");
	CHECK_INT(sys_fchownat(s.bundle.fd, "rootfs/var", 7, 8, 0), 0);
	CHECK_INT(sys_fchmodat(s.bundle.fd, "rootfs/var", 0775), 0);
	CHECK_INT(sys_fchmodat(s.bundle.fd, "rootfs/var/dir", 02777), 0);
	CHECK_INT(sys_fchownat(s.bundle.fd, "rootfs/var/dir/file", 1, 2, 0), 0);
	CHECK_INT(sys_fchmodat(s.bundle.fd, "rootfs/var/dir/file", 04666), 0);
	CHECK_INT(sys_symlinkat("/etc/passwd", s.bundle.fd, "rootfs/var/link"), 0);
	CHECK_INT(sys_mknodat(s.bundle.fd, "rootfs/var/fifo", S_IFIFO | 0600, 0), 0);
	CHECK_INT(sys_mknodat(s.bundle.fd, "rootfs/var/null", S_IFCHR | 0600,
			      makedev(1, 3)),
		  0);
	CHECK_INT(sys_fchmodat(s.bundle.fd, "rootfs/var/null", 0666), 0);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/var", "tmpfs", "tmpfs", OPTIONS("tmpcopyup", "ro"));
	s.body = look_at_copy;
	(void)umask(077);
	sandbox_must_run(&s);
	(void)umask(022);
}

TEST(tmpcopyup_ends_with_an_error_when_the_tmpfs_is_full_or_the_tree_too_deep)
{
	SANDBOX(full);
	SANDBOX(deep);
	char path[512] = "rootfs/var";

	NEEDS_ROOT();
	sandbox_init(&full);
	sandbox_init(&deep);
	sandbox_dir(&full, "rootfs/var", 0755);
	for (char c = 'a'; c < 'i'; c++) {
		char text[4097], name[] = "rootfs/var/?";

		memset(text, 'x', sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		name[sizeof(name) - 2] = c;
		sandbox_file(&full, name, text);
	}
	sandbox_mount(&full, "/var", "tmpfs", "tmpfs", OPTIONS("tmpcopyup", "size=16k"));
	CHECK_INT(sandbox_run(&full), -1);
	CHECK_INT(full.failed, -ENOSPC);
	CHECK_STR(full.err.field, "/mounts/0");

	sandbox_dir(&deep, path, 0755);
	for (int i = 0; i < 70; i++) {
		strncat(path, "/d", sizeof(path) - strlen(path) - 1);
		sandbox_dir(&deep, path, 0755);
	}
	sandbox_mount(&deep, "/var", "tmpfs", "tmpfs", OPTIONS("tmpcopyup"));
	sandbox_must_fail(&deep, "/mounts/0: more than 64 directories deep (tmpcopyup "
				 "'/var': ELOOP)");
}
