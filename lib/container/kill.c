/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill.c - send a signal to a container.
 *
 * Without a pid namespace of its own the death of init does not end the others, so
 * KILL then goes to the whole cgroup, as it does with `all`.
 */
#include <signal.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "container/container.h"
#include "kernel/process.h"

static bool has_own_pid_namespace(struct tare_container *c)
{
	if (container_load_spec(c, NULL) < 0)
		return false;
	for (size_t i = 0; i < c->spec->linux.namespaces.n; i++) {
		const struct spec_namespace *ns = &c->spec->linux.namespaces.v[i];

		if (str_eq(ns->type, "pid"))
			return str_empty(ns->path);
	}
	return false;
}

static int kill_init(struct tare_container *c, int sig, struct err *e)
{
	autofd int pidfd = -EBADF;
	int r = container_open_init(c, &pidfd);

	if (r >= 0)
		r = sys_pidfd_send_signal(pidfd, sig);
	if (r == -ESRCH)
		return err_state(e, r, "container not running");
	if (r < 0)
		return err_sysf(e, r, "kill", "init %d", (int)c->held.pid);
	/* The v1 freezer holds even SIGKILL back until it thaws. */
	return sig == SIGKILL && cgroup_is_frozen(&c->held) > 0 ? cgroup_thaw(&c->held, e)
								: 0;
}

static int kill_container(struct tare_container *c, int sig, bool all, struct err *e)
{
	enum tare_status status;
	int r = container_status(c, &status, e);
	bool dead, swept = false;

	if (r < 0)
		return r;
	dead = status == TARE_STOPPED;
	if (all || (sig == SIGKILL && (dead || !has_own_pid_namespace(c)))) {
		/* Init may be gone while others live on in a shared pid namespace. */
		r = cgroup_kill_all(&c->held, sig, e);
		if (r < 0 || all)
			return r;
		swept = true;
	}
	if (dead)
		return err_state(e, -ESRCH, "container not running");
	r = kill_init(c, sig, e);
	if (r != -ESRCH || !swept)
		return r;
	/* It was alive a moment ago, and has died with the others. */
	if (e)
		*e = (struct err){ 0 };
	return 0;
}

int tare_kill(struct tare_container *c, int sig, bool all, struct err *e)
{
	int r = kill_container(c, sig, all, e);

	return r < 0 ? err_doing(e, r, "kill container '%s'", c->held.id) : 0;
}
