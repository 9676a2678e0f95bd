# Every target that needs the virtual environment sets it up first; `make help` lists the targets.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test test-slow browser pictures test-client contract thorough faults fuzz mutants words check format law derived bench bench-scale lock clean distclean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS_VENV := .venv-bench
MUTANTS_VENV := .venv-mutants
STAMP := $(VENV)/.setup-done
CLIENT := clients/typescript
NODE_STAMP := $(CLIENT)/node_modules/.setup-done
BROWSER := tests/browser
CHROMIUM_STAMP := $(BROWSER)/node_modules/.setup-done
PIP := $(BIN)/python -m pip --disable-pip-version-check

help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-15s %s\n", $$1, $$2 }'

setup: $(STAMP)  ## Make .venv from the lock files (nothing to do, and no network, when they are unchanged)

# The stamp goes last, so that an interrupted setup is repeated. The build backend comes from the lock too: the editable
# install fetches nothing of its own.
$(STAMP): requirements-dev.lock pyproject.toml
	@found=; \
	if [ "$(origin PYTHON)" != file ] && ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	  echo "指定的 PYTHON=$(PYTHON) 不可用，或低于 3.11（$$("$(PYTHON)" --version 2>&1)）。" >&2; \
	  echo "PYTHON=$(PYTHON) as named cannot be used, or is older than 3.11 ($$("$(PYTHON)" --version 2>&1))." >&2; \
	  exit 1; \
	fi; \
	for python in "$(PYTHON)" python3 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "需要 Python 3.11 或更高版本，未找到。请安装后重试，或指定：make setup PYTHON=/路径/python3" >&2; \
	  echo "Python 3.11 or newer is needed and was not found. Install it, or name it: make setup PYTHON=/path/python3" >&2; \
	  exit 1; \
	fi; \
	if ! $(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	  if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	    echo "$$found 缺少 venv 或 ensurepip 模块（Debian、Ubuntu：apt install python3-venv）。" >&2; \
	    echo "$$found lacks the venv or ensurepip module (Debian, Ubuntu: apt install python3-venv)." >&2; \
	    exit 1; \
	  fi; \
	  rm -rf $(VENV) && "$$found" -m venv $(VENV) || exit 1; \
	fi
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock || { \
	  echo "依赖未能安装，原因见上。首次安装须能访问软件包索引（PIP_INDEX_URL），或用 PIP_NO_INDEX=1 PIP_FIND_LINKS=/文件夹 指定已下载的包。" >&2; \
	  echo "The dependencies could not be installed; the lines above say why. The first time a package index is needed (PIP_INDEX_URL), or a folder with the packages (PIP_NO_INDEX=1 PIP_FIND_LINKS=/folder)." >&2; \
	  exit 1; \
	}
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)  ## Show the product on an example, with a server of its own
	$(BIN)/ecodocket demo

# Every process would compile all its modules anew.
test test-slow test-client contract thorough faults: export PYTHONDONTWRITEBYTECODE :=

# Compiled once, not by each of the processes that run tests.
test: browser  ## Run the tests (without the slow ones, four to six minutes on two cores)
	@$(BIN)/python -m compileall -q -j 0 src
	$(BIN)/python -m pytest

test-slow: browser  ## Run the tests that take long: every page, every worked case, servers (a quarter of an hour)
	@$(BIN)/python -m compileall -q -j 0 src
	$(BIN)/python -m pytest -m "slow and not faults and not fuzz"

