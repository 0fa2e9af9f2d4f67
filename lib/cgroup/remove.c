/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remove.c - a cgroup goes, with all that is in it and below it; see fs.h.
 *
 * What is usually left to remove is empty: so rmdir comes first, and only a cgroup that
 * is busy is looked into. A killed process holds its cgroup until it has ended, which a
 * process in the middle of a system call may take its time for; v2 tells when, v1 has to
 * be asked again and again.
 */
#include "cgroup/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "base/err.h"
#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "cgroup/dirs.h"
#include "cgroup/kill.h"
#include "cgroup/path.h"
#include "cgroup/stats.h"
#include "cgroup/tree.h"
#include "kernel/file.h"
#include "kernel/process.h"

#define REMOVE_TIMEOUT_MS 10000
#define MAX_WAIT_MS       50
#define KILL_EVERY_MS     200 /* those that came since, by a fork or from elsewhere */
#define MAX_NAMED         8

static bool is_busy(int r)
{
	return r == -EBUSY || r == -ENOTEMPTY;
}

/* 0: it is gone. */
static int remove_one(int parent_fd, const char *path)
{
	int r = sys_unlinkat(parent_fd, path, AT_REMOVEDIR);

	return r == -ENOENT || r == -ENODEV ? 0 : r;
}

/* What is still busy is tried again with the whole. */
static int leave(void *ctx, int parent_fd, const char *name)
{
	int r = remove_one(parent_fd, name);

	(void)ctx;
	return is_busy(r) ? 0 : r;
}

static int remove_tree(const struct cgroup_dir *d, const char *path)
{
	static const struct tree_visitor visitor = { .leave = leave };
	int r = remove_one(d->root_fd, path);

	if (!is_busy(r))
		return r;
	r = tree_walk(d->root_fd, path, &visitor, NULL);
	return r < 0 && r != -ENOENT ? r : remove_one(d->root_fd, path);
}

/* 0: gone from every hierarchy; -EBUSY: not yet. */
static int remove_all(const struct cgroup_dirs *d, struct err *e)
{
	bool busy = false;

	for (size_t i = 0; i < d->n; i++) {
		int r = remove_tree(&d->v[i], d->path);

		if (is_busy(r))
			busy = true;
		else if (r < 0)
			return err_sysf(e, r, "rmdir", "%s/%s", d->v[i].root, d->path);
	}
	return busy ? -EBUSY : 0;
}

/* Until v2 says that the last process has gone, or for a while. */
static void wait_a_little(const struct cgroup_dirs *d, int ms)
{
	const struct cgroup_dir *v2 = cgroup_dirs_v2(d);
	struct pollfd p = { .fd = -EBADF, .events = POLLPRI };
	char name[PATH_MAX], text[256];
	autofd int fd = -EBADF;
	ssize_t r = -ENOENT;

	if (v2 && str_format(name, sizeof(name), "%s/cgroup.events", d->path) >= 0)
		fd = sys_openat(v2->root_fd, name, O_RDONLY, 0);
	if (fd >= 0)
		r = file_read_fd(fd, text, sizeof(text) - 1);
	if (r > 0) {
		text[r] = '\0';
		p.fd = fd;
		if (strstr(text, "populated 1") && sys_poll(&p, 1, ms) >= 0)
			return;
	}
	(void)sys_sleep_ms((unsigned)ms);
}

static int still_busy(const struct cgroup_dirs *d, struct err *e)
{
	autopids struct pid_list pids = { 0 };
	autostr struct str list = { 0 };
	int r = pids_collect(d, &pids, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < pids.n && i < MAX_NAMED; i++)
		str_addf(&list, "%s %d", i ? "," : "", (int)pids.v[i]);
	if (pids.n == 0)
		return err_state(
			e, -EBUSY,
			"cgroup '/%s' is still in use %d s after its last process was seen",
			d->path, REMOVE_TIMEOUT_MS / 1000);
	return err_hint(
		e,
		err_state(e, -EBUSY,
			  "cgroup '/%s' still has processes %d s after SIGKILL:%s%s",
			  d->path, REMOVE_TIMEOUT_MS / 1000, str_text(&list),
			  pids.n > MAX_NAMED ? ", ..." : ""),
		"they may wait for a device or a network file system (state D)");
}

static int kill_and_remove(const struct cgroup_dirs *d, struct err *e)
{
	int64_t start = sys_clock_ms(), deadline = start + REMOVE_TIMEOUT_MS,
		next_kill = start;
	int r, delay = 1;

	for (;;) {
		int64_t now = sys_clock_ms();

		if (now >= next_kill) {
			r = kill_dirs(d, SIGKILL, e);
			if (r < 0)
				return r;
			next_kill = now + KILL_EVERY_MS;
		}
		r = remove_all(d, e);
		if (r != -EBUSY)
			return r;
		if (now >= deadline)
			return still_busy(d, e);
		wait_a_little(d, delay);
		delay = delay < MAX_WAIT_MS ? 2 * delay : MAX_WAIT_MS;
	}
}

/* The number of leading components that were there before: those stay. */
static size_t depth_to_keep(const struct cgroup_dir *d, const char *made, size_t depth)
{
	for (const char *p = made; p && *p; p += strspn(p, ",")) {
		const char *value = str_after(p, d->name);
		size_t len = strcspn(p, ",");
		char digits[16];
		uint32_t n;

		if (value && *value == '=' &&
		    str_format(digits, sizeof(digits), "%.*s", (int)(p + len - value - 1),
			       value + 1) >= 0 &&
		    num_parse_u32(digits, &n) >= 0)
			return n;
		p += len;
	}
	return depth - 1;
}

/* Empty ones only: the kernel refuses the others, and so those above them. */
static void remove_parents(const struct cgroup_dir *d, const char *path, const char *made)
{
	size_t depth = cgroup_depth(path), keep = depth_to_keep(d, made, depth);
	char prefix[PATH_MAX];

	if (depth == 2 && str_after(path, CGROUP_DEFAULT_PARENT "/"))
		keep = 0;
	for (size_t i = depth - 1; i > keep; i--) {
		if (cgroup_prefix(path, i, prefix) < 0 ||
		    remove_one(d->root_fd, prefix) < 0)
			return;
	}
}

int fs_remove(const struct cgroup_dirs *d, const char *made, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < d->n && r >= 0; i++) {
		r = remove_one(d->v[i].root_fd, d->path);
		if (r < 0 && !is_busy(r))
			return err_sysf(e, r, "rmdir", "%s/%s", d->v[i].root, d->path);
	}
	if (r < 0)
		r = kill_and_remove(d, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < d->n; i++)
		remove_parents(&d->v[i], d->path, made);
	return 0;
}

void fs_remove_empty(const struct cgroup_dirs *d, const char *made)
{
	for (size_t i = 0; i < d->n; i++) {
		if (remove_one(d->v[i].root_fd, d->path) >= 0)
			remove_parents(&d->v[i], d->path, made);
	}
}
