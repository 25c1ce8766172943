# Two commands: `make demo` to see the program, `make test` to test it. `make help` lists the rest.

PY ?= python3
PORT ?= 8000
DATA_DIR ?= var
CHROMIUM ?=
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin

# Compiled modules make every start after the first one several times faster.
export PYTHONDONTWRITEBYTECODE :=
export PY CHROMIUM

CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po */locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
STATIC := $(shell find static */static 2>/dev/null)

# The tests and the linters see nothing of the developer's own settings, in the environment or in .env.
CLEAN := env -u DEBUG -u DEMO -u SECRET_KEY -u ALLOWED_HOSTS -u DATA_DIR -u EMAIL_URL -u MAIL_FROM -u BASE_URL \
	-u CSRF_TRUSTED_ORIGINS -u LOG_JSON -u PROXIES -u HTTPS_REDIRECT -u HSTS_SECONDS -u DATABASE_POOL \
	-u DJANGO_SETTINGS_MODULE DATABASE_URL=
PYTEST = CHROMIUM="$$(tools/system_packages.sh browser)" $(BIN)/pytest -n 2 --dist worksteal $(ARGS)
DEMO_ENV := DEMO=1 DATA_DIR="$(abspath $(DATA_DIR))" BASE_URL=http://127.0.0.1:$(PORT)
# Browsers open connections they do not use yet; without a proxy in front each of them holds a worker or a thread.
DEMO_SERVER := --workers 1 --threads 16 --timeout 60 --log-level warning --no-control-socket

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-pg bench bench-pdf lint format lock messages compile env clean \
	port system-run system-test system-postgres

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- The two commands ---------------------------------------------------------------------------

demo: port $(VENV)/.run $(COMPILED) ## Run the program with demo data at 127.0.0.1 (PORT=8000, DATA_DIR=var)
	@mkdir -p "$(DATA_DIR)"
	@test -e .env || printf '%s\n' '# Written by make demo, so that manage.py sees the same data. Remove it before real use.' 'DEMO=1' >.env
	@$(DEMO_ENV) $(BIN)/python manage.py migrate -v 0
	@$(DEMO_ENV) $(BIN)/python manage.py demo
	@$(MAKE) -s --no-print-directory "$(DATA_DIR)/.static"
	@printf '\n  %s\n\n' 'http://127.0.0.1:$(PORT)'
	@printf '  %-24s %s\n' \
		ingrid@lindvik.example 'project leader' \
		gro@lindvik.example 'manager, and owner of the project' \
		kari@lindvik.example 'administrator' \
		ola@lindvik.example 'member of the project' \
		turid@lindvik.example 'owner of benefits in the line' \
		lise@lindvik.example 'reader' \
		nils@nabovik.example 'another municipality'
	@printf '\n  Password for all of them: innovasjon\n  What you type in is kept in %s. Ctrl-C stops the program.\n\n' '$(DATA_DIR)/'
	@env $(DEMO_ENV) $(BIN)/python manage.py worker --no-reload -v 0 & worker=$$!; \
	env $(DEMO_ENV) $(BIN)/gunicorn innovasjon.wsgi --bind 127.0.0.1:$(PORT) $(DEMO_SERVER) & server=$$!; \
	trap 'kill $$server $$worker 2>/dev/null; wait; exit 0' INT TERM; \
	wait $$server; status=$$?; kill $$worker 2>/dev/null; exit $$status

test: system-test $(VENV)/.dev $(COMPILED) ## Run all tests on SQLite (ARGS="-k gate" for some of them)
	@$(CLEAN) $(PYTEST)

# --- For developers -----------------------------------------------------------------------------

test-pg: system-postgres $(VENV)/.dev $(COMPILED) ## Run all tests on a PostgreSQL made for the occasion
	@$(CLEAN) $(BIN)/python tools/with_postgres.py -- env $(PYTEST)

bench: $(VENV)/.run $(COMPILED) ## Measure our heaviest pages beside bare Django pages of the same rows
	@$(CLEAN) $(BIN)/python tools/bench.py

lint: $(VENV)/.dev $(COMPILED) | system-run ## Check style, templates, migrations and production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@find templates */templates -name '*.html' -print0 2>/dev/null | xargs -0 -r $(BIN)/djade --check --target-version 5.2
	@$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

# A production that exists for one command: a secret of its own, and a database in memory.
PRODUCTION = $(CLEAN) DEBUG=0 DEMO=0 ALLOWED_HOSTS=innovasjon.example BASE_URL=https://innovasjon.example \
	DATABASE_URL=sqlite://:memory: SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')"

format: $(VENV)/.dev ## Put code and templates into their standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@find templates */templates -name '*.html' -print0 2>/dev/null | xargs -0 -r $(BIN)/djade --target-version 5.2

env: $(VENV)/.dev $(COMPILED) ## Make the virtual environment with everything for development

bench-pdf: $(VENV)/.run $(COMPILED) ## Measure what documents cost beside a bare WeasyPrint (two minutes)
	@$(CLEAN) $(BIN)/python tools/bench_pdf.py

compile: $(COMPILED) ## Compile the catalogues of texts

messages: $(VENV)/.dev ## Collect the texts of the program into the catalogue
	DEMO=1 $(BIN)/python manage.py makemessages -l nb --no-obsolete --add-location file \
		--ignore '$(VENV)' --ignore var --ignore tests --ignore static

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

lock: $(VENV)/.run ## Lock what pyproject.toml allows (ARGS=--upgrade for the newest versions)
	$(BIN)/$(LOCK) $(ARGS) pyproject.toml -o requirements.txt
	$(BIN)/$(LOCK) $(ARGS) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(BIN)/$(LOCK) $(ARGS) tools/uv.in -o tools/uv.txt

clean: ## Remove what make has made, but not the data in var/
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis test-results
	rm -f $(COMPILED)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Pieces -------------------------------------------------------------------------------------

port:
	@$(PY) -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' $(PORT) 2>/dev/null \
		|| { echo "Port $(PORT) cannot be used: perhaps the demo is running already. Stop it, or choose another: make demo PORT=8001" >&2; exit 1; }

system-run system-test system-postgres: system-%:
	@tools/system_packages.sh $*

$(VENV)/.uv: tools/uv.txt | system-run
	@$(BIN)/python -c 'import pip' 2>/dev/null || $(PY) -m venv --clear $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

INSTALL = VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --require-hashes -r $< && touch $@

$(VENV)/.run: requirements.txt $(VENV)/.uv
	@echo "Installing what the program needs …"
	@$(INSTALL)
	@$(BIN)/python -c 'import weasyprint' || { rm -f $@; echo "WeasyPrint does not start: Pango or HarfBuzz is missing on this system." >&2; exit 1; }

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing what the tests need …"
	@$(INSTALL)

%.mo: %.po | system-run
	@msgfmt --check-format -o $@ $<

# Collected again when a file of ours, a package or the settings have changed.
$(DATA_DIR)/.static: $(STATIC) requirements.txt innovasjon/settings.py
	@$(DEMO_ENV) $(BIN)/python manage.py collectstatic --noinput --clear -v 0
	@touch $@
