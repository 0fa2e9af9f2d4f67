/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"

#include <errno.h>
#include <limits.h>

#include "base/err.h"
#include "base/str.h"
#include "cmd/command.h"
#include "tests/unit/unit.h"

struct args {
	bool detach, tty;
	const char *bundle, *user;
	unsigned count;
	struct opt_list env;
};

#define ARG(member) offsetof(struct args, member)

static const struct opt opts[] = {
	{ 'd', "detach", OPT_FLAG, ARG(detach), NULL, "" },
	{ 't', "tty", OPT_FLAG, ARG(tty), NULL, "" },
	{ 'b', "bundle", OPT_STRING, ARG(bundle), "DIR", "" },
	{ 'u', "user", OPT_STRING, ARG(user), "USER", "" },
	{ 0, "preserve-fds", OPT_UINT, ARG(count), "N", "" },
	{ 'e', "env", OPT_LIST, ARG(env), "K=V", "" },
	{ 0, "no-subreaper", OPT_IGNORED, 0, NULL, "" },
	{ 0, "criu", OPT_IGNORED_STRING, 0, "PATH", "" },
};

struct parsed {
	int r;
	bool help;
	struct args args;
	char *positional[16];
	struct err e;
};

/* The words of the line, separated by blanks; they live until 16 lines later. */
static struct parsed parse(const char *line, unsigned end_at)
{
	static char lines[16][64];
	static unsigned n_lines;
	struct parsed p = { 0 };
	char *argv[16] = { 0 }, *save = NULL;
	char *own = lines[n_lines++ % N_ELEMENTS(lines)];
	size_t n = 0;

