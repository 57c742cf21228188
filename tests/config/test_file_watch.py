"""When the files behind a configuration look other than they were when they were read."""

import time
from pathlib import Path

import attrs
import pytest

from alertd.config.file_watch import FileWatch
from alertd.config.mistakes import Mistake, Place
from alertd.config.model import Config
from tests.config.files import HEAD, RULE, Folder

CONFIG = HEAD + "rules: [rules/*.yaml]\n"
RULES = f"rules: {{up: {RULE}}}\n"


def changed_at_ns(file: Path) -> int:
    return file.stat().st_ctime_ns


@pytest.fixture
def config(folder: Folder) -> Config:
    folder.write("rules/one.yaml", RULES)
    return folder.load(CONFIG)


@pytest.fixture
def watch(config: Config) -> FileWatch:
    """Watches files that were read after they had been written."""
    written_at_ns = max(map(changed_at_ns, config.files))
    return FileWatch.of(attrs.evolve(config, read_at_ns=written_at_ns + 1))


def has_changed(watch: FileWatch) -> bool:
    return watch.has_changed(watch.look())


def test_files_that_nobody_touches_have_not_changed(watch: FileWatch):
    assert not has_changed(watch)


def test_a_file_that_is_written_in_place_has_changed(folder: Folder, watch: FileWatch):
    folder.write("rules/one.yaml", RULES + "# more\n")
    assert has_changed(watch)


def test_a_file_that_another_takes_the_place_of_has_changed(folder: Folder, watch: FileWatch):
    folder.write("new", RULES).replace(folder.path / "rules/one.yaml")
    assert has_changed(watch)


def test_a_new_file_that_matches_counts(folder: Folder, watch: FileWatch):
    folder.write("rules/two.yaml", RULES)
    assert has_changed(watch)


@pytest.mark.parametrize("name", ["rules/one.test.yaml", "rules/.one.yaml.swp", "notes.yaml"])
def test_a_new_file_that_is_none_of_rules_does_not(folder: Folder, watch: FileWatch, name: str):
    folder.write(name, RULES)
    assert not has_changed(watch)


def test_a_file_that_is_gone_counts(folder: Folder, watch: FileWatch):
    (folder.path / "rules/one.yaml").unlink()
    assert has_changed(watch)


def test_a_file_that_was_written_while_it_was_read_counts(folder: Folder, config: Config):
    read_at_ns = changed_at_ns(folder.path / "rules/one.yaml")
    assert has_changed(FileWatch.of(attrs.evolve(config, read_at_ns=read_at_ns)))


@pytest.mark.parametrize("name", ["rules/one.yaml", "more/only-a-mistake-names-it.yaml"])
def test_what_was_refused_is_not_read_again_until_it_changes(
    folder: Folder, watch: FileWatch, name: str
):
    broken = folder.write(name, "rules: {")
    mistakes = [Mistake(Place(str(broken), 1, 9), "never closed")]
    watch.take_refusal(mistakes, read_at_ns=changed_at_ns(broken) + 1)
    assert not has_changed(watch)
    folder.write(name, RULES)
    assert has_changed(watch)


def test_a_file_that_a_mistake_misses_is_waited_for(folder: Folder, watch: FileWatch):
    missing = folder.path / "more/three.yaml"
    watch.take_refusal([Mistake(Place(str(missing)), "no such file")], read_at_ns=time.time_ns())
    assert not has_changed(watch)
    folder.write("more/three.yaml", RULES)
    assert has_changed(watch)
