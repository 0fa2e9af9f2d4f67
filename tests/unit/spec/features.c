/* SPDX-License-Identifier: Apache-2.0 */
/* features.c - the document agrees with the schema and with what is applied. */
#include "../unit.h"

#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "spec/features.h"
#include "spec/json.h"

static const char *const options[] = { "bind", "ro", NULL };
static const char *const capabilities[] = { "CAP_CHOWN", NULL };
static const char *const flags[] = { "SECCOMP_FILTER_FLAG_LOG", NULL };
static struct str_pair annotation = { "io.github.seccomp.libseccomp.version", "2.5.4" };

static const struct features all = {
	.mount_options = options,
	.capabilities = capabilities,
	.has_seccomp = true,
	.seccomp_flags = flags,
	.annotations = { 1, &annotation },
};

/* "pointer=value" lines of all scalars. */
static int record(void *ctx, struct json *j, const struct json_event *event)
{
	struct str *lines = ctx;

	if (event->type == JSON_OBJECT || event->type == JSON_ARRAY ||
	    event->type == JSON_END)
		return 0;
	json_pointer(j, JSON_ALL_TOKENS, lines);
	if (event->type == JSON_BOOL)
		str_addf(lines, "=%s\n", event->truth ? "true" : "false");
	else
		str_addf(lines, "=%.*s\n", (int)event->len, event->s);
	return 0;
}

static void flatten(const struct features *f, struct str *lines)
{
	autostr struct str text = { 0 };
	struct err e = { 0 };

	features_emit(f, &text);
	str_add(lines, "\n");
	CHECK_INT(json_parse(text.s, text.len, "features", record, lines, &e), 0);
}

static bool has(const struct str *lines, const char *line)
{
	return strstr(lines->s, line) != NULL;
}

TEST(versions_hooks_and_what_callers_hand_in_are_there)
{
	autostr struct str lines = { 0 };

	flatten(&all, &lines);
	CHECK(has(&lines, "\n/ociVersionMin=1.0.0\n"));
	CHECK(has(&lines, "\n/ociVersionMax=1.3.0\n"));
	CHECK(has(&lines, "\n/hooks/0=prestart\n"));
	CHECK(has(&lines, "\n/hooks/5=poststop\n"));
	CHECK(has(&lines, "\n/mountOptions/1=ro\n"));
	CHECK(has(&lines, "\n/linux/capabilities/0=CAP_CHOWN\n"));
	CHECK(has(&lines, "\n/linux/seccomp/supportedFlags/0=SECCOMP_FILTER_FLAG_LOG\n"));
	CHECK(has(&lines, "\n/annotations/io.github.seccomp.libseccomp.version=2.5.4\n"));
}

TEST(words_are_those_of_the_tables)
{
	autostr struct str lines = { 0 };

	flatten(&all, &lines);
	CHECK(has(&lines, "=mount\n") && has(&lines, "=cgroup\n"));
	CHECK(has(&lines, "=SCMP_ACT_KILL_PROCESS\n"));
	CHECK(has(&lines, "=SCMP_CMP_MASKED_EQ\n"));
	CHECK(has(&lines, "=SCMP_ARCH_LOONGARCH64\n"));
	CHECK(has(&lines, "=SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\n"));
}

/* An engine would use what we claim. */
TEST(what_is_not_applied_yet_is_not_claimed)
{
	autostr struct str lines = { 0 };

	flatten(&all, &lines);
	CHECK(!has(&lines, "SCMP_ACT_NOTIFY"));
	CHECK(!has(&lines, "=time\n"));
	CHECK(has(&lines, "\n/linux/apparmor/enabled=false\n"));
	CHECK(has(&lines, "\n/linux/selinux/enabled=false\n"));
	CHECK(has(&lines, "\n/linux/intelRdt/enabled=false\n"));
	CHECK(has(&lines, "\n/linux/mountExtensions/idmap/enabled=false\n"));
	CHECK(has(&lines, "\n/linux/netDevices/enabled=false\n"));
	CHECK(has(&lines, "\n/linux/cgroup/systemd=false\n"));
	CHECK(has(&lines, "\n/linux/cgroup/rdma=false\n"));
	CHECK(has(&lines, "\n/linux/cgroup/v1=true\n"));
	CHECK(has(&lines, "\n/linux/cgroup/v2=true\n"));
}

TEST(a_build_without_seccomp_says_so_and_no_more)
{
	struct features none = { .has_seccomp = false };
	autostr struct str lines = { 0 };

	flatten(&none, &lines);
	CHECK(has(&lines, "\n/linux/seccomp/enabled=false\n"));
	CHECK(!has(&lines, "SCMP_"));
}
