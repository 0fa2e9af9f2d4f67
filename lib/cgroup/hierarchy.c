/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hierarchy.c - where this machine's cgroups are.
 *
 * Reading the mount table costs in proportion to it, and hosts with thousands of mounts
 * exist. So statfs(2) asks the places that every distribution uses: /sys/fs/cgroup is
 * cgroup2 itself, or holds a directory (or a link: cpu -> cpu,cpuacct) for each v1
 * hierarchy that /proc/self/cgroup names, and `unified`. Only when all of that finds
 * nothing, /proc/self/mountinfo is read.
 */
#include "cgroup/hierarchy.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/file.h"

#define CGROUP_ROOT  "/sys/fs/cgroup"
#define MOUNTS_LIMIT ((size_t)64 << 20)

static const char *const names[CGROUP_CONTROLLERS] = {
	[CGROUP_CPU] = "cpu",
	[CGROUP_CPUACCT] = "cpuacct",
	[CGROUP_CPUSET] = "cpuset",
	[CGROUP_MEMORY] = "memory",
	[CGROUP_DEVICES] = "devices",
	[CGROUP_FREEZER] = "freezer",
	[CGROUP_BLKIO] = "blkio",
	[CGROUP_PIDS] = "pids",
	[CGROUP_HUGETLB] = "hugetlb",
	[CGROUP_NET_CLS] = "net_cls",
	[CGROUP_NET_PRIO] = "net_prio",
	[CGROUP_PERF_EVENT] = "perf_event",
	[CGROUP_RDMA] = "rdma",
	[CGROUP_MISC] = "misc",
	[CGROUP_SYSTEMD] = "name=systemd",
};

const char *controller_name(enum cgroup_controller c)
{
	return names[c];
}

const char *controller_v2_name(enum cgroup_controller c)
{
	return c == CGROUP_BLKIO ? "io" : names[c];
}

static enum cgroup_controller controller_find(const char *name, size_t len)
{
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (strncmp(names[i], name, len) == 0 && names[i][len] == '\0')
			return (enum cgroup_controller)i;
	}
	return CGROUP_CONTROLLERS;
}

enum cgroup_controller controller_by_name(const char *name)
{
	return str_eq(name, "io") ? CGROUP_BLKIO : controller_find(name, strlen(name));
}

bool controllers_have(const char *words, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = words; *p; p += strspn(p, " \n")) {
		size_t n = strcspn(p, " \n");

		if (n == len && strncmp(p, name, len) == 0)
			return true;
		p += n;
	}
	return false;
}

bool hierarchy_has_v2(const struct cgroup_hierarchy *h, const char *controller)
{
	return controllers_have(h->v2_controllers, controller);
}

const struct cgroup_v1 *hierarchy_v1(const struct cgroup_hierarchy *h,
				     enum cgroup_controller c)
{
	return h->v1_slot[c] < CGROUP_CONTROLLERS ? &h->v1[h->v1_slot[c]] : NULL;
}

struct cgroup_hierarchy *hierarchy_new(void)
{
	struct cgroup_hierarchy *h = calloc(1, sizeof(*h));

	if (!h)
		abort();
	h->v2_fd = -EBADF;
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		h->v1[i].fd = -EBADF;
		h->v1_slot[i] = CGROUP_CONTROLLERS;
	}
	return h;
}

void hierarchy_free(struct cgroup_hierarchy *h)
{
	int *fds[CGROUP_CONTROLLERS + 1];

	if (!h)
		return;
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		fds[i] = &h->v1[i].fd;
		free(h->v1[i].path);
		free(h->v1[i].controllers);
	}
	fds[CGROUP_CONTROLLERS] = &h->v2_fd;
	sys_close_all(fds, N_ELEMENTS(fds));
	free(h->v2_path);
	free(h);
}

static void set_layout(struct cgroup_hierarchy *h)
{
	bool v1 = false;

	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++)
		v1 = v1 || h->v1[i].path;
	if (h->v2_path)
		h->layout = v1 ? CGROUP_LAYOUT_HYBRID : CGROUP_LAYOUT_V2;
	else
		h->layout = v1 ? CGROUP_LAYOUT_V1 : CGROUP_LAYOUT_NONE;
}

static int open_dir(const char *path)
{
	return sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
}

/* The known controllers of a comma-separated list; *ret_first is the lowest. */
static uint32_t parse_controllers(const char *list, size_t len,
				  enum cgroup_controller *ret_first)
{
	uint32_t found = 0;

	*ret_first = CGROUP_CONTROLLERS;
	for (size_t i = 0; i < len; i++) {
		size_t n = strcspn(list + i, ",\n");
		enum cgroup_controller c;

		if (n > len - i)
			n = len - i;
		c = controller_find(list + i, n);
		if (c < CGROUP_CONTROLLERS)
			found |= CGROUP_BIT(c);
		if (c < *ret_first)
			*ret_first = c;
		i += n;
	}
	return found;
}