	CHECK(str_format(own, sizeof(lines[0]), "%s", line) >= 0);
	for (char *w = strtok_r(own, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	p.r = options_parse(opts, N_ELEMENTS(opts), end_at, argv, &p.args, p.positional,
			    &p.help, &p.e);
	return p;
}

static void done(struct parsed *p)
{
	options_free(opts, N_ELEMENTS(opts), &p->args);
}
#define autoparsed __attribute__((cleanup(done)))

TEST(a_value_is_attached_by_equals_or_follows)
{
	autoparsed struct parsed a = parse("--bundle=/a x", 0);
	autoparsed struct parsed b = parse("x --bundle /b", 0);
	autoparsed struct parsed c = parse("-b /c", 0);
	autoparsed struct parsed d = parse("-b=/d", 0);
	autoparsed struct parsed f = parse("-b/f", 0);
	autoparsed struct parsed g = parse("-bundle /g", 0);
	autoparsed struct parsed h = parse("-bundle=/h=h", 0);

	CHECK_STR(a.args.bundle, "/a");
	CHECK_STR(b.args.bundle, "/b");
	CHECK_STR(c.args.bundle, "/c");
	CHECK_STR(d.args.bundle, "/d");
	CHECK_STR(f.args.bundle, "/f");
	CHECK_STR(g.args.bundle, "/g");
	CHECK_STR(h.args.bundle, "/h=h");
	CHECK_STR(a.positional[0], "x");
	CHECK_STR(b.positional[0], "x");
	CHECK(!c.positional[0]);
}

TEST(an_option_may_stand_before_between_and_behind_the_positionals)
{
	autoparsed struct parsed p = parse("-d one --bundle=/x two -t", 0);

	CHECK_INT(p.r, 0);
	CHECK(p.args.detach && p.args.tty);
	CHECK_STR(p.positional[0], "one");
	CHECK_STR(p.positional[1], "two");
	CHECK(!p.positional[2]);
}

TEST(flags_are_grouped_and_the_last_of_them_may_have_a_value)
{
	autoparsed struct parsed a = parse("-dt", 0);
	autoparsed struct parsed b = parse("-dtu 7", 0);
	autoparsed struct parsed c = parse("-tu=8", 0);
	autoparsed struct parsed d = parse("-dut", 0);

	CHECK(a.args.detach && a.args.tty);
	CHECK(b.args.detach && b.args.tty);
	CHECK_STR(b.args.user, "7");
	CHECK_STR(c.args.user, "8");
	CHECK(c.args.tty);
	CHECK_INT(d.r, -EINVAL);
}

TEST(a_flag_takes_true_and_false_by_equals_only)
{
	autoparsed struct parsed a = parse("--tty=true", 0);
	autoparsed struct parsed b = parse("--tty --tty=false", 0);
	autoparsed struct parsed c = parse("-t=1", 0);
	autoparsed struct parsed d = parse("--tty false", 0);
	autoparsed struct parsed f = parse("--tty=maybe", 0);

	CHECK(a.args.tty);
	CHECK(!b.args.tty && b.r == 0);
	CHECK(c.args.tty);
	CHECK(d.args.tty);
	CHECK_STR(d.positional[0], "false");
	CHECK_INT(f.r, -EINVAL);
	CHECK_STR(f.e.msg, "option '--tty' is true or false, not 'maybe'");
}

TEST(go_style_long_options_have_one_dash)
{
	autoparsed struct parsed a = parse("-no-subreaper -tty=false -detach", 0);

	CHECK_INT(a.r, 0);
	CHECK(a.args.detach && !a.args.tty);
}

TEST(of_a_repeated_option_the_last_counts_and_a_list_collects)
{
	autoparsed struct parsed p = parse("-u 1 -e A=1 --env=B=2 -u 2 -eC=3", 0);

	CHECK_STR(p.args.user, "2");
	CHECK_INT((int64_t)p.args.env.n, 3);
	CHECK_STR(p.args.env.v[0], "A=1");
	CHECK_STR(p.args.env.v[1], "B=2");
	CHECK_STR(p.args.env.v[2], "C=3");
}

TEST(a_number_is_a_whole_number)
{
	autoparsed struct parsed a = parse("--preserve-fds 12", 0);
	autoparsed struct parsed b = parse("--preserve-fds 1x", 0);
	autoparsed struct parsed c = parse("--preserve-fds=-1", 0);
	autoparsed struct parsed d = parse("--preserve-fds=4294967296", 0);

	CHECK_INT(a.args.count, 12);
	CHECK_INT(b.r, -EINVAL);
	CHECK_STR(b.e.msg, "option '--preserve-fds' is a number, not '1x'");
	CHECK_INT(c.r, -EINVAL);
	CHECK_INT(d.r, -EINVAL);
}

TEST(ignored_options_are_taken_with_their_values)
{
	autoparsed struct parsed p = parse("--no-subreaper --criu /usr/sbin/criu id", 0);

	CHECK_INT(p.r, 0);
	CHECK_STR(p.positional[0], "id");
	CHECK(!p.positional[1]);
}

TEST(two_dashes_end_the_options_and_one_is_a_positional)
{
	autoparsed struct parsed a = parse("id -- -d --bundle", 0);
	autoparsed struct parsed b = parse("- -d", 0);

	CHECK(!a.args.detach);
	CHECK_STR(a.positional[1], "-d");
	CHECK_STR(a.positional[2], "--bundle");
	CHECK_STR(b.positional[0], "-");
	CHECK(b.args.detach);
}

TEST(options_end_at_the_positional_asked_for)
{
	autoparsed struct parsed a = parse("-d id -t ls -la --bundle", 2);
	autoparsed struct parsed b = parse("create --bundle x", 1);

	CHECK(a.args.detach && a.args.tty);
	CHECK_STR(a.positional[1], "ls");
	CHECK_STR(a.positional[2], "-la");
	CHECK_STR(a.positional[3], "--bundle");
	CHECK_STR(b.positional[1], "--bundle");
	CHECK(!b.args.bundle);
}

TEST(a_missing_value_is_said_in_the_words_engines_look_for)
{
	autoparsed struct parsed a = parse("id --bundle", 0);
	autoparsed struct parsed b = parse("-b", 0);

	CHECK_INT(a.r, -EINVAL);
	CHECK_INT(a.e.kind, ERR_USAGE);
	CHECK_STR(a.e.msg, "flag needs an argument: --bundle");
	CHECK_STR(b.e.msg, "flag needs an argument: --bundle");
}

TEST(an_unknown_option_is_named_with_the_nearest_known_one)
{
	autoparsed struct parsed a = parse("--bundel=/x", 0);
	autoparsed struct parsed b = parse("-deatch", 0);
	autoparsed struct parsed c = parse("--zzz", 0);
	autoparsed struct parsed d = parse("-dx", 0);
	autoparsed struct parsed f = parse("--hlep", 0);

	CHECK_STR(a.e.msg, "unknown option '--bundel'");
	CHECK_STR(a.e.hint, "did you mean '--bundle'?");
	CHECK_STR(b.e.msg, "unknown option '-deatch'");
	CHECK_STR(b.e.hint, "did you mean '--detach'?");
	CHECK(!b.args.detach);
	CHECK_STR(c.e.msg, "unknown option '--zzz'");
	CHECK_STR(c.e.hint, "");
	CHECK_STR(d.e.msg, "unknown option '-dx'");
	CHECK_STR(f.e.hint, "did you mean '--help'?");
}

TEST(a_global_option_behind_the_command_is_told_where_it_belongs)
{
	autoparsed struct parsed p = parse("--root=/x", 0);

	CHECK_STR(p.e.msg, "unknown option '--root'");
	CHECK_STR(p.e.hint,
		  "'--root' is for all commands: it stands before the command's "
		  "name");
}

TEST(help_ends_the_parsing)
{
	autoparsed struct parsed a = parse("--help --nonsense", 0);
	autoparsed struct parsed b = parse("-h", 0);
	autoparsed struct parsed c = parse("id sh -h", 2);
	autoparsed struct parsed d = parse("-dh", 0);

	CHECK(a.help && a.r == 0);
	CHECK(b.help && b.r == 0);
	CHECK(!c.help);
	CHECK(!d.help && d.r == -EINVAL);
}

static int count(const char *name, unsigned min, unsigned max, char *a, char *b,
		 struct err *e)
{
	struct command c = { .name = name,
			     .args = "<container>",
			     .min_args = min,
			     .max_args = max,
			     OPTS(opts) };
	char *argv[] = { a, b, NULL }, *positional[3];
	struct args args = { 0 };
	bool help;

	return options_parse_command(&c, argv, &args, positional, &help, e);
}

TEST(a_command_says_how_it_is_used_when_the_arguments_are_too_few_or_too_many)
{
	static char one[] = "one", two[] = "two", help[] = "--help";
	struct err few = { 0 }, many = { 0 };

	CHECK_INT(count("x", 1, 1, one, NULL, NULL), 0);
	CHECK_INT(count("x", 1, UINT_MAX, one, two, NULL), 0);
	CHECK_INT(count("x", 1, 1, help, NULL, NULL), 0);
	CHECK_INT(count("x", 1, 1, NULL, NULL, &few), -EINVAL);
	CHECK_STR(few.msg, "'x' needs more arguments");
	CHECK_STR(few.hint, "usage: tare x [options] <container>");
	CHECK_INT(count("x", 1, 1, one, two, &many), -EINVAL);
	CHECK_STR(many.msg, "'x' does not take the argument 'two'");
}
