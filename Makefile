# make run     install what is needed, set everything up and start it: scheduler and dashboard (Ctrl-C stops both)
# make test    install what the tests need and run all of them, the browser's too
# make demo    every step once without a server: init, forecast, assess, status, alert export
# make check   lint, format, types, import rules, declared files, licences, known vulnerabilities
# make fuzz    look for files that break a reader, led by coverage: FUZZ_SECONDS=60 for each reader
# make soak    kill the scheduler at 2000 random moments, and count what is lost or done twice
# make setup   install alone
# make shots   write the screenshots of README and docs
# make clean   remove the environment; the data in ./var stay

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test demo check fuzz soak setup setup-dev shots clean

BIN := .venv/bin
export OPENBLAS_NUM_THREADS ?= 1

help:
	@sed -n 's/^# make/make/p' Makefile

setup:
	@bash .ci/setup

setup-dev:
	@bash .ci/setup --dev

run: setup
	@exec $(BIN)/dabiao up

demo: setup
	$(BIN)/dabiao init
	$(BIN)/dabiao forecast
	$(BIN)/dabiao assess
	$(BIN)/dabiao status --summary
	$(BIN)/dabiao alerts run
	$(BIN)/dabiao alerts export

test: setup-dev
	@bash .ci/browser
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/dabiao plans check
	$(BIN)/python benchmarks/licences.py --check
	$(BIN)/python .ci/audit

FUZZ_SECONDS ?= 60
fuzz: setup-dev
	@UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON=$(BIN)/python $(BIN)/uv sync --frozen --inexact --quiet --no-python-downloads \
		--system-certs --group fuzz
	@for reader in text reading xlsx sheet ods table xls stream; do \
		echo "== $$reader"; $(BIN)/python -m tests.fuzz $$reader $(FUZZ_SECONDS) || exit 1; done

soak: setup-dev
	$(BIN)/python benchmarks/kill.py --kills 2000

shots: setup-dev
	@bash .ci/browser
	$(BIN)/python benchmarks/screenshots.py

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
