# One makefile, no recursion; every product lands under $(BUILD).
#   make demo     keeps two systems in step, on this machine; KEEP=1 leaves
#                 them running
#   make demo-documents     maps documents both ways, without systems
#   make demo-calls         prices, documents that follow, their chain
#   make check    all tests        make bench   speed and size
#   make explore  simulated runs of replication: FROM=1 SEEDS=100000
#   make differ   the decoders against jansson and libxml2: FROM=1 SEEDS=100000
#   make coverage lines of the codecs that their tests reach
#   make crash    a long load that is killed again and again
#   make install PREFIX=/usr/local
#   MODE=release|debug|asan   BUILD=folder   CC=clang   V=1 shows commands
# `make demo` and `make check` install what is missing (Debian).
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
MODE  ?= release
BUILD ?= build/$(MODE)
V     ?= 0
Q     := $(if $(filter 0,$(V)),@)
say    = $(if $(filter 0,$(V)),@printf '  %-5s %s\n' $(1) $(2))

CC   ?= cc
BISON ?= bison
FLEX  ?= flex
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wwrite-strings -Wpointer-arith -Wvla -Wimplicit-fallthrough \
        -Wswitch-enum -Werror
CFLAGS_debug   := -O0 -g3
CFLAGS_release := -O2 -g
CFLAGS_asan    := -O1 -g -fsanitize=address,undefined \
                  -fno-sanitize-recover=all -fno-omit-frame-pointer \
                  -DARENA_DEBUG
CFLAGS_coverage := -O0 -g --coverage -fprofile-update=atomic
CFLAGS  = -std=c11 -D_DEFAULT_SOURCE $(WARN) $(CFLAGS_$(MODE)) -MMD -MP
LDFLAGS = $(filter -fsanitize=% --coverage,$(CFLAGS_$(MODE)))
XML_CFLAGS := $(shell pkg-config --cflags libxml-2.0 2>/dev/null)
CC_LIBS := -lxml2 -ljansson -lpcre2-8 -lmicrohttpd -lsqlite3 -lcurl -lsodium
RT_LIBS := -lpcre2-8 -lcurl -lsqlite3 -lmicrohttpd -lgnutls -lsodium -ljansson

