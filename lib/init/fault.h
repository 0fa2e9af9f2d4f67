/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h - places where the check build fails or dies on demand.
 *
 * fault-none.c, in the release build, does nothing. fault.c, in the check build,
 * obeys TARE_FAIL_STEP=STEP[:kill-host|:kill-tree][@after]: fail at that step of
 * the host or of init, or SIGKILL tare alone, or tare and init.
 */
#pragma once

enum fault_when { FAULT_BEFORE, FAULT_AFTER };

struct err;

/*
 * Called before and after each step. chan_fd: init's end of the channel, -EBADF on
 * the host; pidfd: init, as the host sees it, -EBADF where there is none.
 */
int fault_point(const char *step, enum fault_when when, int chan_fd, int pidfd,
		struct err *e);

/* The host heard this LOG text: init may be asking it to die, which it cannot do itself.
 */
void fault_heard(const char *text, int pidfd);
