/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c - every code point, and every way not to be one. */
#include "../unit.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "spec/utf8.h"

static size_t encode(uint32_t c, char *s)
{
	if (c < 0x80) {
		s[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		s[0] = (char)(0xc0 | c >> 6);
		s[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		s[0] = (char)(0xe0 | c >> 12);
		s[1] = (char)(0x80 | (c >> 6 & 0x3f));
		s[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	s[0] = (char)(0xf0 | c >> 18);
	s[1] = (char)(0x80 | (c >> 12 & 0x3f));
	s[2] = (char)(0x80 | (c >> 6 & 0x3f));
	s[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

TEST(every_code_point_but_the_surrogates_is_valid)
{
	size_t n_wrong = 0;

	for (uint32_t c = 0; c <= 0x110fff; c++) {
		bool want = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
		char s[4];
		size_t n = encode(c, s);

		n_wrong += utf8_sequence(s, n) != (want ? n : 0);
		n_wrong += utf8_is_valid(s, n) != want;
		if (n > 1)
			n_wrong += utf8_is_valid(s, n - 1);
	}
	CHECK_INT((int64_t)n_wrong, 0);
}

/* Independent of the table in utf8.c: decode, encode again, compare. */
static bool is_shortest(const unsigned char *s)
{
	uint32_t c = (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
	char again[4];

	return (s[0] & 0xf0) == 0xe0 && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80 &&
	       (c < 0xd800 || c > 0xdfff) && encode(c, again) == 3;
}

TEST(three_bytes_are_valid_only_in_their_shortest_form)
{
	size_t n_wrong = 0;

	for (unsigned v = 0; v < 1u << 24; v += 3) {
		unsigned char s[3] = { (unsigned char)(v >> 16), (unsigned char)(v >> 8),
				       (unsigned char)v };
		size_t n = utf8_sequence((char *)s, 3);

		n_wrong += (n == 3) != is_shortest(s);
		n_wrong += s[0] < 0x80 && n != 1;
	}
	CHECK_INT((int64_t)n_wrong, 0);
}

TEST(overlong_forms_are_invalid)
{
	CHECK(!utf8_is_valid("\xc0\x80", 2));
	CHECK(!utf8_is_valid("\xc1\xbf", 2));
	CHECK(!utf8_is_valid("\xe0\x9f\xbf", 3));
	CHECK(!utf8_is_valid("\xf0\x8f\xbf\xbf", 4));
	CHECK(!utf8_is_valid("\x80", 1));
	CHECK(!utf8_is_valid("\xf8\x88\x80\x80\x80", 5));
	CHECK(!utf8_is_valid("\xff", 1));
	CHECK(utf8_is_valid("", 0));
	CHECK(utf8_sequence("", 0) == 0);
}

/* At every distance from the start: eight characters are looked at together. */
TEST(a_bad_byte_is_found_wherever_it_stands)
{
	char s[40];

	for (size_t at = 0; at + 6 < sizeof(s); at++) {
		memset(s, 'a', sizeof(s));
		CHECK(!utf8_check_json(s, sizeof(s)));
		s[at] = (char)0xff;
		CHECK_STR(utf8_check_json(s, sizeof(s)), "invalid UTF-8 in a string");
		memcpy(s + at, "\\u0000", 6);
		CHECK_STR(utf8_check_json(s, sizeof(s)),
			  "a string must not contain NUL (\\u0000)");
		memcpy(s + at, "\\udbff", 6);
		CHECK_STR(utf8_check_json(s, sizeof(s)), "lone surrogate in a string");
		memcpy(s + at, "\\u00e4", 6);
		CHECK(!utf8_check_json(s, sizeof(s)));
	}
}

/* For the sanitizers: exactly as long as it says. */
TEST(nothing_behind_the_end_is_looked_at)
{
	for (size_t len = 1; len < 32; len++) {
		char *s = malloc(len);

		CHECK(s != NULL);
		if (!s)
			return;
		memset(s, 'a', len);
		CHECK(!utf8_check_json(s, len));
		s[len - 1] = '\\';
		CHECK(!utf8_check_json(s, len));
		s[len - 1] = (char)0xf0;
		CHECK(utf8_check_json(s, len) != NULL);
		free(s);
	}
}

TEST(a_pair_of_surrogates_is_one_character)
{
	CHECK(!utf8_check_json("\\ud800\\udc00", 12));
	CHECK(!utf8_check_json("\\uDBFF\\uDFFF", 12));
	CHECK(utf8_check_json("\\ud800\\udc00\\udc00", 18) != NULL);
	CHECK(utf8_check_json("\\ud800 udc00", 12) != NULL);
	CHECK(utf8_check_json("\\ud800\\udc0", 11) != NULL);
	CHECK(!utf8_check_json("\\\\ud800", 7));
}
