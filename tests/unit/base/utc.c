/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utc.h"

#include <errno.h>
#include <time.h>

#include "tests/unit/unit.h"

static const char *text(int64_t seconds, uint32_t nanoseconds, char buf[UTC_SIZE])
{
	return utc_format(buf, UTC_SIZE, seconds, nanoseconds) < 0 ? "-" : buf;
}

TEST(moments_have_their_date)
{
	char buf[UTC_SIZE];

	CHECK_STR(text(0, 0, buf), "1970-01-01T00:00:00.000000000Z");
	CHECK_STR(text(-1, 999999999, buf), "1969-12-31T23:59:59.999999999Z");
	CHECK_STR(text(951782400, 1, buf), "2000-02-29T00:00:00.000000001Z");
	CHECK_STR(text(951868799, 0, buf), "2000-02-29T23:59:59.000000000Z");
	CHECK_STR(text(951868800, 0, buf), "2000-03-01T00:00:00.000000000Z");
	CHECK_STR(text(4107542399, 0, buf), "2100-02-28T23:59:59.000000000Z");
	CHECK_STR(text(4107542400, 0, buf), "2100-03-01T00:00:00.000000000Z");
	CHECK_STR(text(2147483648, 0, buf), "2038-01-19T03:14:08.000000000Z");
}

TEST(years_have_four_digits)
{
	char buf[UTC_SIZE];

	CHECK_STR(text(253402300799, 0, buf), "9999-12-31T23:59:59.000000000Z");
	CHECK_INT(utc_format(buf, sizeof(buf), 253402300800, 0), -ERANGE);
	CHECK_STR(text(-62167219200, 0, buf), "0000-01-01T00:00:00.000000000Z");
	CHECK_INT(utc_format(buf, sizeof(buf), -62167219201, 0), -ERANGE);
	CHECK_INT(utc_format(buf, sizeof(buf), INT64_MAX, 0), -ERANGE);
	CHECK_INT(utc_format(buf, sizeof(buf), INT64_MIN, 0), -ERANGE);
	CHECK_INT(utc_format(buf, sizeof(buf), 0, 1000000000), -ERANGE);
	CHECK_INT(utc_format(buf, UTC_SIZE - 1, 0, 0), -ENAMETOOLONG);
	CHECK_INT(utc_format(buf, UTC_SIZE, 0, 0), UTC_SIZE - 1);
}

/* libc knows the calendar too: every day of a cycle of 400 years, and some. */
TEST(every_day_is_as_libc_has_it)
{
	char want[64], buf[UTC_SIZE];
	int wrong = 0;

	for (int64_t day = -200000; day < 200000; day++) {
		time_t t = (time_t)(day * 86400 + (day * 7919 % 86400 + 86400) % 86400);
		struct tm tm;

		if (!gmtime_r(&t, &tm) ||
		    !strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.000000000Z", &tm)) {
			wrong++;
			continue;
		}
		wrong += strcmp(text(t, 0, buf), want) != 0;
	}
	CHECK_INT(wrong, 0);
}
