/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - the words of /mounts/N/options. */
#include "mounts/options.h"

#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "kernel/compat.h"
#include "tests/unit/unit.h"

#define RDONLY      MOUNT_ATTR_RDONLY
#define NOSUID      MOUNT_ATTR_NOSUID
#define NODEV       MOUNT_ATTR_NODEV
#define NOEXEC      MOUNT_ATTR_NOEXEC
#define NODIRATIME  MOUNT_ATTR_NODIRATIME
#define NOSYMFOLLOW MOUNT_ATTR_NOSYMFOLLOW
#define NOATIME     MOUNT_ATTR_NOATIME
#define STRICTATIME MOUNT_ATTR_STRICTATIME
#define ATIME       MOUNT_ATTR__ATIME

struct parsed {
	struct spec_mount spec;
	struct plan_mount m;
	struct arena arena;
	const char *words[9];
	struct err e;
	int r;
};

static void parsed_free(struct parsed *p)
{
	arena_free(&p->arena);
}
#define autoparsed __attribute__((cleanup(parsed_free)))

/* Words separated by blanks. */
static void parse(struct parsed *p, const char *text)
{
	memset(p, 0, sizeof(*p));
	while (*text) {
		size_t n = strcspn(text, " ");

		p->words[p->spec.options.n++] = arena_strndup(&p->arena, text, n);
		text += n + (text[n] == ' ');
	}
	p->spec.destination = "/x";
	p->spec.options.v = p->words;
	p->m.spec = &p->spec;
	p->r = options_plan(&p->m, 4, &p->arena, &p->e);
}

/* clang-format off */
static const struct {
	const char *words;
	uint64_t set, clr, rec_set, rec_clr;
} attr_rows[] = {
	{ "ro",             RDONLY,      0,           0,           0 },
	{ "rw",             0,           RDONLY,      0,           0 },
	{ "nosuid",         NOSUID,      0,           0,           0 },
	{ "suid",           0,           NOSUID,      0,           0 },
	{ "nodev",          NODEV,       0,           0,           0 },
	{ "dev",            0,           NODEV,       0,           0 },
	{ "noexec",         NOEXEC,      0,           0,           0 },
	{ "exec",           0,           NOEXEC,      0,           0 },
	{ "nodiratime",     NODIRATIME,  0,           0,           0 },
	{ "diratime",       0,           NODIRATIME,  0,           0 },
	{ "nosymfollow",    NOSYMFOLLOW, 0,           0,           0 },
	{ "symfollow",      0,           NOSYMFOLLOW, 0,           0 },
	{ "atime",          0,           ATIME,       0,           0 },
	{ "noatime",        NOATIME,     ATIME,       0,           0 },
	{ "relatime",       0,           ATIME,       0,           0 },
	{ "norelatime",     STRICTATIME, ATIME,       0,           0 },
	{ "strictatime",    STRICTATIME, ATIME,       0,           0 },
	{ "nostrictatime",  0,           ATIME,       0,           0 },
	{ "rro",            0,           0,           RDONLY,      0 },
	{ "rrw",            0,           0,           0,           RDONLY },
	{ "rnosuid",        0,           0,           NOSUID,      0 },
	{ "rsuid",          0,           0,           0,           NOSUID },
	{ "rnodev",         0,           0,           NODEV,       0 },
	{ "rdev",           0,           0,           0,           NODEV },
	{ "rnoexec",        0,           0,           NOEXEC,      0 },
	{ "rexec",          0,           0,           0,           NOEXEC },
	{ "rnodiratime",    0,           0,           NODIRATIME,  0 },
	{ "rdiratime",      0,           0,           0,           NODIRATIME },
	{ "rnosymfollow",   0,           0,           NOSYMFOLLOW, 0 },
	{ "rsymfollow",     0,           0,           0,           NOSYMFOLLOW },
	{ "ratime",         0,           0,           0,           ATIME },
	{ "rnoatime",       0,           0,           NOATIME,     ATIME },
	{ "rrelatime",      0,           0,           0,           ATIME },
	{ "rnorelatime",    0,           0,           STRICTATIME, ATIME },
	{ "rstrictatime",   0,           0,           STRICTATIME, ATIME },
	{ "rnostrictatime", 0,           0,           0,           ATIME },
	/* the later of two counts */
	{ "ro rw",          0,           RDONLY,      0,           0 },
	{ "rw ro",          RDONLY,      0,           0,           0 },
	{ "rro rw",         0,           RDONLY,      RDONLY,      0 },
	{ "rw rro",         0,           0,           RDONLY,      0 },
	{ "ro rrw",         0,           0,           0,           RDONLY },
	{ "nosuid nodev ro suid", NODEV | RDONLY, NOSUID, 0,       0 },
	/* access times exclude one another */
	{ "noatime strictatime", STRICTATIME, ATIME,  0,           0 },
	{ "strictatime noatime", NOATIME, ATIME,      0,           0 },
	{ "noatime relatime", 0,         ATIME,       0,           0 },
	{ "noatime atime",  0,           ATIME,       0,           0 },
	{ "strictatime atime", STRICTATIME, ATIME,    0,           0 },
	{ "noatime norelatime", NOATIME, ATIME,       0,           0 },
	{ "noatime nostrictatime", NOATIME, ATIME,    0,           0 },
	{ "strictatime nostrictatime", 0, ATIME,      0,           0 },
	{ "noatime rstrictatime", 0,     0,           STRICTATIME, ATIME },
	{ "rnoatime strictatime", STRICTATIME, ATIME, NOATIME,     ATIME },
	{ "rnoatime norelatime", 0,      0,           NOATIME,     ATIME },
	/* defaults takes back, but clears nothing a source may have */
	{ "defaults",       0,           0,           0,           0 },
	{ "ro nosuid noatime defaults", NOATIME, ATIME, 0,         0 },
	{ "rro defaults",   0,           0,           0,           0 },
	{ "defaults ro",    RDONLY,      0,           0,           0 },
};

