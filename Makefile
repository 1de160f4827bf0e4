# The front door. `make run` and `make test` do everything on a fresh Debian 12, packages included.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
JOBS_TEST ?= 2
PREFIX ?= /usr/local
CTEST = ctest --output-on-failure --no-tests=error --timeout 600 -j $(JOBS_TEST)

.PHONY: help run build install setup test test-all bench check format clean

help: ## this list
	@echo "Ieum: a webhook comes in, a recipe decides, messages go out."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: build ## install what is missing, build, start a demo with sandbox vendors and sample traffic; Ctrl-C ends it
	@exec build/ieum demo

build: setup ## install what is missing, build the hub (build/ieum), its connectors and the console
	@scripts/build-web
	@scripts/build release hub

install: ## lay what `make build` made below PREFIX (/usr/local), with a unit for systemd; DESTDIR as usual
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install

setup:
	@scripts/setup build web

test: build ## build, then every test that is quick: the check before each commit
	@scripts/build release
	@$(CTEST) --test-dir build
	@scripts/fuzz 4
	@scripts/test-web
	@scripts/test-sdks
	@scripts/test-browser
	@scripts/test-operating

test-all: build ## the same in its long forms, and once more under address, undefined and thread sanitizers
	@scripts/build release
	@IEUM_LONG=1 $(CTEST) --test-dir build --timeout 3600
	@scripts/fuzz 600
	@scripts/test-web
	@scripts/test-sdks
	@IEUM_LONG=1 scripts/test-browser
	@scripts/test-operating
	@scripts/build asan
	@$(CTEST) --test-dir build-asan -E '^(end_to_end|crash|tidy|tidy_self)$$'
	@scripts/test-races

bench: build ## build, then measure throughput and latency
	@scripts/bench
	@scripts/build release bench_trial >/dev/null && build/bench_trial
	@scripts/bench-console
	@scripts/bench-waits

check: build ## format, clang-tidy and the tree's own rules; writes nothing
	@scripts/setup check
	@scripts/format
	@scripts/build release tidy
	@build/tidy .
	@scripts/lint

format: ## rewrite the C++ files as .clang-format wants them
	@scripts/setup check
	@scripts/format --fix

clean: ## remove what was built; keeps Node and downloaded packages
	@rm -rf build build-dev build-asan build-tsan build-fuzz web/dist
