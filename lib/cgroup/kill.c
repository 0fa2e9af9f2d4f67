/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill.c - signal every process of a cgroup.
 *
 * v2 has cgroup.kill since 5.14, which no fork escapes. Without it the cgroup is frozen
 * first, so that the list of pids stays true while it is gone through, and thawed
 * whatever happens. A pid is signalled only through a pidfd that was opened before the
 * list was read once more and still had it: a number that was given to another process
 * in between hits nobody.
 */
#include "cgroup/kill.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "cgroup/dirs.h"
#include "cgroup/freeze.h"
#include "cgroup/stats.h"
#include "kernel/process.h"
#include "plan.h"

#define BATCH 256 /* descriptors open at a time */

static int signal_batch(const struct cgroup_dirs *d, const pid_t *pid, size_t n, int sig,
			struct err *e)
{
	autopids struct pid_list now = { 0 };
	int fd[BATCH];
	int r, result = 0;

	for (size_t i = 0; i < n; i++)
		fd[i] = sys_pidfd_open(pid[i], 0);
	r = pids_collect(d, &now, e);
	for (size_t i = 0; i < n; i++) {
		int sent = fd[i];

		if (fd[i] >= 0 && r >= 0 && pids_have(&now, pid[i]))
			sent = sys_pidfd_send_signal(fd[i], sig);
		fd_close(&fd[i]);
		/* EINVAL: a pid that is a thread's by now, and so nobody's process. */
		if (sent < 0 && sent != -ESRCH && sent != -EINVAL && result >= 0)
			result = err_sysf(e, sent, "kill", "process %d", (int)pid[i]);
	}
	return r < 0 ? r : result;
}

static int signal_all(const struct cgroup_dirs *d, const struct pid_list *pids, int sig,
		      struct err *e)
{
	int result = 0;

	for (size_t i = 0; i < pids->n; i += BATCH) {
		size_t n = pids->n - i < BATCH ? pids->n - i : BATCH;
		int r = signal_batch(d, pids->v + i, n, sig, result < 0 ? NULL : e);

		if (r < 0 && result >= 0)
			result = r;
	}
	return result;
}

static int signal_frozen(const struct cgroup_dirs *d, int sig, struct err *e)
{
	autopids struct pid_list pids = { 0 };
	int r = pids_collect(d, &pids, e), was_frozen;

	if (r < 0 || pids.n == 0)
		return r;
	was_frozen = dirs_are_frozen(d);
	if (was_frozen != 1) {
		struct err why = { 0 };

		/* Without it a fork may be missed; a caller that must not comes again. */
		if (freeze_dirs(d, &why) < 0)
			log_debug("signalled without a freeze: %s",
				  why.msg[0] ? why.msg : err_name(why.code));
		free(pids.v);
		pids = (struct pid_list){ 0 };
		r = pids_collect(d, &pids, e);
	}
	if (r >= 0)
		r = signal_all(d, &pids, sig, e);
	if (was_frozen != 1 || sig == SIGKILL) {
		int thawed = thaw_dirs(d, r < 0 ? NULL : e);

		r = r < 0 ? r : thawed;
	}
	return r;
}

static int kill_v2(const struct cgroup_dirs *d, struct err *e)
{
	const struct cgroup_dir *v2 = cgroup_dirs_v2(d);
	int r = v2 ? cgroup_flag(v2, d->path, "cgroup.events", "populated") : -ENOENT;

	/*
	 * Not for nothing: seen on 6.18, a process cloned into a cgroup that was killed,
	 * even while it was empty, is killed as well.
	 */
	if (r == 0)
		return d->n > 1 ? -ENOENT : 0;
	if (r > 0)
		r = cgroup_put(v2, d->path, "cgroup.kill", "1");
	/* EOPNOTSUPP: it is threaded. ENODEV: it is going away. */
	if (r == -EOPNOTSUPP || r == -ENODEV)
		r = -ENOENT;
	if (r >= 0 || r == -ENOENT)
		return r;
	return err_sysf(e, r, "write", "%s/%s/cgroup.kill", v2->root, d->path);
}

int kill_dirs(const struct cgroup_dirs *d, int sig, struct err *e)
{
	int r = sig == SIGKILL ? kill_v2(d, e) : -ENOENT;

	if (r == -ENOENT)
		return signal_frozen(d, sig, e);
	/* What a v1 freezer holds does not die of it. */
	if (r >= 0 && cgroup_dirs_v1(d, CGROUP_FREEZER) && dirs_are_frozen(d) == 1)
		r = thaw_dirs(d, e);
	return r;
}

int cgroup_kill_all(const struct held *held, int sig, struct err *e)
{
	autodirs struct cgroup_dirs d = CGROUP_DIRS_NONE;
	int r = cgroup_dirs_open(held, &d, e);

	return r < 0 ? r : kill_dirs(&d, sig, e);
}
