/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.c - hand warnings and debug lines to the sink.
 *
 * Init logs as well, so texts are formatted on the stack; too long ones end in
 * "...". Escaping for a terminal is the sink's, who knows where the text goes.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 8192 /* two paths of PATH_MAX are said in full nearly always */

/* The program's only mutable file-scope state; set before there are threads. */
static struct {
	log_sink *sink;
	void *ctx;
	enum log_level level;
} log_state;

void log_set_sink(log_sink *sink, void *ctx, enum log_level level)
{
	log_state.sink = sink;
	log_state.ctx = ctx;
	log_state.level = level;
}

bool log_enabled(enum log_level level)
{
	return log_state.sink && level <= log_state.level;
}

enum log_level log_threshold(void)
{
	return log_state.level;
}

__attribute__((format(printf, 2, 0))) static void
format_and_say(enum log_level level, const char *fmt, va_list ap)
{
	static const char cut[] = "...";
	char text[TEXT_MAX];
	int n = vsnprintf(text, sizeof(text), fmt, ap);

	if (n < 0)
		return;
	if ((size_t)n >= sizeof(text))
		memcpy(text + sizeof(text) - sizeof(cut), cut, sizeof(cut));
	log_state.sink(log_state.ctx, level, text);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	if (!log_enabled(LOG_LEVEL_WARNING))
		return;
	va_start(ap, fmt);
	format_and_say(LOG_LEVEL_WARNING, fmt, ap);
	va_end(ap);
}

void log_debug(const char *fmt, ...)
{
	va_list ap;

	if (!log_enabled(LOG_LEVEL_DEBUG))
		return;
	va_start(ap, fmt);
	format_and_say(LOG_LEVEL_DEBUG, fmt, ap);
	va_end(ap);
}

void log_text(enum log_level level, const char *text)
{
	if ((unsigned)level > LOG_LEVEL_DEBUG)
		level = LOG_LEVEL_DEBUG;
	if (log_enabled(level))
		log_state.sink(log_state.ctx, level, text);
}
