/* SPDX-License-Identifier: Apache-2.0 */
/* target.c - where mounts may go. */
#include "mounts/target.h"

#include "tests/unit/sandbox.h"

TEST(a_directory_is_not_mounted_on_a_file_nor_the_other_way_round)
{
	SANDBOX(a);
	SANDBOX(b);

	NEEDS_ROOT();
	sandbox_init(&a);
	sandbox_init(&b);
	sandbox_dir(&a, "data", 0755);
	sandbox_file(&a, "rootfs/file", "");
	sandbox_mount(&a, "/file", NULL, "data", OPTIONS("bind"));
	sandbox_must_fail(&a,
			  "/mounts/0: 'data' is a directory, its destination is not a "
			  "directory (mount '/file': ENOTDIR)");
	sandbox_file(&b, "data", "");
	sandbox_dir(&b, "rootfs/dir", 0755);
	sandbox_mount(&b, "/dir", NULL, "data", OPTIONS("bind"));
	sandbox_must_fail(&b, "/mounts/0: 'data' is not a directory, its destination is "
			      "one (mount '/dir': EISDIR)");
}

/* Symlinks mean what they mean inside, and never lead out. */
static int look_at_links(struct sandbox *s)
{
	struct mount_line l;
	int wrong = 0;

	(void)s;
	EXPECT(mount_find("/run", &l));
	EXPECT(mount_find("/tmp/inside", &l));
	return wrong;
}

TEST(a_destination_behind_links_of_the_image_stays_inside)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/run", 0755);
	sandbox_dir(&s, "rootfs/tmp", 0755);
	sandbox_dir(&s, "rootfs/var", 0755);
	CHECK_INT(sys_symlinkat("/run", s.bundle.fd, "rootfs/var/run"), 0);
	CHECK_INT(sys_symlinkat("../../../../tmp", s.bundle.fd, "rootfs/out"), 0);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/var/run", "tmpfs", "tmpfs", NULL);
	sandbox_mount(&s, "/out/inside", "tmpfs", "tmpfs", NULL);
	s.body = look_at_links;
	sandbox_must_run(&s);
	CHECK_INT(access("/tmp/inside", F_OK), -1);
}

/* CVE-2019-19921, CVE-2023-28642, CVE-2025-54867 */
TEST(proc_and_sys_are_not_mounted_through_symlinks)
{
	static const char *const types[][2] = { { "proc", "/proc" },
						{ "sysfs", "/sys" } };

	NEEDS_ROOT();
	for (size_t i = 0; i < N_ELEMENTS(types); i++) {
		SANDBOX(s);
		char link[32];

		sandbox_init(&s);
		sandbox_dir(&s, "rootfs/evil", 0755);
		(void)str_format(link, sizeof(link), "rootfs%s", types[i][1]);
		CHECK_INT(sys_symlinkat("/evil", s.bundle.fd, link), 0);
		sandbox_mount(&s, types[i][1], types[i][0], "x", NULL);
		CHECK_INT(sandbox_run(&s), -1);
		CHECK_INT(s.failed, -ELOOP);
		CHECK(strstr(s.err.msg, "symbolic link") != NULL);
	}
}

/* CVE-2019-16884, CVE-2025-52881 */
TEST(nothing_but_procfs_covers_proc_or_a_part_of_it)
{
	static const char *const refused[] = { "/proc",         "/proc/self/attr",
					       "/proc/sys/net", "/proc/1/status",
					       "/proc/sys",     "/proc/../proc/fs" };

	NEEDS_ROOT();
	for (size_t i = 0; i < N_ELEMENTS(refused); i++) {
		SANDBOX(s);

		sandbox_init(&s);
		sandbox_dir(&s, "fake", 0755);
		sandbox_file(&s, "file", "");
		sandbox_mount(&s, "/proc", "proc", "proc", NULL);
		sandbox_mount(&s, refused[i], NULL,
			      str_eq(refused[i], "/proc/1/status") ? "file" : "fake",
			      OPTIONS("bind"));
		CHECK_INT(sandbox_run(&s), -1);
		CHECK_STR(s.err.field, "/mounts/1/destination");
	}
}

TEST(a_link_of_the_image_into_procfs_is_not_mounted_on)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "fake", 0755);
	CHECK_INT(sys_symlinkat("/proc/sys/net/ipv4", s.bundle.fd, "rootfs/mnt"), 0);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/mnt", NULL, "fake", OPTIONS("bind"));
	sandbox_must_fail(&s,
			  "/mounts/1/destination: '/mnt' would cover a part of procfs");
}

static int look_at_lxcfs(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(file_is("/proc/uptime", "1 1"));
	EXPECT(file_is("/proc/loadavg", "1 1"));
	return wrong;
}

TEST(files_that_lxcfs_provides_may_be_covered_and_so_may_proc_by_itself)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_file(&s, "fake", "1 1");
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/proc", NULL, "/proc", OPTIONS("rbind"));
	sandbox_mount(&s, "/proc/uptime", NULL, "fake", OPTIONS("bind"));
	sandbox_mount(&s, "/proc/loadavg", NULL, "fake", OPTIONS("bind"));
	s.body = look_at_lxcfs;
	sandbox_must_run(&s);
}
