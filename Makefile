# The words of this project. `make` alone lists them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup tools run pictures bench-pages test contract check format messages bench bench-smoke faults faults-smoke fuzz storage audit robot clean

help:  ## list these words
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/tools: requirements.txt requirements-dev.txt requirements-bench.txt tests/javascript/package-lock.json examples/package-lock.json | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -r requirements-bench.txt
	@if command -v npm >/dev/null; then npm ci --silent --prefix examples; fi
	@if command -v npm >/dev/null; then npm ci --silent --prefix tests/javascript; fi
	@touch $@ .venv/installed

setup: .venv/installed  ## install what the server needs into .venv

tools: .venv/tools  ## install what tests and checks need besides

run: setup  ## migrate, load the demo data and serve on HOST and PORT
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_demo --if-debug
	@$(BIN)/python manage.py runserver

test: setup tools  ## run every test, in six lanes at a time
	@$(BIN)/python -m tests.lanes

contract: setup tools  ## try the HTTP interface against its own document for some minutes
	@CONTRACT_EXAMPLES=200 CONTRACT_SEED=$(CONTRACT_SEED) $(BIN)/python manage.py test tests.test_api_contract

check: setup tools  ## formatting, lint, types, import direction, migrations, translations, docs in step
	@if git ls-files --cached --ignored --exclude-standard 2>/dev/null | grep .; then echo "These are ignored, and yet in the repository."; exit 1; fi
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check
	@$(BIN)/python manage.py test tests.test_translations tests.test_docs_architecture --verbosity 0

format: setup tools  ## format the code and mend what lint can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

messages: setup  ## collect the texts to translate, and compile the translations (needs gettext)
	@$(BIN)/python manage.py makemessages --locale zh_Hans --locale en --no-location --no-wrap --no-obsolete
	@$(BIN)/python manage.py compilemessages --ignore .venv --verbosity 0

.venv/bench: requirements.txt requirements-bench.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@ .venv/installed

bench: setup .venv/bench  ## measure how fast it is, beside other servers (half an hour)
	@$(BIN)/python -m bench

bench-pages: setup tools  ## measure the pages on a slowed-down browser, with very much to show
	@$(BIN)/python -m bench.pages measure

pictures: setup tools  ## take the pictures of the pages in docs/images anew
	@$(BIN)/python -m bench.pages pictures

bench-smoke: setup .venv/bench  ## see that the benchmark works, without measuring anything
	@$(BIN)/python -m bench --smoke

.venv-audit/installed: requirements-audit.txt
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-audit.txt
	@touch $@

.venv/s3: requirements-s3.txt requirements-s3-tests.txt | .venv/tools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-s3-tests.txt
	@touch $@

storage: setup tools .venv/s3  ## try uploads in a server that speaks S3
	@$(BIN)/python manage.py test tests.with_s3

audit: .venv-audit/installed  ## look for known weaknesses of the pinned requirements (needs internet)
	@.venv-audit/bin/pip-audit --strict --disable-pip --no-deps --requirement requirements.txt

robot: setup  ## measure how well the robot finds answers, on the sets kept aside
	@$(BIN)/python manage.py evaluate_robot

faults: setup tools  ## break things on purpose and judge what clients saw (an hour)
	@$(BIN)/python -m faults

faults-smoke: setup tools  ## the same with few rounds, where that shows something
	@$(BIN)/python -m faults --smoke

fuzz: setup tools  ## throw hundreds of thousands of made-up frames at the server (some minutes; SEED=n repeats a run)
	@$(BIN)/python -m fuzz $(if $(SEED),--seed $(SEED))

clean:  ## remove the environment and all local data
	rm -rf .venv .venv-audit var tests/javascript/node_modules examples/node_modules .mypy_cache .ruff_cache .hypothesis
