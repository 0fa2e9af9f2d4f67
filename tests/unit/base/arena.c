/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation that is zeroed, aligned, and freed all at once. */
#include "base/arena.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static bool is_zero(const void *p, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++) {
		if (b[i])
			return false;
	}
	return true;
}

static bool aborts(void (*run)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		run();
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGABRT;
}

TEST(allocations_are_zeroed_aligned_and_apart)
{
	struct arena a = { 0 };
	char *last = NULL;

	for (size_t size = 0; size < 3000; size++) {
		char *p = arena_alloc(&a, size);

		CHECK((uintptr_t)p % _Alignof(max_align_t) == 0);
		CHECK(p != last);
		CHECK(is_zero(p, size));
		memset(p, 0xa5, size);
		last = p;
	}
	arena_free(&a);
}

TEST(allocations_do_not_overlap)
{
	static const size_t sizes[] = { 1,    15,   16,   17,    4000,  4080,  4081,
					5000, 8000, 1000, 16320, 16321, 70000, 3 };
	struct arena a = { 0 };
	unsigned char *v[sizeof(sizes) / sizeof(*sizes) * 3];
	size_t n = sizeof(sizes) / sizeof(*sizes);

	for (size_t i = 0; i < 3 * n; i++) {
		v[i] = arena_alloc(&a, sizes[i % n]);
		CHECK(is_zero(v[i], sizes[i % n]));
		memset(v[i], (int)i + 1, sizes[i % n]);
	}
	for (size_t i = 0; i < 3 * n; i++) {
		CHECK_INT(v[i][0], (int64_t)i + 1);
		CHECK_INT(v[i][sizes[i % n] - 1], (int64_t)i + 1);
	}
	arena_free(&a);
}

TEST(a_large_allocation_does_not_waste_the_block_being_filled)
{
	struct arena a = { 0 };
	char *first = arena_alloc(&a, 16), *second;

	(void)arena_alloc(&a, 100000);
	second = arena_alloc(&a, 16);
	CHECK(second == first + 16);
	arena_free(&a);
}

TEST(a_freed_arena_is_empty_and_can_be_used_again)
{
	struct arena a = { 0 };

	arena_free(&a);
	CHECK(a.head == NULL);
	CHECK_STR(arena_strdup(&a, "one"), "one");
	(void)arena_alloc(&a, 100000);
	arena_free(&a);
	CHECK(a.head == NULL);
	CHECK_STR(arena_strdup(&a, "two"), "two");
	arena_free(&a);
}

TEST(arrays_are_zeroed)
{
	struct arena a = { 0 };
	uint64_t *v = arena_calloc(&a, 1000, sizeof(*v));

	CHECK(is_zero(v, 1000 * sizeof(*v)));
	v[999] = 1;
	CHECK(arena_calloc(&a, 0, 8) != NULL);
	arena_free(&a);
}

static void overflow_product(void)
{
	struct arena a = { 0 };

	(void)arena_calloc(&a, SIZE_MAX / 4 + 2, 4); /* wraps to 4 */
}

static void overflow_size(void)
{
	struct arena a = { 0 };

	(void)arena_alloc(&a, SIZE_MAX);
}

static void overflow_rounding(void)
{
	struct arena a = { 0 };

	(void)arena_alloc(&a, SIZE_MAX - 8);
}

TEST(sizes_that_overflow_abort)
{
	CHECK(aborts(overflow_product));
	CHECK(aborts(overflow_size));
	CHECK(aborts(overflow_rounding));
}

TEST(copies_of_strings_are_terminated)
{
	struct arena a = { 0 };
	char text[] = "abc";
	char *copy = arena_strdup(&a, text);

	text[0] = 'x';
	CHECK_STR(copy, "abc");
	CHECK_STR(arena_strdup(&a, ""), "");
	CHECK_STR(arena_strndup(&a, "abcdef", 3), "abc");
	CHECK_STR(arena_strndup(&a, "ab", 100), "ab");
	CHECK_STR(arena_strndup(&a, "ab", 0), "");
	arena_free(&a);
}

TEST(a_part_of_unterminated_text_is_copied)
{
	static const char text[3] = { 'a', 'b', 'c' };
	struct arena a = { 0 };

	CHECK_STR(arena_strndup(&a, text, sizeof(text)), "abc");
	arena_free(&a);
}

TEST(formatted_text_of_any_length_fits)
{
	struct arena a = { 0 };
	char *p = arena_printf(&a, "%s-%05d-%*s", "x", 42, 50000, "end");

	CHECK_INT((int64_t)strlen(p), 8 + 50000);
	CHECK(strncmp(p, "x-00042-", 8) == 0);
	CHECK_STR(p + strlen(p) - 3, "end");
	CHECK_STR(arena_printf(&a, "%s", ""), "");
	arena_free(&a);
}

TEST(a_growing_array_keeps_its_elements)
{
	struct arena a = { 0 };
	uint32_t *v = NULL;
	size_t moved = 0;

	for (size_t n = 0; n < 1000; n++) {
		uint32_t *old = v;

		v = arena_grow(&a, v, n, sizeof(*v));
		moved += v != old;
		CHECK_INT(v[n], 0);
		v[n] = (uint32_t)n * 3;
	}
	for (size_t n = 0; n < 1000; n++)
		CHECK_INT(v[n], (int64_t)n * 3);
	/* 4, 8, 16, ... 1024 */
	CHECK_INT((int64_t)moved, 9);
	arena_free(&a);
}
