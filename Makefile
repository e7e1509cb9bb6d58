# Thin calls of scalr and of scripts/, without logic. `make` lists the targets.
#
# SCALR  the binary to call, built when needed; or an installed one: make ps SCALR=scalr
# ARGS   more arguments, as shell words:                          make validate ARGS='--format json'

SCALR ?= cargo run --release --locked $(if $(wildcard target/release/scalr),--quiet) --
ARGS  ?=

.DEFAULT_GOAL := help
.PHONY: help up down down-v ps new-app validate test api-types docs bench fuzz deny install

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

up: ## Start every registered subproject
	@$(SCALR) up $(ARGS)

down: ## Stop them all; data and sign-in stay
	@$(SCALR) down $(ARGS)

down-v: ## Stop them all and delete their databases
	@$(SCALR) down --volumes $(ARGS)

ps: ## Show what runs, and where
	@$(SCALR) ps $(ARGS)

# Arguments reach scalr byte for byte: $(value …) keeps make from expanding them, and the environment keeps
# the shell from reading them. Only variables of the command line count, since WSL sets NAME in the environment.
new_app_inputs := NAME SLUG KIND DESCRIPTION
export NEW_APP_NAME := $(value NAME)
export NEW_APP_SLUG := $(value SLUG)
export NEW_APP_KIND := $(value KIND)
export NEW_APP_DESCRIPTION := $(value DESCRIPTION)
unexport $(new_app_inputs)
new_app_flag = $(if $(filter command,$(origin $(1))),--$(2)="$$NEW_APP_$(1)")

new-app: ## Create an app: asks, or takes NAME=… SLUG=… KIND=product|client|internal|platform DESCRIPTION=…
	@$(SCALR) new-app $(call new_app_flag,NAME,name) $(call new_app_flag,SLUG,slug) \
	  $(call new_app_flag,KIND,kind) $(call new_app_flag,DESCRIPTION,description) $(ARGS)

validate: ## Check every manifest of the repository
	@$(SCALR) validate $(ARGS)

test: ## Run every check; only what changed: ARGS=--changed; one stage: ARGS=STAGE
	@scripts/test $(ARGS)

api-types: ## Write TypeScript types of every app's API, from its backend
	@scripts/api-types $(ARGS)

docs: ## Build the documentation site into target/site
	@scripts/test docs
	@echo "target/site/index.html"

bench: ## Measure scalr against its peers
	benches/compare $(ARGS)

fuzz: ## Fuzz each target for a minute, or: FUZZ_SECONDS=600 FUZZ_TARGETS='manifest answers'
	@scripts/fuzz

deny: ## Check licences, sources and advisories of the dependencies (installs cargo-deny once)
	@scripts/deny

install: ## Install scalr for this user
	cargo install --path . --locked
