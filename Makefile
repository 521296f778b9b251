# Rennbahn's front door. `make help` lists what there is.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Build folder, also for the folders beside it (BUILD-interop, BUILD-benchmarks …).
BUILD ?= .build
# What `gate` compares with: a git ref.
AGAINST ?= main
# How long `fuzz` tries each target, and which; none: all.
SECONDS ?= 60
TARGET ?=
# Arguments handed on to the command of `bench`, `serializers`, `goals`, `generators`, `peers`, `gate`, `history`, `simulate`, `tier0`, `test`, `mutants`, `fuzz`,
# `benchmarks`, `instructions`, `conformance`, `attacks`, `soak`, `interop` and `interop-browser`: make bench ARGS="--clients 9000"
ARGS ?=

SWIFT_SOURCES := Sources Plugins Tests Benchmarks Package.swift
SHELL_SCRIPTS := scripts/deps scripts/interop scripts/interop-browser scripts/interop-crossbar scripts/crossbar-node scripts/peer-crossbar \
    scripts/virtual-environment scripts/conformance scripts/attacks scripts/kernel-tls scripts/model \
    scripts/compare-generators scripts/origin scripts/leaving-nothing .ci/run
PYTHON_SCRIPTS := scripts/benchmarks scripts/terminal scripts/tier0 scripts/profile scripts/scipy-values scripts/gate-trial scripts/idle-pings \
    scripts/mutants scripts/repeat-trial scripts/fuzz scripts/soak Tests/model/scaling.py
# simdjson is one of the peers where it is installed (Debian and Ubuntu: libsimdjson-dev).
SIMDJSON = $(shell pkg-config --exists simdjson 2>/dev/null && echo RENNBAHN_SIMDJSON=1)
RENNBAHN := $(BUILD)/release/rennbahn
FLOORS := $(BUILD)-floor

.PHONY: help deps build floors bench serializers goals generators peers gate history test verification mutants fuzz configuration payloads snapshots lint format interop interop-crossbar interop-browser terminal neighbours conformance attacks soak kernel-tls benchmarks steady-state simulate tier0 instructions profile model sanitize clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  ARGS=…  is handed on to the command; BUILD=… is the build folder (now $(BUILD))"

deps: ## install the system packages that are missing
	@scripts/deps

build: deps ## release build of the rennbahn command
	swift build --scratch-path "$(BUILD)" --configuration release --product rennbahn

bench: build ## run the benchmark matrix: router and load generator, about two minutes
	"$(RENNBAHN)" bench $(ARGS)

serializers: build ## what serializers and compression cost for documents, a quarter of an hour (ARGS=--quick: two minutes)
	"$(RENNBAHN)" serializers $(ARGS)

floors: deps ## build the C programs: what a server at least costs, and a second load generator
	@$(MAKE) --no-print-directory -C Benchmarks/Floor OUT="$(abspath $(FLOORS))"

goals: build floors ## measure the goals of the hot path, with their verdicts: about five minutes
	@INTEROP="$(BUILD)-interop" "$(RENNBAHN)" bench --goals --c-floor "$(FLOORS)" $(ARGS) || [[ $$? -eq 3 ]]

generators: build floors ## rennbahn load and a load generator in C at the same router, in turn: four minutes
	@RENNBAHN="$(RENNBAHN)" FLOORS="$(FLOORS)" scripts/compare-generators $(ARGS) || [[ $$? -eq 3 ]]

peers: build ## the router and Crossbar.io, in turn, at the same work
	INTEROP="$(BUILD)-interop" "$(RENNBAHN)" bench --peers crossbar $(ARGS)

gate: build ## is this build slower than that of another commit? make gate AGAINST=main
	"$(RENNBAHN)" gate --against "$(AGAINST)" --build-folder "$(BUILD)-gate" $(ARGS)

# Against the anchor: a release, or a commit while there is none.
history: build ## measure this build against results/baseline/anchor, append to results/history.csv and draw it
	"$(RENNBAHN)" gate --against "$$(cat results/baseline/anchor)" --build-folder "$(BUILD)-gate" \
	    --history results/history.csv $(ARGS) || [[ $$? -eq 2 || $$? -eq 5 ]]
	@"$(RENNBAHN)" history

