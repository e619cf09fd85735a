# A fresh machine needs: python3 (>= 3.11) with pip, and make. Nothing else: no uv, node, docker or root.
PY ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
N ?= 200
ORDERS ?= 100000
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
LOCK := $(COMPILE) pyproject.toml --group build --extra app

.DEFAULT_GOAL := help
.PHONY: help run test check lint types crash sim bench generate lock clean distclean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# pip --target works on Debian's externally managed Python (PEP 668) and needs no python3-venv
$(UV):
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "needs Python 3.11+, found " + sys.version.split()[0])'
	@$(PY) -m pip --version >/dev/null 2>&1 || { echo "needs pip: apt-get install python3-pip"; exit 1; }
	@echo "setting up (once; the next time takes a second)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action ignore --upgrade --target .tools "uv==$(UV_VERSION)"
	@touch $@

# locked by name, version and hash; the package itself is installed editable, without a second resolution
.venv/.%: $(UV) requirements/%.txt pyproject.toml
	@test -x $(BIN)/python || $(UV) venv --quiet --python "$$(command -v $(PY))" .venv
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/$*.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
# other people's clients, from wheels only, in environments of their own
.venv-%/.ready: $(UV) requirements/%.txt
	@test -x .venv-$*/bin/python || $(UV) venv --quiet --python "$$(command -v $(PY))" .venv-$*
	@$(UV) pip sync --quiet --no-build --python .venv-$*/bin/python --require-hashes requirements/$*.txt
	@touch $@
.venv/.run: | $(if $(wildcard .venv/.test),.venv/.test)

run: .venv/.run ## an order's whole life, on an exchange of its own (ARGS=... adds arguments)
	@$(BIN)/surefoot demo $(ARGS)
test: .venv/.test .venv-peers/.ready ## the tests, but for crashes and mutations (ARGS=... adds arguments)
	$(BIN)/pytest -n auto --dist loadgroup --ignore tests/crash --ignore tests/mutations $(ARGS)
check: lint types test ## everything that CI runs
	$(BIN)/pytest -n auto --dist loadgroup tests/crash tests/mutations
	@$(MAKE) --no-print-directory sim N=200 ORDERS=5000
lint: .venv/.test ## format, style, import contracts, the source reader, secrets, generated pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python -m tools.tidy
	$(BIN)/python -m tools.secretscan
	$(BIN)/python -m tools.generate --check
types: .venv/.test ## mypy, strict
	$(BIN)/mypy
crash: .venv/.test ## real traders, killed with SIGKILL at every step (FULL=1: all combinations; ARGS=... adds arguments)
	$(BIN)/python -m tests.crash $(if $(FULL),--full) $(ARGS)
sim: .venv/.test ## N seeds of each story, those that failed once, a day of streams, ORDERS judged by both sides (N=200, ORDERS=100000)
	$(BIN)/python -m surefoot.simulation --seeds $(N) $(ARGS)
	$(BIN)/python -m surefoot.simulation --kept
	$(BIN)/python -m surefoot.simulation --story trading --seeds $(N) $(ARGS)
	$(BIN)/python -m surefoot.simulation --day
	$(BIN)/python -m surefoot.simulation --orders $(ORDERS)
mutants: .venv/.test ## defects planted in a copy of the source: is each caught within 200 seeds (ARGS="NAME --seeds 50")
	$(BIN)/python -m tools.mutants $(ARGS)
bench: .venv/.test .venv-peers/.ready ## the benchmarks, against the raw floor of the same run (ARGS=... adds arguments)
	@$(MAKE) --no-print-directory .venv-nautilus/.ready || echo "nautilus_trader does not install here: it is left out"
	$(BIN)/python -m benchmarks $(ARGS)
generate: .venv/.test ## rewrite the generated reference pages (CHECK=1 only compares)
	$(BIN)/python -m tools.generate $(if $(CHECK),--check)
lock: $(UV) ## renew requirements/*.txt
	$(LOCK) -o requirements/run.txt
	$(LOCK) --extra data --extra postgres --group test --group lint --constraint requirements/run.txt -o requirements/test.txt
	$(COMPILE) --group peers -o requirements/peers.txt
	$(COMPILE) --group nautilus --no-deps -o requirements/nautilus.txt
clean: ## remove the environment and all caches
	rm -rf .venv .venv-nautilus .venv-peers dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find src tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} +
distclean: clean ## the same, and the bootstrap tool
	rm -rf .tools
