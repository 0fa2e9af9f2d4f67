/* SPDX-License-Identifier: Apache-2.0 */
/* rootfs.c - the root, read-only or not, and how its mounts propagate. */
#include "root/rootfs.h"

#include <sys/syscall.h>

#include "kernel/mount.h"
#include "tests/unit/sandbox.h"

TEST(the_root_is_taken_from_the_bundle)
{
	SANDBOX(s);

	sandbox_init(&s);
	s.options.bundle = "/b";
	s.spec.root.path = "r";
	CHECK_INT(sandbox_plan(&s, NULL), 0);
	CHECK_STR(s.plan.root.path, "/b/r");
	CHECK(s.plan.root.pivot && s.plan.root.in_mount_ns && !s.plan.root.is_peer);
	CHECK_INT(s.plan.root.source, 0);
	CHECK(s.plan.sources.v[0].recursive);
	CHECK_STR(s.plan.sources.v[0].field, "/root/path");
	CHECK_INT(s.plan.root.propagation, 0);
}

TEST(every_propagation_word_and_its_r_form_is_known)
{
	static const struct {
		const char *word;
		uint64_t flags;
	} rows[] = {
		{ "private", MS_PRIVATE },
		{ "slave", MS_SLAVE },
		{ "shared", MS_SHARED },
		{ "unbindable", MS_UNBINDABLE },
		{ "rprivate", MS_PRIVATE | MS_REC },
		{ "rslave", MS_SLAVE | MS_REC },
		{ "rshared", MS_SHARED | MS_REC },
		{ "runbindable", MS_UNBINDABLE | MS_REC },
	};

	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		SANDBOX(s);

		sandbox_init(&s);
		s.spec.linux.rootfs_propagation = rows[i].word;
		CHECK_INT(sandbox_plan(&s, NULL), 0);
		CHECK_INT(s.plan.root.propagation, rows[i].flags);
		CHECK_INT(s.plan.root.is_peer, (rows[i].flags & MS_SHARED) != 0);
	}
}

TEST(another_propagation_word_is_refused)
{
	SANDBOX(s);
	char text[1024];

	sandbox_init(&s);
	s.spec.linux.rootfs_propagation = "sharde";
	CHECK_INT(rootfs_check(&s.spec, &s.err), -EINVAL);
	CHECK_STR(text_of(&s.err, text),
		  "/linux/rootfsPropagation: 'sharde' is no mount propagation");
}

TEST(without_an_own_mount_namespace_nothing_that_needs_one_is_accepted)
{
	const char *path = "/p";
	struct spec_device device = { .path = "/dev/x" };

	for (int joined = 0; joined < 2; joined++) {
		for (int i = 0; i < 6; i++) {
			SANDBOX(s);
			static const char *const fields[] = {
				"/mounts",
				"/root/readonly",
				"/linux/rootfsPropagation",
				"/linux/maskedPaths",
				"/linux/readonlyPaths",
				"/linux/devices",
			};

			sandbox_init(&s);
			s.ns[0].path = "/proc/1/ns/mnt";
			s.spec.linux.namespaces.n = (size_t)joined;
			CHECK_INT(rootfs_check(&s.spec, NULL), 0);
			if (i == 0)
				sandbox_mount(&s, "/x", "tmpfs", NULL, NULL);
			s.spec.root.readonly = i == 1;
			s.spec.linux.rootfs_propagation = i == 2 ? "slave" : "";
			s.spec.linux.masked_paths =
				(struct str_list){ i == 3, &path, true };
			s.spec.linux.readonly_paths =
				(struct str_list){ i == 4, &path, true };
			s.spec.linux.devices =
				(struct spec_device_list){ i == 5, &device };
			CHECK_INT(rootfs_check(&s.spec, &s.err), -EINVAL);
			CHECK_STR(s.err.field, fields[i]);
		}
	}
}

TEST(a_root_that_is_missing_or_a_file_is_said_to_be)
{
	SANDBOX(missing);
	SANDBOX(file);
	char want[256];

	NEEDS_ROOT();
	sandbox_init(&missing);
	sandbox_init(&file);
	missing.spec.root.path = "nowhere";
	(void)str_format(want, sizeof(want),
			 "/root/path: the root file system does not exist (open_tree "
			 "'%s/nowhere': ENOENT)",
			 missing.bundle.path);
	sandbox_must_fail(&missing, want);
	sandbox_file(&file, "file", "");
	file.spec.root.path = "file";
	(void)str_format(want, sizeof(want),
			 "/root/path: the root file system is not a directory (open_tree "
			 "'%s/file': ENOTDIR)",
			 file.bundle.path);
	sandbox_must_fail(&file, want);
}

static int look_at_readonly(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(mount_has("/", "ro"));
	EXPECT(sys_mkdirat(AT_FDCWD, "/x", 0755) == -EROFS);
	/* the root alone */
	EXPECT(mount_has("/tmp", "rw") && sys_mkdirat(AT_FDCWD, "/tmp/x", 0755) == 0);
	return wrong;
}

TEST(a_read_only_root_leaves_its_mounts_writable)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	s.spec.root.readonly = true;
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/tmp", "tmpfs", "tmpfs", NULL);
	s.body = look_at_readonly;
	sandbox_must_run(&s);
}

TEST(a_read_only_root_without_mount_setattr)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	s.spec.root.readonly = true;
	s.old_kernel = SYS_mount_setattr;
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/tmp", "tmpfs", "tmpfs", NULL);
	s.body = look_at_readonly;
	sandbox_must_run(&s);
}

/* Bit 0: shared, 1: a slave, 2: unbindable. */
static int propagation_of(const char *path)
{
	struct mount_line l;

	if (!mount_find(path, &l))
		return 8;
	return (strstr(l.optional, "shared:") != NULL) |
	       (strstr(l.optional, "master:") != NULL) << 1 |
	       (strstr(l.optional, "unbindable") != NULL) << 2;
}

static int look_at_propagation(struct sandbox *s)
{
	(void)s;
	return propagation_of("/") + 10 * propagation_of("/own") +
	       100 * propagation_of("/plain");
}

TEST(the_root_propagates_as_asked_and_mounts_keep_their_own)
{
	/* clang-format off */
	static const struct {
		const char *word;
		int seen; /* plain, own (rprivate), root */
	} rows[] = {
		{ NULL,          2 },
		{ "slave",       2 },
		{ "private",     0 },
		{ "shared",      3 },
		{ "unbindable",  4 },
		{ "rslave",      2 },
		{ "rprivate",    0 },
		{ "rshared",     103 },
		{ "runbindable", 404 },
	};
	/* clang-format on */

	NEEDS_ROOT();
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		SANDBOX(s);

		sandbox_init(&s);
		s.share_host = true;
		s.spec.linux.rootfs_propagation = rows[i].word;
		sandbox_mount(&s, "/proc", "proc", "proc", NULL);
		sandbox_mount(&s, "/own", "tmpfs", "tmpfs", OPTIONS("rprivate"));
		sandbox_mount(&s, "/plain", "tmpfs", "tmpfs", NULL);
		s.body = look_at_propagation;
		CHECK_INT(sandbox_run(&s), rows[i].seen);
	}
}

static int look_behind_link(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(file_is("/name", "real"));
	return wrong;
}

TEST(the_root_may_be_named_by_a_symlink)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "real", 0755);
	sandbox_file(&s, "real/name", "real");
	CHECK_INT(sys_symlinkat("real", s.bundle.fd, "link"), 0);
	s.spec.root.path = "link";
	s.body = look_behind_link;
	sandbox_must_run(&s);
}
