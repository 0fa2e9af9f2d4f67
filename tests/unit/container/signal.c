/* SPDX-License-Identifier: Apache-2.0 */
#include "tare.h"

#include <poll.h>
#include <signal.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/unit/unit.h"

static int parsed(const char *text)
{
	int sig = -1;

	return tare_signal_parse(text, &sig, NULL) < 0 ? -1 : sig;
}

TEST(names_are_taken_with_and_without_sig_in_any_case)
{
	CHECK_INT(parsed("TERM"), SIGTERM);
	CHECK_INT(parsed("SIGTERM"), SIGTERM);
	CHECK_INT(parsed("sigKill"), SIGKILL);
	CHECK_INT(parsed("hup"), SIGHUP);
	CHECK_INT(parsed("CLD"), SIGCHLD);
	CHECK_INT(parsed("SIGPOLL"), SIGIO);
	CHECK_INT(parsed("IOT"), SIGABRT);
}

TEST(numbers_are_taken_from_0_to_64)
{
	CHECK_INT(parsed("0"), 0);
	CHECK_INT(parsed("9"), 9);
	CHECK_INT(parsed("64"), 64);
	CHECK_INT(parsed("65"), -1);
	CHECK_INT(parsed("-9"), -1);
	CHECK_INT(parsed("9 "), -1);
	CHECK_INT(parsed("99999999999"), -1);
}

TEST(realtime_signals_count_from_34_and_64)
{
	CHECK_INT(parsed("RTMIN"), 34);
	CHECK_INT(parsed("SIGRTMIN+3"), 37);
	CHECK_INT(parsed("rtmin+30"), 64);
	CHECK_INT(parsed("RTMAX"), 64);
	CHECK_INT(parsed("SIGRTMAX-14"), 50);
	CHECK_INT(parsed("RTMIN+31"), -1);
	CHECK_INT(parsed("RTMIN-1"), -1);
	CHECK_INT(parsed("RTMAX+1"), -1);
	CHECK_INT(parsed("RTMIN+"), -1);
	CHECK_INT(parsed("RTMINx"), -1);
}

TEST(what_is_no_signal_is_refused_in_runc_s_words)
{
	struct err e = { 0 };
	int sig = 77;
	char line[256];

	CHECK_INT(tare_signal_parse("FOO", &sig, &e), -EINVAL);
	CHECK_INT(sig, 77);
	CHECK_INT(e.kind, ERR_USAGE);
	err_format(&e, line, sizeof(line));
	CHECK_STR(line, "unknown signal \"FOO\"");
	CHECK_INT(parsed(""), -1);
	CHECK_INT(parsed("SIG"), -1);
	CHECK_INT(parsed("SIGSIGTERM"), -1);
}

TEST(held_signals_make_the_descriptor_readable_and_ignored_ones_do_not)
{
	autofd int fd = -EBADF;
	struct pollfd p = { .events = POLLIN };

	(void)signal(SIGHUP, SIG_IGN);
	CHECK_INT(tare_hold_signals(&fd, NULL), 0);
	p.fd = fd;
	(void)raise(SIGHUP);
	CHECK_INT(poll(&p, 1, 0), 0);
	(void)raise(SIGTERM);
	CHECK_INT(poll(&p, 1, 0), 1);
}
