/* SPDX-License-Identifier: Apache-2.0 */
/* The growing buffer; text that is compared, cut, escaped. */
#include "base/str.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

TEST(an_unused_buffer_reads_as_empty_text)
{
	struct str s = { 0 };

	CHECK_STR(str_text(&s), "");
	CHECK(s.s == NULL);
	str_free(&s);
}

TEST(text_data_and_formats_are_appended)
{
	autostr struct str s = { 0 };

	str_add(&s, "ab");
	str_addn(&s, "c\0d", 3);
	str_addf(&s, "-%d-%s", 7, "x");
	CHECK_INT((int64_t)s.len, 9);
	CHECK(memcmp(s.s, "abc\0d-7-x", 9) == 0);
	CHECK_INT(s.s[s.len], 0);
}

TEST(appending_nothing_terminates)
{
	autostr struct str a = { 0 }, b = { 0 }, c = { 0 };

	str_add(&a, "");
	str_addn(&b, NULL, 0);
	str_addf(&c, "%s", "");
	CHECK(a.s && b.s && c.s);
	CHECK_STR(str_text(&a), "");
	CHECK_STR(str_text(&b), "");
	CHECK_STR(str_text(&c), "");
}

TEST(a_buffer_grows_to_any_size)
{
	autostr struct str s = { 0 };

	for (int i = 0; i < 10000; i++) {
		str_addf(&s, "%04d", i);
		CHECK_INT(s.s[s.len], 0);
	}
	CHECK_INT((int64_t)s.len, 40000);
	CHECK(memcmp(s.s, "000000010002", 12) == 0);
	CHECK_STR(s.s + 39992, "99989999");
	str_addf(&s, "%*d", 100000, 5);
	CHECK_INT((int64_t)s.len, 140000);
	CHECK_INT((int64_t)strlen(s.s), 140000);
}

TEST(every_length_around_the_first_capacity_is_terminated)
{
	for (size_t n = 60; n < 70; n++) {
		autostr struct str s = { 0 };
		char data[70];

		memset(data, 'x', sizeof(data));
		str_addn(&s, data, n);
		CHECK_INT((int64_t)strlen(s.s), (int64_t)n);
		CHECK(s.cap > s.len);
	}
}

TEST(a_freed_buffer_can_be_used_again)
{
	autostr struct str s = { 0 };

	str_add(&s, "one");
	str_free(&s);
	CHECK(s.s == NULL && s.len == 0 && s.cap == 0);
	str_add(&s, "two");
	CHECK_STR(str_text(&s), "two");
}

TEST(no_text_equals_no_text)
{
	CHECK(str_eq("a", "a"));
	CHECK(str_eq("", ""));
	CHECK(!str_eq("a", "b"));
	CHECK(!str_eq("a", "ab"));
	CHECK(!str_eq(NULL, "a"));
	CHECK(!str_eq("a", NULL));
	CHECK(!str_eq(NULL, NULL));
	CHECK(str_empty(NULL));
	CHECK(str_empty(""));
	CHECK(!str_empty(" "));
}

TEST(the_rest_after_a_prefix_is_found)
{
	CHECK_STR(str_after("size=3", "size="), "3");
	CHECK_STR(str_after("size=", "size="), "");
	CHECK_STR(str_after("abc", ""), "abc");
	CHECK_STR(str_after("siz", "size="), NULL);
	CHECK_STR(str_after("", "a"), NULL);
	CHECK_STR(str_after(NULL, "a"), NULL);
}

TEST(formatting_tells_that_it_did_not_fit)
{
	char buf[5];

	CHECK_INT(str_format(buf, sizeof(buf), "%s", "abcd"), 4);
	CHECK_STR(buf, "abcd");
	CHECK_INT(str_format(buf, sizeof(buf), "%s", "abcde"), -ENAMETOOLONG);
	CHECK_STR(buf, "");
	CHECK_INT(str_format(buf, 1, "%s", ""), 0);
	buf[0] = '#';
	CHECK_INT(str_format(buf, 0, "%s", ""), -ENAMETOOLONG);
	CHECK_INT(buf[0], '#');
}

TEST(long_text_is_cut_in_the_middle)
{
	char buf[12];

	str_elide(buf, sizeof(buf), "0123456789a");
	CHECK_STR(buf, "0123456789a");
	str_elide(buf, sizeof(buf), "0123456789ab");
	CHECK_STR(buf, "0123...89ab");
	str_elide(buf, sizeof(buf), "0123456789abcdefghijk");
	CHECK_STR(buf, "0123...hijk");
	str_elide(buf, 11, "0123456789abcdefghijk");
	CHECK_STR(buf, "012...hijk");
	str_elide(buf, sizeof(buf), "");
	CHECK_STR(buf, "");
}

