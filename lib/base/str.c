/* SPDX-License-Identifier: Apache-2.0 */
/* str.c - the growing buffer, and text cut or escaped to fit and to be shown. */
#include "base/str.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const char ellipsis[] = "...";

void str_free(struct str *s)
{
	free(s->s);
	*s = (struct str){ 0 };
}

/* Room for extra more bytes and the terminator. */
static void reserve(struct str *s, size_t extra)
{
	size_t need, cap = s->cap ? s->cap : 64;
	char *grown;

	if (__builtin_add_overflow(s->len, extra, &need) ||
	    __builtin_add_overflow(need, 1, &need) || need > PTRDIFF_MAX)
		abort();
	if (need <= s->cap)
		return;
	while (cap < need)
		cap *= 2;
	grown = realloc(s->s, cap);
	if (!grown)
		abort();
	s->s = grown;
	s->cap = cap;
}

void str_addn(struct str *s, const void *data, size_t len)
{
	reserve(s, len);
	if (len > 0)
		memcpy(s->s + s->len, data, len);
	s->len += len;
	s->s[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
	str_addn(s, text, strlen(text));
}

void str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		abort();
	reserve(s, (size_t)n);
	(void)vsnprintf(s->s + s->len, (size_t)n + 1, fmt, ap);
	s->len += (size_t)n;
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

const char *str_after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s && strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

int str_format(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < size)
		return n;
	if (size > 0)
		buf[0] = '\0';
	return -ENAMETOOLONG;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* A cut does not go through a UTF-8 sequence: at most 3 bytes move. */
void str_elide(char *buf, size_t size, const char *text)
{
	size_t len = strlen(text), dots = sizeof(ellipsis) - 1, head, tail;

	if (size == 0)
		return;
	if (len < size) {
		memmove(buf, text, len + 1);
		return;
	}
	if (size <= dots + 2) {
		memmove(buf, text, size - 1);
		buf[size - 1] = '\0';
		return;
	}

	head = (size - 1 - dots) / 2;
	tail = len - (size - 1 - dots - head);
	for (int i = 0; i < 3 && head > 0 && is_continuation(text[head]); i++)
		head--;
	for (int i = 0; i < 3 && is_continuation(text[tail]); i++)
		tail++;
	memcpy(buf, text, head);
	memcpy(buf + head, ellipsis, dots);
	memcpy(buf + head + dots, text + tail, len - tail + 1);
}

/*
 * Length of the UTF-8 sequence that p starts with, 0 if it is none or if it
 * encodes a control character; C1 controls move a terminal's cursor as well.
 */
static size_t printable_len(const unsigned char *p)
{
	uint32_t c = p[0], least;
	size_t n;

	if (c < 0x80)
		return c >= 0x20 && c != 0x7f;
	if (c >= 0xc2 && c <= 0xdf) {
		n = 2;
		c &= 0x1f;
		least = 0xa0;
	} else if (c >= 0xe0 && c <= 0xef) {
		n = 3;
		c &= 0x0f;
		least = 0x800;
	} else if (c >= 0xf0 && c <= 0xf4) {
		n = 4;
		c &= 0x07;
		least = 0x10000;
	} else {
		return 0;
	}
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return n;
}

void str_printable(char *buf, size_t size, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *p = (const unsigned char *)text;
	size_t len = 0;

	if (size == 0)
		return;
	while (*p) {
		size_t n = printable_len(p);
		char code[] = { '\\', 'x', hex[*p >> 4], hex[*p & 0xf] };
		size_t out = n ? n : sizeof(code);

		if (out >= size - len)
			break;
		memcpy(buf + len, n ? (const char *)p : code, out);
		len += out;
		p += n ? n : 1;
	}
	buf[len] = '\0';
}

char *str_dup(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		abort();
	return copy;
}

char *str_dupf(const char *fmt, ...)
{
	struct str s = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&s, fmt, ap);
	va_end(ap);
	return s.s;
}
