# Everything sets itself up in .venv; nothing is installed elsewhere.
#   make demo    set up, screen published cases and a synthetic docket, open the application
#                with an invented caseload; the public pages show the files in PUBLICATIONS where
#                that folder is there, else the record that comes with the program
#   make test    set up, lint, types, house rules, every test

PYTHON ?= python3
PUBLICATIONS ?= $(wildcard ../shared/data)
VENV := .venv
BIN := $(VENV)/bin
LOCK := uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate \
        --no-header --python-version 3.11 --quiet

.PHONY: setup demo test lint bench docs lock clean

setup: $(VENV)/.ready

demo: setup
	$(BIN)/wayhome demo --no-open $(if $(PUBLICATIONS),--publications "$(PUBLICATIONS)")
	$(BIN)/wayhome serve --demo --open

test: lint
	$(BIN)/pytest -n auto --dist worksteal
	$(BIN)/pytest tests/web -n auto --dist worksteal --database postgresql

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-dev
	$(BIN)/python -m bench

docs: $(VENV)/.ready-dev
	$(BIN)/python -m wayhome.cli.generated_docs docs/generated

$(VENV)/.ready: requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Wayhome needs Python 3.11 or newer; '$(PYTHON)' is older. Run: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

lock:
	$(LOCK) --group build pyproject.toml -o requirements/runtime.txt
	$(LOCK) --group build --group dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf $(VENV) .venv-* build demo-output bench-output
