# Names for what one does with birdhouse; CMake does the work. `make demo` and `make test` set a bare
# Debian 12 up by themselves (as root), and need no network once that is done.
SHELL := /bin/bash
CMAKE_FLAGS ?=
JOBS ?= $(shell nproc)

.PHONY: help demo test build engine packages lint format bench clients fuzz install sanitize threads clean

help:
	@echo "make demo      set up, build, and watch birdhouse do its whole job on the shipped project"
	@echo "make test      set up, build, and run every test"
	@echo "make build     the release binary: build/release/birdhouse"
	@echo "make engine    only fetch the embedded ClickHouse into build/engine"
	@echo "make lint      formatting, layers, diagnostic codes, clang-tidy"
	@echo "make sanitize  every engine-free test under the address and undefined-behaviour sanitizers"
	@echo "make threads   what runs in several threads, and serve under load, under the thread sanitizer"
	@echo "make bench     benchmarks against peers, in one run"
	@echo "make clients   Tinybird's own clients read what generate writes (fetched once, into build/clients)"
	@echo "make fuzz      every fuzz target for FUZZ_SECONDS each (60)"
	@echo "make install   install into PREFIX (/usr/local)"

packages:
	@packaging/setup.sh packages

engine: packages
	@packaging/setup.sh engine

build: packages
	@cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release -DBIRDHOUSE_TESTS=OFF $(CMAKE_FLAGS) >/dev/null
	@cmake --build build/release -j $(JOBS) --target birdhouse

demo: build engine
	@tests/demo/demo.sh build/release/birdhouse

# The files of engines and servers that live for one test: in memory where there is room for all of them.
TEST_FILES := $(shell [ "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null && echo /dev/shm || echo "$${TMPDIR:-/tmp}")
CTEST = TMPDIR=$(TEST_FILES) ctest --output-on-failure

# What a sanitizer and a failing test show are lines; the rest of the debugger's facts cost a tenth of the build.
LINES_ONLY = -DCMAKE_CXX_FLAGS_DEBUG=-g1

test: packages engine
	@cmake -S . -B build/test -G Ninja -DCMAKE_BUILD_TYPE=Debug $(LINES_ONLY) -DBIRDHOUSE_SANITIZE=undefined $(CMAKE_FLAGS) >/dev/null
	@cmake --build build/test -j $(JOBS)
	@$(CTEST) --test-dir build/test -j $(JOBS)

sanitize: packages
	@cmake -S . -B build/sanitize -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++ \
	    -DBIRDHOUSE_SANITIZE=address,undefined $(LINES_ONLY) $(CMAKE_FLAGS) >/dev/null
	@cmake --build build/sanitize -j $(JOBS)
	@$(CTEST) --test-dir build/sanitize -j $(JOBS)

# The engine's library does not load under these sanitizers: tests reach it in another process (tests/remote_engine).
REMOTE_ENGINE = BIRDHOUSE_REMOTE_LIBCHDB=$(firstword $(wildcard $(CURDIR)/build/engine/node_modules/@chdb/lib-*/libchdb.so))

threads: packages engine
	@cmake -S . -B build/threads -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++ \
	    -DBIRDHOUSE_SANITIZE=thread $(CMAKE_FLAGS) >/dev/null
	@cmake --build build/threads -j $(JOBS) --target birdhouse test_net test_server test_event_reports
	@$(REMOTE_ENGINE) $(CTEST) --test-dir build/threads -R '^(net|server|event_reports|threads)$$'

lint: packages
	@.ci/format.sh
	@/usr/bin/python3 .ci/layers.py
	@/usr/bin/python3 .ci/codes.py
	@.ci/tidy.sh

format:
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

bench: build engine
	@bench/run.sh build/release/birdhouse

clients: build
	@tests/clients/run.sh build/release/birdhouse

FUZZ_SECONDS ?= 60
DIFFERENTIAL_ROWS ?= 1000000
fuzz: packages engine
	@tests/fuzz/run.sh $(FUZZ_SECONDS)
	@tests/differential/run.sh $(DIFFERENTIAL_ROWS)

PREFIX ?= /usr/local
install: build engine
	@cmake --install build/release --prefix $(PREFIX) >/dev/null
	@install -d $(PREFIX)/lib/birdhouse
	@install -m 644 build/engine/node_modules/@chdb/lib-*/libchdb.so $(PREFIX)/lib/birdhouse/
	@echo "installed $(PREFIX)/bin/birdhouse and its engine"

clean:
	@rm -rf build/release build/test build/sanitize build/threads build/fuzz build/differential
