/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.c - the check build's fault points; see fault.h. Never in a release.
 *
 * Init in its own pid namespace cannot signal the host, so it says over the channel
 * what it wants and waits to die.
 */
#include "init/fault.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "init/channel.h"
#include "kernel/process.h"

#define KILL_HOST "fault: kill-host"
#define KILL_TREE "fault: kill-tree"

static bool is_here(const char *spec, const char *step, enum fault_when when)
{
	const char *rest = str_after(spec, step);
	bool after;

	if (!rest || (*rest && *rest != ':' && *rest != '@'))
		return false;
	after = strstr(rest, "@after") != NULL;
	return after == (when == FAULT_AFTER);
}

static void die(bool tree, int pidfd)
{
	if (tree && pidfd >= 0)
		(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	(void)sys_kill(sys_getpid(), SIGKILL);
}

static void ask_host_to_die(bool tree, int chan_fd)
{
	const char *text = tree ? KILL_TREE : KILL_HOST;

	(void)chan_send(chan_fd, CHAN_LOG, 0, text, strlen(text), -EBADF);
	for (int i = 0; i < 100; i++)
		(void)sys_sleep_ms(100); /* PDEATHSIG ends this */
}

int fault_point(const char *step, enum fault_when when, int chan_fd, int pidfd,
		struct err *e)
{
	const char *spec = getenv("TARE_FAIL_STEP");
	bool tree;

	if (!spec || !is_here(spec, step, when))
		return 0;
	tree = strstr(spec, ":kill-tree") != NULL;
	if (!tree && !strstr(spec, ":kill-host"))
		return err_sys_msg(e, -EIO, "fault", step, "step '%s' was told to fail",
				   step);
	if (chan_fd >= 0)
		ask_host_to_die(tree, chan_fd);
	die(tree, pidfd);
	return 0;
}

void fault_heard(const char *text, int pidfd)
{
	if (str_eq(text, KILL_HOST))
		die(false, pidfd);
	else if (str_eq(text, KILL_TREE))
		die(true, pidfd);
}
