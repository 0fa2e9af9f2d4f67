/* SPDX-License-Identifier: Apache-2.0 */
/* config.c - whole files: what is read, what is refused, what arrives in the struct. */
#include "../unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "spec/bind.h"
#include "spec/config.h"

#define HEAD     "{\"ociVersion\":\"1.3.0\","
#define FIXTURES "tests/fixtures/oci-spec/test/config"

static int parse(const char *text, struct spec **ret, struct err *e)
{
	return spec_parse(text, strlen(text), "config.json", ret, e);
}

static void check_refused(const char *text, const char *line)
{
	autospec struct spec *s = NULL;
	struct err e = { 0 };
	char got[2048];

	CHECK(parse(text, &s, &e) < 0);
	CHECK(!s);
	err_format(&e, got, sizeof(got));
	CHECK_STR(got, line);
}

static void check_accepted(const char *text)
{
	autospec struct spec *s = NULL;
	struct err e = { 0 };

	CHECK_INT(parse(text, &s, &e), 0);
	CHECK_STR(e.msg, "");
}

/* the schema's own documents */

/* Is the file refused for what it is, and not only for what we do not apply yet? */
static bool is_refused(const char *dir, const char *name)
{
	autofree char *path = str_dupf("%s/%s/%s", FIXTURES, dir, name);
	autospec struct spec *s = NULL;
	struct err e = { 0 };
	char line[2048];
	int r = spec_load(AT_FDCWD, path, &s, &e);

	if (r == 0)
		return false;
	err_format(&e, line, sizeof(line));
	printf("# %s\n", line);
	CHECK(e.kind == ERR_CONFIG || e.kind == ERR_UNSUPPORTED);
	CHECK(e.line > 0 && e.col > 0 && e.file[0]);
	return e.kind != ERR_UNSUPPORTED;
}

static size_t judge(const char *dir, bool refused)
{
	autofree char *path = str_dupf("%s/%s", FIXTURES, dir);
	struct dirent *entry;
	DIR *d = opendir(path);
	size_t n = 0;

	CHECK(d != NULL);
	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		n++;
		if (is_refused(dir, entry->d_name) != refused)
			unit_check(false, entry->d_name, __FILE__, __LINE__);
	}
	if (d)
		closedir(d);
	return n;
}

TEST(the_good_documents_of_the_schema_are_good)
{
	CHECK_INT((int64_t)judge("good", false), 5);
}

TEST(the_bad_documents_of_the_schema_are_bad)
{
	CHECK_INT((int64_t)judge("bad", true), 4);
}

/* What podman and containerd really wrote; see tests/fixtures/engines. */
TEST(configs_of_real_engines_load)
{
	static const char dir[] = "tests/fixtures/engines";
	struct dirent *entry;
	DIR *d = opendir(dir);
	size_t n = 0;

	CHECK(d != NULL);
	while (d && (entry = readdir(d))) {
		autofree char *path = str_dupf("%s/%s", dir, entry->d_name);
		autospec struct spec *s = NULL;
		struct err e = { 0 };
		char line[2048];

		if (!strstr(entry->d_name, ".json"))
			continue;
		n++;
		if (spec_load(AT_FDCWD, path, &s, &e) == 0)
			continue;
		err_format(&e, line, sizeof(line));
		printf("# %s: %s\n", path, line);
		unit_check(false, entry->d_name, __FILE__, __LINE__);
	}
	if (d)
		closedir(d);
	CHECK(n >= 30);
}

/* values */