static int add_v1(struct cgroup_hierarchy *h, const char *controllers, const char *path,
		  int fd)
{
	enum cgroup_controller first;
	uint32_t found = parse_controllers(controllers, strlen(controllers), &first);

	if (!found || h->v1[first].path) {
		fd_close(&fd);
		return found ? 0 : -EINVAL;
	}
	h->v1[first].controllers = str_dup(controllers);
	h->v1[first].path = str_dup(path);
	h->v1[first].fd = fd;
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (found & CGROUP_BIT(i))
			h->v1_slot[i] = (uint8_t)first;
	}
	set_layout(h);
	return 0;
}

int hierarchy_add_v1(struct cgroup_hierarchy *h, const char *controllers,
		     const char *path)
{
	int fd = open_dir(path);

	return fd < 0 ? fd : add_v1(h, controllers, path, fd);
}

int hierarchy_v1_fd(const struct cgroup_hierarchy *h, size_t slot)
{
	struct cgroup_v1 *v1 = (struct cgroup_v1 *)&h->v1[slot];

	if (v1->fd == -EBADF)
		v1->fd = open_dir(v1->path);
	return v1->fd;
}

static int read_v2_controllers(struct cgroup_hierarchy *h)
{
	ssize_t n = file_read_once_at(h->v2_fd, "cgroup.controllers", h->v2_controllers,
				      sizeof(h->v2_controllers));

	return n < 0 ? (int)n : 0;
}

int hierarchy_add_v2(struct cgroup_hierarchy *h, const char *path)
{
	int fd = open_dir(path);

	if (fd < 0)
		return fd;
	h->v2_path = str_dup(path);
	h->v2_fd = fd;
	set_layout(h);
	return read_v2_controllers(h);
}

/* *ret_magic 0: nothing there that could be looked at. Any other failure is no answer. */
static int look_at(const char *path, long *ret_magic)
{
	int r = sys_statfs_type(path, ret_magic);

	if (r < 0)
		*ret_magic = 0;
	return r == -ENOENT || r == -ENOTDIR || r == -ELOOP || r == -EACCES ? 0 : r;
}

/* 1: found, 0: not there. */
static int probe_v2(struct cgroup_hierarchy *h, const char *root, const char *path,
		    bool all)
{
	char full[PATH_MAX];
	long found = 0;
	int r = str_format(full, sizeof(full), "%s%s", root, path);

	if (r >= 0)
		r = look_at(full, &found);
	if (r < 0 || found != CGROUP2_SUPER_MAGIC)
		return r < 0 ? r : 0;
	r = open_dir(full);
	if (r < 0)
		return r;
	h->v2_fd = r;
	h->v2_path = str_dup(full);
	set_layout(h);
	r = all ? read_v2_controllers(h) : 0;
	return r < 0 ? r : 1;
}

/* Look for one hierarchy as /sys/fs/cgroup/NAME; 1: found, 0: not there. */
static int probe_v1_dir(struct cgroup_hierarchy *h, const char *root, const char *name,
			size_t len, const char *controllers)
{
	char path[PATH_MAX];
	const char *dir = str_after(name, "name=");
	long found = 0;
	int r;

	if (dir) {
		len -= (size_t)(dir - name);
		name = dir;
	}
	r = str_format(path, sizeof(path), "%s" CGROUP_ROOT "/%.*s", root, (int)len,
		       name);
	if (r >= 0)
		r = look_at(path, &found);
	if (r < 0 || found != CGROUP_SUPER_MAGIC)
		return r < 0 ? r : 0;
	r = add_v1(h, controllers, path, -EBADF);
	return r < 0 ? r : 1;
}

/* One line of /proc/self/cgroup: "4:cpu,cpuacct:/user". */
static int probe_v1_line(struct cgroup_hierarchy *h, const char *root, const char *line,
			 size_t len)
{
	const char *list = memchr(line, ':', len), *end;
	enum cgroup_controller first;
	char controllers[256];
	int r;

	if (!list)
		return 0;
	list++;
	end = memchr(list, ':', len - (size_t)(list - line));
	if (!end || end == list || !parse_controllers(list, (size_t)(end - list), &first))
		return 0;
	r = str_format(controllers, sizeof(controllers), "%.*s", (int)(end - list), list);
	if (r < 0)
		return r;

	r = probe_v1_dir(h, root, controllers, strlen(controllers), controllers);
	for (const char *p = controllers; r == 0 && *p; p += strspn(p, ",")) {
		size_t n = strcspn(p, ",");

		r = probe_v1_dir(h, root, p, n, controllers);
		p += n;
	}
	return r;
}

