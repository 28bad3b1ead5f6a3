# Siderostat: `make run` shows an analysis from end to end, `make test` runs the tests, `make check` is the gate.

# a distribution builds its Python with what it has learned from running it, a version manager mostly not: a fifth slower
PYTHON ?= $(shell for python in $(DISTRIBUTED) python3; do "$$python" -c $(SUITS) 2> /dev/null && break; done; echo "$$python")
DISTRIBUTED := /usr/bin/python3
SUITS := 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
PORT   ?= 8000
FITTER := examples/sn_fitter
PAGES  := chalicelib/pages/built/index.html
SCHEMA := web/src/api/schema.d.ts
NPM     = PATH="$(CURDIR)/.venv/bin:$$PATH" npm_config_cache="$(CURDIR)/build/caches/npm" npm --prefix web
KIT    := kit
TYPER  := examples/spectral_type
UV     := 0.13.9
TESTS  ?= tests --ignore=tests/faults --ignore=tests/deep --ignore=tests/browser
RUNS   ?= 2000
WAIT   ?= 60
JUNIT  ?= build/check-service.xml
STAGE  ?= dev
ARCHITECTURE ?= x86_64
# what a deployment is told: REGION=, DOMAIN=, CERTIFICATE=, PARAMETERS="Name=Value …", SERVICE= and YES=1 are optional
SITE     = --stage "$(STAGE)" $(if $(REGION),--region "$(REGION)") $(if $(DOMAIN),--domain "$(DOMAIN)") \
  $(if $(CERTIFICATE),--certificate "$(CERTIFICATE)") $(foreach pair,$(PARAMETERS),--parameter "$(pair)") \
  $(if $(SERVICE),--service "$(SERVICE)") $(if $(filter-out 0,$(YES)),--yes)
# a policy can be seen to allow too much only if every test has run
WHOLE   = $(if $(filter file,$(origin TESTS)),--whole-suite)

# compiled modules are kept: every process of the stack, and every test run, begins with them
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: audit check-service docs help run test check check-deep redrive soak bench lint lint-web lock format package deploy destroy cost clean schema screenshots web

help:
	@echo "make run      start everything, fit a supernova, serve on port $(PORT) until Ctrl-C (ONCE=1: end after the fit; DATA=DIR: keep everything there)"
	@echo "make run DEMO=many  the same, with a few dozen real objects and their analyses"
	@echo "make test     run the tests, but for the long ones"
	@echo "make check    format, lint, types, import rules, templates and all tests"
	@echo "make check-deep  the long tests: crashes at every step, faulty AWS, concurrency on DynamoDB Local, schemathesis"
	@echo "make soak     send $(RUNS) runs through the local stack, a tenth of them to a service that misbehaves (RUNS=…)"
	@echo "make bench    print what each operation costs: AWS calls, capacity, relative times"
	@echo "make audit    ask the network about known vulnerabilities of the pinned versions"
	@echo "make format   format the code"
	@echo "make lock     write the lock files anew, after a change of requirements or constraints"
	@echo "make check-service URL=…  play the portal for an analysis service, and say what is right (WAIT=s, JUNIT=file)"
	@echo "make docs     check links and snippets of the documentation and build it (build/site)"
	@echo "make redrive  try again what was given up (ARGS=--list shows it)"
	@echo "make web      build the pages; make schema writes the types anew that they take from the API's description"
	@echo "make screenshots  draw every page, light and dark, into docs/pictures"
	@echo "make deploy   put it into an AWS account: STAGE=… REGION=… (docs/deploy.md); make destroy removes it, but for its data"
	@echo "make cost     say what it costs on AWS"
	@echo "make package  build what a deployment uploads (STAGE=$(STAGE) ARCHITECTURE=x86_64, or arm64)"

