# One command for each thing one does here. Everything brings what it needs (see ./farslot and lab/fetch).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.PHONY: help build test unit guests guest fuzz bench demo lint clean

help:
	@echo 'make build            compile and package (./farslot does it by itself when needed)'
	@echo 'make test             everything: units, fuzz (short), black-box, and all guest scenarios beside them'
	@echo 'make unit [MODULE=core/link]      unit and black-box tests, of one module if you like'
	@echo 'make guest NAME=basic [KERNEL=6.1]   one guest scenario (lab/list shows them)'
	@echo 'make guests           all guest scenarios'
	@echo 'make fuzz [ITERATIONS=100000] [ROUNDS=1] [SEED=1]   the fuzzers by chance, longer; a seed replays'
	@echo 'make fuzz TARGET=tlp [SECONDS=60] [KEEP=1]   the fuzzer by coverage; make fuzz TARGET= lists targets'
	@echo 'make bench            ./farslot bench'
	@echo 'make demo             ./farslot demo'
	@echo 'make lint             shellcheck and the formatter, without changing anything'

build:
	@./farslot --build

# Surefire's closing lines stay in the output: whoever reads the log sees how many tests ran.
unit:
	@dev/test/units $(MODULE)

guests:
	@FARSLOT_NO_SKIP=1 lab/run --quiet --lanes 2 --all

test:
	@dev/test/run

guest:
	@test -n '$(NAME)' || { lab/list; exit 2; }
	lab/run --kernel $(or $(KERNEL),6.12) $(NAME)

fuzz:
	@eval "$$(./farslot --environment)"
	if [[ '$(origin TARGET)' == 'command line' ]]; then
	  KEEP='$(KEEP)' exec nice dev/fuzz/run '$(TARGET)' '$(or $(SECONDS),60)'
	fi
	mvn -B -Dfarslot.fuzz.iterations=$(or $(ITERATIONS),100000) -Dfarslot.fuzz.rounds=$(or $(ROUNDS),1) -Dfarslot.fuzz.seed=$(SEED) -Dtest='*Fuzz*,*Conformance*' -Dsurefire.failIfNoSpecifiedTests=false verify

bench:
	@./farslot bench

demo:
	@./farslot demo

lint:
	@shellcheck -x farslot dev/fuzz/run dev/test/{run,units} dev/bench/start-up lab/{boot,compatibility,demo,fetch,image,list,net,run,wireshark-check} .ci/run
	eval "$$(./farslot --environment)"
	mvn -B -q spotless:check

clean:
	@eval "$$(./farslot --environment)"
	mvn -B -q clean
