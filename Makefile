# make reports · make check · make test · make lab · make lock — nothing else is needed but python3 (3.11 or newer) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready# what running needs is installed
ALL := $(VENV)/.ready-all# and what tests, estimates, clusters and validation need
PIP := $(BIN)/pip install -qq --no-compile --disable-pip-version-check
# what presslab imports is compiled once, by all cores; other packages carry files that no Python 3 can compile
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x "/(tests?|_vendored|pip|setuptools)/" $(VENV)/lib || true

PYTEST := $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-find-links

.PHONY: reports tools check test planted bench gallery lab lock validate usual simulate clean
.DELETE_ON_ERROR:

reports: $(READY) ## every article of seeds/ to reports/
	@$(BIN)/presslab report seeds -o reports; status=$$?; \
	if [ $$status -gt 1 ]; then exit $$status; fi; \
	echo; echo "Two seeds fail on purpose (one empty, one not English): the index lists them with the reason."; \
	echo "Open reports/index.html in a browser."

check: $(ALL) ## did a change break something? names, types and the quick tests: before every commit
	$(BIN)/ruff check analysis tests
	$(BIN)/ruff format --check --quiet analysis tests
	$(BIN)/mypy
	$(PYTEST) -m "not slow and not browser and not alone" tests

test: $(ALL) ## every test, notebooks and browser included; those that measure time run by themselves, at the end
	@sh .ci/browser
	$(PYTEST) -m "not alone" --nbval-lax --durations=25 tests notebooks
	$(BIN)/python -m pytest -q -m alone tests

planted: $(ALL) ## can the tests fail? plants defects in a copy of the tree, one at a time, and sees whether they are caught
	$(BIN)/python tests/defects.py

tools: $(ALL) ## what tests, presslab estimate and clusters need beside it

validate: $(ALL) ## agreement with coders, on corpora beside the repository (../shared)
	$(BIN)/python -m presslab.validation.framing ../shared
	$(BIN)/python -m presslab.validation.calibration ../shared
	$(BIN)/python -m presslab.validation.readability ../shared
	$(BIN)/python -m presslab.validation.attribution ../shared
	$(BIN)/python -m presslab.validation.sources ../shared
	$(BIN)/python -m presslab.validation.collection ../shared
	$(BIN)/python -m presslab.validation.intervals ../shared
	$(BIN)/python -m presslab.validation.gender ../shared
	$(BIN)/python -m presslab.validation.topics ../shared
	$(BIN)/python -m presslab.validation.portrayal ../shared
	$(BIN)/python -m presslab.validation.printed ../shared
	$(BIN)/python -m presslab.validation.loaded ../shared
	$(BIN)/python -m presslab.validation.nulls ../shared
	$(BIN)/python -m presslab.measures.validity README.md

usual: $(ALL) ## what is usual in news, and frames off climate: needs two corpora that you download into ../news (see presslab/validation/news.py)
	$(BIN)/python -m presslab.validation.usual ../shared ../news
	$(BIN)/python -m presslab.validation.frames_other ../shared ../news
	$(BIN)/python -m presslab.validation.frames_weights ../shared ../news
	$(BIN)/python -m presslab.validation.frame_words ../shared ../news

simulate: $(ALL) ## do the intervals of estimates hold the truth as often as they say? 1,000 studies each, five minutes
	$(BIN)/python -m presslab.validation.estimates FIGURES.md README.md

bench: $(ALL) ## what a report costs by every way there is, as a table; more: python tests/bench/bench.py --help
	$(BIN)/python tests/bench/bench.py

gallery: $(ALL) ## the pictures of the README, from seeds/
	@sh .ci/browser
	$(BIN)/python tests/gallery.py

lab: $(READY) ## JupyterLab on explore.ipynb, the other notebooks beside it
	$(BIN)/jupyter lab notebooks/explore.ipynb

lock: ## pin and hash all dependencies again, for every Python and system that presslab runs on
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install -qq uv
	$(VENV)/lock/bin/uv pip compile $(LOCKED) --upgrade --all-extras --output-file requirements-all.lock pyproject.toml
	cp requirements-all.lock requirements.lock
	$(VENV)/lock/bin/uv pip compile $(LOCKED) --output-file requirements.lock pyproject.toml

clean: ## take away what was generated: the run in reports/ (what was changed or added there is kept) and .venv
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m presslab.runs.folder reports; fi
	rm -rf $(VENV)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "presslab needs Python 3.11 or newer; try make PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing presslab into $(VENV): about 1 GB, a minute or two …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation --no-deps -e .
	@$(COMPILE)
	@touch $@

$(ALL): $(READY) requirements-all.lock
	@echo "Installing what tests, estimates and clusters need as well: 0.6 GB more …"
	@$(PIP) --require-hashes -r requirements-all.lock
	@$(COMPILE)
	@touch $@
