# SPDX-License-Identifier: Apache-2.0
# GNU make. `make help` lists the targets; configure runs by itself when needed.

B := build
.DEFAULT_GOAL := all

.PHONY: help
help:
	@sed -n 's/^#: //p' Makefile

#: make deps        install what building, running and testing needs (root; apt or dnf)
.PHONY: deps
deps:
	tests/deps

# "make deps check" on a fresh machine: the packages first, then everything that
# needs configure to have run.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
AFTER_DEPS := $(filter-out deps,$(MAKECMDGOALS))
.PHONY: $(AFTER_DEPS)
$(AFTER_DEPS): deps
	+@$(MAKE) --no-print-directory $@
else

NEED_NO_CONFIG := clean distclean help configure
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
CPPFLAGS_ALL := -iquote lib -iquote . -include config.h -include lib/base/banned.h -Ulinux $(PKG_CPPFLAGS) $(CPPFLAGS)
CFLAGS_ALL := -std=gnu17 -O2 -g -Wall -Wextra -Wshadow -Wmissing-prototypes \
	-Wstrict-prototypes -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wimplicit-fallthrough \
	$(WARN_ERROR) -fvisibility=hidden -fstack-protector-strong -fPIE \
	$(if $(SAN),$(SAN_FLAGS),-D_FORTIFY_SOURCE=2) $(CFLAGS)
# Sanitizers come as shared libraries.
LINK_PROGRAM = $(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(if $(SAN),,$(STATIC_PIE))
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

#: make             build build/tare (configure runs by itself)
.PHONY: all
all: $(B)/tare

$(B)/libtare.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) qcs $@ $^

# The command line without main(), for its unit tests.
$(B)/libcmd.a: $(filter-out $(B)/cmd/main.o,$(CMD_OBJ))
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/tare: $(CMD_OBJ) $(FAULT_NONE) $(B)/libtare.a
	$(LINK_PROGRAM) -o $@.new $^ $(LIBS)
	@mv -f $@.new $@

# With fault points: the rollback and SIGKILL tests run this one.
$(B)/tare-fault: $(CMD_OBJ) $(FAULT) $(B)/libtare.a
	$(LINK_PROGRAM) -o $@.new $^ $(LIBS)
	@mv -f $@.new $@

# What --version says: "unknown" outside of a git checkout, made anew after a commit.
$(B)/cmd/version.o: $(wildcard .git/logs/HEAD)
$(B)/cmd/version.o: CPPFLAGS_ALL += -DTARE_COMMIT='"$(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)"'

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

#: make clean       remove build/; distclean also what configure and the tests made
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
		$$(call fakes,tests/unit/$$*.c) $$(if $$(findstring cmd/,$$*),$(B)/libcmd.a) \
		$(FAULT_NONE) $(B)/libtare.a
	$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@.new $^ $(LIBS)
	@mv -f $@.new $@

.PHONY: unit
unit: $(UNIT)
	@set -e; for t in $(UNIT); do $$t; done

# Attackers and probes that the bats files run in containers and beside them: static.
TEST_PROGRAMS := $(patsubst %.c,$(B)/%,$(wildcard tests/cve/*.c tests/tools/*.c))
$(TEST_PROGRAMS): $(B)/%: %.c
	@mkdir -p $(@D)
	$(CC) -std=gnu17 -D_GNU_SOURCE -O2 -Wall -Wextra -Wshadow -Wmissing-prototypes \
		$(WARN_ERROR) -static -o $@ $<

#: make demo        run a container made from the distribution's static busybox
.PHONY: demo
demo: all
	tests/demo $(B)/tare

#: make check       all tests (without root: those that need none); SAN=1 with sanitizers,
#:                  TESTS="tests/cli/kill.bats ..." only these
.PHONY: check
check: all $(B)/tare-fault $(UNIT) $(B)/tests/bench/peak $(TEST_PROGRAMS)
	tests/run $(B) $(UNIT) -- $(TESTS)

#: make fuzz        fuzz config.json for FUZZ_SECONDS (60) with clang, ASan and UBSan
FUZZ_SECONDS ?= 60
.PHONY: fuzz
fuzz: build/fuzz/config
	@mkdir -p build/fuzz/corpus
	build/fuzz/config -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 build/fuzz/corpus \
		tests/fixtures/oci-spec/test/config/good tests/fixtures/engines

build/fuzz/config: tests/fuzz/config.c $(wildcard spec/*.[ch] lib/base/*.[ch]) config.h
	@mkdir -p $(@D)
	clang $(CPPFLAGS_ALL) -std=gnu17 -g -O1 -fsanitize=fuzzer,address,undefined -o $@ \
		$(filter %.c,$^) $(LIBS)

#: make lint        the checks of tests/lint alone
.PHONY: lint
lint: $(B)/tests/unit/spec/tables
	tests/run $(B) -- $(wildcard tests/lint/*)

#: make bench       measure against crun and runc, where installed (root)
.PHONY: bench
bench: all $(addprefix $(B)/tests/bench/,harness floor true pause)
	tests/bench/run $(B)

$(B)/tests/bench/harness $(B)/tests/bench/floor $(B)/tests/bench/peak: $(B)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu17 -D_GNU_SOURCE -O2 -Wall -Wextra -static -o $@ $<

$(B)/tests/bench/true $(B)/tests/bench/pause: $(B)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) -O2 -nostdlib -static -Wall -o $@ $<

#: make install     binary, man pages, completions below $(DESTDIR)$(prefix)
.PHONY: install
install: all
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1
	install -m 755 $(B)/tare $(DESTDIR)$(bindir)/tare
	install -m 644 man/*.1 $(DESTDIR)$(mandir)/man1
	install -d $(DESTDIR)$(datarootdir)/bash-completion/completions \
		$(DESTDIR)$(datarootdir)/zsh/site-functions \
		$(DESTDIR)$(datarootdir)/fish/vendor_completions.d
	install -m 644 completions/tare.bash $(DESTDIR)$(datarootdir)/bash-completion/completions/tare
	install -m 644 completions/_tare $(DESTDIR)$(datarootdir)/zsh/site-functions/_tare
	install -m 644 completions/tare.fish $(DESTDIR)$(datarootdir)/fish/vendor_completions.d/tare.fish

endif # deps
