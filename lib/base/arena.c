/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.c - bump allocation out of a chain of zeroed blocks.
 *
 * The block being filled is the head of the chain. A request that is large for a
 * block gets one of its own behind the head, whose room is not given up for it.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	max_align_t data[];
};

#define BLOCK_SIZE                                                                       \
	(16384 - sizeof(struct arena_block) - 32) /* with malloc's head: 16 KiB */
#define LARGE_SIZE (BLOCK_SIZE / 4)
#define GROW_FIRST 4 /* elements, a power of two */

static struct arena_block *block_new(size_t size)
{
	struct arena_block *b = calloc(1, sizeof(*b) + size);

	if (!b)
		abort();
	b->size = size;
	return b;
}

static void *block_take(struct arena_block *b, size_t size)
{
	void *p = (char *)b->data + b->used;

	b->used += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct arena_block *b;

	if (size > PTRDIFF_MAX - sizeof(*b) - align)
		abort();
	size = size ? (size + align - 1) / align * align : align;
	if (a->head && a->head->size - a->head->used >= size)
		return block_take(a->head, size);

	b = block_new(size > LARGE_SIZE ? size : BLOCK_SIZE);
	if (a->head && size > LARGE_SIZE) {
		b->next = a->head->next;
		a->head->next = b;
	} else {
		b->next = a->head;
		a->head = b;
	}
	return block_take(b, size);
}

void *arena_calloc(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		abort();
	return arena_alloc(a, total);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	size_t n = strnlen(s, len);
	char *copy = arena_alloc(a, n + 1);

	memcpy(copy, s, n);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(arena_alloc(a, size), s, size);
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	text = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	(void)vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return text;
}

/* The capacity follows from n: it is full at 0, GROW_FIRST and twice each time. */
void *arena_grow(struct arena *a, void *v, size_t n, size_t size)
{
	size_t capacity = GROW_FIRST;
	void *grown;

	if (n > 0 && (n < GROW_FIRST || (n & (n - 1)) != 0))
		return v;
	if (n > 0 && __builtin_mul_overflow(n, 2, &capacity))
		abort();
	grown = arena_calloc(a, capacity, size);
	if (n > 0)
		memcpy(grown, v, n * size);
	return grown;
}

void arena_free(struct arena *a)
{
	struct arena_block *b = a->head;

	a->head = NULL;
	while (b) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
}
