# Everything that is done with this repository. `make` alone says what there is.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# Maven runs on the JDK that it builds for. Looked for once, and only by the targets that need it.
java_home = $(eval java_home := $$(shell hack/find-jdk.sh))$(java_home)
maven = JAVA_HOME='$(java_home)' ./mvnw --quiet --batch-mode --no-transfer-progress

# Folders too: theirs is the time at which a file went away.
sources := pom.xml $(shell find src/main crds -type f -o -type d)

.PHONY: help build demo lab lab-up lab-down image test fmt bench bench-operator clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 24

build: target/aot.stamp ## build bin/bellman, with a cache that lets it start fast

# Its last part, the lab, is told only where it can be; the demo says so where not.
demo: build ## show what Bellman does on the examples
	@[ "$$(id -u)" -ne 0 ] || hack/node-tools.sh || true
	@hack/demo.sh

# What the machine lacks is said before anything is built.
lab: ## tell the story of the lab: real BIRD, real rules, real packets (root)
	@hack/node-tools.sh
	@hack/lab.sh check
	@$(MAKE) --silent build
	@hack/lab.sh story

lab-up: ## build the lab and leave it running (root); API=1: with a kube-apiserver and the operator
	@hack/node-tools.sh
	@hack/lab.sh check
	@$(MAKE) --silent build
	@hack/lab.sh up --step 2 $(if $(API),--api)

lab-down: ## remove the lab
	@hack/lab.sh down

image: build ## build the images of the operator and the agent (buildah, podman or docker)
	@hack/image.sh

test: ## run every check there is; CI runs just this
	@hack/node-tools.sh --tests
	@hack/test-env.sh
	@$(maven) verify

fmt: ## format the Java sources
	@$(maven) spotless:apply

bench: build ## measure, and compare with the real peers
	@hack/bench.sh

bench-operator: build ## measure the operator with 10,000 services; the first run takes minutes more
	@python3 hack/bench/operator.py

clean: ## remove what was built
	@rm -rf target

# The launcher reads the JDK from a file, since finding one takes longer than starting it.
target/build.stamp: $(sources) hack/CommandsJar.java
	@test -n '$(java_home)' || { echo 'make: no JDK 25 found; set JAVA_HOME to one' >&2; exit 2; }
	@echo 'building bin/bellman ...'
	@$(maven) package -DskipTests
	@echo '$(java_home)' >target/java-home
	@touch $@

target/aot.stamp: target/build.stamp hack/aot-cache.sh hack/ModernClasses.java
	@echo 'writing the start-up cache ...'
	@hack/aot-cache.sh
	@touch $@
