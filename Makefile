# Every target sets up what it needs and says what it installs before it does. `make` alone prints this file's help.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
PYTHON ?= python3
UV ?= uv
PIN = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header
BIN := $(VENV)/bin
# Named after what it holds: a changed requirement file is a new target, so that set-up runs once per change.
READY := $(VENV)/ready-$(shell cat requirements/dev.txt pyproject.toml | sha256sum | cut -c1-12)
CODE := operator tests bench examples
PAGES = $(BIN)/crosshead kinds --examples-dir examples/aws

##@ See it work
.PHONY: demo
demo: $(READY) ## A claim's whole life on a real control plane and an AWS emulator (KEEP=1 leaves it running)
	@PYTHONPATH=operator:examples $(BIN)/python -m demo

.PHONY: bench
bench: $(READY) ## Measure speed, requests and memory; writes build/bench.json
	@PYTHONPATH=operator:examples:. $(BIN)/python -m bench

##@ Prove it
.PHONY: test
test: $(READY) control-plane ## Run every test; the pure rooms must be covered whole
	@$(BIN)/pytest -n 2 --no-loadscope-reorder --cov --cov-report=term

.PHONY: check
check: $(READY) ## Format, lint, types, import contracts, generated files fresh, manifests well-formed
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy
	@MYPYPATH=operator:examples:. $(BIN)/mypy -p demo -p bench
	@PYTHONPATH=operator $(BIN)/lint-imports
	@fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; $(BIN)/crosshead crds --output-dir "$$fresh" >/dev/null; \
	  diff -r crds "$$fresh" || { echo 'crds/ is stale: run make crds, and read the difference'; exit 1; }
	@fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; $(PAGES) --output-dir "$$fresh"; \
	  diff -r docs/reference/kinds "$$fresh" || { echo 'docs/reference/kinds is stale: run make kinds'; exit 1; }
	@$(BIN)/pytest -q -p no:cacheprovider tests/test_layout.py tests/golden_path

.PHONY: control-plane
control-plane: $(READY) ## Fetch or build etcd, kube-apiserver and kube-controller-manager into the cache, once
	@$(BIN)/crosshead dev prepare

##@ Renew what is generated
.PHONY: crds
crds: $(READY) ## Write the CustomResourceDefinitions of our own kinds into crds/
	@$(BIN)/crosshead crds --output-dir crds >/dev/null

.PHONY: kinds
kinds: $(READY) ## Write a page for each AWS kind into docs/reference/kinds/
	@rm -f docs/reference/kinds/*.md
	@$(PAGES) --output-dir docs/reference/kinds

.PHONY: golden
golden: $(READY) ## Render examples/ with compositions/ into tests/golden/; review the difference
	@PYTHONPATH=operator:. $(BIN)/python -m tests.golden_path.renew

.PHONY: conformance
conformance: $(READY) ## Write docs/conformance.md anew (needs ../shared/conformance)
	@PYTHONPATH=operator:. $(BIN)/python -m tests.conformance.report

.PHONY: requirements
requirements: ## Pin and hash requirements/*.in again (needs uv)
	@$(PIN) requirements/run.in -o requirements/run.txt
	@$(PIN) -c requirements/run.txt requirements/dev.in -o requirements/dev.txt
	@$(PIN) -c requirements/dev.txt requirements/build.in -o requirements/build.txt
	@$(PIN) requirements/pythonic.in -o requirements/pythonic.txt

.PHONY: format
format: $(READY) ## Format the code and apply ruff's safe corrections
	@$(BIN)/ruff check --fix-only -q $(CODE)
	@$(BIN)/ruff format $(CODE)

##@ Set up and clean up
.PHONY: setup
setup: $(READY) ## Create .venv with the pinned, hashed requirements and the `crosshead` command

$(READY):
	@PYTHON=$(PYTHON) requirements/install.sh $(VENV) $@

.PHONY: clean
clean: ## Remove .venv and everything built here (the control plane's cache stays: `crosshead dev` owns it)
	@rm -rf .venv build dist operator/crosshead/functions/gotemplate/gotemplate.{wasm,stamp} .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find operator tests bench examples -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Print this help
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
