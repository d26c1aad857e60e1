"""dist/tisserand.zip under the rules by which plugins.qgis.org takes or refuses an upload."""

from __future__ import annotations

import configparser
import re
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ZIP = Path(__file__).resolve().parents[2] / "dist" / "tisserand.zip"
REQUIRED_KEYS = {
    "about",
    "author",
    "description",
    "email",
    "name",
    "qgisMinimumVersion",
    "repository",
    "tracker",
    "version",
}


@pytest.fixture(scope="module")
def archive():
    assert ZIP.is_file(), "build it first: make package"
    with zipfile.ZipFile(ZIP) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(archive):
    # With interpolation, as the site reads it: a bare % would be an error here.
    parser = configparser.ConfigParser()
    parser.read_string(archive.read("tisserand/metadata.txt").decode("utf-8"))
    return {key: parser.get("general", key) for key in parser.options("general")}


def test_the_zip_is_small_enough_and_whole(archive):
    assert ZIP.stat().st_size <= 25_000_000
    assert archive.testzip() is None


def test_the_national_file_takes_less_than_12_mb_of_it(archive):
    assert archive.getinfo("tisserand/layers/decoupage/communes.gpkg").compress_size < 12_000_000


def test_the_illustrations_of_the_example_are_in_it_and_light(archive):
    pictures = [entry for entry in archive.infolist() if "layers/demo/illustrations/" in entry.filename]
    assert {PurePosixPath(entry.filename).suffix for entry in pictures} == {".jpg"}
    assert len(pictures) >= 5
    assert sum(entry.compress_size for entry in pictures) < 400_000


def test_everything_stands_in_one_folder_whose_name_is_an_identifier(archive):
    assert {name.split("/")[0] for name in archive.namelist()} == {"tisserand"}


@pytest.mark.parametrize(
    "path",
    [
        "__init__.py",
        "metadata.txt",
        "LICENSE",
        "styles/icon.svg",
        "i18n/tisserand_fr.qm",
        "layers/decoupage/README.md",
        "vendor/pypdf/__init__.py",
        "vendor/segno/__init__.py",
        "vendor/typing_extensions.py",
    ],
)
def test_what_the_plugin_needs_is_in(path, archive):
    assert f"tisserand/{path}" in archive.namelist()


def test_what_users_do_not_need_is_out(archive):
    inner = {PurePosixPath(name).parts[1] for name in archive.namelist()}
    assert inner & {"tests", "scripts", "Makefile", "pyproject.toml", ".ci", ".gitattributes", ".gitignore"} == set()
    assert [name for name in archive.namelist() if name.endswith(".ts")] == []


def test_no_name_in_it_is_one_the_site_refuses(archive):
    refused = re.compile(r"\.\.|\\|\.pyc$|__pycache__|__MACOSX|(^|/)\.git(/|$)")
    assert [name for name in archive.namelist() if refused.search(name)] == []


def test_nothing_compiled_and_nothing_executable_is_in(archive):
    assert [name for name in archive.namelist() if name.endswith((".so", ".pyd", ".dll", ".dylib", ".exe"))] == []
    assert {entry.external_attr >> 16 & 0o777 for entry in archive.infolist()} == {0o644}


def test_each_required_key_of_the_metadata_says_something(metadata):
    assert {key for key in REQUIRED_KEYS if not metadata.get(key.lower(), "").strip()} == set()


def test_the_metadata_speak_french_too(metadata):
    assert metadata["description[fr]"] != metadata["description"]
    assert metadata["about[fr]"] != metadata["about"]


def test_the_metadata_announce_the_versions_of_qgis_as_the_site_wants(metadata):
    assert (metadata["qgisminimumversion"], metadata["qgismaximumversion"]) == ("3.22", "4.99")
    assert "supportsqt6" not in metadata
    assert metadata["hasprocessingprovider"] == "yes"


def test_the_addresses_and_the_author_have_an_accepted_form(metadata):
    assert all(metadata[key].startswith("https://") for key in ("homepage", "repository", "tracker"))
    assert "/" not in metadata["author"]
    assert re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", metadata["email"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", metadata["version"])


def test_the_icon_named_in_the_metadata_is_there(archive, metadata):
    assert f"tisserand/{metadata['icon']}" in archive.namelist()
