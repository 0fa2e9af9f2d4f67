/* SPDX-License-Identifier: Apache-2.0 */
/* paths.c - read-only and hidden paths. */
#include "linux/paths.h"

#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "kernel/mount.h"
#include "tests/unit/sandbox.h"

static void set_paths(struct sandbox *s, struct str_list *list, const char **v, size_t n)
{
	(void)s;
	*list = (struct str_list){ n, v, true };
}

TEST(relative_paths_and_the_root_are_refused)
{
	const char *bad[] = { "proc/kcore", "", "/", "/x/.." };

	for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
		SANDBOX(s);
		const char *v[] = { "/proc/ok", bad[i] };

		sandbox_init(&s);
		set_paths(&s, &s.spec.linux.masked_paths, v, 2);
		CHECK_INT(paths_check(&s.spec, &s.err), -EINVAL);
		CHECK_STR(s.err.field, "/linux/maskedPaths/1");
		set_paths(&s, &s.spec.linux.masked_paths, v, 1);
		set_paths(&s, &s.spec.linux.readonly_paths, v, 2);
		CHECK_INT(paths_check(&s.spec, &s.err), -EINVAL);
		CHECK_STR(s.err.field, "/linux/readonlyPaths/1");
	}
}

TEST(only_masks_need_the_hosts_null)
{
	SANDBOX(with);
	SANDBOX(without);
	const char *v[] = { "/proc/kcore" };

	sandbox_init(&with);
	sandbox_init(&without);
	set_paths(&with, &with.spec.linux.masked_paths, v, 1);
	CHECK_INT(sandbox_plan(&with, NULL), 0);
	CHECK_INT(with.plan.paths.null_source, 1);
	CHECK_STR(with.plan.sources.v[1].path, "/dev/null");
	CHECK(with.plan.sources.v[1].is_device);
	set_paths(&without, &without.spec.linux.readonly_paths, v, 1);
	CHECK_INT(sandbox_plan(&without, NULL), 0);
	CHECK(without.plan.paths.null_source == NO_SOURCE);
}

static bool is_null(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

static bool is_empty_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_nlink == 2 &&
	       mount_has(path, "ro") && sys_mkdirat(AT_FDCWD, path, 0755) == -EEXIST;
}

static int look_at_paths(struct sandbox *s)
{
	char path[PATH_MAX];
	int wrong = 0;

	EXPECT(mount_has("/proc/sys", "ro") && mount_has("/proc/irq", "ro"));
	EXPECT(mount_has("/etc/file", "ro"));
	EXPECT(is_null("/proc/timer_list") || access("/proc/timer_list", F_OK) < 0);
	EXPECT(is_null("/etc/secret") && is_null("/etc/secret2"));
	/* the host's node, which must not be changed from here */
	EXPECT(chmod("/etc/secret", 0666) < 0 && chmod("/etc/secret2", 0666) < 0);
	EXPECT(chown("/etc/secret2", 0, 0) < 0);
	EXPECT(is_empty_dir("/sys/firmware") && is_empty_dir("/etc/hidden"));
	EXPECT(access("/etc/hidden/x", F_OK) < 0);
	/* masked and read-only: the mask is on top */
	EXPECT(is_empty_dir("/proc/fs"));
	(void)str_format(path, sizeof(path), "/etc/%s", "linked");
	EXPECT(is_null(path));
	for (size_t i = 0; i < s->plan.sources.n; i++)
		EXPECT(s->in.source_fd[i] < 0);
	return wrong;
}

static void add_paths(struct sandbox *s)
{
	static const char *readonly[] = { "/proc/sys", "/proc/irq", "/proc/fs",
					  "/etc/file", "/proc/no-such-file" };
	static const char *masked[] = {
		"/proc/timer_list", "/etc/secret", "/etc/secret2",
		"/sys/firmware",    "/proc/fs",    "/etc/hidden",
		"/etc/file/below",  "/nowhere/x",  "/etc/linked"
	};

	sandbox_dir(s, "rootfs/etc", 0755);
	sandbox_dir(s, "rootfs/etc/hidden", 0755);
	sandbox_file(s, "rootfs/etc/hidden/x", "secret");
	sandbox_file(s, "rootfs/etc/file", "");
	sandbox_file(s, "rootfs/etc/secret", "secret");
	sandbox_file(s, "rootfs/etc/secret2", "secret");
	sandbox_file(s, "rootfs/etc/real", "secret");
	CHECK_INT(sys_symlinkat("/etc/real", s->bundle.fd, "rootfs/etc/linked"), 0);
	sandbox_mount(s, "/proc", "proc", "proc", NULL);
	sandbox_mount(s, "/sys", "sysfs", "sysfs", OPTIONS("ro"));
	set_paths(s, &s->spec.linux.readonly_paths, readonly, N_ELEMENTS(readonly));
	set_paths(s, &s->spec.linux.masked_paths, masked, N_ELEMENTS(masked));
	s->body = look_at_paths;
}

TEST(paths_are_read_only_or_hidden_and_missing_ones_ignored)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	add_paths(&s);
	sandbox_must_run(&s);
}

TEST(the_same_paths_without_mount_setattr)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	add_paths(&s);
	s.old_kernel = SYS_mount_setattr;
	sandbox_must_run(&s);
}

static int look_at_user_paths(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(is_null("/etc/secret") && is_empty_dir("/etc/hidden"));
	EXPECT(mount_has("/etc/file", "ro"));
	return wrong;
}

TEST(paths_are_hidden_in_a_user_namespace_as_well)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	add_paths(&s);
	CHECK_INT(sys_fchownat(s.bundle.fd, "rootfs", SANDBOX_FIRST_ID, SANDBOX_FIRST_ID,
			       0),
		  0);
	s.userns = true;
	s.mounts[0] = s.mounts[1];
	s.mounts[0].destination = "/proc";
	s.mounts[0].type = NULL;
	s.mounts[0].source = "/proc";
	s.words[1][0] = "rbind";
	s.spec.mounts.n = 1;
	s.body = look_at_user_paths;
	sandbox_must_run(&s);
}

/* The image's /dev/null is a link to what an attacker wants to read (CVE-2025-31133). */
static int look_at_attack(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(is_null("/etc/secret"));
	return wrong;
}

TEST(a_mask_is_never_what_the_containers_null_is)
{
	SANDBOX(s);
	const char *masked[] = { "/etc/secret" };

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/etc", 0755);
	sandbox_file(&s, "rootfs/etc/secret", "secret");
	sandbox_dir(&s, "dev", 0755);
	CHECK_INT(sys_symlinkat("/proc/sys/kernel/domainname", s.bundle.fd, "dev/null"),
		  0);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/dev", NULL, "dev", OPTIONS("bind"));
	set_paths(&s, &s.spec.linux.masked_paths, masked, 1);
	s.body = look_at_attack;
	sandbox_must_run(&s);
}
