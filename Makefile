# make            leaves build/rung
# make check      unit tests, checks, then the cases on a real server
# make check-lint, check-memory, check-asan, check-tsan, check-musl, check-compilers,
#      coverage, check-long   what takes longer
# make install    to $(DESTDIR)$(PREFIX)
# make format     as .clang-format says
# make MODE=asan  address and undefined-behaviour sanitizers, in build/asan

MODE ?= release
PREFIX ?= /usr/local
CC ?= cc
PKG_CONFIG ?= pkg-config
VERSION := $(shell cat VERSION)

PACKAGES := libsodium libcrypto jansson inih
# Loaded at their first use: docs/decisions/0001-libcurl-is-loaded-late.md and 0014
LOADED_PACKAGES := libpq libcurl libzstd expat
LIBPQ_FILE := $(shell scripts/shared_name.sh "$(CC) $(shell $(PKG_CONFIG) --libs-only-L libpq)" pq)
# libpg_query, which is loaded too, brings no pkg-config file: the library itself says what it is called.
PG_QUERY_FILE := $(shell scripts/shared_name.sh "$(CC)" pg_query)
BUILD_release := build
BUILD_asan := build/asan
BUILD_debug := build/debug
BUILD_fuzz := build/fuzz
BUILD_tsan := build/tsan
BUILD_coverage := build/coverage
BUILD := $(BUILD_$(MODE))

FLAGS_release := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
FLAGS_asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_debug := -O0
FLAGS_tsan := -O1 -fsanitize=thread -fno-omit-frame-pointer
FLAGS_coverage := -O0 --coverage -fprofile-update=atomic
FLAGS_fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

WARNINGS := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wwrite-strings -Wformat=2 -Wvla -Wimplicit-fallthrough -Wconversion -Wcast-qual \
	-Werror=unused-result
ALL_CFLAGS := -std=gnu17 -g -pthread $(WARNINGS) $(FLAGS_$(MODE)) $(CFLAGS)
ALL_CPPFLAGS := -D_GNU_SOURCE -DRUNG_VERSION='"$(VERSION)"' -DPG_QUERY_FILE='"$(PG_QUERY_FILE)"' -DLIBPQ_FILE='"$(LIBPQ_FILE)"' -Isrc -I$(BUILD)/gen \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES) $(LOADED_PACKAGES)) $(CPPFLAGS)
ALL_LDLIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -ldl $(LDLIBS)

SOURCES := $(sort $(wildcard src/*.c src/*/*.c src/*/*/*.c))
QUERIES := $(sort $(wildcard src/*/*.sql src/*/*/*.sql))
HELP_TEXTS := $(sort $(wildcard src/command/help/*.txt))
GENERATED := $(BUILD)/gen/queries.h $(BUILD)/gen/help_texts.h
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/queries.o $(BUILD)/obj/help_texts.o
LIBRARY_OBJECTS := $(filter-out $(BUILD)/obj/main.o,$(OBJECTS))
UNIT_SOURCES := $(sort $(wildcard tests/unit/*.c tests/unit/*/*.c tests/unit/*/*/*.c))
UNIT_OBJECTS := $(UNIT_SOURCES:tests/%.c=$(BUILD)/tests/%.o)

all: $(BUILD)/rung

$(BUILD)/rung: $(OBJECTS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

$(BUILD)/librung.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

# The queries are .sql files that run in psql; here they become strings. The directories are looked at because a
# file may have gone or got another name.
$(BUILD)/gen/queries.h $(BUILD)/gen/queries.c &: $(QUERIES) $(sort $(dir $(QUERIES))) scripts/embed_queries.sh
	@mkdir -p $(BUILD)/gen
	scripts/embed_queries.sh $(BUILD)/gen $(QUERIES)

# So do the texts of help.
$(BUILD)/gen/help_texts.h $(BUILD)/gen/help_texts.c &: $(HELP_TEXTS) src/command/help scripts/embed_help.sh
	@mkdir -p $(BUILD)/gen
	scripts/embed_help.sh $(BUILD)/gen $(HELP_TEXTS)

$(BUILD)/obj/queries.o $(BUILD)/obj/help_texts.o: $(BUILD)/obj/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/obj/%.o: src/%.c Makefile VERSION | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c Makefile | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) -Itests/unit $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/unit: $(UNIT_OBJECTS) $(BUILD)/librung.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(shell $(PKG_CONFIG) --libs libpq) $(ALL_LDLIBS)