# Tests that await have a process of their own: Swift Testing starts all tests at once on as many threads as there are cores, and
# those that block one (over sockets, of processes) would let them starve until their time limits.
AWAITING := ^(ComponentTests|WAMPClientTests)\.
TESTS := scripts/leaving-nothing 'rennbahn-*' swift test --scratch-path "$(BUILD)" --skip-build
test: deps ## run the tests, which must leave none of their files in the temporary folder
ifeq ($(ARGS),)
	swift build --scratch-path "$(BUILD)" --build-tests
	$(TESTS) --skip '$(AWAITING)'
	$(TESTS) --filter '$(AWAITING)'
else
	swift test --scratch-path "$(BUILD)" $(ARGS)
endif

verification: deps ## every fault that load is to find, in every format: the tests try each in two
	RENNBAHN_ALL_FORMATS=1 swift test --scratch-path "$(BUILD)" --filter NodeTests.LoadVerificationTests

# A build of its own (BUILD-mutants), and some seconds of tests for each.
mutants: deps ## do the tests find careless changes of the code? make mutants ARGS=NAME
	@scripts/mutants --build "$(BUILD)-mutants" $(ARGS)

# A build of its own (BUILD-fuzz), which keeps what it finds. ARGS="--at-once 4" tries four targets at a time.
fuzz: deps ## look for inputs that break a reader: make fuzz SECONDS=60 TARGET=json; all targets by default
	@scripts/fuzz --build "$(BUILD)-fuzz" --seconds "$(SECONDS)" $(addprefix --target ,$(TARGET)) $(ARGS)

configuration: ## write what is generated from the table of configuration keys anew
	RENNBAHN_WRITE_CONFIGURATION=1 swift test --scratch-path "$(BUILD)" --filter ConfigurationTests.Generated

payloads: ## write the table of shipped documents in docs/payloads.md anew
	RENNBAHN_WRITE_PAYLOADS=1 swift test --scratch-path "$(BUILD)" --filter WorkloadTests.PayloadPageTests

snapshots: ## write the help texts and errors of all commands, and the tables of docs/metrics.md, anew, as the tests hold them
	RENNBAHN_WRITE_SNAPSHOTS=1 swift test --scratch-path "$(BUILD)" --filter CommandsTests.SnapshotTests \
	    --filter MetricsTests.DocumentTests

