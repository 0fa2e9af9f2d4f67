/* SPDX-License-Identifier: Apache-2.0 */
/*
 * banned.h - calls that may not appear here; the Makefile includes it everywhere.
 *
 * No bound on what they write (str_format, str_elide), no error from a bad number
 * (num_parse), a shell in between, a name that another process can take first.
 * The headers that mention them must have been read before.
 */
#pragma once

#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#undef alloca
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef strtok
#undef atoi
#undef atol
#undef gets
#undef system
#undef popen
#undef tmpnam
#undef mktemp

#pragma GCC poison alloca strcpy strcat sprintf vsprintf strtok atoi atol gets
#pragma GCC poison system popen tmpnam mktemp
