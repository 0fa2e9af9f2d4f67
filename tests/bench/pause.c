/* SPDX-License-Identifier: Apache-2.0 */
/* pause.c - waits to be killed: no libc. Linked with -nostdlib. */
void _start(void);

void _start(void)
{
	for (;;) {
#if defined(__x86_64__)
		__asm__ volatile("mov $34, %%eax; syscall" ::
					 : "rax", "rcx", "r11", "memory");
#elif defined(__aarch64__)
		__asm__ volatile(
			"mov x8, #73; mov x0, #0; mov x1, #0; mov x2, #0; mov x3, #0;"
			"svc #0" ::
				: "x0", "x8", "memory");
#endif
	}
}
