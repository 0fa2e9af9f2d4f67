/* SPDX-License-Identifier: Apache-2.0 */
/*
 * features.c - say what this runtime understands, so that engines need not try.
 *
 * Engines turn off what is not said here; what is bound but not applied yet (see
 * spec/unsupported.txt) is therefore left out or false.
 */
#include "spec/features.h"

#include "base/str.h"
#include "spec/bind.h"
#include "spec/emit.h"

/* Words that config.json may have and that are still refused later. */
static const char *const not_yet[] = {
	"time",            /* a new one needs /linux/timeOffsets */
	"SCMP_ACT_NOTIFY", /* needs /linux/seccomp/listenerPath */
};

static bool is_not_yet(const char *word)
{
	for (size_t i = 0; i < N_ELEMENTS(not_yet); i++)
		if (str_eq(word, not_yet[i]))
			return true;
	return false;
}

static void emit_words(struct emit *m, const char *key, const char *const *words)
{
	emit_key(m, key);
	emit_array(m);
	for (size_t i = 0; words && words[i]; i++)
		if (!is_not_yet(words[i]))
			emit_str(m, words[i]);
	emit_array_end(m);
}

static void emit_flag(struct emit *m, const char *key, bool v)
{
	emit_key(m, key);
	emit_bool(m, v);
}

/* "apparmor": { "enabled": false } */
static void emit_enabled(struct emit *m, const char *key, bool v)
{
	emit_key(m, key);
	emit_object(m);
	emit_flag(m, "enabled", v);
	emit_object_end(m);
}

static void emit_cgroup(struct emit *m)
{
	emit_key(m, "cgroup");
	emit_object(m);
	emit_flag(m, "v1", true);
	emit_flag(m, "v2", true);
	emit_flag(m, "systemd", false);
	emit_flag(m, "systemdUser", false);
	emit_flag(m, "rdma", false);
	emit_object_end(m);
}

static void emit_seccomp(struct emit *m, const struct features *f)
{
	emit_key(m, "seccomp");
	emit_object(m);
	emit_flag(m, "enabled", f->has_seccomp);
	if (f->has_seccomp) {
		emit_words(m, "actions", words_seccomp_action);
		emit_words(m, "operators", words_seccomp_operator);
		emit_words(m, "archs", words_seccomp_arch);
		emit_words(m, "knownFlags", words_seccomp_flag);
		emit_words(m, "supportedFlags", f->seccomp_flags);
	}
	emit_object_end(m);
}

static void emit_linux(struct emit *m, const struct features *f)
{
	emit_key(m, "linux");
	emit_object(m);
	emit_words(m, "namespaces", words_namespace);
	emit_words(m, "capabilities", f->capabilities);
	emit_cgroup(m);
	emit_seccomp(m, f);
	emit_enabled(m, "apparmor", false);
	emit_enabled(m, "selinux", false);
	emit_enabled(m, "intelRdt", false);
	emit_key(m, "mountExtensions");
	emit_object(m);
	emit_enabled(m, "idmap", false);
	emit_object_end(m);
	emit_enabled(m, "netDevices", false);
	emit_object_end(m);
}

void features_emit(const struct features *f, struct str *out)
{
	struct emit m;

	emit_begin(&m, out, EMIT_PRETTY | EMIT_LOSSY);
	emit_object(&m);
	emit_key(&m, "ociVersionMin");
	emit_str(&m, SPEC_VERSION_MIN);
	emit_key(&m, "ociVersionMax");
	emit_str(&m, SPEC_VERSION);
	emit_words(&m, "hooks", words_hook);
	emit_words(&m, "mountOptions", f->mount_options);
	emit_linux(&m, f);
	emit_key(&m, "annotations");
	emit_str_map(&m, &f->annotations);
	emit_object_end(&m);
	(void)emit_end(&m); /* lossy: nothing can be wrong */
}
