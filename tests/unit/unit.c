/* SPDX-License-Identifier: Apache-2.0 */
/* unit.c - main() of every unit test program: run the registered tests, print TAP. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct unit_test __start_unit_tests[], __stop_unit_tests[];

static bool failed;
static const char *skipped;

void unit_check(bool ok, const char *text, const char *file, int line)
{
	if (ok)
		return;
	failed = true;
	printf("# %s:%d: %s\n", file, line, text);
}

void unit_check_str(const char *got, const char *want, const char *text, const char *file,
		    int line)
{
	if (got == want || (got && want && strcmp(got, want) == 0))
		return;
	failed = true;
	printf("# %s:%d: %s\n#   got:  %s\n#   want: %s\n", file, line, text,
	       got ? got : "(null)", want ? want : "(null)");
}

void unit_check_int(int64_t got, int64_t want, const char *text, const char *file,
		    int line)
{
	if (got == want)
		return;
	failed = true;
	printf("# %s:%d: %s\n#   got:  %lld\n#   want: %lld\n", file, line, text,
	       (long long)got, (long long)want);
}

void unit_skip(const char *reason)
{
	skipped = reason;
}

/* gcc and clang fill the section in opposite order. */
static int by_line(const void *a, const void *b)
{
	const struct unit_test *const *x = a, *const *y = b;

	return (*x)->line - (*y)->line;
}

int main(void)
{
	size_t n = (size_t)(__stop_unit_tests - __start_unit_tests), n_failed = 0;
	const struct unit_test **tests = calloc(n, sizeof(*tests));

	if (!tests)
		return 1;
	for (size_t i = 0; i < n; i++)
		tests[i] = &__start_unit_tests[i];
	qsort(tests, n, sizeof(*tests), by_line);

	printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		failed = false;
		skipped = NULL;
		tests[i]->run();
		n_failed += failed;
		printf("%s %zu - %s%s%s\n", failed ? "not ok" : "ok", i + 1,
		       tests[i]->name, skipped && !failed ? " # SKIP " : "",
		       skipped && !failed ? skipped : "");
		fflush(stdout);
	}
	free(tests);
	return n_failed ? 1 : 0;
}
