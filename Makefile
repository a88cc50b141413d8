# Run `make` to see what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# A package index that holds CPU builds of torch; README, "On a laptop".
TORCH_INDEX_URL ?=
PYTEST_ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint fix bench run worker clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(VENV)/.installed ## make .venv and install everything in it

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "[1/3] making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Playoff needs Python 3.11 or newer; run: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "[2/3] installing torch$(if $(TORCH_INDEX_URL), from the index you named)"
	@$(BIN)/pip install --quiet --no-compile --constraint constraints.txt $(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL)) "torch==2.13.0"
	@echo "[3/3] installing the other packages"
	@$(BIN)/pip install --quiet --no-compile --constraint constraints.txt --editable '.[ml,dev]'
	@test -e .env || (umask 077; $(BIN)/python -c 'import secrets; print("# .env.example explains every variable\nSECRET_KEY=" + secrets.token_urlsafe(50))' > .env)
	@touch $@

demo: setup ## set up and start the whole product on SQLite, without any service
	@DATABASE_URL= REDIS_URL= $(BIN)/python manage.py demo --port $(PORT)

test: setup ## set up and run the tests (DATABASE_URL, REDIS_URL, REQUIRE_SERVICES=1 for the services)
	@$(BIN)/pytest $(PYTEST_ARGS)

lint: setup ## ruff, mypy, import rules, Django's checks, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') HTTPS=1 $(BIN)/python manage.py check --deploy --fail-level WARNING
	SECRET_KEY=lint $(BIN)/python manage.py makemigrations --check --dry-run

fix: setup ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## the benchmarks, as tables
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

run: setup ## the web process alone, reloading, for development
	DEBUG=1 $(BIN)/python manage.py runserver $(PORT)

worker: setup ## a worker alone, for development
	DEBUG=1 WARM_MODELS=1 PYTHONPATH=platform:. $(BIN)/celery -A playoff worker -B -Q gpu,default -c 1 --without-gossip --without-mingle

clean: ## remove what the demo and the tests made (not .venv)
	rm -rf var build .pytest_cache .mypy_cache .ruff_cache .hypothesis