static const struct {
	const char *word;
	uint64_t flags;
	bool recursive;
} propagation_rows[] = {
	{ "private",     MS_PRIVATE,    false },
	{ "rprivate",    MS_PRIVATE,    true },
	{ "slave",       MS_SLAVE,      false },
	{ "rslave",      MS_SLAVE,      true },
	{ "shared",      MS_SHARED,     false },
	{ "rshared",     MS_SHARED,     true },
	{ "unbindable",  MS_UNBINDABLE, false },
	{ "runbindable", MS_UNBINDABLE, true },
	{ "rshared slave", MS_SLAVE,    false },
};

/* Words that fsconfig(2) knows: they go there as they are. */
static const char *const super_words[] = {
	"acl", "async", "dirsync", "lazytime", "mand", "noacl", "nolazytime", "nomand",
	"sync",
};
static const char *const other_words[] = {
	"bind", "defaults", "idmap", "iversion", "loud", "noiversion", "rbind", "remount",
	"ridmap", "silent", "tmpcopyup",
};
/* clang-format on */

TEST(every_word_for_mount_flags_sets_and_clears_what_it_says)
{
	for (size_t i = 0; i < N_ELEMENTS(attr_rows); i++) {
		autoparsed struct parsed p;

		parse(&p, attr_rows[i].words);
		CHECK_STR(p.r < 0 ? p.e.msg : attr_rows[i].words, attr_rows[i].words);
		CHECK_INT(p.m.attr_set, attr_rows[i].set);
		CHECK_INT(p.m.attr_clr, attr_rows[i].clr);
		CHECK_INT(p.m.rec_set, attr_rows[i].rec_set);
		CHECK_INT(p.m.rec_clr, attr_rows[i].rec_clr);
		CHECK_INT(p.m.n_options, 0);
		CHECK(!p.m.by_mount2);
	}
}

