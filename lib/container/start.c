/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start.c - let the init of a created container become the user's program.
 *
 * The lock is not held while we wait: whoever removes the name `go` is the one who
 * starts it (init/hold.c), the others are told so.
 */
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "container/container.h"
#include "kernel/process.h"

static int refuse(struct tare_container *c, struct err *e)
{
	enum tare_status status;
	int r = container_status(c, &status, e);

	if (r < 0)
		return r;
	switch (status) {
	case TARE_CREATED:
		return 0;
	case TARE_RUNNING:
	case TARE_PAUSED:
		return err_state(e, -EBUSY, "cannot start an already running container");
	case TARE_STOPPED:
		return err_state(e, -ESRCH, "cannot start a container that has stopped");
	case TARE_CREATING:
		break;
	}
	return err_state(e, -EAGAIN,
			 "cannot start a container that is still being created");
}

/* What a failed start leaves is no container any more: the spec wants it destroyed. */
static void destroy(struct tare_container *c)
{
	struct err later = { 0 };
	char line[512];

	if (tare_delete(c->root, c->held.id, true, &later) >= 0)
		return;
	err_format(&later, line, sizeof(line));
	log_warn("%s", line);
}

static int start(struct tare_container *c, struct err *e)
{
	autofd int own_pidfd = -EBADF;
	int pidfd = c->boot.pidfd;
	/* Whoever has just created it knows that it waits. */
	int r = pidfd < 0 ? refuse(c, e) : 0;

	if (r >= 0)
		r = container_load_spec(c, e);
	if (r >= 0 && !c->spec->process.is_set)
		r = err_at(e, err_config(e, "there is no process to start"), "/process");
	if (r < 0)
		return r;
	if (pidfd < 0) {
		r = container_open_init(c, &own_pidfd);
		pidfd = own_pidfd;
	}
	if (r < 0)
		return err_sysf(e, r, "pidfd_open", "init %d", (int)c->held.pid);
	r = boot_start(c->dir_fd, pidfd, e);
	if (r == -EBUSY && e && e->kind == ERR_STATE)
		return r; /* lost the race: the container is fine */
	if (r >= 0)
		r = container_run_hooks(c, HOOK_POSTSTART, e);
	if (r < 0)
		destroy(c);
	return r;
}

int tare_start(struct tare_container *c, struct err *e)
{
	int r = start(c, e);

	return r < 0 ? err_doing(e, r, "start container '%s'", c->held.id) : 0;
}