TEST(values_arrive_in_the_struct)
{
	autospec struct spec *s = NULL;
	struct err e = { 0 };

	CHECK_INT(parse(HEAD "\"root\":{\"path\":\"rootfs\",\"readonly\":true},"
			     "\"process\":{\"cwd\":\"/\",\"args\":[\"sh\",\"-c\"],"
			     "\"user\":{\"uid\":1,\"gid\":2,\"umask\":63,"
			     "\"additionalGids\":[3,4294967294]},\"oomScoreAdj\":0,"
			     "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":1,"
			     "\"hard\":18446744073709551615}]},"
			     "\"mounts\":[{\"destination\":\"/a\",\"options\":[\"ro\"]},"
			     "{\"destination\":\"/b\",\"source\":\"c\",\"type\":\"d\"}],"
			     "\"hooks\":{\"poststop\":[{\"path\":\"/h\",\"timeout\":5}]},"
			     "\"annotations\":{\"x\":\"\",\"y\":\"z\"},"
			     "\"linux\":{\"namespaces\":[{\"type\":\"pid\"},"
			     "{\"type\":\"mount\",\"path\":\"/p\"}],"
			     "\"resources\":{\"memory\":{\"limit\":-1,"
			     "\"disableOOMKiller\":false}},"
			     "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"}}}",
			&s, &e),
		  0);
	CHECK_STR(e.msg, "");
	if (!s)
		return;
	CHECK_STR(s->oci_version, "1.3.0");
	CHECK(s->root.is_set && s->root.readonly);
	CHECK_STR(s->process.args.v[1], "-c");
	CHECK(!s->process.args.v[2]);
	CHECK_INT(s->process.user.gid, 2);
	CHECK(s->process.user.umask.set && s->process.user.umask.v == 63);
	CHECK_INT(s->process.user.additional_gids.v[1], 4294967294);
	CHECK(s->process.oom_score_adj.set && s->process.oom_score_adj.v == 0);
	CHECK(s->process.rlimits.v[0].hard == UINT64_MAX);
	CHECK_INT((int64_t)s->mounts.n, 2);
	CHECK_STR(s->mounts.v[0].options.v[0], "ro");
	CHECK_STR(s->mounts.v[1].source, "c");
	CHECK(!s->mounts.v[0].type);
	CHECK_INT(s->hooks.poststop.v[0].timeout.v, 5);
	CHECK_STR(s->annotations.v[0].value, "");
	CHECK_STR(s->annotations.v[1].key, "y");
	CHECK_STR(s->linux.namespaces.v[1].path, "/p");
	CHECK(s->linux.resources.memory.limit.set);
	CHECK_INT(s->linux.resources.memory.limit.v, -1);
	CHECK(s->linux.resources.memory.disable_oom_killer.set);
	CHECK(!s->linux.resources.memory.disable_oom_killer.v);
	CHECK(!s->linux.resources.memory.swap.set && !s->linux.resources.cpu.is_set);
	CHECK(s->linux.seccomp.is_set);
	CHECK(!s->hostname);
}

TEST(a_hundred_thousand_variables_are_all_there)
{
	autospec struct spec *s = NULL;
	autostr struct str text = { 0 };
	struct err e = { 0 };
	char want[48];
	size_t i;

	str_add(&text, HEAD "\"process\":{\"cwd\":\"/\",\"env\":[\"K0=0\"");
	for (i = 1; i < 100000; i++)
		str_addf(&text, ",\"K%zu=%zu\"", i, i);
	str_add(&text, "]}}");
	CHECK_INT(parse(text.s, &s, &e), 0);
	if (!s)
		return;
	CHECK_INT((int64_t)s->process.env.n, 100000);
	for (i = 0; i < s->process.env.n; i += 9999) {
		(void)snprintf(want, sizeof(want), "K%zu=%zu", i, i);
		CHECK_STR(s->process.env.v[i], want);
	}
	CHECK(!s->process.env.v[100000]);
}

/* the rules that no single table row can show */

TEST(the_version_is_semver_with_or_without_a_pre_release)
{
	static const char *const good[] = { "1.0.0",     "1.3.0", "1.0.2-dev",
					    "0.5.0-dev", "9.9.9", "1.2.0-rc.1+b1",
					    "10.20.30" };
	static const char *const bad[] = { "",        "abc",    "1",         "1.0",
					   "1.0.0.0", "v1.0.0", "01.0.0",    "1.0.0-",
					   "1.0.0 ",  " 1.0.0", "1.0.0-a b", "1..0" };
	char text[64];

	for (size_t i = 0; i < N_ELEMENTS(good); i++) {
		(void)snprintf(text, sizeof(text), "{\"ociVersion\":\"%s\"}", good[i]);
		check_accepted(text);
	}
	for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
		autospec struct spec *s = NULL;
		struct err e = { 0 };

		(void)snprintf(text, sizeof(text), "{\"ociVersion\":\"%s\"}", bad[i]);
		CHECK_INT(parse(text, &s, &e), -EINVAL);
		CHECK_STR(e.field, "/ociVersion");
	}
}

