/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/table.h"

#include "base/str.h"
#include "tests/unit/unit.h"

TEST(columns_are_as_wide_as_their_widest_text_and_the_gap)
{
	autotable struct table t = { .n_columns = 3, .gap = 2, .right = 2 };
	autostr struct str out = { 0 };
	static const char *const cells[] = { "ID", "PID", "BUNDLE", "long-one", "1",
					     "/",  "x",   "12345",  "/srv/web" };

	for (size_t i = 0; i < N_ELEMENTS(cells); i++)
		table_add(&t, cells[i]);
	table_write(&t, &out);
	CHECK_STR(str_text(&out), "ID          PID  BUNDLE\n"
				  "long-one      1  /\n"
				  "x         12345  /srv/web\n");
}

TEST(a_column_has_its_minimum_width)
{
	autotable struct table t = { .n_columns = 2, .min_width = 12, .gap = 3 };
	autostr struct str out = { 0 };

	table_add(&t, "ID");
	table_add(&t, "PID");
	table_add(&t, "a-rather-long-id");
	table_addf(&t, "%d", 7);
	table_write(&t, &out);
	CHECK_STR(str_text(&out), "ID                 PID\n"
				  "a-rather-long-id   7\n");
}

TEST(characters_are_counted_not_bytes_and_controls_are_shown)
{
	autotable struct table t = { .n_columns = 2, .gap = 1 };
	autostr struct str out = { 0 };

	table_add(&t, "\xc3\xa4\xc3\xb6");
	table_add(&t, "a\x1b[31m");
	table_add(&t, "abc");
	table_add(&t, "b");
	table_write(&t, &out);
	CHECK_STR(str_text(&out), "\xc3\xa4\xc3\xb6  a\\x1b[31m\nabc b\n");
}