TEST(propagation_words_are_told_apart_and_the_last_one_counts)
{
	for (size_t i = 0; i < N_ELEMENTS(propagation_rows); i++) {
		autoparsed struct parsed p;

		parse(&p, propagation_rows[i].word);
		CHECK_INT(p.r, 0);
		CHECK_INT(p.m.propagation, propagation_rows[i].flags);
		CHECK_INT(p.m.propagation_recursive, propagation_rows[i].recursive);
	}
}

TEST(super_block_words_are_handed_on_as_they_are)
{
	for (size_t i = 0; i < N_ELEMENTS(super_words); i++) {
		autoparsed struct parsed p;

		parse(&p, super_words[i]);
		CHECK_INT(p.m.n_options, 1);
		CHECK_STR(p.m.option[0].key, super_words[i]);
		CHECK_STR(p.m.option[0].value, NULL);
	}
}

TEST(a_bind_mount_leaves_the_super_block_alone)
{
	for (size_t i = 0; i < N_ELEMENTS(super_words); i++) {
		autoparsed struct parsed p;
		char words[32];

		(void)str_format(words, sizeof(words), "%s bind", super_words[i]);
		parse(&p, words);
		CHECK_INT(p.r, 0);
		CHECK_INT(p.m.n_options, 0);
	}
}

TEST(every_name_has_a_row_in_this_test_and_they_are_sorted)
{
	size_t n = 0, rows = 0;

	for (; mount_option_name(n); n++) {
		const char *name = mount_option_name(n);
		bool found = false;

		for (size_t i = 0; i < N_ELEMENTS(attr_rows); i++)
			found |= str_eq(attr_rows[i].words, name);
		for (size_t i = 0; i < N_ELEMENTS(propagation_rows); i++)
			found |= str_eq(propagation_rows[i].word, name);
		for (size_t i = 0; i < N_ELEMENTS(super_words); i++)
			found |= str_eq(super_words[i], name);
		for (size_t i = 0; i < N_ELEMENTS(other_words); i++)
			found |= str_eq(other_words[i], name);
		CHECK_STR(found ? name : "no row", name);
		if (n > 0)
			CHECK(strcmp(mount_option_name(n - 1), name) < 0);
	}
	for (size_t i = 0; i < N_ELEMENTS(attr_rows); i++)
		rows += !strchr(attr_rows[i].words, ' ');
	/* defaults stands in two lists, "rshared slave" is two words, idmap is refused */
	rows += N_ELEMENTS(propagation_rows) - 1 + N_ELEMENTS(super_words) +
		N_ELEMENTS(other_words) - 1 - 2;
	CHECK_INT(n, rows);
}

TEST(idmapped_mounts_are_refused_by_name_until_they_are_there)
{
	autoparsed struct parsed p;
	char text[512];

	parse(&p, "ro ridmap");
	CHECK_INT(p.r, -EOPNOTSUPP);
	CHECK_INT(p.e.kind, ERR_UNSUPPORTED);
	err_format(&p.e, text, sizeof(text));
	CHECK_STR(text, "/options/1: not supported yet: /mounts/4/options/1");
}

TEST(what_is_no_known_word_is_the_file_systems)
{
	autoparsed struct parsed p;

	parse(&p, "size=64k nosuid newinstance mode=1777 x=");
	CHECK_INT(p.r, 0);
	CHECK_INT(p.m.n_options, 4);
	CHECK_STR(p.m.option[0].key, "size");
	CHECK_STR(p.m.option[0].value, "64k");
	CHECK_INT(p.m.option[0].index, 0);
	CHECK_STR(p.m.option[1].key, "newinstance");
	CHECK_STR(p.m.option[1].value, NULL);
	CHECK_INT(p.m.option[1].index, 2);
	CHECK_STR(p.m.option[3].value, "");
	CHECK(p.m.has_mode);
	CHECK(!p.m.by_mount2);
}

