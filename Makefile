# Run `make help` for what each target does.
NODE ?= node
NPM ?= npm
export PORT A B F CONFIG

DEPENDENCIES := node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help run build test test-all lint format unit match why matching policy module worst e2e e2e-oldest agents e2e-docker fuzz mutation soak bench clean

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(DEPENDENCIES): package.json package-lock.json
	@command -v $(NODE) >/dev/null || { echo "error: node was not found. Install Node.js 20 or newer."; exit 1; }
	@$(NODE) -e 'if (Number(process.versions.node.split(".")[0]) < 20) { console.error("error: Node.js " + process.versions.node + " is too old. Install Node.js 20 or newer."); process.exit(1) }'
	@echo "==> installing npm packages" >&2
	@$(NPM) ci --no-progress --loglevel=error
	@touch $@

build: $(DEPENDENCIES) ## Compile the modules: build/ai-cache.wasm, build/ai-proxy.wasm and build/higress/
	@$(NODE) scripts/build.mjs

run: $(DEPENDENCIES) ## Start a model and Envoy with both modules, and show what the cache decides (PORT=10000)
	@$(NODE) scripts/build.mjs ai-cache ai-proxy
	@$(NODE) scripts/run.mjs

# One file's tests build what they load; all of them are quicker with everything built at once.
SOME := $(if $(F),$(DEPENDENCIES),build)

test: build ## Run everything a fresh machine can check
	@$(NODE) scripts/test.mjs lint unit match policy module worst fuzz soak e2e agents

test-all: build ## Run also the oldest Envoy, and what takes long to build (Weaviate) or needs a Docker engine
	@TEST_ALL=1 $(NODE) scripts/test.mjs lint unit match policy module worst fuzz soak e2e e2e-oldest agents e2e-docker

lint: build ## Check formatting, types, layers, exports, texts and that tests clean up
	@$(NODE) scripts/test.mjs lint

format: $(DEPENDENCIES) ## Format the sources
	@npx prettier --log-level warn --write .

unit: $(DEPENDENCIES) ## Run the unit tests of the AssemblyScript sources, which stand as they do (F=service/breaker: that file alone)
	@$(NODE) scripts/test.mjs unit

match: $(DEPENDENCIES) ## Explain whether two questions are taken for one: make match A='...' B='...'
	@$(NODE) scripts/build.mjs match
	@$(NODE) scripts/match.mjs

why: build ## Say what parts two requests in the cache: make why A=one.json B=two.json
	@$(NODE) scripts/why.mjs

matching: build ## Compare the matcher with its reference, and measure it on the question pairs
	@$(NODE) scripts/test.mjs match

policy: build ## Print the figures of policies (REQUESTS=400000), beside Caffeine's, of lives and limits (TABLES=lives,limits)
	@$(NODE) tests/policy/print.mjs $${REQUESTS:-400000} $${PARTS:-0.01,0.1,0.5}

module: $(SOME) ## Run both modules in the host emulator (F=redis: that file alone)
	@$(NODE) scripts/test.mjs module

worst: $(SOME) ## Count what the worst requests and answers cost (F=requests, WORST_BYTES=16384)
	@$(NODE) scripts/test.mjs worst

e2e: $(SOME) ## Run both modules in the real Envoy (F=redis: that file alone)
	@$(NODE) scripts/test.mjs e2e

e2e-oldest: build ## Run what depends on the host most in the oldest Envoy that PyPI has
	@$(NODE) scripts/test.mjs e2e-oldest

agents: build ## Run every agent at every type with a chat, and write docs/agents.md (F=codex, P=responses, AT=groq, MISSING=1, SESSIONS=2, QUESTION_SECONDS=120)
	@$(NODE) tests/agents/matrix.mjs

e2e-docker: build ## Run the compose set-up through testcontainers (needs a Docker engine)
	@$(NODE) scripts/test.mjs e2e-docker

fuzz: build ## Fuzz the parsers and the modules (SECONDS_PER_TARGET=120), try larger worst cases and some mutants
	@WORST_BYTES=$${WORST_BYTES:-524288} $(NODE) scripts/test.mjs worst
	@FUZZ_SEED=$${FUZZ_SEED:-$$(date +%s)} FUZZ_SECONDS=$${SECONDS_PER_TARGET:-120} $(NODE) scripts/test.mjs fuzz mutation

mutation: build ## Change the sources, one thing at a time: a test must notice (MUTANTS=all or part of a name)
	@FUZZ_SEED=$${FUZZ_SEED:-$$(date +%s)} $(NODE) scripts/test.mjs mutation

soak: build ## Send a million requests through the emulator, 200000, a million hostile ones and a million new answers through Envoy, and watch the memory
	@SOAK_REQUESTS=$${REQUESTS:-1000000} SOAK_ENVOY_REQUESTS=$${ENVOY_REQUESTS:-200000} \
		SOAK_HOSTILE_REQUESTS=$${HOSTILE_REQUESTS:-1000000} \
		SOAK_STORES=$${STORES:-1000000} SOAK_STORE_MIB=$${STORE_MIB:-64} $(NODE) scripts/test.mjs soak

bench: build ## Measure CPU and latency side by side; writes build/bench.json (BENCH_BASE=FOLDER: beside the modules of another commit)
	@$(NODE) tests/bench/bench.mjs

clean: ## Remove what was built
	@rm -rf build
