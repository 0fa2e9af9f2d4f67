/* SPDX-License-Identifier: Apache-2.0 */
/*
 * freeze.c - stop all processes of a cgroup, and let them go on.
 *
 * v2 can be frozen on every host that has it, hybrid ones included, and its frozen
 * processes can be killed; the v1 freezer is for hosts that have nothing else. Someone
 * may still have used that one beside us, so thawing and asking mind both.
 *
 * The v1 freezer has a known weakness: a process in the middle of a fork or of a vfork
 * can leave the state at FREEZING for good. Writing FROZEN again makes the kernel look
 * again, and a short thaw lets such a process get on.
 */
#include "cgroup/freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "cgroup/dirs.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "plan.h"

#define FREEZE_TIMEOUT_MS 10000
#define MAX_POLL_MS       20
#define TRIES_TO_THAW     50

static int read_state(const struct cgroup_dir *d, const char *path, char *buf,
		      size_t size)
{
	ssize_t r = cgroup_read(d, path, "freezer.state", buf, size);

	return r < 0 ? (int)r : 0;
}

static int freeze_v1(const struct cgroup_dir *d, const char *path)
{
	int64_t deadline = sys_clock_ms() + FREEZE_TIMEOUT_MS;
	unsigned delay = 1;
	char state[16];

	for (unsigned tries = 1;; tries++) {
		int r = cgroup_put(d, path, "freezer.state", "FROZEN");

		if (r >= 0)
			r = read_state(d, path, state, sizeof(state));
		if (r < 0 || str_eq(state, "FROZEN"))
			return r;
		if (sys_clock_ms() >= deadline)
			return -ETIMEDOUT;
		if (tries % TRIES_TO_THAW == 0)
			r = cgroup_put(d, path, "freezer.state", "THAWED");
		if (r >= 0)
			r = sys_sleep_ms(delay);
		if (r < 0)
			return r;
		delay = delay < MAX_POLL_MS ? 2 * delay : MAX_POLL_MS;
	}
}

static int freeze_v2(const struct cgroup_dir *d, const char *path)
{
	int64_t deadline = sys_clock_ms() + FREEZE_TIMEOUT_MS, left;
	int r = cgroup_put(d, path, "cgroup.freeze", "1");
	char events[PATH_MAX];
	autofd int fd = -EBADF;

	if (r >= 0)
		r = str_format(events, sizeof(events), "%s/cgroup.events", path);
	if (r < 0)
		return r;
	fd = sys_openat(d->root_fd, events, O_RDONLY, 0);
	if (fd < 0)
		return fd;
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLPRI };
		char text[256];

		/* Reading also arms the poll: what changes from here on wakes it. */
		r = (int)sys_pread(fd, text, sizeof(text) - 1, 0);
		if (r < 0)
			return r;
		text[r] = '\0';
		if (strstr(text, "frozen 1"))
			return 0;
		left = deadline - sys_clock_ms();
		if (left <= 0)
			return -ETIMEDOUT;
		r = sys_poll(&p, 1, (int)left);
		if (r < 0)
			return r;
	}
}

static int put_thawed(const struct cgroup_dir *d, const char *path)
{
	int r = d->v2 ? cgroup_put(d, path, "cgroup.freeze", "0")
		      : cgroup_put(d, path, "freezer.state", "THAWED");

	return r == -ENOENT || r == -ENODEV ? 0 : r;
}

/* Those that can be frozen, v2 first; NULL: not there. */
struct freezers {
	const struct cgroup_dir *v[2];
};

static struct freezers freezers_of(const struct cgroup_dirs *d)
{
	return (struct freezers){ { cgroup_dirs_v2(d),
				    cgroup_dirs_v1(d, CGROUP_FREEZER) } };
}

int thaw_dirs(const struct cgroup_dirs *d, struct err *e)
{
	struct freezers f = freezers_of(d);
	int result = 0;

	for (size_t i = 0; i < N_ELEMENTS(f.v); i++) {
		int r = f.v[i] ? put_thawed(f.v[i], d->path) : 0;

		if (r < 0 && result >= 0)
			result = err_sysf(e, r, "thaw", "%s/%s", f.v[i]->root, d->path);
	}
	return result;
}

