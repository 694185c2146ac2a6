# `make chat` and `make test` set up everything they need in an empty clone.
# SLIM=1 leaves out sentence-transformers and torch: a quarter of the size, the bundled model only.

PYTHON ?= python3
SLIM ?=
VENV := $(if $(SLIM),.venv-slim,.venv)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: chat test index telegram bench lint clean setup

chat: index
	@$(BIN)/danis chat

index: $(VENV)/ready
	@$(BIN)/danis index

telegram: index
	@$(BIN)/danis telegram

setup: $(VENV)/ready

test: $(VENV)/ready-dev
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@git ls-files -z -- ':!*.npy' ':!*.onnx' | xargs -0 $(BIN)/detect-secrets-hook \
		--no-verify --baseline .secrets.baseline
	@$(BIN)/python tools/audit.py constraints.txt

# Some minutes; ARGS="--sizes 1000,10000,100000,1000000 --peers" takes two hours.
bench: $(VENV)/ready-dev
	$(BIN)/python -m bench scale --json bench.json $(ARGS)
	$(BIN)/python -m bench embedding

# The tested versions stand in constraints.txt; an unpinned torch would bring gigabytes of CUDA.
$(VENV)/ready: pyproject.toml constraints.txt requirements-slim.txt
	@echo "Setting up $(VENV) …" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
ifdef SLIM
	@$(PIP) install --constraint constraints.txt --requirement requirements-slim.txt
	@$(PIP) install --no-deps --no-build-isolation --editable . 2>/dev/null \
		|| $(PIP) install --no-deps --editable .
else
	@$(PIP) install --constraint constraints.txt --editable .
endif
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
ifdef SLIM
	@$(PIP) install --constraint constraints.txt pytest pytest-timeout hypothesis
else
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
endif
	@touch $@

clean:
	rm -rf .venv .venv-slim .danis build *.egg-info .pytest_cache .mypy_cache .ruff_cache
