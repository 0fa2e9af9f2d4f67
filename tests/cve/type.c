/* SPDX-License-Identifier: Apache-2.0 */
/*
 * type.c - a program that types into the terminal of whoever started it (CVE-2017-5226).
 *
 * Tries descriptors 0 to 2 and /dev/tty, makes each its controlling terminal if it can,
 * and pushes a character into its input. Says how many it could open or take, and in how
 * many it has typed; then its session and controlling terminal, from /proc/self/stat.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int taken, typed;

static void type(int fd)
{
	if (fd < 0)
		return;
	if (ioctl(fd, TIOCSCTTY, 0) == 0 || ioctl(fd, TIOCSCTTY, 1) == 0)
		taken++;
	if (ioctl(fd, TIOCSTI, "x") == 0)
		typed++;
}

int main(void)
{
	int pid, parent, group, session, tty;
	char name[64], state;
	FILE *f;

	for (int fd = 0; fd <= 2; fd++)
		type(fd);
	type(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
	f = fopen("/proc/self/stat", "r");
	if (!f || fscanf(f, "%d (%63[^)]) %c %d %d %d %d", &pid, name, &state, &parent,
			 &group, &session, &tty) != 7)
		return 1;
	printf("taken %d, typed %d, own session %s, terminal %d\n", taken, typed,
	       session == getpid() ? "yes" : "no", tty);
	return 0;
}
