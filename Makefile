# The newcomer's two: `make demo` and `make test`. `make help` lists all.

PREFIX ?= /usr/local
SHELL := /bin/bash

.PHONY: help build demo test test-stacks bench bench-stacks lint docs install clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

build: ## libpqrtc.so, libpqrtc.a and include/pqrtc.h, default provider
	cargo build --release

demo: build ## a call between two processes: keys, TURN, signatures, sealed media
	@bash examples/demo.sh

test: ## every test that this machine can run, both providers
	@bash tests/run.sh

test-stacks: build ## real WebRTC stacks on loopback; installs them (apt, pip, npm, Go modules)
	@bash tests/stacks/run.sh

bench: ## figures beside peers, as ratios in one run
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench v100
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench sframe

bench-stacks: build ## what a join and a frame cost in real stacks; writes docs/integrations/figures.md
	@bash tests/stacks/bench.sh

lint: ## formatting, clippy, documentation, header, licences
	@bash tests/repo/lint.sh

install: ## what make build made; PREFIX=/usr/local, DESTDIR=
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" bash packaging/install.sh

clean: ## what was built
	cargo clean
