# make app       serve the page on http://localhost:8501
# make notebook  open notebooks/handwritten_digits.ipynb in JupyterLab
# make tidy      take outputs out of the notebook, as it is stored without
# make bench     take every figure of speed, and put the tables into README.md
# make test      lint, types and every test
# make audit     ask whether weaknesses of what is pinned are known; fails where nobody can tell
# make sbom      write what is shipped, and what is installed here, as CycloneDX into dist/
# make coverage  how much of the package the tests run
# make mutants   how many small faults in the code the tests notice
# make fuzz      look for files and bodies that break a reader; make fuzz SECONDS=3600 for longer
# make lock      make requirements.txt and deployment/requirements.txt anew from pyproject.toml
# make size      install what the container holds, and print how large it is

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# The first Python of a version that all dependencies have wheels for.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)

.PHONY: app notebook tidy test coverage mutants fuzz check browser screenshots bench size audit sbom \
	lock clean

app: $(INSTALLED)
	$(BIN)/python -m streamlit run app.py

# For this machine alone, and without asking any other for news, updates or extensions;
# .jupyter/labconfig has what cannot be said here.
notebook: $(INSTALLED)
	JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" $(BIN)/python -m jupyterlab \
		notebooks/handwritten_digits.ipynb --ServerApp.root_dir=. --ServerApp.ip=localhost \
		--allow-root --LabApp.news_url=None --LabApp.extension_manager=readonly \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

tidy: $(INSTALLED)
	$(BIN)/python -m jupyter nbconvert --to notebook --inplace --clear-output \
		--ClearMetadataPreprocessor.enabled=True \
		--ClearMetadataPreprocessor.preserve_nb_metadata_mask=kernelspec \
		--ClearMetadataPreprocessor.preserve_cell_metadata_mask=tags \
		notebooks/handwritten_digits.ipynb

test: check browser
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# The same tests, slower: how much of the package they run, line by line and branch by branch.
coverage: check browser
	rm -rf build/coverage && mkdir -p build/coverage
	$(BIN)/coverage run -m pytest -n 3 --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Small faults put into the code, one by one: how many of them the tests notice. Half an hour.
mutants: $(INSTALLED)
	$(BIN)/python scripts/mutants.py

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive digitrec scripts benchmarks \
		deployment fuzzing app.py

browser: $(INSTALLED)
	$(BIN)/python scripts/browser.py

screenshots: browser
	$(BIN)/python scripts/screenshots.py docs/images
	$(BIN)/python scripts/animation.py docs/images
	$(BIN)/python scripts/pictures.py docs/images

bench: browser
	$(BIN)/python -m benchmarks; status=$$?; $(BIN)/python -m benchmarks.readme && exit $$status

# Of each target; TARGETS="pictures canvas" for some of them.
SECONDS ?= 60
fuzz: $(INSTALLED)
	$(BIN)/python fuzzing/run.py --seconds $(SECONDS) $(TARGETS)

size:
	$(PYTHON) deployment/size.py

audit: $(INSTALLED)
	$(BIN)/python scripts/audit.py requirements.txt deployment/requirements.txt

# From the pins, so that it needs no network and is the same everywhere; a list of pins knows no graph
# of dependencies, of which the library would warn.
SBOM := dist
sbom: $(INSTALLED)
	mkdir -p $(SBOM)
	for each in server=deployment/requirements.txt everything=requirements.txt; do \
		$(BIN)/python -W ignore::UserWarning -m cyclonedx_py requirements --pyproject pyproject.toml \
			--output-reproducible --spec-version 1.6 --validate \
			--output-file $(SBOM)/sbom-$${each%%=*}.json $${each#*=} || exit; \
	done

lock: $(INSTALLED)
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.txt
	@# What a server needs, in the same versions.
	$(BIN)/uv pip compile pyproject.toml --extra heic --extra postgres --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		-c requirements.txt -o deployment/requirements.txt

$(INSTALLED): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "digitrec needs Python 3.11, 3.12 or 3.13: install one of them, or name it: make app PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@# uv, pinned and hashed as all the rest, installs in seconds what takes pip minutes. It does
	@# not read pip's settings: where it finds no index, pip does.
	awk '/^uv==/ { own = 1 } own; own && !/\\$$/ { exit }' requirements.txt >$(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	$(BIN)/uv --no-config pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --require-hashes -r requirements.txt || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)

clean:
	rm -rf $(VENV) build dist *.egg-info