$(BUILD)/tests/proxy: tests/lib/proxy.c Makefile
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(ALL_CFLAGS) $(LDFLAGS) -o $@ $<

$(BUILD)/tests/agetool: $(BUILD)/tests/lib/agetool.o $(BUILD)/librung.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

# A store's server that misbehaves as told, and a program that puts, gets and lists.
$(BUILD)/tests/store_stub: tests/lib/store_stub.c Makefile
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(ALL_CFLAGS) $(LDFLAGS) -o $@ $<

$(BUILD)/tests/storetool: $(BUILD)/tests/lib/storetool.o $(BUILD)/librung.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

# Lets one call fail: loaded into the program by LD_PRELOAD.
$(BUILD)/tests/faults.so: tests/lib/faults.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) -std=gnu17 -g $(WARNINGS) -O1 -fPIC -shared -o $@ $< -ldl

# Reads the queries by their parse trees, and the literals of C.
$(BUILD)/tests/qualified: $(addprefix $(BUILD)/tests/lib/,qualified.o c_literal.o) $(BUILD)/librung.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lpg_query $(ALL_LDLIBS)

# What kind.h says of statements, to be held against a server.
$(BUILD)/tests/kinds: $(BUILD)/tests/lib/kinds.o $(BUILD)/librung.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

# The catalogs, held against what a server has, and against pairs of schemas.
$(BUILD)/tests/catalogtool: $(BUILD)/tests/lib/catalogtool.o $(BUILD)/librung.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

# Scratch databases by hand.
$(BUILD)/tests/scratchtool: $(BUILD)/tests/lib/scratchtool.o $(BUILD)/librung.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

$(BUILD)/tests/random_schema: tests/lib/random_schema.c Makefile
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(ALL_CFLAGS) $(LDFLAGS) -o $@ $<

TEST_PROGRAMS := $(addprefix $(BUILD)/tests/,proxy agetool store_stub storetool faults.so qualified kinds catalogtool scratchtool \
	random_schema)

check-programs: $(BUILD)/rung $(BUILD)/unit $(TEST_PROGRAMS)

check: check-alone check-cases

# All but the cases; scripts/run_tests.sh runs them beside those.
check-alone: check-unit check-fuzz check-structure check-format check-scripts check-oracle

check-unit: $(BUILD)/unit
	$(BUILD)/unit

