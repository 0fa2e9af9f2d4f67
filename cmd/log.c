/* SPDX-License-Identifier: Apache-2.0 */
/* log.c - where warnings, debug lines and the one error go; see log.h. */
#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utc.h"
#include "command.h"
#include "hints.h"
#include "spec/emit.h"

#define LINE_SIZE 8192

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_DEBUG] = "debug",
};

static const char *const kind_names[] = {
	[ERR_NONE] = NULL,           [ERR_SYSTEM] = "system",
	[ERR_CONFIG] = "config",     [ERR_USAGE] = "usage",
	[ERR_STATE] = "state",       [ERR_UNSUPPORTED] = "unsupported",
	[ERR_PROTOCOL] = "protocol",
};

/* There is nowhere to report to that standard error cannot be written. */
static void say(const struct str *text)
{
	(void)file_write_fd(STDERR_FILENO, str_text(text), text->len);
}

/* RFC 3339 with nanoseconds: containerd refuses the whole file for any other form. */
static void now(char buf[UTC_SIZE])
{
	struct timespec ts = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	if (utc_format(buf, UTC_SIZE, ts.tv_sec, (uint32_t)ts.tv_nsec) < 0)
		(void)utc_format(buf, UTC_SIZE, 0, 0);
}

static void add_member(struct emit *m, const char *key, const char *value)
{
	if (str_empty(value))
		return;
	emit_key(m, key);
	emit_str(m, value);
}

static void add_error(struct emit *m, const struct err *e, const char *hint)
{
	add_member(m, "op", e->op);
	add_member(m, "path", e->path);
	add_member(m, "field", e->field);
	add_member(m, "file", e->file);
	if (e->line > 0) {
		emit_key(m, "line");
		emit_u64(m, e->line);
	}
	add_member(m, "errno", e->code ? err_name(e->code) : NULL);
	add_member(m, "step", e->step);
	add_member(m, "kind", kind_names[e->kind]);
	add_member(m, "hint", hint);
}

static void add_json(struct str *out, enum log_level level, const char *msg,
		     const struct err *e, const char *hint)
{
	char time[UTC_SIZE];
	struct emit m;

	now(time);
	emit_begin(&m, out, EMIT_LOSSY);
	emit_object(&m);
	add_member(&m, "level", level_names[level]);
	emit_key(&m, "msg");
	emit_str(&m, msg);
	add_member(&m, "time", time);
	if (e)
		add_error(&m, e, hint);
	emit_object_end(&m);
	(void)emit_end(&m); /* lossy: cannot fail */
	str_add(out, "\n");
}

/* time="..." level=error msg="..." */
static void add_text(struct str *out, enum log_level level, const char *msg)
{
	char time[UTC_SIZE], printable[LINE_SIZE];

	now(time);
	str_printable(printable, sizeof(printable), msg);
	str_addf(out, "time=\"%s\" level=%s msg=\"", time, level_names[level]);
	for (const char *c = printable; *c; c++)
		str_addf(out, *c == '"' ? "\\%c" : "%c", *c);
	str_add(out, "\"\n");
}

/* e and hint: of an error, else NULL */
static void write_record(const struct global_args *g, enum log_level level,
			 const char *msg, const struct err *e, const char *hint)
{
	autostr struct str record = { 0 }, complaint = { 0 };
	int r;

	if (str_eq(g->log_format, "json"))
		add_json(&record, level, msg, e, hint);
	else
		add_text(&record, level, msg);
	r = file_append_at(AT_FDCWD, g->log, str_text(&record), record.len, 0644);
	if (r == 0)
		return;
	str_addf(&complaint, "tare: write log '%s': %s\n", g->log, err_name(r));
	say(&complaint);
}

static bool level_is_given(const struct global_args *g)
{
	return g->debug || !str_empty(g->log_level);
}

static enum log_level wanted_level(const struct global_args *g)
{
	if (g->debug || str_eq(g->log_level, "debug"))
		return LOG_LEVEL_DEBUG;
	return str_eq(g->log_level, "error") ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING;
}

static void sink(void *ctx, enum log_level level, const char *text)
{
	const struct global_args *g = ctx;
	char printable[LINE_SIZE];
	autostr struct str line = { 0 };

	if (!str_empty(g->log) && level_is_given(g)) {
		write_record(g, level, text, NULL, NULL);
		return;
	}
	str_printable(printable, sizeof(printable), text);
	str_addf(&line, "tare: %s: %s\n", level_names[level], printable);
	say(&line);
}

void log_setup(const struct global_args *g)
{
	log_set_sink(sink, (void *)(uintptr_t)g, wanted_level(g));
}

void log_report(const struct global_args *g, const struct err *e)
{
	const char *hint = e->hint[0] ? e->hint : hint_for(e);
	char text[sizeof(struct err)];
	autostr struct str out = { 0 };

	err_format(e, text, sizeof(text));
	if (!str_empty(g->log))
		write_record(g, LOG_LEVEL_ERROR, text, e, hint);
	str_addf(&out, "tare: %s\n", text);
	if (hint)
		str_addf(&out, "hint: %s\n", hint);
	say(&out);
}