run: .venv/.installed $(FITTER)/.venv/.installed $(if $(filter many,$(DEMO)),$(KIT)/.venv/.installed) web
	@exec .venv/bin/python -m infra.local serve --port $(PORT) --demo=$(or $(DEMO),one) $(if $(filter-out 0,$(ONCE)),--once) $(if $(DATA),--data "$(DATA)")

test: .venv/.installed $(FITTER)/.venv/.installed $(KIT)/.venv/.installed
	@.venv/bin/pytest -n auto --dist worksteal -p no:schemathesis $(WHOLE) $(TESTS)

check: lint test

# DynamoDB Local, and the soaks, run in one process each; the world of the faults also in a folder; schemathesis apart, for grouping would keep one of its tests.
check-deep: .venv/.installed $(FITTER)/.venv/.installed $(KIT)/.venv/.installed web
	@.ci/packages
	@.venv/bin/pytest -n auto --dist loadgroup tests/faults
	@STORE=folder .venv/bin/pytest -n auto tests/faults tests/infra/test_forgetful.py
	@.venv/bin/pytest -n auto tests/deep
	@.venv/bin/pytest tests/browser

soak: .venv/.installed
	@.venv/bin/python -m benchmarks.soak --runs $(RUNS)

bench: .venv/.installed
	@.venv/bin/python -m benchmarks.stack_rows
	@.venv/bin/python -m benchmarks.growth
	@.venv/bin/python -m benchmarks.first_answer
	@.venv/bin/python -m benchmarks

lint: .venv/.installed $(FITTER)/.venv/.installed lint-web
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/cfn-lint infra/resources.yaml
	@.venv/bin/bandit --quiet --recursive --configfile pyproject.toml app.py chalicelib infra
	@.venv/bin/pip check --quiet
	@.venv/bin/python -m infra.advisories

# types, units, and whether the types taken from the API's description are those of the API as it is
lint-web: web/node_modules/.installed
	@$(NPM) run --silent types
	@said=$$($(NPM) run --silent test 2>&1) || { echo "$$said"; exit 1; }
	@$(call describe,web/node_modules/.schema.d.ts)
	@cmp -s web/node_modules/.schema.d.ts $(SCHEMA) || { echo "$(SCHEMA) is not what the API says of itself: make schema" >&2; exit 1; }

# in an environment of its own, for it asks about every pinned package over the network
audit:
	@$(call new_environment,build/audit)
	@build/audit/bin/pip install -qq --disable-pip-version-check pip-audit==2.10.1
	@build/audit/bin/pip-audit --disable-pip --no-deps --requirement constraints.txt

format: .venv/.installed
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix --quiet .

check-service: .venv/.installed
	@test -n "$(URL)" || { echo "Name the service: make check-service URL=http://127.0.0.1:6902/analysis" >&2; exit 2; }
	@.venv/bin/python -m infra.check_service "$(URL)" --wait $(WAIT) --junit "$(JUNIT)" $(ARGS)

docs: .venv/.installed build/mkdocs/.installed
	@.venv/bin/python -m infra.documentation build/site-source
	@NO_MKDOCS_2_WARNING=1 build/mkdocs/bin/mkdocs build --quiet --strict --config-file build/site-source/mkdocs.yml --site-dir "$(CURDIR)/build/site"
	@echo "build/site/index.html"

build/mkdocs/.installed: infra/documentation/requirements.lock
	@$(call new_environment,build/mkdocs)
	@echo "Installing what the documentation is built with."
	@$(call install,build/mkdocs,-r $<)
	@touch $@

redrive: .venv/.installed
	@.venv/bin/python -m infra.redrive $(ARGS)

package: .venv/.installed web
	@.venv/bin/python -m infra.package --stage "$(STAGE)" --architecture "$(ARCHITECTURE)"

deploy: .venv/.installed web
	@.venv/bin/python -m infra.deploy deploy $(SITE) --architecture "$(ARCHITECTURE)"

destroy: .venv/.installed
	@.venv/bin/python -m infra.deploy destroy $(SITE)

