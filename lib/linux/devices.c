/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices.c - device nodes in the container.
 *
 * OCI: /linux/devices, and the default devices of config-linux.md
 *
 * The directory of a node is reached without following any symlink, and the node is made
 * relative to it: an image whose /dev leads elsewhere is refused (CVE-2026-41579,
 * CVE-2026-47766). mknod(2) is for the machine's root only, so in a user namespace the
 * host's node is bound onto an empty file instead.
 *
 * When the config binds something over /dev, what is in there belongs to whoever owns
 * that: neither nodes nor links are made below it.
 */
#include "linux/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "kernel/beneath.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "mounts/apply.h"
#include "mounts/attach.h"
#include "mounts/source.h"

#define MAJOR_MAX    ((1 << 12) - 1) /* of the kernel's 32-bit device numbers */
#define MINOR_MAX    ((1 << 20) - 1)
#define DEFAULT_MODE 0666
#define NO_ID        UINT32_MAX

/* clang-format off */
static const struct {
	const char *path;
	unsigned major, minor;
} default_devices[] = {
	{ "/dev/null",    1, 3 },
	{ "/dev/zero",    1, 5 },
	{ "/dev/full",    1, 7 },
	{ "/dev/random",  1, 8 },
	{ "/dev/urandom", 1, 9 },
	{ "/dev/tty",     5, 0 },
};

static const struct {
	char name;
	mode_t type;
} types[] = {
	{ 'c', S_IFCHR }, { 'u', S_IFCHR }, { 'b', S_IFBLK }, { 'p', S_IFIFO },
};
/* clang-format on */

/* S_IFCHR and so on; 0: no such type. */
static mode_t type_of(const struct spec_device *d)
{
	for (size_t i = 0; i < N_ELEMENTS(types); i++) {
		if (d->type && d->type[0] == types[i].name && !d->type[1])
			return types[i].type;
	}
	return 0;
}

static int check_path(const struct spec_device *d, struct err *e)
{
	char clean[PATH_MAX];

	if (!d->path || d->path[0] != '/')
		return err_config(e, "'%s' is not an absolute path",
				  d->path ? d->path : "");
	if (path_has_dotdot(d->path))
		return err_config(e, "'%s' contains '..'", d->path);
	if (path_clean(d->path, clean, sizeof(clean)) < 0)
		return err_config(e, "is longer than %d bytes", PATH_MAX - 1);
	if (str_eq(clean, "/"))
		return err_config(e, "'%s' is a directory", d->path);
	return 0;
}

static int check_number(const struct opt_i64 *n, int64_t max, const char *name,
			struct err *e)
{
	if (!n->set)
		return err_config(e, "a device needs '%s'", name);
	if (n->v < 0 || n->v > max)
		return err_at(e,
			      err_config(e, "%lld is not in the range 0..%lld",
					 (long long)n->v, (long long)max),
			      "/%s", name);
	return 0;
}

/* podman writes st_mode of the host's node, with the type in it. */
static int check_mode(const struct spec_device *d, mode_t type, struct err *e)
{
	mode_t mode = d->file_mode.v;

	if ((mode & ~(mode_t)07777) == 0 || (mode & ~(mode_t)07777) == type)
		return 0;
	return err_at(
		e, err_config(e, "%#o is not the mode of a '%s' device", mode, d->type),
		"/fileMode");
}

static int check_id(const struct opt_u32 *id, const char *name, struct err *e)
{
	if (id->v != NO_ID)
		return 0;
	return err_at(e, err_config(e, "%u is no id", id->v), "/%s", name);
}

static int check_one(const struct spec_device *d, struct err *e)
{
	mode_t type = type_of(d);
	int r = check_path(d, e);

	if (r < 0)
		return err_at(e, r, "/path");
	if (!type)
		return err_at(e,
			      err_config(e, "'%s' is no type of device",
					 d->type ? d->type : ""),
			      "/type");
	if (type != S_IFIFO) {
		r = check_number(&d->major, MAJOR_MAX, "major", e);
		if (r >= 0)
			r = check_number(&d->minor, MINOR_MAX, "minor", e);
	}
	if (r >= 0)
		r = check_mode(d, type, e);
	if (r >= 0)
		r = check_id(&d->uid, "uid", e);
	return r < 0 ? r : check_id(&d->gid, "gid", e);
}

int devices_check(const struct spec *s, struct err *e)
{
	for (size_t i = 0; i < s->linux.devices.n; i++) {
		int r = check_one(&s->linux.devices.v[i], e);

		if (r < 0)
			return err_at(e, r, "/linux/devices/%zu", i);
	}
	return 0;
}

