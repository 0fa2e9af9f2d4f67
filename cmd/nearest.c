/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nearest.c - "did you mean"; see nearest.h.
 *
 * Distance: letters inserted, removed, replaced, or swapped with their neighbour
 * (optimal string alignment). A word is near when a third of it at most differs, or
 * when it begins with what was typed, if that are three letters or more.
 */
#include "nearest.h"

#include <string.h>

#define MIN_PREFIX 3

struct nearest nearest_to(const char *word, size_t len)
{
	struct nearest n = { .len = len };

	if (len <= NEAREST_MAX)
		memcpy(n.word, word, len);
	return n;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t d[NEAREST_MAX + 1][NEAREST_MAX + 1];

	for (size_t i = 0; i <= a_len; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= b_len; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		for (size_t j = 1; j <= b_len; j++) {
			size_t replaced = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1, replaced);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1, d[i][j]);
		}
	}
	return d[a_len][b_len];
}

void nearest_try(struct nearest *n, const char *known)
{
	size_t len = strlen(known), limit = len > n->len ? len : n->len, d;

	if (n->len == 0 || n->len > NEAREST_MAX || len > NEAREST_MAX)
		return;
	d = distance(n->word, n->len, known, len);
	limit = limit / 3 > 0 ? limit / 3 : 1;
	if (n->len >= MIN_PREFIX && strncmp(known, n->word, n->len) == 0)
		d = d > 0;
	if (d > limit || (n->best && d >= n->distance))
		return;
	n->best = known;
	n->distance = d;
}