#define DEVICE(type, mode)                                                               \
	HEAD "\"linux\":{\"devices\":[\n{\"path\":\"/dev/x\",\"fileMode\":" mode         \
	     ",\"type\":\"" type "\"}]}}"

TEST(a_file_mode_may_carry_the_bits_of_its_own_type)
{
	check_accepted(DEVICE("c", "438"));
	check_accepted(DEVICE("c", "511"));
	check_accepted(DEVICE("c", "8630")); /* S_IFCHR | 0666 */
	check_accepted(DEVICE("u", "8630"));
	check_accepted(DEVICE("b", "25008")); /* S_IFBLK | 0660 */
	check_accepted(DEVICE("p", "4534"));  /* S_IFIFO | 0666 */
}

TEST(a_file_mode_with_bits_of_another_type_is_refused_at_its_place)
{
	static const char want[] =
		"read config.json: /linux/devices/0/fileMode: must be between 0 and 511, "
		"except for the file type bits of its 'type' (config.json:2:29)";

	check_refused(DEVICE("b", "8630"), want);
	check_refused(DEVICE("c", "512"), want);   /* S_ISVTX */
	check_refused(DEVICE("c", "2541"), want);  /* S_ISUID | 0755 */
	check_refused(DEVICE("c", "33206"), want); /* S_IFREG | 0666 */
}

TEST(propagation_has_its_recursive_forms)
{
	check_accepted(HEAD "\"linux\":{\"rootfsPropagation\":\"rprivate\"}}");
	check_accepted(HEAD "\"linux\":{\"rootfsPropagation\":\"runbindable\"}}");
}

TEST(an_annotation_has_a_key)
{
	check_refused(HEAD "\"annotations\":{\"a\":\"b\",\"\":\"c\"}}",
		      "read config.json: /annotations/: a key must not be empty "
		      "(config.json:1:49)");
}

TEST(an_error_names_aim_pointer_file_line_and_column)
{
	check_refused("{\n  \"ociVersion\": \"1.3.0\",\n  \"mounts\": [\n"
		      "    { \"destination\": \"/a\" },\n"
		      "    { \"destination\": \"/b\", \"type\": 5 }\n  ]\n}\n",
		      "read config.json: /mounts/1/type: expected string, got number "
		      "(config.json:5:36)");
}

TEST(what_is_not_applied_yet_is_one_clear_line)
{
	check_refused(HEAD "\"linux\":{\"mountLabel\":\"x\"}}",
		      "read config.json: not supported yet: /linux/mountLabel "
		      "(config.json:1:45)");
}

TEST(a_message_with_a_path_of_the_image_is_printable)
{
	check_refused(HEAD "\"linux\":{\"namespaces\":[{\"type\":\"a\\u001b[2Jb\"}]}}",
		      "read config.json: /linux/namespaces/0/type: \"a\\x1b[2Jb\" is not "
		      "one of cgroup, ipc, mount, network, pid, time, user, uts "
		      "(config.json:1:54)");
}

/* files */

struct dir {
	char path[32];
	int fd;
};

static struct dir make_dir(void)
{
	struct dir d = { "/tmp/tare-unit-XXXXXX", -EBADF };