/* What is mounted on /dev in the end: something of the host's? */
static bool is_dev_bound(const struct plan *p)
{
	bool bound = false;

	for (size_t i = 0; i < p->mounts.n; i++) {
		const struct plan_mount *m = &p->mounts.v[i];

		if (m->kind != MOUNT_CHANGE && str_eq(m->destination, "/dev"))
			bound = m->kind == MOUNT_BIND;
	}
	return bound;
}

static bool has_userns(const struct plan *p)
{
	return (p->ns.new_flags | p->ns.join_flags) & CLONE_NEWUSER;
}

static bool must_bind(const struct plan *p, const struct plan_device *d)
{
	const struct host *h = p->host;

	if (S_ISFIFO(d->mode))
		return false;
	return has_userns(p) || h->in_userns ||
	       !(h->caps.effective & (UINT64_C(1) << CAP_MKNOD));
}

static void add(struct plan *p, const struct plan_device *d)
{
	struct plan_devices *devices = &p->devices;
	struct plan_device *added;

	devices->v = arena_grow(&p->arena, devices->v, devices->n, sizeof(*devices->v));
	added = &devices->v[devices->n++];
	*added = *d;
	added->source = NO_SOURCE;
	if (must_bind(p, d))
		added->source = source_add(p, d->path, false, true, d->field);
}

static bool is_configured(const struct spec *s, const char *path)
{
	char clean[PATH_MAX];

	for (size_t i = 0; i < s->linux.devices.n; i++) {
		if (path_clean(s->linux.devices.v[i].path, clean, sizeof(clean)) == 0 &&
		    str_eq(clean, path))
			return true;
	}
	return false;
}

static void add_defaults(const struct spec *s, struct plan *p)
{
	for (size_t i = 0; i < N_ELEMENTS(default_devices); i++) {
		struct plan_device d = {
			.path = default_devices[i].path,
			.mode = S_IFCHR | DEFAULT_MODE,
			.rdev = makedev(default_devices[i].major,
					default_devices[i].minor),
		};

		if (!is_configured(s, d.path))
			add(p, &d);
	}
}

static void add_configured(struct plan *p, const struct spec_device *s, size_t i,
			   bool dev_bound)
{
	unsigned mode = s->file_mode.set ? s->file_mode.v & 07777 : DEFAULT_MODE;
	struct plan_device d = {
		.path = path_clean_dup(&p->arena, s->path),
		.mode = type_of(s) | mode,
		.uid = s->uid.v,
		.gid = s->gid.v,
		.field = arena_printf(&p->arena, "/linux/devices/%zu", i),
	};

	if (type_of(s) != S_IFIFO)
		d.rdev = makedev((unsigned)s->major.v, (unsigned)s->minor.v);
	if (dev_bound && str_after(d.path, "/dev/"))
		log_debug("'%s' is left to what is bound on /dev", d.path);
	else
		add(p, &d);
}

int devices_plan(const struct spec *s, const struct host *h, struct plan *p,
		 struct err *e)
{
	bool dev_bound;

	(void)h, (void)e;
	if (!p->root.in_mount_ns)
		return 0;
	dev_bound = is_dev_bound(p);
	p->devices.has_links = !dev_bound;
	if (!dev_bound)
		add_defaults(s, p);
	for (size_t i = 0; i < s->linux.devices.n; i++)
		add_configured(p, &s->linux.devices.v[i], i, dev_bound);
	return 0;
}

static int refuse(const struct plan_device *d, int r, const char *op, struct err *e)
{
	if (r == -ELOOP)
		return err_sys_msg(e, r, op, d->path,
				   "a device is not made below a symbolic link");
	if (r == -EEXIST)
		return err_sys_msg(e, r, op, d->path,
				   "there is another file of that name");
	return err_sys(e, r, op, d->path);
}

/* The directory of the node made last: most are in /dev. */
struct parent {
	char path[PATH_MAX];
	int fd;
};

static int open_dir(const struct inside *in, const char *path)
{
	int fd = beneath_open_strict(in->root_fd, path, O_PATH | O_DIRECTORY);

	if (fd != -ENOENT)
		return fd;
	fd = beneath_mkdir_all(in->root_fd, path, 0755);
	if (fd < 0)
		return fd;
	fd_close(&fd);
	return beneath_open_strict(in->root_fd, path, O_PATH | O_DIRECTORY);
}

/* The node's directory, made if need be, below no symlink; borrowed from parent. */
static int open_parent(const struct inside *in, const struct plan_device *d,
		       struct parent *parent)
{
	size_t len = (size_t)(path_base(d->path) - d->path);
	char path[PATH_MAX];
	int r;

	/* Without the slash before the name, but that of the root. */
	r = str_format(path, sizeof(path), "%.*s", (int)(len > 1 ? len - 1 : 1), d->path);
	if (r < 0)
		return r;
	if (parent->fd >= 0 && str_eq(path, parent->path))
		return parent->fd;
	fd_close(&parent->fd);
	memcpy(parent->path, path, (size_t)r + 1);
	parent->fd = open_dir(in, path);
	return parent->fd;
}