static int freeze_one(const struct cgroup_dir *f, const struct cgroup_dirs *d,
		      struct err *e)
{
	int r = f->v2 ? freeze_v2(f, d->path) : freeze_v1(f, d->path);

	if (r >= 0 || r == -ENOENT)
		return r;
	(void)thaw_dirs(d, NULL);
	if (r != -ETIMEDOUT)
		return err_sysf(e, r, "freeze", "%s/%s", f->root, d->path);
	return err_hint(
		e,
		err_state(e, r,
			  "the processes of cgroup '%s/%s' did not freeze within %d s, "
			  "and run on",
			  f->root, d->path, FREEZE_TIMEOUT_MS / 1000),
		"one of them may wait for a device or a network file system");
}

int freeze_dirs(const struct cgroup_dirs *d, struct err *e)
{
	struct freezers f = freezers_of(d);

	for (size_t i = 0; i < N_ELEMENTS(f.v); i++) {
		int r = f.v[i] ? freeze_one(f.v[i], d, e) : -ENOENT;

		if (r != -ENOENT)
			return r;
	}
	if (d->n == 0)
		return err_unsupported(e,
				       "a container without a cgroup cannot be frozen");
	return err_unsupported(
		e,
		"cgroup '%s' cannot be frozen: it is neither in v2 nor in the v1 "
		"freezer hierarchy",
		d->path);
}

static int is_frozen_v1(const struct cgroup_dir *d, const char *path)
{
	char state[16];
	int r = read_state(d, path, state, sizeof(state));

	return r < 0 ? r : !str_eq(state, "THAWED");
}

int dirs_are_frozen(const struct cgroup_dirs *d)
{
	struct freezers f = freezers_of(d);

	for (size_t i = 0; i < N_ELEMENTS(f.v); i++) {
		int r = 0;

		if (f.v[i] && f.v[i]->v2)
			r = cgroup_flag(f.v[i], d->path, "cgroup.events", "frozen");
		else if (f.v[i])
			r = is_frozen_v1(f.v[i], d->path);
		if (r != 0 && r != -ENOENT && r != -ENODEV)
			return r;
	}
	return 0;
}

int cgroup_freeze(const struct held *held, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	int r = cgroup_dirs_open(held, &d, e);

	return r < 0 ? r : freeze_dirs(&d, e);
}

int cgroup_thaw(const struct held *held, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	int r = cgroup_dirs_open(held, &d, e);

	return r < 0 ? r : thaw_dirs(&d, e);
}

/*
 * `state` asks this, and every call counts there: one open and one read at the usual
 * place. -ENOENT: not there, look properly.
 */
static int quick_look(const char *mount, const char *path, const char *file,
		      const char *key)
{
	char name[PATH_MAX], text[256];
	autofd int fd = -EBADF;
	ssize_t r = str_format(name, sizeof(name), "%s%s/%s", mount, path, file);

	if (r < 0)
		return (int)r;
	fd = sys_openat(AT_FDCWD, name, O_RDONLY, 0);
	if (fd < 0)
		return fd;
	r = sys_read(fd, text, sizeof(text) - 1);
	if (r < 0)
		return (int)r;
	text[r] = '\0';
	return strstr(text, key) != NULL;
}

static int quick_frozen(const struct held *held)
{
	const char *path = held->cgroup_path;
	int v1, v2;

	if (!held->cgroup_v1_joined)
		return quick_look("/sys/fs/cgroup", path, "cgroup.events", "frozen 1");
	v2 = quick_look("/sys/fs/cgroup/unified", path, "cgroup.events", "frozen 1");
	if (v2 > 0 || (v2 < 0 && v2 != -ENOENT) ||
	    !(held->cgroup_v1_joined & CGROUP_BIT(CGROUP_FREEZER)))
		return v2;
	v1 = quick_look("/sys/fs/cgroup/freezer", path, "freezer.state", "FR");
	return v1 >= 0 ? v1 : v2;
}

int cgroup_is_frozen(const struct held *held)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	int r;

	if (str_empty(held->cgroup_path))
		return 0;
	r = held->cgroup ? -ENOENT : quick_frozen(held);
	if (r >= 0)
		return r > 0;
	r = cgroup_dirs_open(held, &d, NULL);
	if (r == -ENODEV)
		return 0; /* `state` works without a view of the cgroups */
	return r < 0 ? r : dirs_are_frozen(&d);
}
