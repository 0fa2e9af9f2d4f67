/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - warnings and debug lines; errors travel as struct err instead.
 *
 * The one place with mutable file-scope state: a sink that the program sets once.
 * Without a sink nothing is said. Init's sink sends over the channel.
 */
#pragma once

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_DEBUG };

typedef void log_sink(void *ctx, enum log_level level, const char *text);

/* Texts above `level` are dropped before they are formatted. */
void log_set_sink(log_sink *sink, void *ctx, enum log_level level);
bool log_enabled(enum log_level level);
enum log_level log_threshold(void); /* what was set */

void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* At a level that came from outside (a LOG message of init). */
void log_text(enum log_level level, const char *text);
