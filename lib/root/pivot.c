/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pivot.c - make in->root_fd the "/" of the process, and the host's unreachable.
 *
 * pivot_root(2) onto itself: the old root ends up on top of the new one and is detached
 * from there, so no directory for it is needed in the image. All by descriptors, none
 * of which is left open on the host's side.
 *
 * --no-pivot is for a host that runs from its initramfs, which cannot be pivoted away:
 * the root is moved over "/" instead. The host's mounts then stay below it, out of reach
 * of any path, but the kernel would still count an unmasked procfs or sysfs among them
 * when a user namespace in the container asks for a new one: these are unmounted first.
 */
#include "root/pivot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "kernel/file.h"
#include "kernel/mount.h"

#define LINE_SIZE                                                                        \
	(2 * PATH_MAX) /* of mountinfo: two paths at worst, escaped ones elided */

static int check_root(const struct inside *in, struct err *e)
{
	struct stat want, have;
	int r = sys_fstat(in->root_fd, &want);

	if (r >= 0)
		r = sys_fstatat(AT_FDCWD, "/", &have, 0);
	if (r >= 0 && (want.st_dev != have.st_dev || want.st_ino != have.st_ino))
		r = -ESTALE;
	return r < 0 ? err_sys_msg(e, r, "stat", "/", "this is not the container's root")
		     : 0;
}

static int pivot(const struct inside *in, struct err *e)
{
	autofd int old_fd = sys_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	int r;

	if (old_fd < 0)
		return err_sys(e, old_fd, "open", "/");
	r = sys_fchdir(in->root_fd);
	if (r < 0)
		return err_sys(e, r, "chdir", "root file system");
	r = sys_pivot_root(".", ".");
	if (r < 0)
		return err_hint(e, err_sys(e, r, "pivot_root", "root file system"),
				"on a host that runs from its initramfs use --no-pivot");
	r = sys_fchdir(old_fd);
	/* A hook may have shared something again: the host keeps its mounts. */
	if (r >= 0)
		r = sys_mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL);
	if (r >= 0)
		r = sys_umount2(".", MNT_DETACH);
	return r < 0 ? err_sys(e, r, "umount", "root of the host") : 0;
}

/* mountinfo writes blank, tab, newline and backslash as \ooo. */
static void unescape(char *s)
{
	char *to = s;

	while (*s) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] && s[3]) {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 |
				       (s[3] - '0'));
			s += 4;
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
}

/* The mount point of a line of mountinfo if its type is proc or sysfs, else NULL. */
static char *proc_or_sys(char *line)
{
	char *type = strstr(line, " - "), *path = line;

	if (!type || (!str_after(type, " - proc ") && !str_after(type, " - sysfs ")))
		return NULL;
	for (int field = 0; field < 4; field++) {
		path = strchr(path, ' ');
		if (!path)
			return NULL;
		path++;
	}
	path[strcspn(path, " ")] = '\0';
	unescape(path);
	return path;
}

static bool is_below(const char *path, const char *dir)
{
	const char *rest = str_after(path, dir);

	return rest && (!*rest || *rest == '/' || str_eq(dir, "/"));
}

struct lines {
	int fd;
	char buf[LINE_SIZE];
	size_t start, end;
	bool is_cut; /* the rest of a long line is still to come */
};

/* More of the file behind what is not consumed yet: a count, 0 at the end, -errno. */
static int read_more(struct lines *l)
{
	ssize_t n;

	memmove(l->buf, l->buf + l->start, l->end - l->start);
	l->end -= l->start;
	l->start = 0;
	n = sys_read(l->fd, l->buf + l->end, sizeof(l->buf) - l->end);
	if (n > 0)
		l->end += (size_t)n;
	return (int)n;
}

/* Take what is there up to and with `end`; NULL if it belongs to a line cut before. */
static char *take_line(struct lines *l, char *end, bool is_whole)
{
	char *start = l->buf + l->start;
	bool was_cut = l->is_cut;

	*end = '\0';
	l->start = (size_t)(end + 1 - l->buf);
	l->is_cut = !is_whole;
	return was_cut ? NULL : start;
}

/*
 * The next line, terminated in place, of a very long one the beginning: what matters
 * stands there. NULL at the end of file or, with *ret negative, on failure.
 */
static char *next_line(struct lines *l, int *ret)
{
	for (;;) {
		char *start = l->buf + l->start, *line = NULL;
		size_t n = l->end - l->start;
		char *newline = memchr(start, '\n', n);

		if (newline) {
			line = take_line(l, newline, true);
		} else if (n == sizeof(l->buf)) {
			line = take_line(l, start + n - 1, false);
		} else {
			*ret = read_more(l);
			if (*ret <= 0)
				return NULL;
		}
		if (line)
			return line;
	}
}

/* What is locked in a user namespace cannot be unmounted, only covered. */
static int take_away(const char *path, struct err *e)
{
	int r = sys_umount2(path, MNT_DETACH);

	if (r == -EINVAL || r == -EPERM)
		r = sys_mount("tmpfs", path, "tmpfs", MS_RDONLY, "mode=0555");
	return r < 0 && r != -ENOENT ? err_sys(e, r, "umount", path) : 0;
}

/* The list changes under the eyes of its reader, who only ever sees too much of it. */
static int take_away_listed(int fd, const char *root, struct err *e)
{
	struct lines l = { .fd = fd };
	char *line;
	int r;

	while ((line = next_line(&l, &r))) {
		const char *path = proc_or_sys(line);

		if (!path || is_below(path, root))
			continue;
		r = take_away(path, e);
		if (r < 0)
			return r;
	}
	return r < 0 ? err_sys(e, r, "read", "/proc/self/mountinfo") : 0;
}

static int take_away_all(const struct inside *in, struct err *e)
{
	char name[FD_PATH_SIZE], root[PATH_MAX];
	autofd int fd = -EBADF;
	int r;

	fd_path(in->root_fd, name);
	r = (int)sys_readlinkat(AT_FDCWD, name, root, sizeof(root));
	if (r < 0)
		return err_sys(e, r, "readlink", name);
	fd = sys_openat(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY, 0);
	if (fd < 0)
		return err_sys(e, fd, "open", "/proc/self/mountinfo");
	return take_away_listed(fd, root, e);
}

static int move_over_root(const struct inside *in, struct err *e)
{
	int r = take_away_all(in, e);

	if (r < 0)
		return r;
	r = sys_fchdir(in->root_fd);
	if (r >= 0)
		r = sys_mount(".", "/", NULL, MS_MOVE, NULL);
	if (r >= 0)
		r = sys_chroot(".");
	return r < 0 ? err_sys(e, r, "mount", "/") : 0;
}

static int change_root(const struct inside *in, struct err *e)
{
	int r = sys_fchdir(in->root_fd);

	if (r >= 0)
		r = sys_chroot(".");
	return r < 0 ? err_sys(e, r, "chroot", "root file system") : 0;
}

int pivot_init(const struct plan *p, struct inside *in, struct err *e)
{
	int r;

	if (!p->root.in_mount_ns)
		r = change_root(in, e);
	else if (p->root.pivot)
		r = pivot(in, e);
	else
		r = move_over_root(in, e);
	if (r < 0)
		return r;
	r = sys_chdir("/");
	if (r < 0)
		return err_sys(e, r, "chdir", "/");
	in->pivoted = true;
	return check_root(in, e);
}
