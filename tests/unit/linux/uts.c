/* SPDX-License-Identifier: Apache-2.0 */
/* Host and domain names. */
#include "linux/uts.h"

#include <sched.h>
#include <sys/utsname.h>

#include "base/str.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"

static struct spec_namespace uts[] = { { "uts", NULL } };

static const char *refusal(const struct spec *s, char text[1024])
{
	struct err e = { 0 };

	return uts_check(s, &e) < 0 ? text_of(&e, text) : NULL;
}

TEST(a_name_without_a_uts_namespace_would_be_the_hosts)
{
	struct spec s = { .hostname = "web" };
	char text[1024];

	CHECK_STR(refusal(&s, text),
		  "/hostname: 'web' would be set on the host: there is no "
		  "uts namespace in /linux/namespaces");
	s = (struct spec){ .domainname = "example" };
	CHECK_STR(refusal(&s, text),
		  "/domainname: 'example' would be set on the host: there "
		  "is no uts namespace in /linux/namespaces");
	s.linux.namespaces = (struct spec_namespace_list){ 1, uts };
	CHECK_STR(refusal(&s, text), NULL);
	s = (struct spec){ .hostname = "", .domainname = "" };
	CHECK_STR(refusal(&s, text), NULL);
}

TEST(a_name_has_at_most_64_bytes)
{
	char name[66], text[1024];
	struct spec s = { .hostname = name, .linux = { .namespaces = { 1, uts } } };

	memset(name, 'x', 65);
	name[65] = '\0';
	CHECK_STR(refusal(&s, text), "/hostname: 65 bytes long, the kernel takes 64");
	name[64] = '\0';
	CHECK_STR(refusal(&s, text), NULL);
}

static int set_and_read(void *arg)
{
	const struct plan *p = arg;
	struct inside in = { .proc_fd = -EBADF };
	struct utsname us;

	if (uts_init(p, &in, NULL) < 0 || uname(&us) < 0)
		return 10;
	if (strcmp(us.nodename, "web") != 0)
		return 11;
	return strcmp(us.domainname, "example.org") != 0 ? 12 : 0;
}

TEST(both_names_are_set_in_the_namespace)
{
	struct spec s = { .hostname = "web", .domainname = "example.org" };
	struct plan p = { .spec = &s };
	struct utsname before, after;

	if (!is_root())
		SKIP("root");
	CHECK_INT(uname(&before), 0);
	CHECK_INT(child_run(CLONE_NEWUTS, set_and_read, &p), 0);
	CHECK_INT(uname(&after), 0);
	CHECK_STR(after.nodename, before.nodename);
}

static int set_without_right(void *arg)
{
	const struct plan *p = arg;
	struct inside in = { .proc_fd = -EBADF };
	struct err e = { 0 };

	if (sys_setresuid(1000, 1000, 1000) < 0)
		return 10;
	if (uts_init(p, &in, &e) != -EPERM)
		return 11;
	return str_eq(e.field, "/hostname") && str_eq(e.op, "sethostname") ? 0 : 12;
}

TEST(a_refusal_of_the_kernel_is_an_error)
{
	struct spec s = { .hostname = "web" };
	struct plan p = { .spec = &s };

	if (!is_root())
		SKIP("root");
	CHECK_INT(child_run(CLONE_NEWUTS, set_without_right, &p), 0);
}
