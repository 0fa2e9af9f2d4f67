/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utc.c - days to a date of the Gregorian calendar; see utc.h.
 *
 * gmtime_r() reads /etc/localtime, which is of no use for UTC. The calendar repeats
 * every 400 years. Years are counted from March, so that the leap day is the last of
 * its year and the months before it follow one formula.
 */
#include "base/utc.h"

#include <errno.h>
#include <inttypes.h>

#include "base/str.h"

#define DAY_SECONDS  86400
#define ERA_DAYS     146097                   /* of 400 years */
#define YEAR_0_MARCH (-719468)                /* 0000-03-01 in days since 1970 */
#define YEAR_0       (YEAR_0_MARCH - 60)      /* 0000-01-01; a leap year */
#define YEAR_10000   (YEAR_0_MARCH + 3652365) /* 10000-01-01 */

struct date {
	unsigned year, month, day; /* month and day from 1 */
};

static struct date date_of(int64_t days)
{
	/* Era and day of the era are positive from the year 0 on, January excepted. */
	uint64_t since = (uint64_t)(days - YEAR_0_MARCH + ERA_DAYS);
	unsigned era = (unsigned)(since / ERA_DAYS),
		 in_era = (unsigned)(since % ERA_DAYS);
	unsigned year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	unsigned in_year = in_era - (365 * year + year / 4 - year / 100);
	unsigned from_march = (5 * in_year + 2) / 153;
	unsigned month = from_march < 10 ? from_march + 3 : from_march - 9;

	return (struct date){
		.year = era * 400 + year - 400 + (month <= 2),
		.month = month,
		.day = in_year - (153 * from_march + 2) / 5 + 1,
	};
}

int utc_format(char *buf, size_t size, int64_t seconds, uint32_t nanoseconds)
{
	int64_t days = seconds / DAY_SECONDS;
	unsigned rest;
	struct date d;

	if (seconds % DAY_SECONDS < 0)
		days--;
	if (days < YEAR_0 || days >= YEAR_10000 || nanoseconds > 999999999)
		return -ERANGE;
	rest = (unsigned)(seconds - days * DAY_SECONDS);
	d = date_of(days);
	return str_format(buf, size, "%04u-%02u-%02uT%02u:%02u:%02u.%09" PRIu32 "Z",
			  d.year, d.month, d.day, rest / 3600, rest / 60 % 60, rest % 60,
			  nanoseconds);
}
