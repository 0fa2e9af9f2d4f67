/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h - memory that is freed all at once.
 *
 * Allocations are zeroed and aligned for any type. Out of memory aborts: an
 * arena is only used before the clone, by code that could not go on anyway.
 */
#pragma once

#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *head;
};

void *arena_alloc(struct arena *a, size_t size);
void *arena_calloc(struct arena *a, size_t n, size_t size); /* overflow-checked */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Grow an array of n elements of the given size to hold one more, doubling; returns
 * its (possibly moved) address. Old storage stays in the arena.
 */
void *arena_grow(struct arena *a, void *v, size_t n, size_t size);

/* Free everything; the arena can be used again. */
void arena_free(struct arena *a);