check-structure: $(BUILD)/librung.a $(BUILD)/tests/qualified
	OBJECTS=$(BUILD)/obj scripts/check_floors.sh
	CC="$(CC)" scripts/check_results.sh $(ALL_CPPFLAGS)
	scripts/check_output.sh
	scripts/check_answers.sh
	scripts/check_advice.sh
	scripts/check_words.sh
	$(BUILD)/tests/qualified queries $(QUERIES)
	$(BUILD)/tests/qualified strings $(SOURCES) $(wildcard src/*/*.h src/*/*/*.h)

check-format:
	scripts/check_format.sh

check-scripts:
	scripts/check_scripts.sh

CASES_ENVIRONMENT = RUNG=$(CURDIR)/$(BUILD)/rung RUNG_TEST_PROGRAMS=$(CURDIR)/$(BUILD)/tests \
	RUNG_TEST_PROXY=$(CURDIR)/$(BUILD)/tests/proxy RUNG_TEST_AGETOOL=$(CURDIR)/$(BUILD)/tests/agetool

check-cases: $(BUILD)/rung $(TEST_PROGRAMS)
	$(CASES_ENVIRONMENT) tests/run_cases.sh $(CASES)

# Cuts the oracle's corpus with psql and with our reader, and compares.
$(BUILD)/tests/cut: $(addprefix $(BUILD)/tests/oracle/,cut.o message.o) $(BUILD)/librung.a
$(BUILD)/tests/record: $(addprefix $(BUILD)/tests/oracle/,record.o message.o) $(BUILD)/librung.a
$(BUILD)/tests/tripwire: $(BUILD)/tests/oracle/tripwire.o $(BUILD)/librung.a
$(BUILD)/tests/random_script: $(BUILD)/tests/oracle/random_script.o $(BUILD)/librung.a
$(BUILD)/tests/cut $(BUILD)/tests/record $(BUILD)/tests/tripwire $(BUILD)/tests/random_script:
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

check-oracle: all $(BUILD)/tests/cut $(BUILD)/tests/record check-tripwire check-random
	RUNG=$(CURDIR)/$(BUILD)/rung CUT=$(CURDIR)/$(BUILD)/tests/cut RECORD=$(CURDIR)/$(BUILD)/tests/record tests/oracle/compare.sh

# Random scripts, which the guard of SQL restores judges and psql runs.
TRIPWIRE_SCRIPTS := 300

check-tripwire: $(BUILD)/tests/tripwire
	TRIPWIRE=$(CURDIR)/$(BUILD)/tests/tripwire tests/oracle/tripwire.sh $(TRIPWIRE_SCRIPTS)

# Random scripts, cut by our reader and by psql; and others, run by rung and by psql.
RANDOM_CUTS := 300
RANDOM_RUNS := 40

check-random: all $(BUILD)/tests/cut $(BUILD)/tests/record $(BUILD)/tests/random_script
	RUNG=$(CURDIR)/$(BUILD)/rung CUT=$(CURDIR)/$(BUILD)/tests/cut RECORD=$(CURDIR)/$(BUILD)/tests/record \
		RANDOM_SCRIPT=$(CURDIR)/$(BUILD)/tests/random_script tests/oracle/random.sh $(RANDOM_CUTS) $(RANDOM_RUNS)

# Throws bytes at whatever reads what others wrote: make fuzz-run SECONDS=600 (for each)
FUZZ_CC ?= clang
SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

fuzz:
	$(MAKE) MODE=fuzz CC=$(FUZZ_CC) $(FUZZERS:%=build/fuzz/%)

build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o build/fuzz/tests/fuzz/temporary.o build/fuzz/librung.a
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(ALL_LDLIBS)

# Each fuzzer over its seeds alone, without clang.
$(BUILD)/tests/fuzz_%: $(addprefix $(BUILD)/tests/fuzz/,fuzz_%.o temporary.o replay.o) $(BUILD)/librung.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

seeds_of = $(or $(wildcard tests/fuzz/seeds/$(1)/*),$(wildcard tests/oracle/corpus/*.sql))

check-fuzz: $(FUZZERS:%=$(BUILD)/tests/%)
	@$(foreach fuzzer,$(FUZZERS),$(BUILD)/tests/$(fuzzer) $(call seeds_of,$(fuzzer)) &&) echo "fuzz: $(words $(FUZZERS)) passed, 0 failed"

# Findings are left in build/fuzz; where a fuzzer has no seeds of its own it starts from the oracle's corpus.
fuzz-run: fuzz
	@mkdir -p $(FUZZERS:%=build/fuzz/corpus/%)
	cd build/fuzz && for fuzzer in $(FUZZERS); do \
		dict=$(CURDIR)/tests/fuzz/$$fuzzer.dict; [ -f "$$dict" ] || dict=$(CURDIR)/tests/fuzz/script.dict; \
		seeds=$(CURDIR)/tests/fuzz/seeds/$$fuzzer; [ -d "$$seeds" ] || seeds=$(CURDIR)/tests/oracle/corpus; \
		./$$fuzzer -max_total_time=$(SECONDS) -timeout=10 -print_final_stats=1 -artifact_prefix=$$fuzzer- \
			-dict=$$dict corpus/$$fuzzer $$seeds || exit 1; \
	done

# Ratios, measured in one run; long, and worth little on a busy machine.
bench: check-programs
	RUNG=$(CURDIR)/$(BUILD)/rung tests/bench/run.sh

# What takes longer, and what a change is held against before it is shown.
check-lint: $(GENERATED)
	scripts/check_lint.sh $(ALL_CPPFLAGS)

check-memory: $(BUILD)/unit
	valgrind -q --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
		--error-exitcode=99 --child-silent-after-fork=yes $(BUILD)/unit

# With every compiler that is installed, and several flags each: COMPILERS="gcc-14 clang-19" for some.
check-compilers:
	scripts/check_compilers.sh $(COMPILERS)

check-asan:
	$(MAKE) MODE=asan check-unit check-cases

# Where there are threads: encryption, store transfers, restores and signals.
check-tsan:
	$(MAKE) MODE=tsan check-unit check-cases CASES="cases/age cases/backup.bats cases/restore.bats cases/store_tls"

check-musl: $(BUILD)/gen/queries.h
	scripts/check_musl.sh $(filter-out -I/%,$(ALL_CPPFLAGS))

# Lines of src/ that the tests reach, one by one in build/coverage/coverage.html; a failed test is reported and
# does not stop the count. Takes about half an hour.
coverage:
	scripts/coverage.sh --ready
	find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	$(MAKE) MODE=coverage check-programs
	-umask 0 && $(MAKE) -k MODE=coverage check-unit check-fuzz check-oracle check-cases
	scripts/coverage.sh build/coverage

# Every case that has a longer form, cuts at every message, and many more scripts. Takes hours.
LONG_CASES := $(shell grep -lE 'RUNG_TEST_LONG|long_only' tests/cases/*.bats)

check-long: $(BUILD)/rung $(TEST_PROGRAMS)
	$(MAKE) check-tripwire TRIPWIRE_SCRIPTS=20000
	$(MAKE) check-random RANDOM_CUTS=20000 RANDOM_RUNS=2000
	RUNG_TEST_LONG=1 $(CASES_ENVIRONMENT) tests/run_cases.sh $(LONG_CASES) cases/kill cases/backup cases/restore

# The manual page and the completions come from the program's own tables.
$(BUILD)/rung.1: $(BUILD)/rung
	$(BUILD)/rung help --man >$@.part && mv $@.part $@

$(BUILD)/completion/%: $(BUILD)/rung
	@mkdir -p $(@D)
	$(BUILD)/rung completion $* >$@.part && mv $@.part $@

SHELLS := bash zsh fish
MAN_FILE = $(DESTDIR)$(PREFIX)/share/man/man1/rung.1
COMPLETION_bash = $(DESTDIR)$(PREFIX)/share/bash-completion/completions/rung
COMPLETION_zsh = $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_rung
COMPLETION_fish = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/rung.fish

install: $(BUILD)/rung $(BUILD)/rung.1 $(SHELLS:%=$(BUILD)/completion/%)
	install -d $(DESTDIR)$(PREFIX)/bin $(dir $(MAN_FILE) $(foreach shell,$(SHELLS),$(COMPLETION_$(shell))))
	install -m 755 $(BUILD)/rung $(DESTDIR)$(PREFIX)/bin/rung
	install -m 644 $(BUILD)/rung.1 $(MAN_FILE)
	$(foreach shell,$(SHELLS),install -m 644 $(BUILD)/completion/$(shell) $(COMPLETION_$(shell)) &&) true

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/rung $(MAN_FILE) $(foreach shell,$(SHELLS),$(COMPLETION_$(shell)))

format:
	clang-format -i $(wildcard src/*.[ch] src/*/*.[ch] src/*/*/*.[ch] tests/unit/*.[ch] tests/unit/*/*.[ch] tests/unit/*/*/*.[ch] tests/lib/*.[ch])

clean:
	rm -rf build

.PHONY: all bench check check-alone check-programs check-unit check-structure check-format check-scripts check-cases check-lint \
	check-oracle check-fuzz check-tripwire check-random fuzz fuzz-run check-memory check-asan check-tsan check-musl coverage \
	check-compilers check-long install uninstall format clean

-include $(OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d) $(wildcard $(BUILD)/tests/*/*.d)