cost: .venv/.installed
	@.venv/bin/python -m benchmarks.cost

web: $(PAGES)

$(PAGES): web/node_modules/.installed $(shell find web -path web/node_modules -prune -o -type f -print)
	@$(NPM) run --silent build -- --logLevel warn

web/node_modules/.installed: .venv/.installed web/package-lock.json
	@echo "Installing what the pages are built with."
	@$(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

schema: web/node_modules/.installed
	@$(call describe,$(SCHEMA))

screenshots: .venv/.installed web
	@.ci/packages
	@.venv/bin/python -m tests.browser.screenshots docs/pictures

clean:
	@rm -rf build demo-output chalicelib/pages/built web/node_modules .venv $(FITTER)/.venv $(KIT)/.venv

# What is installed stands in lock files, with the hashes of all that it draws in: `make lock` writes them anew.
.venv/.installed: requirements-dev.lock
	@$(call new_environment,.venv)
	@echo "Installing what Siderostat and its tests need."
	@$(call install,.venv,-r $<)
	@touch $@

$(FITTER)/.venv/.installed: $(FITTER)/requirements.lock $(FITTER)/requirements-models.lock
	@$(call new_environment,$(FITTER)/.venv)
	@echo "Installing what the supernova fitter needs."
	@$(call install,$(FITTER)/.venv,-r $<)
	@$(call install,$(FITTER)/.venv,--no-deps -r $(FITTER)/requirements-models.lock)
	@touch $@

$(KIT)/.venv/.installed: $(KIT)/requirements.lock $(TYPER)/requirements-templates.txt
	@$(call new_environment,$(KIT)/.venv)
	@echo "Installing the kit for services, and what its examples need."
	@$(call install,$(KIT)/.venv,-r $<)
	@$(KIT)/.venv/bin/pip download -qq --disable-pip-version-check --no-deps --only-binary :all: --platform manylinux2014_x86_64 \
		--python-version 3.11 --implementation cp --abi cp311 --require-hashes -r $(TYPER)/requirements-templates.txt -d $(TYPER)/wheels
	@touch $@

lock: .venv/.installed
	@$(call compile,infra/documentation/requirements.txt,infra/documentation/requirements.lock)
	@$(call compile,$(KIT)/requirements.txt,$(KIT)/requirements.lock)
	@$(call compile,requirements-dev.txt,requirements-dev.lock)
	@$(call compile,$(FITTER)/requirements.txt,$(FITTER)/requirements.lock)
	@$(call compile,--no-deps $(FITTER)/requirements-models.txt,$(FITTER)/requirements-models.lock)

# uv does it in a tenth of the time; where it cannot be had, or knows no way to the packages, pip does it
define install
{ $(1)/bin/pip install -qq --disable-pip-version-check uv==$(UV) && \
$(1)/bin/uv pip install --quiet --no-config --python $(1)/bin/python --require-hashes $(2); } 2> /dev/null || \
{ echo "With pip, which takes a few minutes."; $(1)/bin/pip install -qq --disable-pip-version-check --require-hashes $(2); }
endef

define describe
.venv/bin/python -m infra.openapi > web/node_modules/.openapi.json && \
$(NPM) run --silent schema -- node_modules/.openapi.json --output ../$(1) > /dev/null
endef

define compile
.venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
--constraint constraints.txt $(1) --output-file $(2)
endef

define new_environment
command -v "$(PYTHON)" > /dev/null || { echo "Python is missing: install Python 3.11 or newer, or name it with PYTHON=…" >&2; exit 1; }; \
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, and $(PYTHON) is older: name another with PYTHON=…" >&2; exit 1; }; \
test -x $(1)/bin/pip || "$(PYTHON)" -m venv $(1) || { echo "Python's venv module is missing: install it (Debian, Ubuntu: python3-venv)." >&2; exit 1; }
endef
