# The newcomer's two: `make demo` and `make test`. `make help` lists all.

PREFIX ?= /usr/local
SHELL := /bin/bash

.PHONY: help api build cli demo test test-all test-stacks fuzz soak mutants semver bench bench-dudect bench-peers bench-stacks lint docs install dist clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

build: ## libpqrtc.so, libpqrtc.a and include/pqrtc.h, default provider
	cargo build --release

cli: ## the command pqrtc: target/cli/release/pqrtc, with manual pages and completions for make install
	@bash packaging/cli.sh

demo: build ## a call and a meeting: keys, TURN, signatures, sealed media
	@bash examples/demo.sh

test: ## the default provider and the bindings whose toolchains are here; STEP=c runs one part, and so does make test-c
	@bash tests/run.sh $(STEP)

test-all: ## every test and every provider; STEP= as above
	@bash tests/run.sh --all $(STEP)

semver: ## what of the Rust API changed since BASELINE=REV, and whether the version says so; needs cargo-semver-checks
	cargo semver-checks --package pqrtc --baseline-rev "$(or $(BASELINE),$(error make semver BASELINE=REV))"

test-%:
	@bash tests/run.sh $*

test-stacks: build ## real WebRTC stacks on loopback; installs them (apt, pip, npm, Go modules)
	@bash tests/stacks/run.sh

fuzz: ## each fuzz target for SECONDS (60), or TARGETS alone
	@bash tests/fuzz.sh $(or $(SECONDS),60) $(TARGETS)

soak: ## 10^6 handshakes, 10^7 frames, 10^5 joins and leaves: memory, counters; half an hour; SOAK="frames 1000000" runs one part
	@bash tests/soak/run.sh

mutants: ## cargo-mutants over MODULE=replay, recording, turn, sframe, frame or handshake; MUTANTS= more options (tests/README.md)
	@bash tests/mutants/run.sh $(MODULE)

bench: ## figures beside peers, as ratios in one run, and the plots of docs/figures
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench v100
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench handshake
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench meeting
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench sframe
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench frames
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench threads
	cargo bench --manifest-path benches/Cargo.toml --target-dir target --bench recording
	@if command -v python3 > /dev/null; then python3 benches/plot.py target/bench; else echo "skipped: plots: needs python3"; fi

bench-dudect: ## whether the time of a comparison tells what was compared
	cargo run --release --manifest-path benches/Cargo.toml --target-dir target --example dudect

bench-peers: ## the same beside OpenSSL, liboqs, libcrux, x-wing, circl, noble and others, with interop; compiles for long
	@bash benches/peers/run.sh

bench-stacks: build ## what a join and a frame cost in real stacks; writes docs/integrations/figures.md
	@bash tests/stacks/bench.sh

api: ## api/pqrtc.json from src/ffi, and the generated parts of the bindings; after a change of the C API
	cargo run --quiet --manifest-path tools/api/Cargo.toml --target-dir target/tools

docs: ## the documentation site, target/docs/html/index.html; needs Python 3.11, and PyPI the first time
	@bash tools/docs/build.sh && echo target/docs/html/index.html

lint: ## formatting, clippy, documentation, header, licences
	@bash tests/repo/lint.sh

install: ## what make build made; PREFIX=/usr/local, DESTDIR=
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" bash packaging/install.sh

dist: ## what a release has, in target/dist; KEY= signs the sums (docs/releases.md)
	@KEY="$(KEY)" bash packaging/dist.sh

clean: ## what was built
	cargo clean
