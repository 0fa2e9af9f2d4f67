/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "base/err.h"
#include "base/str.h"
#include "cmd/proc.h"
#include "cmd/table.h"
#include "tests/unit/unit.h"

/* 3.5 days after boot, on 2021-03-04 in the afternoon. */
static const struct proc_host host = { .now = 1614865000,
				       .uptime_ms = 302400000,
				       .memory_kib = 1000000 };

static const struct proc process = {
	.pid = 4711,
	.ppid = 1,
	.pgrp = 4711,
	.session = 4711,
	.tpgid = 4711,
	.uid = 4000000,
	.gid = 50,
	.state = 'S',
	.tty = 136 << 8 | 7,
	.nice = 5,
	.threads = 3,
	.cpu_ms = 93784000,      /* 1 day, 2:03:04 */
	.started_ms = 122400000, /* 50 hours old */
	.vsz_kib = 12345,
	.rss_kib = 25000,
	.comm = "web",
	.args = "/bin/web -x",
};

static char *words(const char *line, char *argv[16])
{
	char *save = NULL, *copy = str_dup(line);
	size_t n = 0;

	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	argv[n] = NULL;
	return copy;
}

/* The header and the process, with '|' between the columns; or the error. */
static void check(const char *line, const char *header, const char *row)
{
	char *argv[16];
	char *copy = words(line, argv);
	autotable struct table t = { .n_columns = 1, .gap = 1 };
	autostr struct str got_header = { 0 }, got = { 0 };
	struct chosen_columns c;
	struct err e = { 0 };

	if (columns_choose(argv, &c, &e) < 0) {
		CHECK_INT(e.kind, ERR_USAGE);
		CHECK_STR(e.msg, header);
		free(copy);
		return;
	}
	for (size_t i = 0; i < c.n; i++) {
		str_addf(&got_header, "%s%s", i ? "|" : "", c.header[i]);
		c.v[i]->add(&t, &process, &host);
		str_addf(&got, "%s%s", i ? "|" : "", t.cells[i]);
	}
	CHECK_STR(str_text(&got_header), header);
	CHECK_STR(str_text(&got), row);
	free(copy);
}

TEST(without_arguments_it_is_ps_ef)
{
	(void)setenv("TZ", "UTC", 1);
	tzset();
	check("", "UID|PID|PPID|C|STIME|TTY|TIME|CMD",
	      "4000000|4711|1|52|Mar02|pts/7|1-02:03:04|/bin/web -x");
	check("-ef", "UID|PID|PPID|C|STIME|TTY|TIME|CMD",
	      "4000000|4711|1|52|Mar02|pts/7|1-02:03:04|/bin/web -x");
	check("-e -f", "UID|PID|PPID|C|STIME|TTY|TIME|CMD",
	      "4000000|4711|1|52|Mar02|pts/7|1-02:03:04|/bin/web -x");
}

TEST(aux_has_its_own_columns)
{
	check("aux", "USER|PID|%CPU|%MEM|VSZ|RSS|TTY|STAT|STIME|TIME|CMD",
	      "4000000|4711|52.1|2.5|12345|25000|pts/7|SNsl+|Mar02|1-02:03:04|/bin/web -x");
}

TEST(columns_can_be_chosen_and_named)
{
	check("-o pid,comm", "PID|COMMAND", "4711|web");
	check("-eo pid,etime", "PID|ELAPSED", "4711|2-02:00:00");
	check("-opid -o user", "PID|USER", "4711|4000000");
	check("-o pid=Process", "Process", "4711");
	check("-o pid= -o args=", "|", "4711|/bin/web -x");
	check("axo pid,ni,nlwp,gid", "PID|NI|NLWP|GID", "4711|5|3|50");
}

TEST(what_is_not_known_is_named)
{
	check("-o pid,nonsense", "ps has no column 'nonsense'", NULL);
	check("-l", "ps argument '-l' is not known", NULL);
	check("-o", "ps argument '-o' needs a list of columns", NULL);
}

static const char *tty_name(unsigned maj, unsigned min)
{
	static char name[64];
	char *argv[16];
	char *copy = words("-o tty", argv);
	autotable struct table t = { .n_columns = 1 };
	struct chosen_columns c;
	struct proc p = process;

	CHECK_INT(columns_choose(argv, &c, NULL), 0);
	p.tty = (unsigned)makedev(maj, min);
	c.v[0]->add(&t, &p, &host);
	str_elide(name, sizeof(name), t.cells[0]);
	free(copy);
	return name;
}

TEST(terminals_have_their_names)
{
	CHECK_STR(tty_name(0, 0), "?");
	CHECK_STR(tty_name(4, 1), "tty1");
	CHECK_STR(tty_name(4, 65), "ttyS1");
	CHECK_STR(tty_name(136, 3), "pts/3");
	CHECK_STR(tty_name(137, 1), "pts/257");
	CHECK_STR(tty_name(5, 1), "5:1");
}
