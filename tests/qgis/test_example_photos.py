"""The photos of the example, beside its store and in its guide."""

from datetime import date

import pytest

from tisserand.layers import geopackage, workspace
from tisserand.layers.errors import DiskFullError, FolderMissingError
from tisserand.layers.photos import facts_of, read_upright
from tisserand.layers.reference import BUILT, INSTALLED

pytestmark = pytest.mark.skipif(
    not (BUILT.is_file() or INSTALLED.is_file()), reason="needs the national file of communes (make reference)"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = tmp_path_factory.mktemp("exemple") / "92.gpkg"
    workspace.build("92", store, demo=True)
    return store


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_every_photo_lies_beside_the_store_as_its_row_says(store):
    rows = geopackage.read_rows(store, "media")
    assert rows
    assert files(store.parent) == sorted(["92.gpkg", *(f"photos/{row['chemin']}" for row in rows)])
    for row in rows:
        said = facts_of(store, row["chemin"])
        assert said == {name: row[name] for name in ("mime", "sha256", "octets")}
        assert read_upright(store.parent / "photos" / row["chemin"]).width() >= 1000


def test_a_workspace_without_the_example_has_no_photos(tmp_path):
    workspace.build("90", tmp_path / "90.gpkg")
    assert files(tmp_path) == ["90.gpkg"]
    assert geopackage.count_rows(tmp_path / "90.gpkg", "media") == 0


def test_a_second_example_in_the_same_folder_shares_the_photos(store, tmp_path):
    workspace.build("90", tmp_path / "une.gpkg", demo=True)
    first = files(tmp_path)
    workspace.build("92", tmp_path / "deux.gpkg", demo=True)
    assert files(tmp_path) == sorted([*first, "deux.gpkg"])


@pytest.mark.parametrize("octets", [120_000, 500_000], ids=["for the photos", "for the store after the photos"])
def test_a_disk_too_small_is_said_to_be_full_and_keeps_only_what_it_had(small_disk, octets):
    disk = small_disk(octets)
    (disk / "photos").mkdir()
    (disk / "photos" / "mienne.jpg").write_bytes(b"mienne")
    with pytest.raises(DiskFullError):
        workspace.build("90", disk / "90.gpkg", demo=True)
    assert files(disk) == ["photos/mienne.jpg"]


def test_a_disk_too_small_keeps_no_folder_of_photos(small_disk):
    disk = small_disk(120_000)
    with pytest.raises(DiskFullError):
        workspace.build("90", disk / "90.gpkg", demo=True)
    assert list(disk.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FolderMissingError, match="nulle-part"):
        workspace.build("90", tmp_path / "nulle-part" / "90.gpkg", demo=True)
    assert list(tmp_path.iterdir()) == []


def test_monographs_are_printed_with_the_photos_that_may_be_and_the_other_is_named(store):
    from tisserand.guide.reading import read_content

    content = read_content(store, edition="2026", audience="public", level="", printed_on=date(2026, 11, 27))
    rights = {row["chemin"]: row["droit_image"] for row in geopackage.read_rows(store, "media")}
    shown = [monograph.photo for monograph in content.monographs]
    assert len(shown) == 3
    for photo in shown:
        assert rights[photo.path.name] == "sans-personne"
        assert "fictive" in photo.credit
    (withheld,) = [name for name, right in rights.items() if right == "inconnu"]
    assert [warning for warning in content.warnings if withheld in warning]
