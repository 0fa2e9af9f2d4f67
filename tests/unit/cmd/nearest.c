/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/nearest.h"

#include "base/str.h"
#include "tests/unit/unit.h"

static const char *nearest(const char *word)
{
	static const char *const known[] = { "create", "start", "state", "kill",
					     "ps",     "pause", "spec",  "preserve-fds" };
	struct nearest n = nearest_to(word, strlen(word));

	for (size_t i = 0; i < N_ELEMENTS(known); i++)
		nearest_try(&n, known[i]);
	return n.best;
}

TEST(one_letter_too_many_too_few_wrong_or_swapped_is_near)
{
	CHECK_STR(nearest("creatte"), "create");
	CHECK_STR(nearest("creat"), "create");
	CHECK_STR(nearest("crexte"), "create");
	CHECK_STR(nearest("klil"), "kill");
	CHECK_STR(nearest("sp"), "ps");
}

TEST(the_nearest_of_several_wins)
{
	CHECK_STR(nearest("stat"), "start");
	CHECK_STR(nearest("stte"), "state");
	CHECK_STR(nearest("kil"), "kill");
}

TEST(the_beginning_of_a_word_is_near)
{
	CHECK_STR(nearest("preserve"), "preserve-fds");
	CHECK_STR(nearest("cre"), "create");
}

TEST(what_differs_by_more_than_a_third_is_not_near)
{
	CHECK_STR(nearest("xyz"), NULL);
	CHECK_STR(nearest("crxxxe"), NULL);
	CHECK_STR(nearest(""), NULL);
	CHECK_STR(nearest("a-word-that-is-longer-than-any-of-them"), NULL);
}
