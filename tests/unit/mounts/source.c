/* SPDX-License-Identifier: Apache-2.0 */
/* source.c - what is cloned from the host, and what stays connected with it. */
#include "mounts/source.h"

#include "kernel/mount.h"
#include "tests/unit/sandbox.h"

TEST(a_missing_bind_source_is_named_with_a_hint)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_mount(&s, "/data", NULL, "/srv/no-such-data", OPTIONS("bind"));
	sandbox_must_fail(&s,
			  "/mounts/0/source: bind source '/srv/no-such-data': no such "
			  "file or directory");
	CHECK_STR(s.err.hint, "create it on the host, or drop the mount to '/data'");
	CHECK_INT(s.failed, -ENOENT);
}

/* Propagation. On the "host" everything is shared, `vol` is a mount of its own. */
static int mount_vol(struct sandbox *s)
{
	char path[PATH_MAX];
	int r = sys_mount("tmpfs", sandbox_path(s, "vol", path), "tmpfs", 0, NULL);

	if (r >= 0)
		r = sys_mkdirat(AT_FDCWD, sandbox_path(s, "vol/in", path), 0755);
	if (r >= 0)
		r = sys_mkdirat(AT_FDCWD, sandbox_path(s, "vol/out", path), 0755);
	return r;
}

/*
 * Mount on vol/in inside and on vol/out on the host. Bit 0: the host sees the first,
 * bit 1: the container the second; 4: something else failed.
 */
static int try_both_ways(struct sandbox *s)
{
	autofd int own_fd = sys_openat(AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY, 0);
	struct mount_line l;
	char path[PATH_MAX];
	int seen = 0;

	if (own_fd < 0 || sys_mount("tmpfs", "/vol/in", "tmpfs", 0, NULL) < 0 ||
	    sys_setns(s->host_ns_fd, CLONE_NEWNS) < 0)
		return 4;
	seen |= mount_find(sandbox_path(s, "vol/in", path), &l);
	if (sys_mount("tmpfs", sandbox_path(s, "vol/out", path), "tmpfs", 0, NULL) < 0 ||
	    sys_setns(own_fd, CLONE_NEWNS) < 0)
		return 4;
	return seen | mount_find("/vol/out", &l) << 1;
}

/* clang-format off */
static const struct {
	const char *root, *option; /* NULL: none */
	int seen;
} propagation_rows[] = {
	{ NULL,      NULL,       2 },
	{ NULL,      "rprivate", 0 },
	{ NULL,      "rslave",   2 },
	{ NULL,      "rshared",  2 }, /* shared inside, but never with the host */
	{ "private", "rslave",   2 },
	{ "slave",   "rshared",  2 },
	{ "rshared", "rshared",  3 },
	{ "shared",  "rshared",  3 },
	{ "rshared", "rslave",   2 },
	{ "rshared", "rprivate", 0 },
	{ "rslave",  "rprivate", 0 },
};
/* clang-format on */

TEST(mounts_reach_the_host_only_from_a_shared_volume_below_a_shared_root)
{
	NEEDS_ROOT();
	for (size_t i = 0; i < N_ELEMENTS(propagation_rows); i++) {
		SANDBOX(s);
		const char *option = propagation_rows[i].option;

		sandbox_init(&s);
		sandbox_dir(&s, "vol", 0755);
		s.share_host = true;
		s.spec.linux.rootfs_propagation = propagation_rows[i].root;
		sandbox_mount(&s, "/proc", "proc", "proc", NULL);
		sandbox_mount(&s, "/vol", NULL, "vol", OPTIONS("rbind", option));
		s.prepare = mount_vol;
		s.body = try_both_ways;
		CHECK_INT(sandbox_run(&s), propagation_rows[i].seen);
	}
}