static int make_node(const struct plan_device *d, int dir_fd, const char *name)
{
	int r = sys_mknodat(dir_fd, name, d->mode, d->rdev);

	/*
	 * chown clears nothing here: devices have no set-id bits that mean anything. In a
	 * set-group-ID directory of the image the group would be the image's choice,
	 * which for the default devices, mode 0666, makes no difference.
	 */
	if (r < 0 || !d->field)
		return r;
	return sys_fchownat(dir_fd, name, d->uid, d->gid, AT_SYMLINK_NOFOLLOW);
}

static bool is_same_device(const struct plan_device *d, const struct stat *st)
{
	if ((st->st_mode & S_IFMT) != (d->mode & S_IFMT))
		return false;
	return S_ISFIFO(d->mode) || st->st_rdev == d->rdev;
}

/*
 * There is something already. The same device is what was asked for; one with another
 * mode or owner is made anew, as there is no way to change a node without following
 * links or opening it. That of the host, in a directory that is bound, stays as it is.
 */
static int check_existing(const struct plan *p, const struct inside *in,
			  const struct plan_device *d, int dir_fd, const char *name,
			  struct err *e)
{
	struct stat st;
	int r = sys_fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW);

	if (r < 0)
		return refuse(d, r, "stat", e);
	if (!is_same_device(d, &st))
		return refuse(d, -EEXIST, "mknod", e);
	if ((st.st_mode & 07777) == (d->mode & 07777) && st.st_uid == d->uid &&
	    st.st_gid == d->gid)
		return 0;
	if (!mounts_is_own(p, in, dir_fd))
		return 0;
	r = sys_unlinkat(dir_fd, name, 0);
	if (r == -EBUSY)
		return 0;
	if (r >= 0)
		r = make_node(d, dir_fd, name);
	return r < 0 ? refuse(d, r, "mknod", e) : 0;
}

static int create(const struct plan *p, const struct inside *in,
		  const struct plan_device *d, int dir_fd, struct err *e)
{
	const char *name = path_base(d->path);
	int r = make_node(d, dir_fd, name);

	if (r == -EEXIST)
		return check_existing(p, in, d, dir_fd, name, e);
	return r < 0 ? refuse(d, r, "mknod", e) : 0;
}

/*
 * For the host's node to be bound on: an empty file, or a node that is the same device
 * (the root may be mounted nodev); never what a symlink leads to.
 */
static int open_file(const struct plan_device *d, int dir_fd, const char *name)
{
	struct stat st;

	int r = sys_mknodat(dir_fd, name, S_IFREG | 0666, 0);
	autofd int fd = -EBADF;

	if (r < 0 && r != -EEXIST)
		return r;
	fd = sys_openat(dir_fd, name, O_PATH | O_NOFOLLOW, 0);
	if (fd < 0)
		return fd;
	r = sys_fstat(fd, &st);
	if (r < 0)
		return r;
	if (!is_same_device(d, &st) && (!S_ISREG(st.st_mode) || st.st_size > 0))
		return -EEXIST;
	return take_fd(&fd);
}

static int bind(struct inside *in, const struct plan_device *d, int dir_fd, struct err *e)
{
	autofd int fd = take_fd(&in->source_fd[d->source]);
	autofd int target_fd = open_file(d, dir_fd, path_base(d->path));
	const struct attach a = {
		.root_fd = in->root_fd,
		.path = d->path,
		.target_fd = target_fd,
		.is_root = in->pivoted,
		.strict = true,
		/* Written to all the same; the host's node keeps its mode and owner. */
		.top.set = MOUNT_ATTR_RDONLY,
	};

	if (target_fd < 0)
		return refuse(d, target_fd, "mount", e);
	return attach_mount(fd, &a, NULL, e);
}

static int init_one(const struct plan *p, struct inside *in, const struct plan_device *d,
		    struct parent *parent, struct err *e)
{
	int dir_fd = open_parent(in, d, parent), r;

	if (dir_fd < 0)
		r = refuse(d, dir_fd, "mknod", e);
	else if (d->source == NO_SOURCE)
		r = create(p, in, d, dir_fd, e);
	else
		r = bind(in, d, dir_fd, e);
	return r < 0 && d->field ? err_at(e, r, "%s", d->field) : r;
}

int devices_init(const struct plan *p, struct inside *in, struct err *e)
{
	struct parent parent = { .fd = -EBADF };
	unsigned mask = sys_umask(0);
	int r = 0;

	for (size_t i = 0; i < p->devices.n && r >= 0; i++)
		r = init_one(p, in, &p->devices.v[i], &parent, e);
	fd_close(&parent.fd);
	sys_umask(mask);
	return r;
}
