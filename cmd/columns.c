/* SPDX-License-Identifier: Apache-2.0 */
/* columns.c - what `ps` can say about a process; see columns.h, ps(1). */
#include "columns.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "base/user.h"
#include "proc.h"
#include "table.h"

#define DAY 86400

#define PTS_MAJOR     136
#define PTS_MAJOR_END 144
#define TTY_MAJOR     4
#define TTYS_MINOR    64

static void add_pid(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%d", (int)p->pid);
}

static void add_ppid(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%d", (int)p->ppid);
}

static void add_pgid(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%d", (int)p->pgrp);
}

static void add_sid(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%d", (int)p->session);
}

static void add_uid(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%u", p->uid);
}

static void add_gid(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%u", p->gid);
}

/* The host's name for the host's id, as a ps on the host shows it. */
static void add_user(struct table *t, const struct proc *p, const struct proc_host *h)
{
	autofree char *name = user_name("/etc/passwd", p->uid);

	(void)h;
	if (name)
		table_add(t, name);
	else
		table_addf(t, "%u", p->uid);
}

static uint64_t age_ms(const struct proc *p, const struct proc_host *h)
{
	return h->uptime_ms > p->started_ms ? h->uptime_ms - p->started_ms : 0;
}

/* In tenths of a per cent of one processor, over the whole life. */
static uint64_t cpu_permille(const struct proc *p, const struct proc_host *h)
{
	uint64_t age = age_ms(p, h);

	return age ? p->cpu_ms * 1000 / age : 0;
}

static void add_c(struct table *t, const struct proc *p, const struct proc_host *h)
{
	table_addf(t, "%" PRIu64, cpu_permille(p, h) / 10);
}

static void add_pcpu(struct table *t, const struct proc *p, const struct proc_host *h)
{
	uint64_t v = cpu_permille(p, h);

	table_addf(t, "%" PRIu64 ".%" PRIu64, v / 10, v % 10);
}

static void add_pmem(struct table *t, const struct proc *p, const struct proc_host *h)
{
	uint64_t v = h->memory_kib ? p->rss_kib * 1000 / h->memory_kib : 0;

	table_addf(t, "%" PRIu64 ".%" PRIu64, v / 10, v % 10);
}

static void add_vsz(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%" PRIu64, p->vsz_kib);
}

static void add_rss(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%" PRIu64, p->rss_kib);
}

static void add_nice(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%d", p->nice);
}

static void add_threads(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%d", p->threads);
}

static void add_tty(struct table *t, const struct proc *p, const struct proc_host *h)
{
	unsigned maj = major(p->tty), min = minor(p->tty);

	(void)h;
	if (maj >= PTS_MAJOR && maj < PTS_MAJOR_END)
		table_addf(t, "pts/%u", (maj - PTS_MAJOR) * 256 + min);
	else if (maj == TTY_MAJOR && min < TTYS_MINOR)
		table_addf(t, "tty%u", min);
	else if (maj == TTY_MAJOR)
		table_addf(t, "ttyS%u", min - TTYS_MINOR);
	else if (p->tty)
		table_addf(t, "%u:%u", maj, min);
	else
		table_add(t, "?");
}

static void add_state(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%c", p->state);
}

static const char *nice_mark(int nice)
{
	if (nice == 0)
		return "";
	return nice < 0 ? "<" : "N";
}

static void add_stat(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_addf(t, "%c%s%s%s%s", p->state, nice_mark(p->nice),
		   p->session == p->pid ? "s" : "", p->threads > 1 ? "l" : "",
		   p->tpgid == p->pgrp ? "+" : "");
}

/* The hour of the last day, the day of this year, else the year. */
static void add_stime(struct table *t, const struct proc *p, const struct proc_host *h)
{
	time_t now = (time_t)h->now, start = now - (time_t)(age_ms(p, h) / 1000);
	struct tm then, today;
	char text[32];

	if (!localtime_r(&start, &then) || !localtime_r(&now, &today)) {
		table_add(t, "?");
		return;
	}
	if (now - start < DAY)
		(void)strftime(text, sizeof(text), "%H:%M", &then);
	else if (then.tm_year == today.tm_year)
		(void)strftime(text, sizeof(text), "%b%d", &then);
	else
		(void)strftime(text, sizeof(text), "%Y", &then);
	table_add(t, text);
}

/* [DD-]HH:MM:SS */
static void add_time(struct table *t, const struct proc *p, const struct proc_host *h)
{
	uint64_t s = p->cpu_ms / 1000;
	unsigned hour = (unsigned)(s % DAY / 3600), minute = (unsigned)(s / 60 % 60);

	(void)h;
	if (s >= DAY)
		table_addf(t, "%" PRIu64 "-%02u:%02u:%02u", s / DAY, hour, minute,
			   (unsigned)(s % 60));
	else
		table_addf(t, "%02u:%02u:%02u", hour, minute, (unsigned)(s % 60));
}

/* [[DD-]HH:]MM:SS */
static void add_etime(struct table *t, const struct proc *p, const struct proc_host *h)
{
	uint64_t s = age_ms(p, h) / 1000;
	unsigned hour = (unsigned)(s % DAY / 3600), minute = (unsigned)(s / 60 % 60);

	if (s >= DAY)
		table_addf(t, "%" PRIu64 "-%02u:%02u:%02u", s / DAY, hour, minute,
			   (unsigned)(s % 60));
	else if (hour)
		table_addf(t, "%02u:%02u:%02u", hour, minute, (unsigned)(s % 60));
	else
		table_addf(t, "%02u:%02u", minute, (unsigned)(s % 60));
}

