/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers: what is taken, what is refused and how. */
#include "base/num.h"

#include <errno.h>
#include <stdio.h>

#include "base/str.h"
#include "tests/unit/unit.h"

/* Refused by every parser. */
static const char *const bad[] = {
	"",   " ",   "-",   "+",   "+1",  " 1", "1 ",  "1\n", "x",        "1x",
	"x1", "0x1", "1.0", "1e3", "--1", "1-", "0b1", "1_0", "\xd9\xa1", "0x",
};

TEST(a_bad_form_is_refused_by_every_parser)
{
	for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
		uint32_t u32 = 77, octal = 77;
		uint64_t u64 = 77;
		int64_t i64 = 77;

		CHECK_INT(num_parse_u32(bad[i], &u32), -EINVAL);
		CHECK_INT(num_parse_u64(bad[i], &u64), -EINVAL);
		CHECK_INT(num_parse_i64(bad[i], &i64), -EINVAL);
		CHECK_INT(num_parse_octal(bad[i], &octal), -EINVAL);
		CHECK(u32 == 77 && u64 == 77 && i64 == 77 && octal == 77);
	}
}

TEST(no_text_is_a_bad_form)
{
	uint32_t u32;
	uint64_t u64;
	int64_t i64;

	CHECK_INT(num_parse_u32(NULL, &u32), -EINVAL);
	CHECK_INT(num_parse_u64(NULL, &u64), -EINVAL);
	CHECK_INT(num_parse_i64(NULL, &i64), -EINVAL);
	CHECK_INT(num_parse_octal(NULL, &u32), -EINVAL);
	CHECK_INT(num_parse_size(NULL, &i64), -EINVAL);
}

TEST(u32_takes_its_whole_range)
{
	uint32_t v = 77;

	CHECK_INT(num_parse_u32("4294967296", &v), -ERANGE);
	CHECK_INT(num_parse_u32("99999999999999999999999", &v), -ERANGE);
	CHECK_INT(num_parse_u32("-1", &v), -EINVAL);
	CHECK_INT(v, 77);
	CHECK_INT(num_parse_u32("0", &v), 0);
	CHECK_INT(v, 0);
	CHECK_INT(num_parse_u32("007", &v), 0);
	CHECK_INT(v, 7);
	CHECK_INT(num_parse_u32("4294967295", &v), 0);
	CHECK_INT(v, UINT32_MAX);
}

TEST(u64_takes_its_whole_range)
{
	uint64_t v = 77;

	CHECK_INT(num_parse_u64("18446744073709551616", &v), -ERANGE);
	CHECK_INT(num_parse_u64("18446744073709551620", &v), -ERANGE);
	CHECK_INT(num_parse_u64("184467440737095516150", &v), -ERANGE);
	CHECK_INT(num_parse_u64("-1", &v), -EINVAL);
	CHECK(v == 77);
	CHECK_INT(num_parse_u64("18446744073709551615", &v), 0);
	CHECK(v == UINT64_MAX);
	CHECK_INT(num_parse_u64("0", &v), 0);
	CHECK(v == 0);
}

TEST(i64_takes_its_whole_range)
{
	int64_t v = 77;

	CHECK_INT(num_parse_i64("9223372036854775808", &v), -ERANGE);
	CHECK_INT(num_parse_i64("-9223372036854775809", &v), -ERANGE);
	CHECK_INT(num_parse_i64("99999999999999999999999", &v), -ERANGE);
	CHECK_INT(v, 77);
	CHECK_INT(num_parse_i64("9223372036854775807", &v), 0);
	CHECK_INT(v, INT64_MAX);
	CHECK_INT(num_parse_i64("-9223372036854775808", &v), 0);
	CHECK_INT(v, INT64_MIN);
	CHECK_INT(num_parse_i64("-1", &v), 0);
	CHECK_INT(v, -1);
	CHECK_INT(num_parse_i64("-0", &v), 0);
	CHECK_INT(v, 0);
	CHECK_INT(num_parse_i64("12", &v), 0);
	CHECK_INT(v, 12);
}

TEST(octal_takes_modes_with_and_without_the_zero)
{
	uint32_t v = 77;

	CHECK_INT(num_parse_octal("08", &v), -EINVAL);
	CHECK_INT(num_parse_octal("9", &v), -EINVAL);
	CHECK_INT(num_parse_octal("0o7", &v), -EINVAL);
	CHECK_INT(num_parse_octal("-7", &v), -EINVAL);
	CHECK_INT(num_parse_octal("40000000000", &v), -ERANGE);
	CHECK_INT(v, 77);
	CHECK_INT(num_parse_octal("0755", &v), 0);
	CHECK_INT(v, 0755);
	CHECK_INT(num_parse_octal("1777", &v), 0);
	CHECK_INT(v, 01777);
	CHECK_INT(num_parse_octal("37777777777", &v), 0);
	CHECK_INT(v, UINT32_MAX);
}

TEST(a_bad_form_is_told_before_a_value_that_does_not_fit)
{
	uint32_t u32;
	uint64_t u64;
	int64_t i64;

	CHECK_INT(num_parse_u32("99999999999999999999999x", &u32), -EINVAL);
	CHECK_INT(num_parse_u64("99999999999999999999999x", &u64), -EINVAL);
	CHECK_INT(num_parse_i64("-99999999999999999999999x", &i64), -EINVAL);
	CHECK_INT(num_parse_octal("77777777777777777777777778", &u32), -EINVAL);
	CHECK_INT(num_parse_size("99999999999999999999999x", &i64), -EINVAL);
}

TEST(sizes_take_units)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
		{ "0", 0 },
		{ "10", 10 },
		{ "10b", 10 },
		{ "10B", 10 },
		{ "10k", 10LL << 10 },
		{ "10K", 10LL << 10 },
		{ "10kb", 10LL << 10 },
		{ "10KiB", 10LL << 10 },
		{ "10ki", 10LL << 10 },
		{ "3m", 3LL << 20 },
		{ "3MB", 3LL << 20 },
		{ "2g", 2LL << 30 },
		{ "1t", 1LL << 40 },
		{ "1P", 1LL << 50 },
		{ "-1", -1 },
		{ "9223372036854775807", INT64_MAX },
		{ "8191p", 8191LL << 50 },
		{ "9007199254740991k", 9007199254740991LL << 10 },
	};

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		int64_t v = 77;

		CHECK_INT(num_parse_size(cases[i].text, &v), 0);
		CHECK_INT(v, cases[i].want);
	}
}

TEST(sizes_refuse_what_is_no_size)
{
	static const char *const wrong[] = { "",     "k",   "-2",  "-1k", "-0",
					     "+1",   "10x", "1kk", "1bb", "1bk",
					     "1ib",  "1i",  "1 k", " 1",  "1.5g",
					     "0x10", "1e",  "--1", "-" };
	int64_t v = 77;

	for (size_t i = 0; i < N_ELEMENTS(wrong); i++)
		CHECK_INT(num_parse_size(wrong[i], &v), -EINVAL);
	CHECK_INT(num_parse_size("9223372036854775808", &v), -ERANGE);
	CHECK_INT(num_parse_size("9007199254740992k", &v), -ERANGE);
	CHECK_INT(num_parse_size("8192p", &v), -ERANGE);
	CHECK_INT(num_parse_size("99999999999999999999k", &v), -ERANGE);
	CHECK_INT(v, 77);
}