TEST(a_tiny_buffer_holds_the_head)
{
	char buf[8] = "#######";

	str_elide(buf, 0, "abc");
	CHECK_STR(buf, "#######");
	str_elide(buf, 1, "abc");
	CHECK_STR(buf, "");
	str_elide(buf, 3, "abc");
	CHECK_STR(buf, "ab");
	str_elide(buf, 5, "abcdefg");
	CHECK_STR(buf, "abcd");
	str_elide(buf, 6, "abcdefg");
	CHECK_STR(buf, "a...g");
}

TEST(a_cut_does_not_split_a_character)
{
	/* Three-byte characters: whatever the size, only whole ones are left. */
	static const char text[] = "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
				   "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac";
	char buf[64], shown[64];

	for (size_t size = 6; size <= sizeof(text); size++) {
		str_elide(buf, size, text);
		CHECK(strlen(buf) < size);
		str_printable(shown, sizeof(shown), buf);
		CHECK_STR(shown, buf);
		CHECK_INT((int64_t)(strstr(buf, "...") != NULL), size < sizeof(text));
	}
}

TEST(a_cut_copes_with_bytes_that_are_no_text)
{
	char text[101], buf[16];

	memset(text, 0x80, 100);
	text[100] = '\0';
	for (size_t size = 6; size <= sizeof(buf); size++) {
		str_elide(buf, size, text);
		CHECK(strlen(buf) < size);
		CHECK(strstr(buf, "...") != NULL);
	}
}

static const char *shown(const char *text)
{
	static char buf[128];

	str_printable(buf, sizeof(buf), text);
	return buf;
}

TEST(control_characters_are_shown_as_bytes)
{
	CHECK_STR(shown("a b~"), "a b~");
	CHECK_STR(shown("\x01\n\x1f"), "\\x01\\x0a\\x1f");
	CHECK_STR(shown("\x7f"), "\\x7f");
	CHECK_STR(shown("\xc2\x80\xc2\x9f"), "\\xc2\\x80\\xc2\\x9f");
	CHECK_STR(shown("\xc2\xa0"), "\xc2\xa0");
}

TEST(characters_of_every_length_are_shown)
{
	CHECK_STR(shown("\xdf\xbf"), "\xdf\xbf");
	CHECK_STR(shown("\xe0\xa0\x80"), "\xe0\xa0\x80");
	CHECK_STR(shown("\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"),
		  "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf");
	CHECK_STR(shown("\xf0\x90\x80\x80"), "\xf0\x90\x80\x80");
	CHECK_STR(shown("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf");
}

TEST(what_is_not_utf8_is_shown_as_bytes)
{
	CHECK_STR(shown("\x80"), "\\x80");
	CHECK_STR(shown("\xff\xfe"), "\\xff\\xfe");
	/* cut off, at the end and before another character */
	CHECK_STR(shown("\xe2\x82"), "\\xe2\\x82");
	CHECK_STR(shown("\xe2\x82z"), "\\xe2\\x82z");
	CHECK_STR(shown("\xc3"), "\\xc3");
	/* longer than needed */
	CHECK_STR(shown("\xc0\xaf"), "\\xc0\\xaf");
	CHECK_STR(shown("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf");
	CHECK_STR(shown("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf");
	/* a surrogate; beyond the last character */
	CHECK_STR(shown("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	CHECK_STR(shown("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
	CHECK_STR(shown("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");
}

TEST(an_escape_or_a_character_is_shown_whole_or_not)
{
	char buf[8] = "#######";

	str_printable(buf, 0, "a");
	CHECK_STR(buf, "#######");
	str_printable(buf, 1, "a");
	CHECK_STR(buf, "");
	str_printable(buf, 4, "\n");
	CHECK_STR(buf, "");
	str_printable(buf, 5, "\n");
	CHECK_STR(buf, "\\x0a");
	str_printable(buf, 4, "a\xe2\x82\xac");
	CHECK_STR(buf, "a");
	str_printable(buf, 5, "a\xe2\x82\xac");
	CHECK_STR(buf, "a\xe2\x82\xac");
}

TEST(heap_copies_are_the_callers)
{
	char *a = str_dup("abc"), *b = str_dupf("%s-%d", "x", 12),
	     *c = str_dupf("%s", "");

	CHECK_STR(a, "abc");
	CHECK_STR(b, "x-12");
	CHECK_STR(c, "");
	free(a);
	free(b);
	free(c);
}

TEST(elements_of_an_array_are_counted)
{
	int v[7];

	CHECK_INT((int64_t)N_ELEMENTS(v), 7);
}
