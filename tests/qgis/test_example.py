"""The example that the menu makes in the background."""

import pytest

from tisserand.layers import project
from tisserand.layers.errors import StoreExistsError
from tisserand.layers.reference import BUILT, INSTALLED
from tisserand.qgis_plugin.example import ExampleTask

pytestmark = pytest.mark.skipif(
    not (BUILT.is_file() or INSTALLED.is_file()), reason="needs the national file of communes (make reference)"
)


@pytest.fixture
def task(qgis_app, tmp_path):
    task = ExampleTask(tmp_path)
    task.told = []
    task.made.connect(task.told.append)
    task.failed.connect(task.told.append)
    return task


def test_the_example_is_made_and_its_project_is_told(task, tmp_path):
    succeeded = task.run()
    task.finished(succeeded)
    assert task.told == [str(tmp_path / "hauts-de-seine.qgz")]
    assert project.fault(tmp_path / "hauts-de-seine.qgz") == ""


def test_a_cancelled_example_leaves_nothing_and_tells_nothing(task, tmp_path):
    task.cancel()
    succeeded = task.run()
    task.finished(succeeded)
    assert (succeeded, task.told, list(tmp_path.iterdir())) == (False, [], [])


@pytest.mark.parametrize("name", ["hauts-de-seine.gpkg", "hauts-de-seine.qgz"])
def test_an_example_that_exists_is_left_as_it_is_and_named(task, tmp_path, name):
    (tmp_path / name).write_text("à moi", encoding="utf-8")
    task.finished(task.run())
    (error,) = task.told
    assert isinstance(error, StoreExistsError)
    assert name in str(error)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_plugin_that_leaves_is_told_nothing_any_more(task):
    task.stop()
    task.finished(task.run())
    assert task.told == []
