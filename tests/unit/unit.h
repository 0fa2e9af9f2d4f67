/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unit.h - the unit test harness.
 *
 * TEST(sentence_that_states_behaviour) { CHECK(...); } registers itself through
 * a linker section; unit.c runs all of a program's tests in the order of their
 * lines and prints TAP. A failed CHECK is reported and the test goes on.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct unit_test {
	const char *name, *file;
	int line;
	void (*run)(void);
};

#define TEST(name_)                                                                      \
	static void test_##name_(void);                                                  \
	static const struct unit_test unit_##name_ __attribute__((                       \
		used, section("unit_tests"), aligned(8))) = { #name_, __FILE__,          \
							      __LINE__, test_##name_ };  \
	static void test_##name_(void)

#define CHECK(cond)          unit_check((cond), #cond, __FILE__, __LINE__)
#define CHECK_STR(got, want) unit_check_str((got), (want), #got, __FILE__, __LINE__)
#define CHECK_INT(got, want) unit_check_int((got), (want), #got, __FILE__, __LINE__)
/* End this test as skipped; the reason says what is missing. */
#define SKIP(reason)                                                                     \
	do {                                                                             \
		unit_skip(reason);                                                       \
		return;                                                                  \
	} while (0)

void unit_check(bool ok, const char *text, const char *file, int line);
void unit_check_str(const char *got, const char *want, const char *text, const char *file,
		    int line);
void unit_check_int(int64_t got, int64_t want, const char *text, const char *file,
		    int line);
void unit_skip(const char *reason);
