# `make run` and `make test` are the two that matter; each sets up what it needs.

PYTHON ?= python3
SPEED ?= 1
BIN := .venv/bin
READY := .venv/ready
COMPILE := uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-emit-index-url \
	--python-version 3.11 --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup run test bench quality lint types timescaledb lock wheel clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## Make the virtual environment and install what is locked
	@deploy/install-parts mosquitto

run: setup ## Run the product with a simulated street (SPEED=60: sixty times faster than life)
	@exec $(BIN)/python -m simulators demo --speed $(SPEED)

test: setup timescaledb ## Run every test on the real parts (ARGS=... are handed to pytest)
	@deploy/install-parts chromium espeak-ng
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

bench: setup ## Measure the speed and report medians
	@exec $(BIN)/python -m simulators bench

quality: $(READY) ## Measure detection and false alerts on recorded homes (HEARTH_TEST_DATA)
	@exec $(BIN)/python -m simulators quality

lint: $(READY) ## Check style and formatting
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY) ## Check types
	$(BIN)/mypy gateway ingest alerts api simulators tests

timescaledb: ## Provide TimescaleDB where it can be had
	@deploy/timescaledb

lock: ## Choose the newest allowed packages anew (needs uv)
	$(COMPILE) --all-extras --output-file requirements.lock pyproject.toml
	$(COMPILE) --output-file requirements-gateway.lock pyproject.toml

wheel: $(READY) ## Build the wheel into dist/
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## Forget the demo's data (the virtual environment stays)
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m simulators demo --forget
	@rm -rf dist

$(READY): requirements.lock pyproject.toml
	@deploy/make-venv $(PYTHON)
	@touch $@
