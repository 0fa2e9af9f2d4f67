/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - what the words in a mount's "options" mean.
 *
 * OCI: /mounts/N/options, the table "Linux mount options" of config.md.
 *
 * mount_setattr(2) knows a mount's own flags (MOUNT_ATTR_*), with AT_RECURSIVE those
 * of the mounts below too; fsconfig(2) knows those of the super block under the names
 * that mount(8) has for them, so these words are handed on as they are. Two things
 * are left that only mount(2) can say: iversion, and a text that fsconfig(2) would
 * take apart differently (a comma, a quote) or not take at all (256 bytes and more).
 *
 * Access times are one value, not bits: noatime, relatime and strictatime exclude one
 * another, and the kernel wants the whole field cleared to set it.
 */
#include "mounts/options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/compat.h"

enum option_kind {
	OPTION_ATTR,        /* set and clear these MOUNT_ATTR_* */
	OPTION_ATIME,       /* set this access time, unless `clr` was asked for before */
	OPTION_PROPAGATION, /* set is MS_* */
	OPTION_SUPER,       /* of the super block; fsconfig(2) knows the word */
	OPTION_MS_SET,      /* of mount(2) only */
	OPTION_MS_CLEAR,
	OPTION_BIND,
	OPTION_REMOUNT,
	OPTION_DEFAULTS,
	OPTION_TMPCOPYUP,
	OPTION_IDMAP,
};

struct option {
	const char *name;
	enum option_kind kind;
	bool recursive;
	uint64_t set, clr;
};

#define RDONLY      MOUNT_ATTR_RDONLY
#define NOSUID      MOUNT_ATTR_NOSUID
#define NODEV       MOUNT_ATTR_NODEV
#define NOEXEC      MOUNT_ATTR_NOEXEC
#define NODIRATIME  MOUNT_ATTR_NODIRATIME
#define NOSYMFOLLOW MOUNT_ATTR_NOSYMFOLLOW
#define RELATIME    MOUNT_ATTR_RELATIME
#define NOATIME     MOUNT_ATTR_NOATIME
#define STRICTATIME MOUNT_ATTR_STRICTATIME
#define NO_VALUE    MOUNT_ATTR__ATIME /* no access time has this value */