static int probe_self(struct cgroup_hierarchy *h, const char *root, struct err *e)
{
	char path[PATH_MAX], text[4096];
	ssize_t n;
	int r = str_format(path, sizeof(path), "%s/proc/self/cgroup", root);

	if (r < 0)
		return err_sys(e, r, "open", root);
	n = file_read_once_at(AT_FDCWD, path, text, sizeof(text));
	if (n == -ENOENT)
		return 0; /* a kernel without cgroups */
	if (n < 0)
		return err_sys(e, (int)n, "read", path);

	for (const char *line = text; *line; line += strspn(line, "\n")) {
		size_t len = strcspn(line, "\n");

		r = probe_v1_line(h, root, line, len);
		if (r < 0)
			return err_sys_msg(e, r, "read", path, "unexpected line '%.*s'",
					   (int)len, line);
		line += len;
	}
	return 0;
}

/* Only what `wanted` names, each at its own name; 0 unless all of it was there. */
static int probe_wanted(struct cgroup_hierarchy *h, const char *root, uint32_t wanted)
{
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		int r;

		if (!(wanted & CGROUP_BIT(i)))
			continue;
		r = probe_v1_dir(h, root, names[i], strlen(names[i]), names[i]);
		if (r <= 0)
			return r;
	}
	return 1;
}

/* The kernel writes blank, tab, newline and backslash of a mount point as \ooo. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' &&
		    s[2] <= '7' && s[3] >= '0' && s[3] <= '7') {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 |
				       (s[3] - '0'));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

/* The n-th blank-separated field, from 0, of a terminated line; NULL: too few. */
static const char *field_at(const char *line, size_t n)
{
	while (line && n-- > 0) {
		line = strchr(line, ' ');
		if (line)
			line++;
	}
	return line;
}

/* The super block's options name the controllers among others: "rw,cpu,cpuacct". */
static int add_v1_of_options(struct cgroup_hierarchy *h, const char *options,
			     const char *path)
{
	enum cgroup_controller first;
	uint32_t found = parse_controllers(options, strcspn(options, " "), &first);
	autostr struct str list = { 0 };

	if (!found)
		return 0;
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (found & CGROUP_BIT(i))
			str_addf(&list, "%s%s", list.len ? "," : "", names[i]);
	}
	return hierarchy_add_v1(h, str_text(&list), path);
}

/* "31 23 0:28 / /sys/fs/cgroup/cpu rw shared:1 - cgroup cgroup rw,cpu,cpuacct" */
static int probe_mount(struct cgroup_hierarchy *h, const char *root, char *line)
{
	const char *sep = strstr(line, " - cgroup"), *point = field_at(line, 4), *options;
	char path[PATH_MAX];
	bool v2;
	int r;

	if (!sep || !point || point > sep)
		return 0;
	v2 = strncmp(sep, " - cgroup2 ", 11) == 0;
	if (!v2 && strncmp(sep, " - cgroup ", 10) != 0)
		return 0;
	options = field_at(sep + 3, 2);
	r = str_format(path, sizeof(path), "%s%.*s", root, (int)strcspn(point, " "),
		       point);
	if (r < 0 || !options)
		return 0;
	unescape(path);

	if (v2)
		return h->v2_path ? 0 : hierarchy_add_v2(h, path);
	return add_v1_of_options(h, options, path);
}

static int probe_mounts(struct cgroup_hierarchy *h, const char *root, struct err *e)
{
	autofree char *text = NULL;
	char path[PATH_MAX], *next;
	size_t len;
	int r = str_format(path, sizeof(path), "%s/proc/self/mountinfo", root);

	if (r >= 0)
		r = file_read_all_at(AT_FDCWD, path, MOUNTS_LIMIT, false, &text, &len);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return err_sys(e, r, "read", path);

	for (char *line = text; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		r = probe_mount(h, root, line);
		/* A mount that another one covers cannot be opened: as good as none. */
		if (r < 0 && r != -ENOENT && r != -ENOTDIR)
			return err_sys_msg(e, r, "read", path, "unexpected line '%s'",
					   line);
	}
	return 0;
}

int hierarchy_probe_at(const char *root, uint32_t wanted, struct cgroup_hierarchy **ret,
		       struct err *e)
{
	autohierarchy struct cgroup_hierarchy *h = hierarchy_new();
	bool all = wanted == CGROUP_ALL;
	int r = probe_v2(h, root, CGROUP_ROOT, all);

	if (r < 0)
		return err_sys(e, r, "open", CGROUP_ROOT);
	if (r == 0) {
		r = probe_v2(h, root, CGROUP_ROOT "/unified", all);
		if (r < 0)
			return err_sys(e, r, "open", CGROUP_ROOT "/unified");
		r = all ? 0 : probe_wanted(h, root, wanted);
		if (r < 0)
			return err_sys(e, r, "open", CGROUP_ROOT);
		if (r == 0)
			r = probe_self(h, root, e);
		if (r < 0)
			return r;
	}
	if (h->layout == CGROUP_LAYOUT_NONE) {
		r = probe_mounts(h, root, e);
		if (r < 0)
			return r;
	}
	*ret = h;
	h = NULL;
	return 0;
}

int hierarchy_probe(struct cgroup_hierarchy **ret, struct err *e)
{
	return hierarchy_probe_at("", CGROUP_ALL, ret, e);
}
