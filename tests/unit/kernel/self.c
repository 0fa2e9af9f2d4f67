/* SPDX-License-Identifier: Apache-2.0 */
/* /proc/self/status is what the calls it replaces say, one by one. */
#include "kernel/self.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "kernel/compat.h"
#include "kernel/cred.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/process.h"
#include "tests/unit/child.h"
#include "tests/unit/kernel/expect.h"
#include "tests/unit/unit.h"

TEST(the_bounding_set_is_what_the_kernel_says_of_each)
{
	struct self_status s = { 0 };
	int cap = 0, one;

	CHECK_INT(sys_self_status(&s), 0);
	for (; (one = sys_capbset_read(cap)) >= 0; cap++)
		CHECK_INT((int64_t)(s.cap_bounding >> cap & 1), one);
	CHECK(cap > 30);
	CHECK_INT((int64_t)(s.cap_bounding >> cap), 0);
}

static void handler(int sig)
{
	(void)sig;
}

static uint64_t bit(int sig)
{
	return UINT64_C(1) << (sig - 1);
}

static int change_signals(void *arg)
{
	struct self_status s;
	int wrong = 0;

	(void)arg;
	EXPECT(sys_signals_reset(SIGNALS_ALL) == 0);
	EXPECT(sys_signal(SIGPIPE, SIG_IGN) == 0);
	EXPECT(sys_signal(SIGRTMAX, SIG_IGN) == 0);
	EXPECT(sys_signal(SIGHUP, handler) == 0);
	EXPECT(sys_self_status(&s) == 0);
	EXPECT(s.signals_ignored == (bit(SIGPIPE) | bit(64)));
	EXPECT(s.signals_caught == bit(SIGHUP));
	return wrong;
}

TEST(signals_that_are_ignored_and_caught_are_told_apart)
{
	CHECK_INT(child_run(0, change_signals, NULL), 0);
}

/* Something else is on /proc: no file, or one without the lines. */
static int hide_proc(void *arg)
{
	struct self_status s = { .cap_bounding = 42 };
	int wrong = 0;

	(void)arg;
	EXPECT(sys_mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) == 0);
	EXPECT(sys_mount("none", "/proc", "tmpfs", 0, NULL) == 0);
	EXPECT(sys_self_status(&s) == -ENOENT);
	EXPECT(sys_mkdirat(AT_FDCWD, "/proc/self", 0755) == 0);
	EXPECT(file_create_at(AT_FDCWD, "/proc/self/status",
			      "Name:\tx\nSigIgn:\t0\nSigCgt:\t0\n", 27, 0644) == 0);
	EXPECT(sys_self_status(&s) == -EBADMSG);
	EXPECT(file_replace_at(AT_FDCWD, "/proc/self/status",
			       "Name:\tx\nSigIgn:\t0\nSigCgt:\tno\nCapBnd:\t0\n", 38,
			       0644, false) == 0);
	EXPECT(sys_self_status(&s) == -EBADMSG);
	EXPECT(s.cap_bounding == 42);
	return wrong;
}

TEST(without_the_lines_there_is_an_error_and_no_answer)
{
	if (getuid() != 0)
		SKIP("mounting needs root");
	CHECK_INT(child_run(CLONE_NEWNS, hide_proc, NULL), 0);
}
