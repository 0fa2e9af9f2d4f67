/* SPDX-License-Identifier: Apache-2.0 */
/* user.c - the passwd file, passwd(5): "name:password:uid:gid:..." lines; see user.h. */
#include "base/user.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/str.h"

#define FILE_LIMIT (1u << 20)

char *user_name(const char *file, uid_t uid)
{
	autofree char *text = NULL;
	char *next;
	size_t len;

	if (file_read_all_at(AT_FDCWD, file, FILE_LIMIT, true, &text, &len) < 0)
		return NULL;
	for (char *line = text; line; line = next) {
		char *end, *id, *id_end;
		uint32_t found;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		end = strchr(line, ':');
		id = end ? strchr(end + 1, ':') : NULL;
		id_end = id ? strchr(id + 1, ':') : NULL;
		if (!id_end || end == line)
			continue;
		*end = *id_end = '\0';
		if (num_parse_u32(id + 1, &found) >= 0 && found == uid)
			return str_dup(line);
	}
	return NULL;
}