CC_SRC := $(sort $(wildcard compiler/*/*.c))
RT_SRC := $(sort $(wildcard runtime/*/*.c))
UT_SRC := $(sort $(wildcard tests/unit/test_*.c tests/codec/test_*.c))
FZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
GEN_C  := $(BUILD)/gen/map.tab.c $(BUILD)/gen/map.lex.c
GEN_C  += $(BUILD)/gen/stdlib.c
CC_OBJ := $(CC_SRC:%.c=$(BUILD)/%.o) $(GEN_C:.c=.o)
CC_LIB := $(filter-out %/main.o,$(CC_OBJ))
RT_OBJ := $(RT_SRC:%.c=$(BUILD)/%.o)
UT_BIN := $(UT_SRC:%.c=$(BUILD)/%)
FZ_BIN := $(FZ_SRC:%.c=$(BUILD)/%)
SIM_SRC := $(sort $(wildcard tests/sim/*.c))
SIM_MAP := $(addprefix $(BUILD)/gen/sim/,account.c order.c partner.c program.c)
SIM_OBJ := $(SIM_SRC:%.c=$(BUILD)/%.o) $(SIM_MAP:.c=.o)

DIFFER_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/differ/*.c)))

REPL_MAP := $(addprefix $(BUILD)/gen/repl/,card.c pair.c paper.c slip.c program.c)
REPL_OBJ := $(REPL_MAP:.c=.o) $(BUILD)/tests/repl/duo.o

all: $(BUILD)/mapc $(BUILD)/libmaprt.a

$(BUILD)/mapc: $(CC_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CC_LIBS)

$(BUILD)/libmaprt.a: $(RT_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# A test sees both halves; it is one file with a main.
$(UT_BIN): $(BUILD)/%: $(BUILD)/%.o $(CC_LIB) $(RT_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CC_LIBS) $(RT_LIBS)

# Tests of merging are linked with what mapc makes of a map of their own.
$(filter $(addprefix $(BUILD)/tests/unit/test_,base merge merge_rows merge_any \
         merge_idoc engine engine_work engine_search engine_known \
         engine_looks engine_older engine_refs engine_sent remember \
         engine_unheard),$(UT_BIN)): \
         $(REPL_OBJ)
$(REPL_MAP) &: tests/repl/merging.map $(wildcard tests/repl/*.edmx \
               tests/repl/*.xsd) $(BUILD)/mapc
	$(call say,MAP,$<)
	$(Q)MAPC_HOME=$(CURDIR) $(BUILD)/mapc build --emit-c \
	    -d $(BUILD)/gen/repl tests/repl/merging.map
$(BUILD)/gen/repl/%.o: CPPFLAGS += -Iruntime/include

# Tests of calls, with a call.
CALL_MAP := $(addprefix $(BUILD)/gen/calls/,quote_prices_request.c \
              quote_prices_response.c codes.c program.c tests.c)
$(BUILD)/tests/unit/test_call: $(CALL_MAP:.c=.o)
$(CALL_MAP) &: $(addprefix tests/calls/,pricing.map cloud.edmx pricing.wsdl) \
               $(BUILD)/mapc
	$(call say,MAP,$<)
	$(Q)MAPC_HOME=$(CURDIR) $(BUILD)/mapc build --emit-c \
	    -d $(BUILD)/gen/calls tests/calls/pricing.map
$(BUILD)/gen/calls/%.o: CPPFLAGS += -Iruntime/include

# Tests of chains of documents, with a docflow.
FLOW_MAP := $(addprefix $(BUILD)/gen/flow/,sales_documents_request.c \
              sales_documents_response.c codes.c program.c)
$(BUILD)/tests/unit/test_docflow: $(FLOW_MAP:.c=.o)
$(FLOW_MAP) &: $(addprefix tests/calls/,flow.map cloud.edmx flow.wsdl) \
               $(BUILD)/mapc
	$(call say,MAP,$<)
	$(Q)MAPC_HOME=$(CURDIR) $(BUILD)/mapc build --emit-c \
	    -d $(BUILD)/gen/flow tests/calls/flow.map
$(BUILD)/gen/flow/%.o: CPPFLAGS += -Iruntime/include

# A fuzz target with a driver that replays files; with clang's fuzzer it is
# linked by tests/fuzz/run. What needs a deployment gets that of these tests.
$(filter %_config %_ids %_control,$(FZ_BIN)): $(REPL_OBJ)
$(filter %_call,$(FZ_BIN)): $(CALL_MAP:.c=.o)
$(FZ_BIN): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/tests/fuzz/standalone.o \
                       $(CC_LIB) $(RT_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CC_LIBS) $(RT_LIBS)

# The simulation: what mapc makes of sim.map, but for its main, and the runtime.
$(BUILD)/explore: $(SIM_OBJ) $(BUILD)/libmaprt.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(RT_LIBS)
$(SIM_MAP) &: tests/sim/sim.map $(wildcard tests/sim/*.edmx tests/sim/*.xsd) \
              $(BUILD)/mapc
	$(call say,MAP,$<)
	$(Q)MAPC_HOME=$(CURDIR) $(BUILD)/mapc build --emit-c \
	    -d $(BUILD)/gen/sim tests/sim/sim.map
$(BUILD)/gen/sim/%.o: CPPFLAGS += -Iruntime/include
explore: $(BUILD)/explore
	$(Q)$(BUILD)/explore --from $(FROM) --seeds $(SEEDS)
# Changed documents, read here and by other libraries.
$(BUILD)/differ: $(DIFFER_OBJ) $(BUILD)/libmaprt.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lxml2 $(RT_LIBS) -lm
differ: differ-json differ-xml
differ-json differ-xml: differ-%: $(BUILD)/differ
	$(Q)$(BUILD)/differ $* --from $(FROM) --seeds $(SEEDS)
FROM  ?= 1
SEEDS ?= 100000

$(BUILD)/compiler/%.o: CPPFLAGS += -Icompiler -Iruntime/include $(XML_CFLAGS)
$(BUILD)/runtime/%.o: CPPFLAGS += -Iruntime -Iruntime/include
$(BUILD)/tests/%.o: CPPFLAGS += -Icompiler -Iruntime -Iruntime/include \
                                -Itests $(XML_CFLAGS)
$(BUILD)/gen/%.o: CPPFLAGS += -Icompiler -I$(BUILD)/gen
$(BUILD)/gen/%.o: WARN += -Wno-unused-function -Wno-sign-compare \
                          -Wno-missing-prototypes -Wno-shadow -Wno-switch-enum

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# One recipe makes both outputs: a grouped target, safe under -j.
$(BUILD)/gen/map.tab.c $(BUILD)/gen/map.tab.h &: grammar/map.y
	$(call say,YACC,$<)
	$(Q)mkdir -p $(@D) && $(BISON) -Wall -Werror -o $(BUILD)/gen/map.tab.c \
	    --header=$(BUILD)/gen/map.tab.h $<
$(BUILD)/gen/map.lex.c: grammar/map.l
	$(call say,FLEX,$<)
	$(Q)mkdir -p $(@D) && $(FLEX) -o $@ $<
$(BUILD)/gen/stdlib.c: $(sort $(wildcard stdlib/*.map)) tools/embed.sh
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D) && tools/embed.sh $(filter %.map,$^) > $@.tmp && \
	    mv $@.tmp $@

# Objects that include generated headers wait for them on a clean build.
$(GEN_C:.c=.o): | $(BUILD)/gen/map.tab.h

# The two commands that do all: what they need is installed first, then make
# runs again, since only then pkg-config can tell where things are.
demo:
	$(Q)tools/need.sh build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/demo.sh $(BUILD)

demo-documents:
	$(Q)tools/need.sh build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/demo-documents.sh $(BUILD)

demo-calls:
	$(Q)tools/need.sh build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/demo-calls.sh $(BUILD)

check:
	$(Q)tools/need.sh check
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)tests/all.sh $(BUILD) $(MODE)

# What reads and writes documents, measured in a folder of its own.
COVERED := $(strip $(if $(filter command,$(firstword $(origin BUILD))),\
             $(BUILD),build/coverage))
coverage:
	$(Q)tools/need.sh build
	$(Q)$(MAKE) --no-print-directory MODE=coverage BUILD=$(COVERED) covered
	$(Q)tests/coverage.sh $(COVERED)
covered: all $(BUILD)/differ $(patsubst %.c,$(BUILD)/%,$(wildcard \
         $(addprefix tests/unit/test_,json_*.c xml_*.c encoding.c input.c \
         utf8.c plain.c plan.c put.c guarded.c codec_*.c jobs_*.c) \
         $(addprefix tests/fuzz/fuzz_,json*.c xml*.c)))

# A load of many records, killed again and again while both systems fail.
crash:
	$(Q)tools/need.sh check
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/crash/run $(BUILD) 20000 1 30

bench:
	$(Q)tools/need.sh bench
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/bench/run $(BUILD)

tests: all $(UT_BIN) $(FZ_BIN) $(BUILD)/explore $(BUILD)/differ

# mapc, what its programs link with, the packages, the manual pages.
PREFIX  ?= /usr/local
DESTDIR ?=
INSTALL ?= install
install: all
	$(call say,INST,$(DESTDIR)$(PREFIX))
	$(Q)$(INSTALL) -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib \
	    $(DESTDIR)$(PREFIX)/include/mr $(DESTDIR)$(PREFIX)/share/mapc \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man7
	$(Q)$(INSTALL) $(BUILD)/mapc $(DESTDIR)$(PREFIX)/bin
	$(Q)$(INSTALL) -m 644 $(BUILD)/libmaprt.a $(DESTDIR)$(PREFIX)/lib
	$(Q)$(INSTALL) -m 644 runtime/include/mr/* $(DESTDIR)$(PREFIX)/include/mr
	$(Q)cp -R mappings $(DESTDIR)$(PREFIX)/share/mapc
	$(Q)$(INSTALL) -m 644 docs/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	$(Q)$(INSTALL) -m 644 docs/man/*.7 $(DESTDIR)$(PREFIX)/share/man/man7

clean:
	$(Q)rm -rf build

.PHONY: all tests explore differ differ-json differ-xml coverage covered demo \
        demo-documents demo-calls check crash bench install clean
.DELETE_ON_ERROR:
.SECONDARY:
-include $(CC_OBJ:.o=.d) $(RT_OBJ:.o=.d) $(UT_BIN:=.d) $(FZ_BIN:=.d) \
         $(SIM_OBJ:.o=.d) $(REPL_OBJ:.o=.d) $(DIFFER_OBJ:.o=.d)