/* Sorted by name: looked up by halves. */
/* clang-format off */
static const struct option options[] = {
	{ "acl",            OPTION_SUPER,       false, 0,             0 },
	{ "async",          OPTION_SUPER,       false, 0,             0 },
	{ "atime",          OPTION_ATIME,       false, RELATIME,      STRICTATIME },
	{ "bind",           OPTION_BIND,        false, 0,             0 },
	{ "defaults",       OPTION_DEFAULTS,    false, 0,             0 },
	{ "dev",            OPTION_ATTR,        false, 0,             NODEV },
	{ "diratime",       OPTION_ATTR,        false, 0,             NODIRATIME },
	{ "dirsync",        OPTION_SUPER,       false, 0,             0 },
	{ "exec",           OPTION_ATTR,        false, 0,             NOEXEC },
	{ "idmap",          OPTION_IDMAP,       false, 0,             0 },
	{ "iversion",       OPTION_MS_SET,      false, MS_I_VERSION,  0 },
	{ "lazytime",       OPTION_SUPER,       false, 0,             0 },
	{ "loud",           OPTION_MS_CLEAR,    false, 0,             MS_SILENT },
	{ "mand",           OPTION_SUPER,       false, 0,             0 },
	{ "noacl",          OPTION_SUPER,       false, 0,             0 },
	{ "noatime",        OPTION_ATIME,       false, NOATIME,       NO_VALUE },
	{ "nodev",          OPTION_ATTR,        false, NODEV,         0 },
	{ "nodiratime",     OPTION_ATTR,        false, NODIRATIME,    0 },
	{ "noexec",         OPTION_ATTR,        false, NOEXEC,        0 },
	{ "noiversion",     OPTION_MS_CLEAR,    false, 0,             MS_I_VERSION },
	{ "nolazytime",     OPTION_SUPER,       false, 0,             0 },
	{ "nomand",         OPTION_SUPER,       false, 0,             0 },
	{ "norelatime",     OPTION_ATIME,       false, STRICTATIME,   NOATIME },
	{ "nostrictatime",  OPTION_ATIME,       false, RELATIME,      NOATIME },
	{ "nosuid",         OPTION_ATTR,        false, NOSUID,        0 },
	{ "nosymfollow",    OPTION_ATTR,        false, NOSYMFOLLOW,   0 },
	{ "private",        OPTION_PROPAGATION, false, MS_PRIVATE,    0 },
	{ "ratime",         OPTION_ATIME,       true,  RELATIME,      STRICTATIME },
	{ "rbind",          OPTION_BIND,        true,  0,             0 },
	{ "rdev",           OPTION_ATTR,        true,  0,             NODEV },
	{ "rdiratime",      OPTION_ATTR,        true,  0,             NODIRATIME },
	{ "relatime",       OPTION_ATIME,       false, RELATIME,      NO_VALUE },
	{ "remount",        OPTION_REMOUNT,     false, 0,             0 },
	{ "rexec",          OPTION_ATTR,        true,  0,             NOEXEC },
	{ "ridmap",         OPTION_IDMAP,       true,  0,             0 },
	{ "rnoatime",       OPTION_ATIME,       true,  NOATIME,       NO_VALUE },
	{ "rnodev",         OPTION_ATTR,        true,  NODEV,         0 },
	{ "rnodiratime",    OPTION_ATTR,        true,  NODIRATIME,    0 },
	{ "rnoexec",        OPTION_ATTR,        true,  NOEXEC,        0 },
	{ "rnorelatime",    OPTION_ATIME,       true,  STRICTATIME,   NOATIME },
	{ "rnostrictatime", OPTION_ATIME,       true,  RELATIME,      NOATIME },
	{ "rnosuid",        OPTION_ATTR,        true,  NOSUID,        0 },
	{ "rnosymfollow",   OPTION_ATTR,        true,  NOSYMFOLLOW,   0 },
	{ "ro",             OPTION_ATTR,        false, RDONLY,        0 },
	{ "rprivate",       OPTION_PROPAGATION, true,  MS_PRIVATE,    0 },
	{ "rrelatime",      OPTION_ATIME,       true,  RELATIME,      NO_VALUE },
	{ "rro",            OPTION_ATTR,        true,  RDONLY,        0 },
	{ "rrw",            OPTION_ATTR,        true,  0,             RDONLY },
	{ "rshared",        OPTION_PROPAGATION, true,  MS_SHARED,     0 },
	{ "rslave",         OPTION_PROPAGATION, true,  MS_SLAVE,      0 },
	{ "rstrictatime",   OPTION_ATIME,       true,  STRICTATIME,   NO_VALUE },
	{ "rsuid",          OPTION_ATTR,        true,  0,             NOSUID },
	{ "rsymfollow",     OPTION_ATTR,        true,  0,             NOSYMFOLLOW },
	{ "runbindable",    OPTION_PROPAGATION, true,  MS_UNBINDABLE, 0 },
	{ "rw",             OPTION_ATTR,        false, 0,             RDONLY },
	{ "shared",         OPTION_PROPAGATION, false, MS_SHARED,     0 },
	{ "silent",         OPTION_MS_SET,      false, MS_SILENT,     0 },
	{ "slave",          OPTION_PROPAGATION, false, MS_SLAVE,      0 },
	{ "strictatime",    OPTION_ATIME,       false, STRICTATIME,   NO_VALUE },
	{ "suid",           OPTION_ATTR,        false, 0,             NOSUID },
	{ "symfollow",      OPTION_ATTR,        false, 0,             NOSYMFOLLOW },
	{ "sync",           OPTION_SUPER,       false, 0,             0 },
	{ "tmpcopyup",      OPTION_TMPCOPYUP,   false, 0,             0 },
	{ "unbindable",     OPTION_PROPAGATION, false, MS_UNBINDABLE, 0 },
};

static const struct {
	uint64_t attr;
	unsigned long ms;
} ms_flags[] = {
	{ RDONLY,      MS_RDONLY },
	{ NOSUID,      MS_NOSUID },
	{ NODEV,       MS_NODEV },
	{ NOEXEC,      MS_NOEXEC },
	{ NOATIME,     MS_NOATIME },
	{ STRICTATIME, MS_STRICTATIME },
	{ NODIRATIME,  MS_NODIRATIME },
	{ NOSYMFOLLOW, MS_NOSYMFOLLOW },
};
/* clang-format on */

