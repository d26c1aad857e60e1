# Tisserand. `make` says what there is; every target works in a fresh clone.
.DEFAULT_GOAL := help
.PHONY: help setup servers reference demo test test-here test-unit test-qgis test-gui test-oracles test-package test-matrix lint package bench screenshots translations clean

DEPARTEMENT ?= 92
REFERENCE = build/reference/communes.gpkg
TRANSLATION = i18n/tisserand_fr.qm

# qtchooser's lrelease or, where there is none, Qt's own.
export PATH := $(PATH):/usr/lib/qt5/bin:/usr/lib/qt6/bin
# In a virtual environment pyproj may not find the system's grids and definitions. Asked anew for each recipe: setup may
# just have installed them.
export PROJ_DATA = $(shell test -f /usr/share/proj/proj.db && echo /usr/share/proj)

help:
	@echo "make demo [DEPARTEMENT=92]  construit un territoire d'exemple et son guide dans build/demo/"
	@echo "make test                   tous les essais ; aussi test-unit, test-qgis, test-gui, test-oracles"
	@echo "make test-package           installe le zip dans un profil neuf et s'en sert"
	@echo "make test-matrix            les essais sur QGIS 3.40 et 3.44, dans un dossier Debian (root)"
	@echo "make lint                   forme du code, et l'examen que passe une extension sur plugins.qgis.org"
	@echo "make package                dist/tisserand.zip, à installer depuis QGIS"
	@echo "make bench                  durées de calcul"
	@echo "make screenshots            images du README"
	@echo "make translations           relève les textes du code à traduire dans i18n/"
	@echo "make setup, make reference  installe ce qui manque ; construit le fichier national des communes"
	@echo "make clean                  efface build/ et dist/"

setup:
	@scripts/setup.sh

# What the tests start on loopback and stop again.
servers: setup
	@scripts/setup.sh servers

$(REFERENCE): scripts/reference.py scripts/requirements/reference.txt $(wildcard layers/decoupage/*.csv) | setup
	@echo "Fichier national des communes…"
	@.venv/bin/python scripts/reference.py

reference: $(REFERENCE)

$(TRANSLATION): i18n/tisserand_fr.ts | setup
	@lrelease -silent $< -qm $@

demo: setup $(REFERENCE) $(TRANSLATION)
	@QT_QPA_PLATFORM=offscreen .venv/bin/python scripts/demo.py $(DEPARTEMENT)

# Each environment stands apart from QGIS: pip may bring what it likes into it.
build/oracles/ready: tests/oracles/requirements.txt
	@scripts/environment.sh build/oracles $<

build/addok/ready: scripts/requirements/addok.txt
	@scripts/environment.sh build/addok $<

build/checkers/ready: scripts/requirements/checkers.txt
	@scripts/environment.sh build/checkers $<

build/scanners/ready: scripts/requirements/scanners.txt
	@scripts/environment.sh build/scanners $<

test: setup servers $(REFERENCE) $(TRANSLATION) build/oracles/ready build/addok/ready build/checkers/ready
	@scripts/test.sh unit oracles qgis gui

# What a QGIS of another version has to pass; the oracles do not depend on it.
test-here: setup $(REFERENCE) $(TRANSLATION)
	@scripts/test.sh unit qgis gui

test-unit: setup $(REFERENCE)
	@scripts/test.sh unit

test-qgis: setup servers $(REFERENCE) $(TRANSLATION) build/addok/ready build/checkers/ready
	@scripts/test.sh qgis

test-gui: setup $(REFERENCE) $(TRANSLATION)
	@scripts/test.sh gui

test-oracles: setup build/oracles/ready
	@scripts/test.sh oracles

test-package: package
	@scripts/test.sh package

test-matrix:
	@scripts/matrix.sh trixie
	@scripts/matrix.sh forky || [ $$? = 3 ]

lint: package build/scanners/ready
	@scripts/lint.sh

package: setup $(REFERENCE)
	@.venv/bin/python scripts/package.py

bench: setup $(REFERENCE) build/oracles/ready
	@set -e; for script in $(filter-out %/measure.py,$(wildcard scripts/bench/*.py)); do nice build/oracles/bin/python $$script; done
	@set -e; for script in $(wildcard scripts/bench/qgis/*.py); do QT_QPA_PLATFORM=offscreen nice .venv/bin/python $$script; done
	@QT_QPA_PLATFORM=offscreen nice .venv/bin/python scripts/bench_store.py

screenshots: setup $(REFERENCE) $(TRANSLATION)
	@scripts/screenshots.sh

translations: build/scanners/ready
	@scripts/translate.sh

clean:
	rm -rf build dist $(TRANSLATION)
