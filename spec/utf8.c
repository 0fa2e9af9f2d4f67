/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c - strict UTF-8, by the table of well-formed sequences in RFC 3629. */
#include "spec/utf8.h"

#include <stdint.h>
#include <string.h>

static bool is_continuation(const char *s)
{
	return ((unsigned char)*s & 0xc0) == 0x80;
}

/* The second byte of some sequences is bounded: that is where overlong forms are. */
static bool is_second(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf;
	case 0xed:
		return second >= 0x80 && second <= 0x9f;
	case 0xf0:
		return second >= 0x90 && second <= 0xbf;
	case 0xf4:
		return second >= 0x80 && second <= 0x8f;
	default:
		return second >= 0x80 && second <= 0xbf;
	}
}

size_t utf8_sequence(const char *s, size_t len)
{
	unsigned char first = len ? (unsigned char)*s : 0x80;
	size_t n;

	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	n = 2 + (first >= 0xe0) + (first >= 0xf0);
	if (len < n || !is_second(first, (unsigned char)s[1]))
		return 0;
	for (size_t i = 2; i < n; i++)
		if (!is_continuation(s + i))
			return 0;
	return n;
}

bool utf8_is_valid(const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_sequence(s + i, len - i);
		if (!n)
			return false;
	}
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The code unit of "\uXXXX" at s, -1 if it is not one. */
static int escape_unit(const char *s, size_t len)
{
	int unit = 0;

	if (len < 6 || s[0] != '\\' || s[1] != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(s[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static bool is_high(int unit)
{
	return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(int unit)
{
	return unit >= 0xdc00 && unit <= 0xdfff;
}

/* *ret_n is how far to go on; an escape that is no "\u" is the lexer's business. */
static const char *check_escape(const char *s, size_t len, size_t *ret_n)
{
	int unit = escape_unit(s, len);

	*ret_n = unit < 0 ? 2 : 6;
	if (unit == 0)
		return "a string must not contain NUL (\\u0000)";
	if (is_low(unit))
		return "lone surrogate in a string";
	if (is_high(unit)) {
		if (!is_low(escape_unit(s + 6, len - 6)))
			return "lone surrogate in a string";
		*ret_n = 12;
	}
	return NULL;
}

/* Eight plain characters at once: nearly all text is. */
static bool is_plain8(const char *s)
{
	uint64_t w, backslash;

	memcpy(&w, s, sizeof(w));
	backslash = w ^ 0x5c5c5c5c5c5c5c5cu;
	backslash = (backslash - 0x0101010101010101u) & ~backslash;
	return ((w | backslash) & 0x8080808080808080u) == 0;
}

const char *utf8_check_json(const char *s, size_t len)
{
	size_t i = 0, n;

	while (i < len) {
		const char *what;

		if (len - i >= 8 && is_plain8(s + i)) {
			i += 8;
			continue;
		}
		if (s[i] == '\\') {
			what = check_escape(s + i, len - i, &n);
			if (what)
				return what;
		} else {
			n = utf8_sequence(s + i, len - i);
			if (!n)
				return "invalid UTF-8 in a string";
		}
		i += n;
	}
	return NULL;
}