#define FS_VALUE_MAX 255 /* fsconfig(2): 256 with the terminator */

const char *mount_option_name(size_t i)
{
	/* Those that are known, but refused as yet, are no features. */
	for (size_t k = 0; k < N_ELEMENTS(options); k++) {
		if (options[k].kind != OPTION_IDMAP && i-- == 0)
			return options[k].name;
	}
	return NULL;
}

uint64_t options_attr(const struct plan_mount *m)
{
	return (m->rec_set & ~m->attr_clr) | m->attr_set;
}

unsigned long options_ms_flags(uint64_t attr)
{
	unsigned long flags = 0;

	for (size_t i = 0; i < N_ELEMENTS(ms_flags); i++) {
		if (attr & ms_flags[i].attr)
			flags |= ms_flags[i].ms;
	}
	/* mount(2) has relatime as its default, a remount by it keeps what was. */
	return attr & MOUNT_ATTR__ATIME ? flags : flags | MS_RELATIME;
}

static int by_name(const void *name, const void *row)
{
	return strcmp(name, ((const struct option *)row)->name);
}

/* A later word for the whole tree also takes back what was said for its top. */
static void change_attr(struct plan_mount *m, bool recursive, uint64_t set, uint64_t clr)
{
	uint64_t touched = set | clr;

	m->attr_set &= ~touched;
	m->attr_clr &= ~touched;
	if (recursive) {
		m->rec_set = (m->rec_set & ~touched) | set;
		m->rec_clr = (m->rec_clr & ~touched) | clr;
		return;
	}
	m->attr_set |= set;
	m->attr_clr |= clr;
}

/* The access time asked for so far, NO_VALUE if none was. */
static uint64_t asked_atime(const struct plan_mount *m, bool recursive)
{
	if (!recursive && m->attr_clr & MOUNT_ATTR__ATIME)
		return m->attr_set & MOUNT_ATTR__ATIME;
	if (m->rec_clr & MOUNT_ATTR__ATIME)
		return m->rec_set & MOUNT_ATTR__ATIME;
	return NO_VALUE;
}

static void change_atime(struct plan_mount *m, const struct option *o)
{
	uint64_t asked = asked_atime(m, o->recursive);

	if (asked != NO_VALUE && asked == o->clr)
		return;
	m->attr_set &= ~(uint64_t)MOUNT_ATTR__ATIME;
	m->attr_clr &= ~(uint64_t)MOUNT_ATTR__ATIME;
	if (o->recursive) {
		m->rec_set = (m->rec_set & ~(uint64_t)MOUNT_ATTR__ATIME) | o->set;
		m->rec_clr |= MOUNT_ATTR__ATIME;
		return;
	}
	m->attr_set |= o->set;
	m->attr_clr |= MOUNT_ATTR__ATIME;
}

static void add_fs_option(struct plan_mount *m, struct arena *a, const char *text,
			  size_t index)
{
	const char *equals = strchr(text, '=');
	struct plan_fs_option *o = &m->option[m->n_options];

	o->key = equals ? arena_strndup(a, text, (size_t)(equals - text)) : text;
	o->value = equals ? equals + 1 : NULL;
	o->index = index;
	m->n_options++;
}

static bool was_said(const struct plan_mount *m, size_t before, const char *word)
{
	for (size_t i = 0; i < before; i++) {
		if (str_eq(m->spec->options.v[i], word))
			return true;
	}
	return false;
}

/* rw, suid, dev, exec, async: takes back what was said before, not what a source has. */
static void apply_defaults(struct plan_mount *m, struct arena *a, size_t index)
{
	uint64_t flags = RDONLY | NOSUID | NODEV | NOEXEC;

	m->attr_set &= ~flags;
	m->rec_set &= ~flags;
	if (a && was_said(m, index, "sync"))
		add_fs_option(m, a, "async", index);
}

