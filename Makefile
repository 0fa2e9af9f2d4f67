# SPDX-License-Identifier: Apache-2.0
# GNU make. `make help` lists the targets; configure runs by itself when needed.

B := build
.DEFAULT_GOAL := all
NEED_NO_CONFIG := deps clean distclean help configure
ifneq ($(filter-out $(NEED_NO_CONFIG),$(or $(MAKECMDGOALS),all)),)
-include config.mk
endif

ifdef SAN
B := build/san
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ifdef WERROR
WARN_ERROR := -Werror
endif

# -Ulinux: the OCI document has a member of that name, gnu17 a macro.
CPPFLAGS_ALL := -iquote lib -iquote . -include config.h -Ulinux $(PKG_CPPFLAGS) $(CPPFLAGS)
CFLAGS_ALL := -std=gnu17 -O2 -g -Wall -Wextra -Wshadow -Wmissing-prototypes \
	-Wstrict-prototypes -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wimplicit-fallthrough \
	$(WARN_ERROR) -fvisibility=hidden -fstack-protector-strong -fPIE \
	$(if $(SAN),$(SAN_FLAGS),-D_FORTIFY_SOURCE=2) $(CFLAGS)
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SAN_FLAGS) $(LDFLAGS)

# A feature that the build leaves out is a file of the same name with -none.c; the
# check build has fault points in init, the release build has not.
NONE := $(wildcard lib/*/*-none.c)
chosen = $(if $(filter yes,$(2)),$(1:%-none.c=%.c),$(1))
LIB_SRC := $(filter-out $(NONE) $(NONE:%-none.c=%.c),$(wildcard lib/*/*.c spec/*.c)) \
	$(call chosen,lib/linux/seccomp-none.c,$(WITH_SECCOMP))
CMD_SRC := $(wildcard cmd/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(B)/%.o)
FAULT_NONE := $(B)/lib/init/fault-none.o
FAULT := $(B)/lib/init/fault.o

.PHONY: all
all: $(B)/tare

$(B)/libtare.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/tare: $(CMD_OBJ) $(FAULT_NONE) $(B)/libtare.a
	$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

# With fault points: the rollback and SIGKILL tests run this one.
$(B)/tare-fault: $(CMD_OBJ) $(FAULT) $(B)/libtare.a
	$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(B)/%.o: %.c config.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)

config.mk config.h: config.mk.in config.h.in configure
	./configure

config.h.in: configure

configure: configure.ac
	autoconf
	autoheader
	@touch configure

.PHONY: clean distclean
clean:
	rm -rf build

distclean: clean
	rm -rf autom4te.cache config.h config.h.in config.mk config.log config.status configure configure~ tests/cache

# Unit tests: tests/unit/DIR/NAME.c is one program that mirrors DIR/NAME.c. Those that
# record system calls name the fakes they link in a line "/* fake: kernel/mount */".
UNIT_SRC := $(filter-out tests/unit/unit.c,$(wildcard tests/unit/*.c tests/unit/*/*.c))
UNIT := $(UNIT_SRC:tests/unit/%.c=$(B)/tests/unit/%)

.SECONDEXPANSION:
fakes = $(addprefix $(B)/tests/fake/,$(addsuffix .o,$(shell sed -n 's,^/\* fake: \(.*\) \*/$$,\1,p' $(1))))
$(UNIT): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/tests/unit/unit.o \
		$$(call fakes,tests/unit/$$*.c) $(FAULT_NONE) $(B)/libtare.a
	$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

.PHONY: unit
unit: $(UNIT)
	@set -e; for t in $(UNIT); do $$t; done
