# `make run` and `make test` are all that a fresh machine with Swift needs; the rest are their parts.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Options for the gateway: make run ARGS='--listen 127.0.0.1:9090'
ARGS ?=
# Loopback, so that nobody else reaches a gateway that was started to have a look at.
LISTEN := 127.0.0.1:8080
# Seconds for each fuzz target; all of them unless one is named.
SECONDS ?= 60
TARGET ?=
# Anything, for a short `make bench`.
QUICK ?=
# One attack; all of them unless one is named.
ATTACK ?=
# Of `make chaos`: each seed is a run of so many steps; KILLS of the gateway instead of one in a hundred steps.
SEEDS ?= 1 2 3
STEPS ?= 10000
KILLS ?=
# Of `make chaos-planted`: one bug; all of them unless one is named.
PLANTED ?=
# Of `make install`: where to, and what stands before that while a package is made.
PREFIX ?= /usr/local
DESTDIR ?=
# Of `make soak`: how long the traffic lasts, in seconds.
SOAK ?= 3600

.PHONY: help setup run build test test-unit sanitize fuzz fuzz-api hostile hostile-bench chaos check-chaos chaos-planted soak \
	bench bench-page recording share format lint install deb check-deb sample-config

help: ## Lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## Builds for release and serves with the sandbox on 127.0.0.1:8080; ARGS='...' adds options
	program=$$(scripts/release.sh); exec "$$program" serve --sandbox \
		$(if $(findstring --listen,$(ARGS)),,--listen $(LISTEN)) $(ARGS)

test: ## Everything that CI runs: set-up, lint, strict build, tests, sanitizers, checks
	@scripts/test.sh

test-unit: setup ## The tests alone, without sanitizers
	swift test

sanitize: setup ## The tests under the thread and the address sanitizer
	scripts/sanitize.sh thread
	scripts/sanitize.sh address

fuzz: setup ## Fuzzes each parser and state machine for SECONDS=60; TARGET=json for one of them
	scripts/fuzz.sh $(SECONDS) $(TARGET)

hostile: setup ## Attacks the built program; ATTACK=endless_chunk for one of the attacks
	MSNP_GATEWAY_STRICT=1 swift build --product msnp-gateway
	scripts/check-hostile.sh $(ATTACK)

hostile-bench: setup ## What two people beside each attack notice of it, on a build for release
	scripts/hostile-bench.sh $(ATTACK)

chaos: setup ## Random actions, faults, kills and restarts: 10,000 steps of three seeds; SEEDS='7' STEPS=500 KILLS=100 for others
	scripts/chaos.sh "$(SEEDS)" $(STEPS) $(if $(KILLS),--kills $(KILLS))

check-chaos: setup ## A short run of it, of one seed, and whether the planted bugs can be planted
	MSNP_GATEWAY_STRICT=1 swift build --product msnp-gateway
	scripts/check-chaos.sh

chaos-planted: setup ## Plants each bug of Tests/Chaos/planted in a copy, and expects it to be found; PLANTED=consumer-early for one
	python3 Tests/Chaos/planted.py $(PLANTED)

soak: setup ## An hour of mixed traffic; says whether memory, descriptors and files stay as they are, and writes docs/soak.svg
	scripts/soak.sh --seconds $(SOAK)

bench: setup ## Measures speed and memory beside other programs, and writes docs/performance.md; QUICK=1 for 3 minutes of it
	scripts/bench.sh $(if $(QUICK),--quick)

bench-page: setup ## Measures how long the page takes to open with 600 contacts and 20,000 messages kept
	@scripts/bench-page.sh

recording: ## Records the page in motion for the README, docs/images/recording.webp
	@scripts/setup.sh recording
	scripts/record-page.sh

fuzz-api: setup ## Fuzzes the API for up to an hour; `make test` does it for minutes
	MSNP_GATEWAY_STRICT=1 swift build --product msnp-gateway
	scripts/check-fuzz-api.sh long

build: setup ## Builds for release, and says where the program is
	@scripts/release.sh

share: setup ## Writes man pages and completions for bash, zsh and fish into .build/share
	scripts/share.sh

install: setup ## Builds for release, with Swift's library inside, and installs below PREFIX=/usr/local; DESTDIR=... before it
	scripts/install.sh "$(PREFIX)" "$(DESTDIR)"

deb: ## Makes a Debian package in .build-package/deb
	@scripts/setup.sh package
	scripts/make-deb.sh

check-deb: ## Makes it, and tries it on a machine of its own: lintian, start, upgrade, removal, purge; needs root, takes minutes
	@scripts/setup.sh package
	scripts/deb-check.sh

sample-config: ## Writes packaging/gateway.yaml from docs/configuration.md
	scripts/sample-config.py

format: ## Formats every Swift file in place
	swift format -i -r Sources Tests Snippets Examples Package.swift

lint: ## Says which files are not formatted, lack comments, are too long or break another rule
	swift format lint --strict -r Sources Tests Snippets Examples Package.swift
	python3 scripts/check_sources.py

setup: ## Installs the Debian packages that are missing and checks the compiler
	@scripts/setup.sh