static int apply_known(struct plan_mount *m, const struct option *o, struct arena *a,
		       size_t index)
{
	switch (o->kind) {
	case OPTION_ATTR:
		change_attr(m, o->recursive, o->set, o->clr);
		return 0;
	case OPTION_ATIME:
		change_atime(m, o);
		return 0;
	case OPTION_PROPAGATION:
		m->propagation = o->set;
		m->propagation_recursive = o->recursive;
		return 0;
	case OPTION_SUPER:
		if (a)
			add_fs_option(m, a, o->name, index);
		return 0;
	case OPTION_MS_SET:
		m->ms_flags |= (unsigned long)o->set;
		return 0;
	case OPTION_MS_CLEAR:
		m->ms_flags &= ~(unsigned long)o->clr;
		return 0;
	case OPTION_BIND: /* found by find_bind() */
		return 0;
	case OPTION_REMOUNT:
		m->kind = MOUNT_CHANGE;
		return 0;
	case OPTION_DEFAULTS:
		apply_defaults(m, a, index);
		return 0;
	case OPTION_TMPCOPYUP:
		m->tmpcopyup = true;
		return 0;
	case OPTION_IDMAP:
		return -EOPNOTSUPP;
	}
	return 0;
}

/* "mode=" among the words of one option, which may be several with commas between. */
static bool says_mode(const char *text)
{
	for (; text; text = strchr(text, ',')) {
		text += *text == ',';
		if (str_after(text, "mode="))
			return true;
	}
	return false;
}

static bool is_long(const char *value)
{
	return value && strlen(value) > FS_VALUE_MAX;
}

static bool needs_mount2(const char *text)
{
	const char *equals = strchr(text, '=');

	return strpbrk(text, ",\"") || is_long(equals ? equals + 1 : text);
}

static int check_fs_option(const struct plan_mount *m, const char *text, struct err *e)
{
	if (!*text || *text == '=')
		return err_config(e, "'%s' is no mount option", text);
	if (m->is_bind)
		return err_config(e, "'%s' is no option of a bind mount", text);
	return 0;
}

/* What a bind mount shows has been mounted by someone else: its super block is theirs. */
static bool is_for_super_block(const struct option *o)
{
	return o->kind == OPTION_SUPER || o->kind == OPTION_MS_SET ||
	       o->kind == OPTION_MS_CLEAR;
}

static const struct option *look_up(const char *text)
{
	return bsearch(text, options, N_ELEMENTS(options), sizeof(*options), by_name);
}

/* Whatever its place in the list: it decides what the others are. */
static void find_bind(struct plan_mount *m)
{
	const struct str_list *words = &m->spec->options;

	for (size_t i = 0; i < words->n; i++) {
		const struct option *o = look_up(words->v[i]);

		if (!o || o->kind != OPTION_BIND)
			continue;
		m->is_bind = true;
		m->is_rbind |= o->recursive;
	}
}

static int apply_one(struct plan_mount *m, struct arena *a, size_t index, struct err *e)
{
	const char *text = m->spec->options.v[index];
	const struct option *o = look_up(text);
	int r;

	if (o && m->is_bind && is_for_super_block(o)) {
		if (a)
			log_debug(
				"'%s': a bind mount cannot change '%s' of what it shows",
				m->spec->destination, text);
		return 0;
	}
	if (o)
		return apply_known(m, o, a, index);
	r = check_fs_option(m, text, e);
	if (r < 0)
		return r;
	m->has_mode |= says_mode(text);
	m->by_mount2 |= needs_mount2(text);
	if (a)
		add_fs_option(m, a, text, index);
	return 0;
}

static void join_data(struct plan_mount *m, struct arena *a)
{
	const char *data = "";

	for (size_t i = 0; i < m->n_options; i++) {
		const struct plan_fs_option *o = &m->option[i];

		data = arena_printf(a, "%s%s%s%s%s", data, i > 0 ? "," : "", o->key,
				    o->value ? "=" : "", o->value ? o->value : "");
	}
	m->data = data;
}

int options_plan(struct plan_mount *m, size_t mount_index, struct arena *a, struct err *e)
{
	const struct str_list *words = &m->spec->options;

	if (a && words->n > 0)
		m->option = arena_calloc(a, words->n, sizeof(*m->option));
	find_bind(m);
	for (size_t i = 0; i < words->n; i++) {
		int r = apply_one(m, a, i, e);

		if (r == -EOPNOTSUPP)
			err_unsupported(e, "not supported yet: /mounts/%zu/options/%zu",
					mount_index, i);
		if (r < 0)
			return err_at(e, r, "/options/%zu", i);
	}
	if (m->ms_flags & MS_I_VERSION || (!m->is_bind && is_long(m->spec->source)))
		m->by_mount2 = true;
	if (a && m->by_mount2)
		join_data(m, a);
	return 0;
}
