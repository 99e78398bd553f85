# make demo    a first result, from nothing         make test    every test
# make help    the rest
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-postgres test-browser lint format accuracy bench bench-live bench-clinic docs-schema wheel wheel-test clean
BIN := .venv/bin

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

setup: ## .venv with kneetrack and its tools (PYTHON=python3.12 chooses the interpreter)
	@sh scripts/setup.sh

demo: setup ## analyse the bundled sample and say where to look
	@$(BIN)/kneetrack demo

test: setup ## run the tests (ARGS="-k wheel" passes on to pytest)
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

test-postgres: setup ## the store's tests once more with PostgreSQL (installs and starts Debian's)
	@sh scripts/test_postgres.sh

test-browser: setup ## the pages in a real browser (installs Debian's Chromium)
	@sh scripts/chromium.sh
	@$(BIN)/python -m pytest -n0 -m browser tests/web

lint: setup ## ruff and mypy
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: setup ## let ruff put the code in order
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

accuracy: setup ## kneetrack validate on the clips with known truth, as docs/accuracy.md
	$(BIN)/python benchmarks/accuracy.py

bench: setup ## measure speed
	$(BIN)/python benchmarks/speed.py

bench-live: setup ## measure what a live session costs (a window opens where there is a display)
	$(BIN)/python benchmarks/live.py

bench-clinic: setup ## how long the clinic's pages take with ten thousand visits, as docs/clinic-performance.md
	$(BIN)/python benchmarks/clinic.py --out docs/clinic-performance.md

docs-schema: setup ## write the JSON Schema of result.json into docs/
	$(BIN)/python scripts/write_schema.py

wheel: setup ## build dist/kneetrack-*.whl, model and sample inside
	@rm -rf dist
	$(BIN)/python -m build --no-isolation --wheel

wheel-test: wheel ## install the wheel into a fresh environment and run its demo (needs the network)
	$(BIN)/python scripts/wheel_test.py dist/*.whl

clean: ## remove everything that make has made
	rm -rf .venv dist build demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
