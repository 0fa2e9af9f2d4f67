/* SPDX-License-Identifier: Apache-2.0 */
/* devices.c - which nodes there are, and that no link of the image leads them astray. */
#include "linux/devices.h"

#include <sys/sysmacros.h>

#include "tests/unit/sandbox.h"

#define NUMBER(n_)                                                                       \
	{                                                                                \
		.set = true, .v = (n_)                                                   \
	}

static void set_devices(struct sandbox *s, struct spec_device *v, size_t n)
{
	s->spec.linux.devices.v = v;
	s->spec.linux.devices.n = n;
}

static void say_devices(const struct sandbox *s, struct str *out)
{
	for (size_t i = 0; i < s->plan.devices.n; i++) {
		const struct plan_device *d = &s->plan.devices.v[i];

		str_addf(out, "%s %o %u:%u %u:%u%s\n", d->path, d->mode, major(d->rdev),
			 minor(d->rdev), d->uid, d->gid,
			 d->source == NO_SOURCE ? "" : " bound");
	}
}

TEST(default_devices_come_first_and_the_configs_win)
{
	SANDBOX(s);
	autostr struct str out = { 0 };
	struct spec_device v[] = {
		{ "/dev/fuse", "c", NUMBER(10), NUMBER(229), NUMBER(0660), NUMBER(5),
		  NUMBER(6) },
		{ "/dev//null", "u", NUMBER(1), NUMBER(3), NUMBER(020600), { 0 }, { 0 } },
		{ "/dev/pipe", "p", { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
		{ "/dev/sda", "b", NUMBER(8), NUMBER(0), { 0 }, { 0 }, { 0 } },
	};

	sandbox_init(&s);
	set_devices(&s, v, N_ELEMENTS(v));
	CHECK_INT(sandbox_plan(&s, NULL), 0);
	say_devices(&s, &out);
	CHECK_STR(str_text(&out), "/dev/zero 20666 1:5 0:0\n"
				  "/dev/full 20666 1:7 0:0\n"
				  "/dev/random 20666 1:8 0:0\n"
				  "/dev/urandom 20666 1:9 0:0\n"
				  "/dev/tty 20666 5:0 0:0\n"
				  "/dev/fuse 20660 10:229 5:6\n"
				  "/dev/null 20600 1:3 0:0\n"
				  "/dev/pipe 10666 0:0 0:0\n"
				  "/dev/sda 60666 8:0 0:0\n");
	CHECK(s.plan.devices.has_links);
}

TEST(without_the_right_to_mknod_devices_are_bound_but_fifos_made)
{
	SANDBOX(s);
	struct spec_device v[] = {
		{ "/dev/fuse", "c", NUMBER(10), NUMBER(229), { 0 }, { 0 }, { 0 } },
		{ "/dev/pipe", "p", { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
	};
	const struct plan_devices *d = &s.plan.devices;
	const struct plan_source *source;

	sandbox_init(&s);
	s.host.caps.effective &= ~(UINT64_C(1) << CAP_MKNOD);
	set_devices(&s, v, N_ELEMENTS(v));
	CHECK_INT(sandbox_plan(&s, NULL), 0);
	CHECK_INT(d->n, 8);
	source = &s.plan.sources.v[d->v[6].source];
	CHECK_STR(source->path, "/dev/fuse");
	CHECK_STR(source->field, "/linux/devices/0");
	CHECK(source->is_device && !source->recursive);
	CHECK(d->v[7].source == NO_SOURCE);
}

TEST(what_is_bound_on_dev_is_left_alone)
{
	SANDBOX(s);
	autostr struct str out = { 0 };
	struct spec_device v[] = {
		{ "/dev/fuse", "c", NUMBER(10), NUMBER(229), { 0 }, { 0 }, { 0 } },
		{ "/other", "c", NUMBER(1), NUMBER(3), { 0 }, { 0 }, { 0 } },
	};

	sandbox_init(&s);
	sandbox_mount(&s, "/dev/", NULL, "/dev", OPTIONS("rbind"));
	set_devices(&s, v, N_ELEMENTS(v));
	CHECK_INT(sandbox_plan(&s, NULL), 0);
	say_devices(&s, &out);
	CHECK_STR(str_text(&out), "/other 20666 1:3 0:0\n");
	CHECK(!s.plan.devices.has_links);
}

/* clang-format off */
static const struct {
	struct spec_device device;
	const char *message;
} bad_rows[] = {
	{ { "dev/x", "c", NUMBER(1), NUMBER(3), { 0 }, { 0 }, { 0 } },
	  "/linux/devices/0/path: 'dev/x' is not an absolute path" },
	{ { "/dev/../x", "c", NUMBER(1), NUMBER(3), { 0 }, { 0 }, { 0 } },
	  "/linux/devices/0/path: '/dev/../x' contains '..'" },
	{ { "//", "c", NUMBER(1), NUMBER(3), { 0 }, { 0 }, { 0 } },
	  "/linux/devices/0/path: '//' is a directory" },
	{ { "/dev/x", "z", NUMBER(1), NUMBER(3), { 0 }, { 0 }, { 0 } },
	  "/linux/devices/0/type: 'z' is no type of device" },
	{ { "/dev/x", "c", { 0 }, NUMBER(3), { 0 }, { 0 }, { 0 } },
	  "/linux/devices/0: a device needs 'major'" },
	{ { "/dev/x", "b", NUMBER(1), { 0 }, { 0 }, { 0 }, { 0 } },
	  "/linux/devices/0: a device needs 'minor'" },
	{ { "/dev/x", "b", NUMBER(-1), NUMBER(3), { 0 }, { 0 }, { 0 } },
	  "/linux/devices/0/major: -1 is not in the range 0..4095" },
	{ { "/dev/x", "b", NUMBER(1), NUMBER(1048576), { 0 }, { 0 }, { 0 } },
	  "/linux/devices/0/minor: 1048576 is not in the range 0..1048575" },
	{ { "/dev/x", "c", NUMBER(1), NUMBER(3), NUMBER(060600), { 0 }, { 0 } },
	  "/linux/devices/0/fileMode: 060600 is not the mode of a 'c' device" },
	{ { "/dev/x", "c", NUMBER(1), NUMBER(3), { 0 }, NUMBER(UINT32_MAX), { 0 } },
	  "/linux/devices/0/uid: 4294967295 is no id" },
	{ { "/dev/x", "c", NUMBER(1), NUMBER(3), { 0 }, { 0 }, NUMBER(UINT32_MAX) },
	  "/linux/devices/0/gid: 4294967295 is no id" },
};
/* clang-format on */

TEST(wrong_devices_are_refused_by_field)
{
	for (size_t i = 0; i < N_ELEMENTS(bad_rows); i++) {
		SANDBOX(s);
		struct spec_device device = bad_rows[i].device;
		char text[1024];

		sandbox_init(&s);
		set_devices(&s, &device, 1);
		CHECK_INT(devices_check(&s.spec, &s.err), -EINVAL);
		CHECK_STR(text_of(&s.err, text), bad_rows[i].message);
	}
}

static int look_at_nodes(struct sandbox *s)
{
	struct stat st;
	int wrong = 0;

	(void)s;
	EXPECT(lstat("/dev/mine", &st) == 0 && st.st_mode == (S_IFCHR | 0622) &&
	       st.st_rdev == makedev(1, 5) && st.st_uid == 7 && st.st_gid == 8);
	EXPECT(lstat("/sub/dir/pipe", &st) == 0 && st.st_mode == (S_IFIFO | 0666));
	EXPECT(mode_of("/sub/dir") == (S_IFDIR | 0755));
	/* there already, with another mode and owner */
	EXPECT(lstat("/dev/null", &st) == 0 && st.st_mode == (S_IFCHR | 0666) &&
	       st.st_rdev == makedev(1, 3) && st.st_uid == 0);
	return wrong;
}

TEST(nodes_get_exactly_their_mode_and_owner_whatever_the_umask)
{
	SANDBOX(s);
	struct spec_device v[] = {
		{ "/dev/mine", "c", NUMBER(1), NUMBER(5), NUMBER(0622), NUMBER(7),
		  NUMBER(8) },
		{ "/sub/dir/pipe", "p", { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
	};

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/dev", 0755);
	CHECK_INT(sys_mknodat(s.bundle.fd, "rootfs/dev/null", S_IFCHR | 0600,
			      makedev(1, 3)),
		  0);
	CHECK_INT(sys_fchownat(s.bundle.fd, "rootfs/dev/null", 5, 5, 0), 0);
	set_devices(&s, v, N_ELEMENTS(v));
	s.body = look_at_nodes;
	(void)umask(077);
	sandbox_must_run(&s);
	CHECK_INT(umask(022), 077);
}

static int make_host_dev(struct sandbox *s)
{
	char path[PATH_MAX];
	int r = sys_mount("tmpfs", sandbox_path(s, "rootfs/dev", path), "tmpfs", 0, NULL);

	if (r >= 0)
		r = sys_mknodat(AT_FDCWD, sandbox_path(s, "rootfs/dev/null", path),
				S_IFCHR | 0600, makedev(1, 3));
	if (r >= 0)
		r = sys_mknodat(AT_FDCWD, sandbox_path(s, "rootfs/dev/ptmx", path),
				S_IFCHR | 0600, makedev(5, 2));
	return r;
}

static int look_at_host_dev(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(mode_of("/dev/null") == (S_IFCHR | 0600));
	EXPECT(mode_of("/dev/ptmx") == (S_IFCHR | 0600));
	EXPECT(S_ISCHR(mode_of("/dev/zero")));
	return wrong;
}

TEST(nodes_of_the_host_are_not_changed)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/dev", 0755);
	sandbox_mount(&s, "/dev/pts", "devpts", "devpts", OPTIONS("newinstance"));
	s.prepare = make_host_dev;
	s.body = look_at_host_dev;
	sandbox_must_run(&s);
}

TEST(another_file_in_the_place_of_a_device_is_an_error)
{
	static const char *const target = "/dev/zero";

	NEEDS_ROOT();
	for (int kind = 0; kind < 4; kind++) {
		SANDBOX(s);
		int r = 0;

		sandbox_init(&s);
		sandbox_dir(&s, "rootfs/dev", 0755);
		if (kind == 0)
			sandbox_file(&s, "rootfs/dev/null", "a file");
		else if (kind == 1)
			r = sys_symlinkat(target, s.bundle.fd, "rootfs/dev/null");
		else if (kind == 2)
			r = sys_mknodat(s.bundle.fd, "rootfs/dev/null", S_IFCHR | 0666,
					makedev(1, 5));
		else
			sandbox_dir(&s, "rootfs/dev/null", 0755);
		CHECK_INT(r, 0);
		sandbox_must_fail(&s, "there is another file of that name (mknod "
				      "'/dev/null': EEXIST)");
	}
}

/* CVE-2026-41579, CVE-2026-47766 */
TEST(a_dev_that_leads_elsewhere_is_refused_and_the_host_stays_as_it_was)
{
	NEEDS_ROOT();
	for (int mounted = 0; mounted < 2; mounted++) {
		SANDBOX(s);
		autoscratch struct scratch out = scratch_make();

		sandbox_init(&s);
		CHECK_INT(sys_symlinkat(out.path, s.bundle.fd, "rootfs/dev"), 0);
		if (mounted)
			sandbox_mount(&s, "/dev", "tmpfs", "tmpfs", NULL);
		CHECK_INT(sandbox_run(&s), -1);
		CHECK_INT(rmdir(out.path), 0);
		CHECK_INT(mkdir(out.path, 0700), 0);
	}
}

TEST(a_dev_that_is_a_link_is_refused_even_when_it_stays_inside)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/evil", 0755);
	CHECK_INT(sys_symlinkat("/evil", s.bundle.fd, "rootfs/dev"), 0);
	sandbox_must_fail(&s, "a device is not made below a symbolic link (mknod "
			      "'/dev/null': ELOOP)");
}

static int look_at_links(struct sandbox *s)
{
	char target[64];
	int wrong = 0;

	(void)s;
	/* the image's own stay, but for a ptmx device */
	EXPECT(sys_readlinkat(AT_FDCWD, "/dev/fd", target, sizeof(target)) > 0 &&
	       str_eq(target, "/elsewhere"));
	EXPECT(S_ISREG(mode_of("/dev/stdin")));
	EXPECT(sys_readlinkat(AT_FDCWD, "/dev/ptmx", target, sizeof(target)) > 0 &&
	       str_eq(target, "pts/ptmx"));
	return wrong;
}

TEST(links_are_made_where_nothing_is_and_ptmx_is_ours)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	sandbox_dir(&s, "rootfs/dev", 0755);
	sandbox_file(&s, "rootfs/dev/stdin", "");
	CHECK_INT(sys_symlinkat("/elsewhere", s.bundle.fd, "rootfs/dev/fd"), 0);
	CHECK_INT(sys_mknodat(s.bundle.fd, "rootfs/dev/ptmx", S_IFCHR | 0666,
			      makedev(5, 2)),
		  0);
	sandbox_mount(&s, "/proc", "proc", "proc", NULL);
	sandbox_mount(&s, "/dev/pts", "devpts", "devpts", OPTIONS("newinstance"));
	s.body = look_at_links;
	sandbox_must_run(&s);
}

static int look_for_no_links(struct sandbox *s)
{
	int wrong = 0;

	(void)s;
	EXPECT(!mode_of("/dev/fd") && !mode_of("/dev/stdout") && !mode_of("/dev/ptmx"));
	EXPECT(S_ISCHR(mode_of("/dev/null")));
	return wrong;
}

TEST(links_to_what_is_not_there_are_not_made)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	s.body = look_for_no_links;
	sandbox_must_run(&s);
}

/* The bundle is below a 0700 directory of root's: buildah's are (ecosystem). */
static int look_at_user_dev(struct sandbox *s)
{
	autofd int fd = -EBADF;
	struct stat st;
	int wrong = 0;

	(void)s;
	EXPECT(stat("/dev/null", &st) == 0 && st.st_rdev == makedev(1, 3));
	fd = sys_openat(AT_FDCWD, "/dev/null", O_WRONLY, 0);
	EXPECT(fd >= 0 && sys_write(fd, "x", 1) == 1);
	EXPECT(S_ISCHR(mode_of("/dev/tty")) && S_ISCHR(mode_of("/dev/urandom")));
	EXPECT(mount_has("/dev/null", "ro"));
	return wrong;
}

TEST(in_a_user_namespace_the_hosts_devices_are_bound)
{
	SANDBOX(s);

	NEEDS_ROOT();
	sandbox_init(&s);
	CHECK_INT(sys_fchownat(s.bundle.fd, "rootfs", SANDBOX_FIRST_ID, SANDBOX_FIRST_ID,
			       0),
		  0);
	s.userns = true;
	sandbox_mount(&s, "/proc", NULL, "/proc", OPTIONS("rbind"));
	sandbox_mount(&s, "/dev", "tmpfs", "tmpfs", OPTIONS("mode=755"));
	s.body = look_at_user_dev;
	sandbox_must_run(&s);
}

TEST(a_device_the_host_has_not_is_named_in_a_user_namespace)
{
	SANDBOX(s);
	struct spec_device v[] = {
		{ "/dev/no-such-device", "c", NUMBER(1), NUMBER(3), { 0 }, { 0 }, { 0 } },
	};
	struct spec_device wrong[] = {
		{ "/dev/null", "c", NUMBER(1), NUMBER(5), { 0 }, { 0 }, { 0 } },
	};
	SANDBOX(t);

	NEEDS_ROOT();
	sandbox_init(&s);
	s.userns = true;
	set_devices(&s, v, 1);
	CHECK_INT(sandbox_run(&s), -1);
	CHECK_STR(s.err.field, "/linux/devices/0");

	sandbox_init(&t);
	t.userns = true;
	set_devices(&t, wrong, 1);
	sandbox_must_fail(&t, "/linux/devices/0: the host's file is not character device "
			      "1:5 (open_tree '/dev/null': ENODEV)");
}
