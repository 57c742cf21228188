"""Where the control socket is: both ends find the same one, and no two daemons share it."""

from pathlib import Path

from alertd.web.places import own_place, places


def test_a_service_listens_in_the_folder_that_was_made_for_it(tmp_path: Path):
    environment = {"RUNTIME_DIRECTORY": f"{tmp_path}/alertd:{tmp_path}/other"}
    assert own_place(Path("config.yaml"), environment) == tmp_path / "alertd" / "alertd.sock"


def test_the_service_is_looked_for_by_whoever_has_its_configuration(tmp_path: Path):
    environment = {"RUNTIME_DIRECTORY": str(tmp_path / "alertd-spot")}
    own = own_place(Path("config.yaml"), environment)
    own.parent.mkdir()
    own.touch()
    assert own in places(Path("config.yaml"), {}, services=tmp_path)


def test_a_users_daemon_is_looked_for_in_the_users_own_folder_first(tmp_path: Path):
    environment = {"XDG_RUNTIME_DIR": str(tmp_path)}
    config = tmp_path / "config.yaml"
    assert own_place(config, environment).parent == tmp_path / "alertd"
    assert own_place(config, environment) == places(config, environment)[0]


def test_without_such_a_folder_it_is_beside_the_configuration(tmp_path: Path):
    config = tmp_path / "config.yaml"
    assert own_place(config, {}).parent == tmp_path / "state" / "run"


def test_it_is_found_too_by_who_has_such_a_folder_when_the_daemon_has_none(tmp_path: Path):
    config = tmp_path / "config.yaml"
    assert own_place(config, {}) in places(config, {"XDG_RUNTIME_DIR": "/run/user/1000"})


def test_two_configurations_in_a_folder_have_two_sockets(tmp_path: Path):
    assert own_place(tmp_path / "a.yaml", {}) != own_place(tmp_path / "b.yaml", {})


def test_two_configurations_of_a_name_have_two_sockets(tmp_path: Path):
    environment = {"XDG_RUNTIME_DIR": str(tmp_path)}
    one, two = tmp_path / "one" / "config.yaml", tmp_path / "two" / "config.yaml"
    assert own_place(one, environment) != own_place(two, environment)


def test_a_configuration_has_one_socket_by_whatever_path_it_is_named(tmp_path: Path, monkeypatch):
    (tmp_path / "link.yaml").symlink_to(tmp_path / "config.yaml")
    monkeypatch.chdir(tmp_path)
    own = own_place(tmp_path / "config.yaml", {})
    assert own_place(Path("config.yaml"), {}) == own
    assert own_place(Path("link.yaml"), {}) == own
