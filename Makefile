# Saksgang: `make help` lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROFILES := siv inera ehm regionjh sll

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev parts parts-test train run test check fix bench bench-latency bench-parse bench-import bench-report bench-pages measure designs curve relearn surge repeats similar pictures fuzz torture lock clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.made ## Make .venv with the product installed
setup-dev: $(VENV)/.made-dev ## The same with what tests and checks need

$(VENV)/.made: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "python3-venv is missing; fetching it"; $$( [ "$$(id -u)" = 0 ] || echo sudo ) apt-get update -qq && $$( [ "$$(id -u)" = 0 ] || echo sudo ) apt-get install -y -qq python3-venv; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.made-dev: $(VENV)/.made requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

parts: $(VENV)/.made ## Fetch Dovecot for the embedded default, where it can be had
	-@$(BIN)/python -m run.parts

parts-test: $(VENV)/.made ## Fetch the servers that the tests need
	$(BIN)/python -m run.parts --tests

train: $(PROFILES:%=data/trained/%/card.json) ## Train the shipped profiles
data/trained/%/card.json: $(VENV)/.made $(wildcard data/corpus/*/*.jsonl) $(wildcard data/lexicon/*.toml) $(wildcard data/profiles/*/*.toml) $(wildcard classify/*.py) $(wildcard ingest/*.py)
	$(BIN)/python -m run train --profile $*
	@touch $@  # a worse model is kept aside: the one that stays is up to date too

run: parts data/trained/siv/card.json ## The embedded default: a local mail service with sample mails, handled before your eyes
	@$(BIN)/python -m run run

test: setup-dev parts-test train ## The whole suite, against real servers
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: setup-dev ## Format, lint, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup-dev ## Mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev parts-test train ## 2,000 mails (MAILDIR=folder for your own) end to end, beside the floor measured in the same run
	$(BIN)/python -m bench.throughput $(if $(MAILDIR),--maildir $(MAILDIR))

bench-latency: setup-dev parts-test train ## From delivery in the mailbox to the forwarded mail, one at a time
	$(BIN)/python -m bench.latency

measure: setup-dev ## How well mail is read: replies, robots, languages, personal data, thanks
	$(BIN)/python -m tests.ingest.measured

bench-parse: setup-dev ## Mails a CPU second through the parser, and the slowest mails
	$(BIN)/python -m bench.parse $(if $(MAILS),--mails $(MAILS))

bench-import: setup-dev train ## 100,000 earlier cases taken over: seconds, rows a second, peak memory
	$(BIN)/python -m bench.imports

bench-report: setup-dev ## The report of a past of 100,000 cases: seconds and memory
	$(BIN)/python -m bench.report $(if $(DATABASE),--database $(DATABASE))

designs: setup-dev ## Compare classifiers by nested cross-validation over writers (a quarter of an hour)
	$(BIN)/python -m bench.designs

curve: setup-dev ## How well the models do by how many mails they learned from (long: 75 trainings)
	$(BIN)/python -m bench.curve

bench-pages: setup-dev parts-test ## The pages over 100,000 cases on both databases: milliseconds
	$(BIN)/python -m bench.pages

relearn: setup-dev ## How far 300 corrections lift an organisation that decides otherwise than its corpus (some minutes)
	$(BIN)/python -m bench.relearn

surge: setup-dev ## How soon a surge of similar incidents is seen, and how often one is seen where there is none
	$(BIN)/python -m bench.surge

similar: setup-dev ## How well earlier cases are found, or what N of them cost (TICKETS=1000000)
	$(BIN)/python -m bench.similar $(if $(TICKETS),--tickets $(TICKETS)) $(if $(SEAMONKEY),--seamonkey $(SEAMONKEY)) $(if $(SWEFAQ),--swefaq $(SWEFAQ))
repeats: setup-dev train ## How well cases about one fault are found, at several densities of traffic, and what a search costs
	$(BIN)/python -m bench.repeats

pictures: setup-dev parts-test train ## Take the pictures of pages in docs/pictures anew
	$(BIN)/python -m bench.pictures

fuzz: setup-dev ## Fuzz the reading of mail for an hour (FUZZ_SECONDS=3600)
	$(BIN)/pip install --quiet atheris==3.0.0
	mkdir -p var/fuzz
	$(BIN)/python -m tests.fuzz.fuzz_parse var/fuzz tests/ingest/mails -max_total_time=$(or $(FUZZ_SECONDS),3600) -max_len=30000 -artifact_prefix=var/fuzz-find-

torture: setup-dev parts-test train ## Kill the program at 100 random moments and count what is lost
	SAKSGANG_KILLS=100 $(BIN)/python -m pytest tests/whole/test_torture.py -k random -s --timeout 3600

lock: setup-dev ## Pin the dependencies anew
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options -o requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --extra dev -o requirements-dev.lock pyproject.toml

clean: ## Remove what was made
	rm -rf $(VENV) var data/trained build *.egg-info
