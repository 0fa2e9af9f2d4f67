/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands.c - what is written about the commands against their tables: manual pages,
 * help, completions. Runs in the top directory of the sources.
 */
#include "cmd/command.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cmd/help.h"
#include "tests/unit/unit.h"

static char *read_text(const char *path)
{
	char *text = NULL;
	size_t len;

	if (file_read_all_at(AT_FDCWD, path, 1u << 20, true, &text, &len) < 0)
		printf("# %s cannot be read\n", path);
	CHECK(text != NULL);
	return text ? text : str_dup("");
}

/* ".It Fl b , -bundle Ar DIR", or without the short one. */
static void check_page(const char *path, const struct opt *opts, size_t n)
{
	autofree char *page = read_text(path);

	for (size_t i = 0; i < n; i++) {
		autofree char *both =
			str_dupf(".It Fl %c , -%s", opts[i].short_name, opts[i].name);
		autofree char *one = str_dupf(".It Fl -%s", opts[i].name);
		const char *want = opts[i].short_name ? both : one;

		if (!opts[i].brief)
			continue;
		if (!strstr(page, want))
			printf("# %s lacks: %s\n", path, want);
		CHECK(strstr(page, want) != NULL);
	}
}

TEST(every_option_is_in_its_manual_page)
{
	check_page("man/tare.1", global_opts, n_global_opts);
	for (size_t i = 0; commands[i]; i++) {
		autofree char *path = str_dupf("man/tare-%s.1", commands[i]->name);

		check_page(path, commands[i]->opts, commands[i]->n_opts);
	}
}

TEST(tare_1_lists_every_command)
{
	autofree char *page = read_text("man/tare.1");

	for (size_t i = 0; commands[i]; i++) {
		autofree char *want = str_dupf(".It Xr tare-%s 1", commands[i]->name);

		CHECK(commands[i]->hidden || strstr(page, want));
	}
}

TEST(names_and_short_names_are_unique_within_a_command)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		CHECK(command_find(c->name) == c);
		for (size_t j = 0; j < c->n_opts; j++) {
			for (size_t k = 0; k < j; k++) {
				CHECK(strcmp(c->opts[j].name, c->opts[k].name) != 0);
				CHECK(c->opts[j].short_name != c->opts[k].short_name ||
				      !c->opts[j].short_name);
			}
		}
	}
}

TEST(an_option_lies_within_its_arguments_and_has_a_value_unless_it_is_a_flag)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		for (size_t j = 0; j < c->n_opts; j++) {
			const struct opt *o = &c->opts[j];
			bool is_flag = o->kind == OPT_FLAG || o->kind == OPT_IGNORED;

			CHECK(o->kind == OPT_IGNORED || o->kind == OPT_IGNORED_STRING ||
			      o->offset < c->args_size);
			CHECK(is_flag == !o->value);
		}
	}
}

static void check_width(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > 80)
			printf("# %.*s\n", (int)len, text);
		CHECK(len <= 80);
		text += len + (text[len] == '\n');
	}
}

TEST(help_fits_80_columns_and_names_everything)
{
	autostr struct str program = { 0 };

	help_program(&program);
	check_width(str_text(&program));
	for (size_t i = 0; commands[i]; i++) {
		autostr struct str out = { 0 };
		autofree char *row = str_dupf("\n  %s ", commands[i]->name);

		CHECK(commands[i]->hidden || strstr(str_text(&program), row));
		help_command(commands[i], &out);
		check_width(str_text(&out));
		for (size_t j = 0; j < commands[i]->n_opts; j++) {
			autofree char *name = str_dupf("--%s", commands[i]->opts[j].name);

			CHECK(strstr(str_text(&out), name) != NULL);
		}
	}
}

TEST(unknown_commands_are_named_with_the_nearest)
{
	struct err e = { 0 }, far = { 0 };

	CHECK(help_unknown("krill", &e) < 0);
	CHECK_STR(e.msg, "unknown command 'krill'");
	CHECK_STR(e.hint, "did you mean 'kill'?");
	CHECK(help_unknown("frobnicate", &far) < 0);
	CHECK_STR(far.hint, "'tare --help' lists the commands");
	CHECK(!command_find("checkpoint"));
}

TEST(cgroups_by_systemd_are_refused_by_those_that_would_make_one)
{
	const struct global_args flag = { .systemd_cgroup = true };
	const struct global_args manager = { .cgroup_manager = "systemd" };
	const struct global_args fs = { .cgroup_manager = "cgroupfs" };
	struct err e = { 0 };

	CHECK(command_check_manager(&flag, &e) < 0);
	CHECK_STR(e.msg, "cgroups by systemd are not supported yet");
	CHECK_INT(e.kind, ERR_UNSUPPORTED);
	CHECK(command_check_manager(&manager, NULL) < 0);
	CHECK_INT(command_check_manager(&fs, NULL), 0);
	CHECK_INT(command_check_manager(&(struct global_args){ 0 }, NULL), 0);
}
