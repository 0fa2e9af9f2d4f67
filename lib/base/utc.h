/* SPDX-License-Identifier: Apache-2.0 */
/* utc.h - a moment as RFC 3339 text, without libc's time zones and their files. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * "2026-07-01T12:34:56.000000789Z" of seconds since 1970 and nanoseconds. The length,
 * or -ERANGE outside of the years 0 to 9999, -ENAMETOOLONG when buf is too small.
 */
#define UTC_SIZE 31
int utc_format(char *buf, size_t size, int64_t seconds, uint32_t nanoseconds);
