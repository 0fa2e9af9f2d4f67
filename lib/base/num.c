/* SPDX-License-Identifier: Apache-2.0 */
/* num.c - strict numbers; a bad form is told before a value that does not fit. */
#include "base/num.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

static const char size_units[] = "kmgtp"; /* powers of 1024 from the first on */

/* The digits at *s, which moves behind them. -ERANGE after all digits were seen. */
static int parse_digits(const char **s, unsigned base, uint64_t *ret)
{
	const char *p = *s;
	bool overflow = false;
	uint64_t v = 0;

	for (; *p >= '0' && (unsigned)(*p - '0') < base; p++) {
		overflow |= __builtin_mul_overflow(v, base, &v);
		overflow |= __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v);
	}
	if (p == *s)
		return -EINVAL;
	*s = p;
	*ret = v;
	return overflow ? -ERANGE : 0;
}

/* The whole of s in base, at most max. */
static int parse_whole(const char *s, unsigned base, uint64_t max, uint64_t *ret)
{
	uint64_t v;
	int r;

	if (!s)
		return -EINVAL;
	r = parse_digits(&s, base, &v);
	if (r == -EINVAL || *s)
		return -EINVAL;
	if (r < 0 || v > max)
		return -ERANGE;
	*ret = v;
	return 0;
}

int num_parse_u32(const char *s, uint32_t *ret)
{
	uint64_t v;
	int r = parse_whole(s, 10, UINT32_MAX, &v);

	if (r < 0)
		return r;
	*ret = (uint32_t)v;
	return 0;
}

int num_parse_u64(const char *s, uint64_t *ret)
{
	return parse_whole(s, 10, UINT64_MAX, ret);
}

int num_parse_i64(const char *s, int64_t *ret)
{
	bool negative;
	uint64_t v;
	int r;

	if (!s)
		return -EINVAL;
	negative = *s == '-';
	r = parse_whole(s + negative, 10, (uint64_t)INT64_MAX + negative, &v);
	if (r < 0)
		return r;
	/* The least value has no positive twin; -0 comes out as -1 - -1. */
	*ret = negative ? -1 - (int64_t)(v - 1) : (int64_t)v;
	return 0;
}

int num_parse_octal(const char *s, uint32_t *ret)
{
	uint64_t v;
	int r = parse_whole(s, 8, UINT32_MAX, &v);

	if (r < 0)
		return r;
	*ret = (uint32_t)v;
	return 0;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The power of 1024 that the suffix stands for, or -EINVAL. */
static int parse_unit(const char *s)
{
	int power = 0;

	for (int i = 0; size_units[i] && *s; i++) {
		if (lower(*s) == size_units[i])
			power = i + 1;
	}
	if (power > 0)
		s++;
	if (power > 0 && lower(*s) == 'i')
		s++;
	if (lower(*s) == 'b')
		s++;
	return *s ? -EINVAL : power;
}

int num_parse_size(const char *s, int64_t *ret)
{
	uint64_t v;
	int r, power;

	if (!s)
		return -EINVAL;
	if (s[0] == '-' && s[1] == '1' && !s[2]) {
		*ret = -1;
		return 0;
	}
	r = parse_digits(&s, 10, &v);
	if (r == -EINVAL)
		return r;
	power = parse_unit(s);
	if (power < 0)
		return power;
	if (r < 0 || v > (uint64_t)INT64_MAX >> (10 * power))
		return -ERANGE;
	*ret = (int64_t)(v << (10 * power));
	return 0;
}
