/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delete.c - remove a container, or whatever a crash has left of one.
 *
 * --force needs no lock to kill: a create that is at work sees its init die and rolls
 * back by itself; only then is the lock taken and what remains undone. It returns 0
 * only after processes, cgroup and state directory are gone.
 */
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "cgroup/cgroup.h"
#include "cgroup/path.h"
#include "container/container.h"
#include "container/lock.h"
#include "container/state.h"
#include "kernel/process.h"

#include <signal.h>

/*
 * A damaged state.json (a full disk, an editor): the cgroup is where the saved config
 * puts it, or the default one. Its processes are the container's, init among them.
 */
static void assume_cgroup(struct tare_container *c)
{
	const char *path = NULL, *wanted = NULL;

	if (container_load_spec(c, NULL) >= 0)
		wanted = c->spec->linux.cgroups_path;
	if (cgroup_path_plan(wanted, c->held.id, &c->arena, &path, NULL) < 0)
		return;
	c->held.cgroup_manager = "cgroupfs";
	c->held.cgroup_path = path;
	c->held.cgroup_v1_joined = ~0u;
}

/* A dead create with nothing on disk but its directory: there is nothing else to undo. */
static int read_state(struct tare_container *c, bool force, struct err *e)
{
	char line[512];
	int r = state_read(c, e);

	if (r == -ENODATA || (r < 0 && force && e->kind == ERR_CONFIG)) {
		if (r != -ENODATA) {
			err_format(e, line, sizeof(line));
			log_warn("%s: removing what config.json tells of", line);
			assume_cgroup(c);
		}
		*e = (struct err){ 0 };
		return 0;
	}
	return r;
}

/* Best effort: what survives is found again by the undo under the lock. */
static void kill_now(struct tare_container *c)
{
	struct err e = { 0 };
	autofd int pidfd = -EBADF;
	char line[512];

	if (state_read(c, &e) < 0)
		return;
	if (container_open_init(c, &pidfd) >= 0)
		(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	if (cgroup_kill_all(&c->held, SIGKILL, &e) >= 0)
		return;
	err_format(&e, line, sizeof(line));
	log_debug("before the lock: %s", line);
}

static int refuse_running(struct tare_container *c, struct err *e)
{
	enum tare_status status;
	int r = container_status(c, &status, e);

	if (r < 0)
		return r;
	if (status == TARE_STOPPED || status == TARE_CREATED)
		return 0;
	return err_hint(e,
			err_state(e, -EBUSY,
				  "cannot delete container %s that is not stopped: %s",
				  c->held.id, tare_status_name(status)),
			"`tare delete --force %s` kills it first", c->held.id);
}

static int delete (struct tare_container *c, bool force, struct err *e)
{
	bool ran;
	int r;

	if (force)
		kill_now(c);
	r = lock_take(c, LOCK_TIMEOUT_MS, e);
	if (r >= 0)
		r = read_state(c, force, e);
	if (r >= 0 && !force)
		r = refuse_running(c, e);
	if (r < 0)
		return r;
	ran = c->state.id != NULL;
	/* The config is needed after its directory is gone: for the hooks. */
	if (ran && container_load_spec(c, e) < 0) {
		log_warn("poststop hooks are not run: the saved config.json cannot be "
			 "read");
		*e = (struct err){ 0 };
		ran = false;
	}
	r = create_undo(c, e);
	return r < 0 || !ran ? r : container_run_hooks(c, HOOK_POSTSTOP, e);
}

int tare_delete(const char *root, const char *id, bool force, struct err *e)
{
	autocontainer struct tare_container *c = NULL;
	struct err own = { 0 };
	int r;

	if (!e)
		e = &own;
	r = container_new(root, id, false, &c, e);
	if (r >= 0)
		r = delete (c, force, e);
	if (r == -ENOENT && force && e->kind == ERR_STATE) {
		*e = (struct err){ 0 };
		return 0;
	}
	return r < 0 ? err_doing(e, r, "delete container '%s'", id) : 0;
}

int tare_remove(struct tare_container *c, struct err *e)
{
	struct err own = { 0 };
	int r;

	if (!e)
		e = &own;
	r = lock_again(c, LOCK_TIMEOUT_MS, e);
	if (r == -ENOENT && e->kind == ERR_STATE) {
		*e = (struct err){ 0 };
		return 0;
	}
	if (r >= 0)
		r = create_undo(c, e);
	if (r >= 0)
		r = container_run_hooks(c, HOOK_POSTSTOP, e);
	return r < 0 ? err_doing(e, r, "delete container '%s'", c->held.id) : 0;
}
