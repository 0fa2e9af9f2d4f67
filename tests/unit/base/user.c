/* SPDX-License-Identifier: Apache-2.0 */
#include "base/user.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/unit/unit.h"

static char *name_in(const char *text, uid_t uid)
{
	char path[] = "/tmp/tare-user-XXXXXX";
	int fd = mkstemp(path);
	char *name = NULL;

	if (fd >= 0 && file_write_fd(fd, text, strlen(text)) == 0)
		name = user_name(path, uid);
	if (fd >= 0)
		(void)close(fd);
	(void)unlink(path);
	return name;
}

static void check(const char *text, uid_t uid, const char *want)
{
	autofree char *name = name_in(text, uid);

	if (want)
		CHECK_STR(name ? name : "(none)", want);
	else
		CHECK(!name);
}

TEST(the_first_line_with_the_id_counts)
{
	const char *text = "root:x:0:0:root:/root:/bin/sh\n"
			   "web:x:1000:100::/:/bin/sh\n"
			   "web2:x:1000:100::/:/bin/sh\n"
			   "last:x:1001:100::/:/bin/sh";

	check(text, 0, "root");
	check(text, 1000, "web");
	check(text, 1001, "last");
	check(text, 100, NULL);
}

TEST(lines_that_are_none_are_passed_over)
{
	check("\n\nno colon\none:colon\ntwo:x:5\n:x:5:5::/:\nfive:x:5:5::/:\n", 5,
	      "five");
	check("a:x:-1:0::/:\nb:x:99999999999:0::/:\nc:x::0::/:\n", 0, NULL);
	check("", 0, NULL);
	check("+::::::\n", 0, NULL);
}

TEST(without_a_file_there_is_no_name)
{
	CHECK(!user_name("/nonexistent/passwd", 0));
	CHECK(!user_name("/tmp", 0));
}