TEST(a_bind_mount_has_no_file_system_options_wherever_bind_stands)
{
	autoparsed struct parsed p;
	char text[512];

	parse(&p, "ro size=64k rbind");
	CHECK_INT(p.r, -EINVAL);
	err_format(&p.e, text, sizeof(text));
	CHECK_STR(text, "/options/1: 'size=64k' is no option of a bind mount");
}

TEST(an_option_without_a_name_is_refused)
{
	autoparsed struct parsed p;

	parse(&p, "=5");
	CHECK_INT(p.r, -EINVAL);
}

TEST(bind_and_rbind_are_told_apart)
{
	autoparsed struct parsed plain, deep, both, neither;

	parse(&plain, "bind");
	parse(&deep, "rbind");
	parse(&both, "rbind bind");
	parse(&neither, "ro");
	CHECK(plain.m.is_bind && !plain.m.is_rbind);
	CHECK(deep.m.is_bind && deep.m.is_rbind);
	CHECK(both.m.is_bind && both.m.is_rbind);
	CHECK(!neither.m.is_bind && !neither.m.is_rbind);
}

TEST(what_fsconfig_cannot_say_goes_by_mount2_as_one_text)
{
	autoparsed struct parsed comma, quote, version, off, lengthy;
	char words[400] = "nosuid lowerdir=";

	parse(&comma, "size=1m,mode=700 nr_inodes=5");
	CHECK(comma.m.by_mount2 && comma.m.has_mode);
	CHECK_STR(comma.m.data, "size=1m,mode=700,nr_inodes=5");

	parse(&quote, "context=\"a:b\"");
	CHECK(quote.m.by_mount2);

	parse(&version, "silent iversion size=1m");
	CHECK(version.m.by_mount2);
	CHECK_INT(version.m.ms_flags, MS_I_VERSION | MS_SILENT);

	parse(&off, "silent iversion loud noiversion");
	CHECK(!off.m.by_mount2);
	CHECK_INT(off.m.ms_flags, 0);

	memset(words + strlen(words), 'x', 256);
	parse(&lengthy, words);
	CHECK(lengthy.m.by_mount2);
	words[strlen(words) - 1] = '\0';
	parsed_free(&lengthy);
	parse(&lengthy, words);
	CHECK(!lengthy.m.by_mount2);
}

TEST(remount_and_tmpcopyup_are_noted)
{
	autoparsed struct parsed p;

	parse(&p, "remount tmpcopyup");
	CHECK_INT(p.m.kind, MOUNT_CHANGE);
	CHECK(p.m.tmpcopyup);
}

TEST(flags_of_a_new_mount_are_those_for_the_tree_and_then_its_own)
{
	autoparsed struct parsed p;

	parse(&p, "rro rnosuid nodev suid noatime");
	CHECK_INT(options_attr(&p.m), RDONLY | NODEV | NOATIME);
	CHECK_INT(options_ms_flags(options_attr(&p.m)),
		  MS_RDONLY | MS_NODEV | MS_NOATIME);
	CHECK_INT(options_ms_flags(0), MS_RELATIME);
	CHECK_INT(options_ms_flags(NOSUID | NOEXEC | NODIRATIME | NOSYMFOLLOW |
				   STRICTATIME),
		  MS_NOSUID | MS_NOEXEC | MS_NODIRATIME | MS_NOSYMFOLLOW |
			  MS_STRICTATIME);
}

TEST(checking_alone_needs_no_memory)
{
	const char *words[] = { "size=64k", "ro", "sync", "a,b", "defaults" };
	struct spec_mount spec = { .destination = "/x", .options = { 5, words, true } };
	struct plan_mount m = { .spec = &spec };

	CHECK_INT(options_plan(&m, 0, NULL, NULL), 0);
	CHECK_INT(m.n_options, 0);
}