static void add_comm(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_add(t, p->comm);
}

static void add_args(struct table *t, const struct proc *p, const struct proc_host *h)
{
	(void)h;
	table_add(t, p->args);
}

/* clang-format off */
static const struct column columns[] = {
	/* names			header		right	add */
	{ "pid tgid",			"PID",		true,	add_pid },
	{ "ppid",			"PPID",		true,	add_ppid },
	{ "pgid pgrp",			"PGID",		true,	add_pgid },
	{ "sid sess session",		"SID",		true,	add_sid },
	{ "user euser uname",		"USER",		false,	add_user },
	{ "uid euid",			"UID",		true,	add_uid },
	{ "gid egid",			"GID",		true,	add_gid },
	{ "c",				"C",		true,	add_c },
	{ "pcpu %cpu",			"%CPU",		true,	add_pcpu },
	{ "pmem %mem",			"%MEM",		true,	add_pmem },
	{ "vsz vsize",			"VSZ",		true,	add_vsz },
	{ "rss rssize rsz",		"RSS",		true,	add_rss },
	{ "ni nice",			"NI",		true,	add_nice },
	{ "nlwp thcount",		"NLWP",		true,	add_threads },
	{ "tty tt tname",		"TTY",		false,	add_tty },
	{ "s state",			"S",		false,	add_state },
	{ "stat",			"STAT",		false,	add_stat },
	{ "stime start_time start",	"STIME",	true,	add_stime },
	{ "time cputime",		"TIME",		true,	add_time },
	{ "etime",			"ELAPSED",	true,	add_etime },
	{ "comm ucmd",			"COMMAND",	false,	add_comm },
	{ "args cmd command",		"CMD",		false,	add_args },
};
/* clang-format on */

static const struct column *find(const char *name, size_t len)
{
	for (size_t i = 0; i < N_ELEMENTS(columns); i++) {
		const char *at = columns[i].names;

		while (*at) {
			size_t n = strcspn(at, " ");

			if (n == len && memcmp(at, name, len) == 0)
				return &columns[i];
			at += n;
			at += strspn(at, " ");
		}
	}
	return NULL;
}

static int unknown_column(const char *name, size_t len, struct err *e)
{
	autostr struct str all = { 0 };
	int r = err_usage(e, "ps has no column '%.*s'", (int)len, name);

	for (size_t i = 0; i < N_ELEMENTS(columns); i++)
		str_addf(&all, "%s%.*s", i ? " " : "",
			 (int)strcspn(columns[i].names, " "), columns[i].names);
	return err_hint(e, r, "it has: %s", str_text(&all));
}

/* "pid,ppid" or, with a header of its own and to the end, "pid=Process" */
static int add_columns(struct chosen_columns *c, const char *list, struct err *e)
{
	while (*list) {
		size_t len = strcspn(list, ",= ");
		const struct column *column = find(list, len);

		if (!column)
			return unknown_column(list, len, e);
		if (c->n == COLUMNS_MAX)
			return err_usage(e, "ps shows at most %d columns", COLUMNS_MAX);
		list += len;
		c->v[c->n] = column;
		str_elide(c->header[c->n], sizeof(c->header[0]),
			  *list == '=' ? list + 1 : column->header);
		c->n++;
		if (*list == '=')
			return 0;
		list += strspn(list, ", ");
	}
	return 0;
}

#define FULL "user,pid,ppid,c,stime,tty,time,cmd"
#define USER "user,pid,%cpu,%mem,vsz,rss,tty,stat,start,time,args"

static int add_full(struct chosen_columns *c, struct err *e)
{
	int r = add_columns(c, FULL, e);

	if (r == 0)
		str_elide(c->header[0], sizeof(c->header[0]), "UID");
	return r;
}

/* One argument, with or without a dash; *at is where the list of an -o may follow. */
static int take_argument(char *const **at, struct chosen_columns *c, bool *full,
			 struct err *e)
{
	const char *arg = *(*at)++, *letter = arg[0] == '-' ? arg + 1 : arg;

	if (strcmp(arg, "--no-headers") == 0 || strcmp(arg, "--no-heading") == 0) {
		c->no_header = true;
		return 0;
	}
	for (; *letter; letter++) {
		if (*letter == 'o') {
			const char *list = letter[1] ? letter + 1 : **at;

			if (!list)
				return err_usage(
					e, "ps argument '%s' needs a list of columns",
					arg);
			*at += !letter[1];
			return add_columns(c, list, e);
		}
		if (*letter == 'u' && arg[0] != '-') {
			int r = add_columns(c, USER, e);

			if (r < 0)
				return r;
		} else if (*letter == 'f') {
			*full = true;
		} else if (!strchr("eAadxw", *letter)) {
			return err_hint(
				e, err_usage(e, "ps argument '%s' is not known", arg),
				"known are -e -A -a -d -x -f -w, aux, and -o COLUMN,...");
		}
	}
	return 0;
}

int columns_choose(char *const argv[], struct chosen_columns *ret, struct err *e)
{
	bool full = false;

	*ret = (struct chosen_columns){ 0 };
	while (*argv) {
		int r = take_argument(&argv, ret, &full, e);

		if (r < 0)
			return r;
	}
	return ret->n == 0 || full ? add_full(ret, e) : 0;
}
