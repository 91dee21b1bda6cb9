# Offhold: the few commands of a working copy. `make demo` and `make test` need Python 3.11+, make and git, nothing else.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test lint fmt wheel screens bench-client

BIN := .venv/bin

help:            ## these lines
	@sed -n 's/^\([a-z-]*\): .*## /make \1\t/p' Makefile | expand -t 20

setup:           ## install everything into this directory (uv, Python packages, Node where needed) and build the client
	@scripts/bootstrap

demo: setup      ## a demo company with a living network; Ctrl-C stops it, its data stays in var/
	@$(BIN)/offhold demo

demo-reset:      ## forget the demo's data
	@$(BIN)/offhold demo --reset

test: setup      ## all that CI runs: lints, types, contracts, tests of server, client and browser
	@scripts/test

lint: setup      ## the lints alone
	@scripts/lint

fmt: setup       ## format Python and the client
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python scripts/node.py run --silent fmt

wheel: setup     ## dist/offhold-*.whl, the built client inside it
	@scripts/wheel

screens: setup   ## the screenshots in docs/screens, taken of the real thing in Chromium
	@scripts/screens

bench-client: setup ## the browser's figures in Chromium, as JSON: keys, frames, memory, two people
	@scripts/bench_client
