# make app    serve the page on http://localhost:8501
# make test   lint, types and every test
# make lock   make requirements.txt anew from pyproject.toml

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# The first Python of a version that all dependencies have wheels for.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)

.PHONY: app test check browser screenshots bench lock clean

app: $(INSTALLED)
	$(BIN)/python -m streamlit run app.py

test: check browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

browser: $(INSTALLED)
	$(BIN)/python scripts/browser.py

screenshots: browser
	$(BIN)/python scripts/screenshots.py docs/images

bench: browser
	$(BIN)/python benchmarks/speed.py

lock: $(INSTALLED)
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.txt

$(INSTALLED): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "digitrec needs Python 3.11, 3.12 or 3.13: install one of them, or name it: make app PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@# uv, pinned and hashed as all the rest, installs in seconds what takes pip minutes. It does
	@# not read pip's settings: where it finds no index, pip does.
	awk '/^uv==/ { own = 1 } own; own && !/\\$$/ { exit }' requirements.txt >$(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	$(BIN)/uv --no-config pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.txt || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)

clean:
	rm -rf $(VENV) build dist *.egg-info
