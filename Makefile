# `make run` opens the chat, `make test` runs every test. Both set up what they need first.

PYTHON ?= python3
# Where a CPU build of torch is looked for first; PyPI's own Linux build brings gigabytes of CUDA libraries.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
# The model comes as a package: nothing is looked up on the Hugging Face hub. Set it to 0 to use a model that is there.
HF_HUB_OFFLINE ?= 1
export HF_HUB_OFFLINE

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
AUDIT := .audit
AXE := node_modules/axe-core/axe.min.js

.DEFAULT_GOAL := help
.PHONY: help setup run test browser nginx coverage mutants lint docs evaluate bench fuzz audit dist clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv and install Guide into it with the pinned versions

# Once, and again when the dependencies change.
$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || \
		{ echo "No $(PYTHON) found: install Python 3.11 or newer, or run make PYTHON=/path/to/python3.11." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Found $$($(PYTHON) --version), Guide needs 3.11 or newer: run make PYTHON=/path/to/python3.11." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || \
		{ echo "$(PYTHON) can't make a virtual environment; on Debian, apt-get install python3-venv." >&2; exit 1; }
	@$(BIN)/pip install --quiet --retries 1 --no-deps -c constraints.txt --index-url $(TORCH_INDEX) torch 2>/dev/null || \
		echo "No torch at $(TORCH_INDEX): taking the default build."
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev,docs,evaluate,formats,mcp,phrasing]'
	@touch $@

run: setup  ## build the index of corpus/ and open the chat
	$(BIN)/guide build
	$(BIN)/guide serve

# In as many processes as there are cores, a folder of tests at a time; tests/conftest.py says which first.
test: setup browser nginx  ## run every test, those in a browser too
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder $(ARGS)

coverage:  ## run every test, and fail if they cover less of guide/ than they did
	@$(MAKE) --no-print-directory test ARGS=--cov

# Hours for all; MUTANTS="guide.index.bm25*" changes one module in minutes. Stopped, it goes on from there.
mutants: setup  ## change the code on purpose, and list the changes that no test notices (docs/testing.md)
	$(BIN)/pip install --quiet -c constraints.txt mutmut
	$(BIN)/mutmut run $(MUTANTS)
	$(BIN)/mutmut results

browser: setup $(AXE)
	@$(BIN)/python tests/find_browser.py

nginx: setup
	@$(BIN)/python tests/find_nginx.py

# axe-core checks the pages for accessibility; it comes from npm.
$(AXE): package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-fund --no-audit && touch $@; \
		else echo "No npm found: the accessibility tests are skipped."; fi

lint: setup  ## check style (ruff), types (mypy) and which room imports which (import-linter)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

docs: setup  ## build the documentation into site/, warnings as errors
	$(BIN)/zensical build --clean --strict

evaluate: setup  ## measure the answers to the project's own questions and messages
	$(BIN)/guide build
	$(BIN)/guide evaluate tests/data/questions.jsonl
	$(BIN)/guide evaluate tests/data/questions-boundaries.jsonl
	$(BIN)/guide evaluate tests/data/everyday_conversation.jsonl

bench: setup  ## run the benchmarks
	$(BIN)/python benchmarks/run.py

# It has builds for some systems only.
fuzz: setup  ## a coverage-guided fuzzer at the parsers, for SECONDS=10 each
	@if $(BIN)/pip install --quiet --no-deps --only-binary :all: atheris==3.0.0; \
	then $(BIN)/python benchmarks/fuzz.py --seconds $(or $(SECONDS),10) plain_text markdown; \
	else echo "There is no build of atheris for this system; the fuzzer is left out."; fi

audit: setup  ## known vulnerabilities (asks pypi.org), licences, and a bill of materials (sbom.json)
	@test -x $(AUDIT)/bin/pip || $(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/pip install --quiet pip-audit==2.10.1 cyclonedx-bom==7.5.0 pip-licenses==5.5.5
	$(AUDIT)/bin/cyclonedx-py environment $(BIN)/python -o sbom.json
	$(AUDIT)/bin/pip-licenses --python $(BIN)/python --order=license
	$(AUDIT)/bin/pip-audit -r constraints.txt --no-deps --disable-pip

# Nothing of an earlier build is left: setuptools would take it along.
dist: setup  ## build the sdist and the wheel into dist/, and check them
	$(BIN)/pip install --quiet -c constraints.txt -e '.[release]'
	rm -rf build dist *.egg-info
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*

clean:  ## remove the index, .venv and caches
	rm -rf $(VENV) $(AUDIT) node_modules sbom.json index site build dist *.egg-info .hypothesis .coverage mutants .mypy_cache .pytest_cache .ruff_cache .gradio .cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
