/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signal.c - signals as callers write them, and the ones that ask us to give up.
 *
 * Names are a table of our own: libc's strsignal() has other words, and the names
 * of real-time signals count from 34, the kernel's first that libc does not keep,
 * as image authors and systemd's RTMIN+3 mean it, whatever libc tare runs on.
 */
#include <signal.h>
#include <stdint.h>
#include <strings.h>

#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "kernel/file.h"
#include "kernel/process.h"
#include "tare.h"

#define FIRST_RT 34
#define LAST_RT  64

#define SIGNAL(name)                                                                     \
	{                                                                                \
#name, SIG##name                                                         \
	}

/* clang-format off */
static const struct {
	const char *name;
	int number;
} names[] = {
	SIGNAL(HUP), SIGNAL(INT), SIGNAL(QUIT), SIGNAL(ILL), SIGNAL(TRAP), SIGNAL(ABRT),
	SIGNAL(IOT), SIGNAL(BUS), SIGNAL(FPE), SIGNAL(KILL), SIGNAL(USR1), SIGNAL(SEGV),
	SIGNAL(USR2), SIGNAL(PIPE), SIGNAL(ALRM), SIGNAL(TERM), SIGNAL(STKFLT),
	SIGNAL(CHLD), { "CLD", SIGCHLD }, SIGNAL(CONT), SIGNAL(STOP), SIGNAL(TSTP),
	SIGNAL(TTIN), SIGNAL(TTOU), SIGNAL(URG), SIGNAL(XCPU), SIGNAL(XFSZ),
	SIGNAL(VTALRM), SIGNAL(PROF), SIGNAL(WINCH), SIGNAL(IO), { "POLL", SIGIO },
	SIGNAL(PWR), SIGNAL(SYS),
};
/* clang-format on */

static int parse_name(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].number;
	}
	return -EINVAL;
}

/* "RTMIN", "RTMIN+3", "RTMAX-3" */
static int parse_realtime(const char *name)
{
	bool from_max = strncasecmp(name, "RTMAX", 5) == 0;
	uint32_t offset = 0;

	if (!from_max && strncasecmp(name, "RTMIN", 5) != 0)
		return -EINVAL;
	name += 5;
	if (!*name)
		return from_max ? LAST_RT : FIRST_RT;
	if (*name != (from_max ? '-' : '+') || num_parse_u32(name + 1, &offset) < 0 ||
	    offset > LAST_RT - FIRST_RT)
		return -EINVAL;
	return from_max ? LAST_RT - (int)offset : FIRST_RT + (int)offset;
}

int tare_signal_parse(const char *text, int *ret, struct err *e)
{
	const char *name = text;
	uint32_t number;
	int sig;

	/* 0 sends nothing and tells whether there is a process: kill(2). */
	if (num_parse_u32(text, &number) == 0 && number <= LAST_RT) {
		*ret = (int)number;
		return 0;
	}
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	sig = parse_name(name);
	if (sig < 0)
		sig = parse_realtime(name);
	if (sig < 0)
		return err_usage(e, "unknown signal \"%s\"", text);
	*ret = sig;
	return 0;
}

/* Those that people and service managers end a program with. */
static const int ending[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };

static bool is_ignored(int sig)
{
	struct sigaction action;

	/* A blocked signal is queued even if it is ignored, as nohup(1) does. */
	return sigaction(sig, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int tare_hold_signals(int *ret_fd, struct err *e)
{
	autofd int fd = -EBADF;
	sigset_t set;
	int r;

	sigemptyset(&set);
	for (size_t i = 0; i < N_ELEMENTS(ending); i++) {
		if (!is_ignored(ending[i]))
			sigaddset(&set, ending[i]);
	}
	fd = sys_signalfd(&set);
	if (fd < 0)
		return err_sys(e, fd, "signalfd", NULL);
	r = sys_sigprocmask(SIG_BLOCK, &set, NULL);
	if (r < 0)
		return err_sys(e, r, "sigprocmask", NULL);
	*ret_fd = take_fd(&fd);
	return 0;
}