# Without a browser nothing is tested by halves: it says what to install, and fails.
browser: $(STAMP)  ## See that there is a Chromium for the tests; where none is installed, unpack one (needs node, and a network)
	@$(BIN)/python -m tests.browser.chromium 2>/dev/null || { \
	  if node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' >/dev/null 2>&1 && command -v npm >/dev/null; then \
	    $(MAKE) --no-print-directory $(CHROMIUM_STAMP); \
	  fi; \
	  $(BIN)/python -m tests.browser.chromium; \
	}

pictures: browser  ## Take a picture of every page that the tests in a browser look at (build/screenshots)
	env -u PYTHONDONTWRITEBYTECODE ECODOCKET_PICTURES=1 $(BIN)/python -m pytest -m browser tests/browser

$(CHROMIUM_STAMP): $(BROWSER)/package.json $(BROWSER)/package-lock.json $(BROWSER)/unpack.js
	cd $(BROWSER) && npm ci --silent --no-audit --no-fund && node unpack.js node_modules/.chromium
	@touch $@

# Without node there is nothing to try: it says so, and that is no failure.
test-client: $(STAMP)  ## Make the TypeScript client of the description, compile it, live an officer's day with it (needs node)
	@if ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' >/dev/null 2>&1 || ! command -v npm >/dev/null; then \
	  echo "未找到 node（20 或更高）及 npm：跳过 TypeScript 客户端的测试。"; \
	  echo "Skipped: node (20 or newer) with npm was not found, so the TypeScript client is not tried."; \
	else \
	  $(MAKE) --no-print-directory $(NODE_STAMP) && $(BIN)/python -m pytest -n0 -m client tests/clients; \
	fi

$(NODE_STAMP): $(CLIENT)/package.json $(CLIENT)/package-lock.json
	cd $(CLIENT) && npm ci --silent --no-audit --no-fund
	@touch $@

contract: $(STAMP)  ## Send 5,000 requests of three roles, and hold every answer to the description (SEED=1, three minutes)
	SEED=$(or $(SEED),1) $(BIN)/python -m pytest -n0 -m contract -rP tests/contract

thorough: $(STAMP)  ## Try every property with twenty times as many examples (EXAMPLES=100)
	ECODOCKET_EXAMPLES=$(or $(EXAMPLES),20) $(BIN)/python -m pytest -m "hypothesis and not faults"

faults: $(STAMP)  ## Kill, fill, lock and mislead real servers, and see that they go on
	$(BIN)/python -m pytest -m faults tests/faults

words: $(STAMP)  ## Check what people read (docs/words.md): both languages, every placeholder, nothing missing or unused
	$(BIN)/python -m pytest -n0 -q tests/interfaces/wording/test_texts.py

fuzz: $(STAMP)  ## Try whatever comes before every door (MINUTES=10 each, DOOR=http|yaml|toml|cursors|tokens, SEED=1)
	ECODOCKET_FUZZ_MINUTES=$(MINUTES) ECODOCKET_FUZZ_SEED=$(SEED) \
	  $(BIN)/python -m pytest -m fuzz -rP tests/fuzz $(if $(DOOR),-k $(DOOR))

mutants: $(MUTANTS_VENV)/.setup-done  ## Change comparisons and connectives of the domain, and see whether a test fails (SAMPLE=200, SEED=, an hour)
	env -u PYTHONDONTWRITEBYTECODE $(MUTANTS_VENV)/bin/python -m tools.mutants \
	  $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

check: $(STAMP)  ## Check format, lint, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)  ## Format the code and mend what the linter can mend
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

law: $(STAMP)  ## Write docs/law: what answers for each article, paragraph and item
	$(BIN)/python -m tools.law_coverage

derived: $(STAMP)  ## Write what follows from other files: lock lines, golden files, digests and API examples of what is new, pages of the law and of calendars
	$(BIN)/python -m tools.editions_lock
	$(BIN)/python -m tests.journal.golden_files
	$(BIN)/python -m tests.support.digests
	$(BIN)/python -m tests.interfaces.http_story
	$(BIN)/python -m tools.law_coverage
	$(BIN)/python -m tools.access_page
	$(BIN)/python -m tools.edition_keys
	$(BIN)/python -m tools.calendar_page

bench: $(STAMP)  ## Measure, every figure beside its floor and its peer (ONLY=record,grade)
	$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY))

bench-scale: $(STAMP) $(PEERS_VENV)/.setup-done  ## Measure the index of grades (AGENCIES=10000 EVENTS=50 REGIMES=one), and what one would use instead (PEERS=10000)
	$(BIN)/python -m benchmarks.scale $(if $(AGENCIES),--agencies $(AGENCIES)) \
	  $(if $(EVENTS),--events $(EVENTS)) $(if $(REGIMES),--regimes $(REGIMES))
	$(BIN)/python -m benchmarks.peers $(if $(PEERS),--agencies $(PEERS))

# What is compared with stays outside of what is tested: packages change what others do by being there.
$(PEERS_VENV)/.setup-done: requirements-bench.lock | $(STAMP)
	rm -rf $(PEERS_VENV) && $(BIN)/python -m venv $(PEERS_VENV)
	$(PEERS_VENV)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements-bench.lock
	@touch $@

$(MUTANTS_VENV)/.setup-done: requirements-mutants.lock pyproject.toml | $(STAMP)
	rm -rf $(MUTANTS_VENV) && $(BIN)/python -m venv $(MUTANTS_VENV)
	$(MUTANTS_VENV)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements-mutants.lock
	$(MUTANTS_VENV)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Each file is held to the versions of the one before.
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),$(if $(filter 1,$(UPGRADE)),--upgrade,--upgrade-package $(UPGRADE)))

lock: $(STAMP)  ## Write the lock files anew from pyproject.toml (UPGRADE=1: with the newest versions, UPGRADE=package: with that of one)
	$(BIN)/$(UV_COMPILE) pyproject.toml --output-file requirements.lock
	$(BIN)/$(UV_COMPILE) pyproject.toml --extra embedded --extra parquet --constraint requirements.lock --output-file requirements-embedded.lock
	$(BIN)/$(UV_COMPILE) pyproject.toml --extra cluster --extra parquet --constraint requirements.lock --output-file requirements-cluster.lock
	$(BIN)/$(UV_COMPILE) pyproject.toml --extra dev --constraint requirements-embedded.lock --constraint requirements-cluster.lock --output-file requirements-dev.lock
	$(BIN)/$(UV_COMPILE) --group pyproject.toml:peers --constraint requirements-dev.lock --output-file requirements-bench.lock
	$(BIN)/$(UV_COMPILE) pyproject.toml --extra dev --group pyproject.toml:mutants --constraint requirements-dev.lock --output-file requirements-mutants.lock

clean:  ## Remove what can be made again without a network; the environments and the demo's data stay
	rm -rf .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist $(CLIENT)/build
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean  ## Remove the environments too; setting them up again needs a network
	rm -rf $(VENV) $(PEERS_VENV) $(MUTANTS_VENV) $(CLIENT)/node_modules $(BROWSER)/node_modules