lint: ## check formatting, that every script parses, where the mutants are, and how a soak is judged
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	@for script in $(SHELL_SCRIPTS); do bash -n "$$script"; done
	@PYTHONPYCACHEPREFIX="$(BUILD)-interop/bytecode" python3 -W error -m py_compile Tests/interop/*.py Tests/conformance/*.py \
	    Tests/attacks/*.py Tests/soak/*.py $(PYTHON_SCRIPTS)
	@scripts/mutants --check
	@scripts/soak --self-test

format: ## format the Swift sources in place
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

interop: build ## autobahn-python, in a virtual environment, against rennbahn router
	@RENNBAHN="$(RENNBAHN)" INTEROP="$(BUILD)-interop" scripts/interop $(ARGS)

terminal: build ## rennbahn load, watched and steered in a terminal of tmux
	@RENNBAHN="$(RENNBAHN)" scripts/terminal $(ARGS)

interop-crossbar: build ## rennbahn load against Crossbar.io, in a virtual environment
	@RENNBAHN="$(RENNBAHN)" INTEROP="$(BUILD)-interop" scripts/interop-crossbar

kernel-tls: deps ## tests of TLS in an emulated machine whose kernel has it; needs QEMU
	swift build --scratch-path "$(BUILD)" --build-tests
	@KERNEL_TLS="$(BUILD)-kernel-tls" scripts/kernel-tls "$(BUILD)/debug/rennbahnPackageTests.xctest" -- \
	    "$(abspath $(BUILD))/debug/rennbahnPackageTests.xctest --testing-library swift-testing --filter TransportTests.*TLS"

interop-browser: build ## a headless Chromium, whose pages hold sessions with rennbahn router
	@RENNBAHN="$(RENNBAHN)" INTEROP="$(BUILD)-interop" scripts/interop-browser $(ARGS)

# A package of its own (Tests/Neighbours). Its first build fetches and builds all of them: some four minutes.
neighbours: deps ## a program that uses WAMPClient beside packages of others: do names collide?
	swift run --package-path Tests/Neighbours --scratch-path "$(abspath $(BUILD))-neighbours" Neighbours

conformance: build ## the Autobahn testsuite against router and client: all cases take about a quarter of an hour
	@RENNBAHN="$(RENNBAHN)" CONFORMANCE="$(BUILD)-conformance" scripts/conformance $(ARGS)

# Over loopback sockets, from outside, with Python's standard library.
attacks: build ## hostile clients beside measured bystanders, each row of docs/attacks.md: about eight minutes
	@ATTACKS="$(BUILD)-interop" scripts/attacks --program "$(RENNBAHN)" $(ARGS)

# Beside other work the loads are disturbed, which is counted and fails nothing.
soak: build ## hours of mixed load with churn: is the router's memory flat? make soak HOURS=8 SEED=NUMBER
	@scripts/soak --program "$(RENNBAHN)" --hours "$(or $(HOURS),8)" $(addprefix --seed ,$(SEED)) --results results/soak $(ARGS)

benchmarks: deps ## micro-benchmarks of the hot path's parts, with their goals: about three minutes
ifeq ($(strip $(ARGS)),)
	RENNBAHN_BENCHMARKS=1 $(SIMDJSON) swift build --scratch-path "$(BUILD)-benchmarks" --configuration release \
	    --product SteadyState
	@RENNBAHN_BENCHMARKS=1 $(SIMDJSON) scripts/benchmarks --build "$(BUILD)-benchmarks" || [[ $$? -eq 3 ]]
else
	RENNBAHN_BENCHMARKS=1 $(SIMDJSON) swift package --scratch-path "$(BUILD)-benchmarks" \
	    --allow-writing-to-package-directory benchmark $(ARGS)
endif

steady-state: deps ## count allocations, retains and releases per message: none
	RENNBAHN_BENCHMARKS=1 swift build --scratch-path "$(BUILD)-benchmarks" --configuration release --product SteadyState
	"$(BUILD)-benchmarks/release/SteadyState"

# HOURS, STEPS (inputs to connections) or SEED: attackers beside bystanders only; the first two write results/simulation/DATE.json.
simulate: deps ## whole nodes in memory: make simulate ARGS="COUNT FIRST", HOURS=8, STEPS=100000000, SEED=NUMBER
	RENNBAHN_BENCHMARKS=1 swift build --scratch-path "$(BUILD)-benchmarks" --configuration release --product SimulateNodes
	SWIFT_DETERMINISTIC_HASHING=1 HOURS="$(HOURS)" STEPS="$(STEPS)" SEED="$(SEED)" TICKS="$(TICKS)" FIRST_SEED="$(FIRST_SEED)" \
	    RESULTS=results/simulation COMMIT="$$(git describe --always --dirty --abbrev=40 --exclude '*')" \
	    "$(BUILD)-benchmarks/release/SimulateNodes" $(ARGS)

# Needs valgrind and binutils.
tier0: build ## exact counts per message against results/baseline: instructions, allocations, system calls, bytes
	RENNBAHN_BENCHMARKS=1 swift build --scratch-path "$(BUILD)-benchmarks" --configuration release --product SteadyState
	"$(RENNBAHN)" gate --tier 0 --steady-state "$(BUILD)-benchmarks/release/SteadyState" $(ARGS)

instructions: deps ## instructions per message with callgrind, step by step
	RENNBAHN_BENCHMARKS=1 swift build --scratch-path "$(BUILD)-benchmarks" --configuration release --product SteadyState
	scripts/tier0 --steps --steady-state "$(BUILD)-benchmarks/release/SteadyState" $(ARGS)

profile: build ## where a router's time goes: perf samples of whole runs, by step (needs linux-perf)
	scripts/profile --program "$(RENNBAHN)" $(ARGS)

model: ## check the model of the rings between shards with spin, in all interleavings
	scripts/model "$(BUILD)-model"

# Optimized, since a debug build is too slow to meet the races; @testable needs the flag then.
sanitize: deps ## run the tests of rings, wake-ups and whole nodes under ThreadSanitizer
	RENNBAHN_SANITIZE=thread \
	TSAN_OPTIONS="halt_on_error=1 suppressions=$(CURDIR)/Tests/sanitize/thread.suppressions $${TSAN_OPTIONS:-}" \
	    swift test --scratch-path "$(BUILD)-sanitize" --configuration release -Xswiftc -enable-testing \
	    --filter 'ReactorTests|NodeTests' $(ARGS)

clean: ## remove what was built
	rm -rf "$(BUILD)" "$(BUILD)-interop" "$(BUILD)-benchmarks" "$(BUILD)-model" "$(BUILD)-sanitize" "$(BUILD)-gate" \
	    "$(BUILD)-conformance" "$(BUILD)-neighbours" "$(BUILD)-mutants" "$(BUILD)-fuzz" "$(FLOORS)"
