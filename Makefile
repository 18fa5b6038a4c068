# One command each; `make` prints this list.
.PHONY: help setup run test check bench screens

# Compiled modules are kept, though not beside the sources where the environment says so: without them each of the fifty processes of a
# test run compiles Django and Wagtail anew, ten seconds of it.
ifdef PYTHONDONTWRITEBYTECODE
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/pycache
endif

help: ## print this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: ## tools, locked dependencies, built static files, migrated database
	@scripts/setup

run: setup ## the site on port 8000 (PORT=) with catalogue and demonstration people
	@exec scripts/run

test: ## everything: lint, types, import contracts, unit, integration, browser, on SQLite and on PostgreSQL
	@SETUP_FOR_TESTS=1 SETUP_WITHOUT_DATABASE=1 scripts/setup
	@scripts/test

check: ## the fast half of test
	@SETUP_WITHOUT_DATABASE=1 scripts/setup
	@scripts/test check

bench: ## benchmarks: a table and a JSON file in benchmarks/results
	@SETUP_FOR_TESTS=1 scripts/setup
	@.venv/bin/python -m benchmarks

screens: ## photograph every screen and state at 360 and 1440 from the demonstration site
	@SETUP_FOR_TESTS=1 scripts/setup
	@.venv/bin/python -m tests.screens