	CHECK(mkdtemp(d.path) != NULL);
	d.fd = open(d.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(d.fd >= 0);
	return d;
}

static void remove_dir(struct dir *d, const char *name)
{
	(void)unlinkat(d->fd, name, 0);
	(void)unlinkat(d->fd, name, AT_REMOVEDIR);
	fd_close(&d->fd);
	CHECK_INT(rmdir(d->path), 0);
}

static void check_file(const char *name, int at_fd, const char *want)
{
	autospec struct spec *s = NULL;
	struct err e = { 0 };
	char got[2048];

	CHECK(spec_load(at_fd, name, &s, &e) < 0);
	CHECK(!s);
	err_format(&e, got, sizeof(got));
	CHECK_STR(got, want);
}

TEST(a_fifo_is_refused_at_once)
{
	struct dir d = make_dir();

	CHECK_INT(mkfifoat(d.fd, "config.json", 0600), 0);
	check_file("config.json", d.fd,
		   "read config.json: 'config.json' is not a regular file");
	remove_dir(&d, "config.json");
}

TEST(a_directory_and_a_device_are_refused)
{
	struct dir d = make_dir();

	CHECK_INT(mkdirat(d.fd, "config.json", 0700), 0);
	check_file("config.json", d.fd,
		   "read config.json: 'config.json' is not a regular file");
	check_file("/dev/zero", d.fd, "read zero: '/dev/zero' is not a regular file");
	remove_dir(&d, "config.json");
}

TEST(a_missing_file_is_said_by_name)
{
	struct dir d = make_dir();

	check_file("config.json", d.fd, "read config.json: open 'config.json': ENOENT");
	remove_dir(&d, "config.json");
}

TEST(a_huge_file_is_not_read)
{
	struct dir d = make_dir();
	int fd = openat(d.fd, "config.json", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	CHECK(fd >= 0);
	CHECK_INT(ftruncate(fd, 1LL << 32), 0);
	fd_close(&fd);
	check_file("config.json", d.fd,
		   "read config.json: 'config.json' is larger than 16 MiB");
	remove_dir(&d, "config.json");
}

TEST(an_empty_file_is_refused)
{
	struct dir d = make_dir();
	int fd = openat(d.fd, "c.json", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	CHECK(fd >= 0);
	fd_close(&fd);
	check_file("c.json", d.fd,
		   "read c.json: expected object, got nothing (c.json:1:1)");
	remove_dir(&d, "c.json");
}

static void write_file(const struct dir *d, const char *name, const char *text)
{
	CHECK(file_replace_at(d->fd, name, text, strlen(text), 0600, false) >= 0);
}

TEST(a_file_that_is_truncated_anywhere_is_refused)
{
	static const char text[] = HEAD
		"\"process\":{\"cwd\":\"/\",\"args\":[\"a\",true]}}";

	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		autospec struct spec *s = NULL;
		struct err e = { 0 };

		CHECK_INT(spec_parse(text, len, "config.json", &s, &e), -EINVAL);
		CHECK(e.line == 1 && e.col >= 1 && e.msg[0]);
	}
}

/* the other two documents */

TEST(a_process_document_becomes_process)
{
	struct dir d = make_dir();
	autospec struct spec *s = NULL;
	struct err e = { 0 };
	unsigned line, col;

	write_file(&d, "process.json", "{\"args\":[\"a\"],\n\"cwd\":\"/x\"}");
	CHECK_INT(spec_load_process(d.fd, "process.json", &s, &e), 0);
	CHECK(s && s->process.is_set);
	if (s) {
		CHECK_STR(s->process.cwd, "/x");
		CHECK_STR(s->name, "process.json");
		CHECK_INT(spec_locate(s, "/process/cwd", &line, &col), 0);
		CHECK_INT(line, 2);
		CHECK_INT(col, 7);
		CHECK_INT(spec_locate(s, "/cwd", &line, &col), 0);
		CHECK_INT(line, 2);
	}
	remove_dir(&d, "process.json");
}

TEST(a_config_is_no_process_document)
{
	struct dir d = make_dir();
	autospec struct spec *s = NULL;
	struct err e = { 0 };

	write_file(&d, "process.json", HEAD "\"process\":{\"cwd\":\"/\"}}");
	CHECK_INT(spec_load_process(d.fd, "process.json", &s, &e), -EINVAL);
	CHECK_STR(e.msg, "required member 'cwd' is missing");
	CHECK_STR(e.doing, "read process.json");
	CHECK_STR(e.file, "process.json");
	remove_dir(&d, "process.json");
}

TEST(a_resources_document_becomes_resources)
{
	static const char text[] = "{\"memory\":{\"limit\":1}}";
	autospec struct spec *s = NULL;
	struct err e = { 0 };

	CHECK_INT(spec_parse_resources(text, strlen(text), "resources", &s, &e), 0);
	CHECK(s && s->linux.resources.is_set && s->linux.resources.memory.is_set);
	CHECK(s && s->linux.resources.memory.limit.v == 1);
}

TEST(nothing_can_be_freed)
{
	spec_free(NULL);
}
