/* SPDX-License-Identifier: Apache-2.0 */
/* File names as text: cleaned, joined, taken apart. */
#include "base/path.h"

#include <errno.h>
#include <stdlib.h>

#include "base/str.h"
#include "tests/unit/unit.h"

static const struct {
	const char *path, *want;
} cleaned[] = {
	{ "", "." },
	{ ".", "." },
	{ "./", "." },
	{ "././.", "." },
	{ "/", "/" },
	{ "//", "/" },
	{ "///.//", "/" },
	{ "a", "a" },
	{ "a/", "a" },
	{ "/a", "/a" },
	{ "a/b/c", "a/b/c" },
	{ "/a//b/./c/", "/a/b/c" },
	{ "..", ".." },
	{ "../..", "../.." },
	{ "../../a", "../../a" },
	{ "a/..", "." },
	{ "a/../..", ".." },
	{ "a/../../b", "../b" },
	{ "../a/..", ".." },
	{ "../a/../..", "../.." },
	{ "/..", "/" },
	{ "/../..", "/" },
	{ "/../a", "/a" },
	{ "/a/..", "/" },
	{ "/a/../..", "/" },
	{ "/a/b/../c", "/a/c" },
	{ "a/b/../../c", "c" },
	{ "a/b/../../../c", "../c" },
	{ "...", "..." },
	{ "/a/..b", "/a/..b" },
	{ "a/b../c", "a/b../c" },
	{ ".a/.b", ".a/.b" },
};

TEST(a_path_is_cleaned_lexically)
{
	struct arena a = { 0 };
	char buf[64];

	for (size_t i = 0; i < N_ELEMENTS(cleaned); i++) {
		CHECK_INT(path_clean(cleaned[i].path, buf, sizeof(buf)), 0);
		CHECK_STR(buf, cleaned[i].want);
		CHECK_STR(path_clean_dup(&a, cleaned[i].path), cleaned[i].want);
	}
	arena_free(&a);
}

TEST(cleaning_twice_changes_nothing)
{
	for (size_t i = 0; i < N_ELEMENTS(cleaned); i++) {
		char buf[64];

		CHECK_INT(path_clean(cleaned[i].want, buf, sizeof(buf)), 0);
		CHECK_STR(buf, cleaned[i].want);
	}
}

TEST(a_path_that_does_not_fit_is_refused_and_never_overruns)
{
	static const char path[] = "/usr/lib/x";

	for (size_t size = 0; size <= sizeof(path); size++) {
		char *buf = malloc(size + 1);
		bool fits = size >= sizeof(path);

		CHECK(buf != NULL);
		if (!buf)
			return;
		buf[size] = '#';
		CHECK_INT(path_clean(path, buf, size), fits ? 0 : -ENAMETOOLONG);
		CHECK_INT(buf[size], '#');
		if (fits)
			CHECK_STR(buf, path);
		free(buf);
	}
}

TEST(the_smallest_buffer_holds_the_root_and_the_dot)
{
	char buf[2];

	CHECK_INT(path_clean("//", buf, 2), 0);
	CHECK_STR(buf, "/");
	CHECK_INT(path_clean("", buf, 2), 0);
	CHECK_STR(buf, ".");
	CHECK_INT(path_clean("..", buf, 2), -ENAMETOOLONG);
	CHECK_INT(path_clean("", buf, 1), -ENAMETOOLONG);
}

TEST(an_absolute_name_wins_a_join)
{
	struct arena a = { 0 };

	CHECK_STR(path_join(&a, "/a", "b"), "/a/b");
	CHECK_STR(path_join(&a, "/a/", "b"), "/a/b");
	CHECK_STR(path_join(&a, "/", "b"), "/b");
	CHECK_STR(path_join(&a, "a", "b/c"), "a/b/c");
	CHECK_STR(path_join(&a, "/a", "/b"), "/b");
	CHECK_STR(path_join(&a, "", "b"), "b");
	CHECK_STR(path_join(&a, "/a", ""), "/a");
	CHECK_STR(path_join(&a, "", ""), "");
	arena_free(&a);
}

TEST(only_a_whole_component_is_dotdot)
{
	CHECK(path_has_dotdot(".."));
	CHECK(path_has_dotdot("../a"));
	CHECK(path_has_dotdot("a/.."));
	CHECK(path_has_dotdot("a/../b"));
	CHECK(path_has_dotdot("/.."));
	CHECK(path_has_dotdot("a//..//"));
	CHECK(!path_has_dotdot(""));
	CHECK(!path_has_dotdot("/"));
	CHECK(!path_has_dotdot("."));
	CHECK(!path_has_dotdot("..."));
	CHECK(!path_has_dotdot("a/..b/b../c..d"));
}

TEST(the_base_is_what_follows_the_last_slash)
{
	CHECK_STR(path_base("/a/b"), "b");
	CHECK_STR(path_base("b"), "b");
	CHECK_STR(path_base("/b"), "b");
	CHECK_STR(path_base("/"), "");
	CHECK_STR(path_base(""), "");
}
