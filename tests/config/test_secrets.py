from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError, WrongError
from alertd.config.secrets import Secrets
from tests.config.files import RULE, Folder

SECRET = "s3cr3t-t0k3n"


def fill(text: str, **environment: str) -> str:
    return Secrets(environment).fill(text)


def test_a_name_is_filled_in_from_the_environment():
    assert fill("tgram://${TOKEN}/${CHAT}", TOKEN="a:b", CHAT="1") == "tgram://a:b/1"


def test_a_credential_comes_before_the_environment(tmp_path: Path):
    (tmp_path / "TOKEN").write_text("from the credential\n")
    directory = str(tmp_path)
    assert fill("${TOKEN}", CREDENTIALS_DIRECTORY=directory, TOKEN="x") == "from the credential"


def test_without_a_credential_of_that_name_the_environment_counts(tmp_path: Path):
    assert fill("${TOKEN}", CREDENTIALS_DIRECTORY=str(tmp_path), TOKEN="x") == "x"


def test_a_credential_that_cannot_be_read_is_a_mistake(tmp_path: Path):
    (tmp_path / "TOKEN").mkdir()
    with pytest.raises(WrongError, match="`TOKEN` cannot be read: is a directory"):
        fill("${TOKEN}", CREDENTIALS_DIRECTORY=str(tmp_path), TOKEN="x")


def test_a_default_stands_for_what_is_not_set():
    assert fill("${TOKEN:-none}") == "none"


def test_a_default_may_be_empty():
    assert fill("a${TOKEN:-}b") == "ab"


def test_what_is_set_comes_before_the_default():
    assert fill("${TOKEN:-none}", TOKEN="x") == "x"


def test_two_dollars_are_one():
    assert fill("a$$b$${TOKEN}") == "a$b${TOKEN}"


def test_a_dollar_alone_is_itself():
    assert fill("pa$word $ 5$") == "pa$word $ 5$"


def test_what_is_filled_in_is_not_looked_at_again():
    assert fill("${A}", A="${B}", B="x") == "${B}"


def test_a_file_is_filled_in_without_its_line_end(tmp_path: Path):
    (tmp_path / "token").write_text("a b\n")
    assert fill(f"${{file:{tmp_path}/token}}") == "a b"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file"),
        (b"\n", "is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * 70_000, "is too large"),
    ],
)
def test_a_file_without_a_secret_says_why(tmp_path: Path, content: bytes | None, said: str):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WrongError, match=said):
        fill(f"${{file:{file}}}")


def test_a_name_that_is_not_set_has_a_suggestion():
    with pytest.raises(WrongError, match="did you mean `TELEGRAM_TOKEN`"):
        fill("${TELEGRAM_TOKN}", TELEGRAM_TOKEN="x")


def test_a_name_that_is_empty_says_so():
    with pytest.raises(WrongError, match="`TOKEN` is empty in the environment"):
        fill("${TOKEN}", TOKEN="")


def test_every_secret_of_a_text_is_remembered_but_no_default():
    secrets = Secrets({"A": "first", "B": "second"})
    secrets.fill("${A} ${B} ${C:-third}")
    assert secrets.found == {"first", "second"}


def test_rules_and_defaults_are_not_filled_in(folder: Folder):
    config = folder.load(
        "channels: {phone: 'json://localhost'}\n"
        "defaults: {title: '$${X}'}\n"
        f"rules: {{rules: {{'${{Y}}': {RULE}}}}}\n"
    )
    assert [(rule.name, rule.title) for rule in config.rules] == [("${Y}", "$${X}")]


def test_the_configuration_knows_its_secrets(folder: Folder):
    config = folder.load(
        f"channels: {{phone: 'json://${{TOKEN}}@localhost'}}\nrules: {{rules: {{a: {RULE}}}}}\n",
        {"TOKEN": SECRET},
    )
    assert config.secrets == {SECRET}
    assert config.channels[0].urls == (f"json://{SECRET}@localhost",)


def test_no_secret_is_in_the_configurations_repr(folder: Folder):
    config = folder.load(
        "feed: {url: 'ws://localhost/${TOKEN}'}\n"
        f"channels: {{phone: 'json://${{TOKEN}}@localhost'}}\nrules: {{rules: {{a: {RULE}}}}}\n",
        {"TOKEN": SECRET},
    )
    assert SECRET not in repr(config)


TEMPLATE = """
market: {}
feed: {{url: {}, connect_rate: {}, alert_after: {}}}
channels:
  phone: {}
  desk: {{url: {}}}
  mail: {{urls: [{}, {}]}}
  slow: {{url: 'json://localhost', rate: {}, digest_over: {}, min_severity: {}, fallback: {}}}
  calm: {{url: 'json://localhost', quiet: {{days: {}, hours: {}, timezone: {}, allow: {}}}}}
system: [{}]
journal: {}
keep: {}
heartbeat: {{url: {}, every: {}}}
log: {{level: {}, format: {}}}
rules: []
"""
VALUES = TEMPLATE.count("{}")
WRITTEN = st.sampled_from(
    [
        "'${TOKEN}'",
        "'x ${TOKEN}'",
        "'${TOKEN}://x'",
        "'ws://${TOKEN}'",
        "['${TOKEN}']",
        "'a://${TOKEN} '",
        "'~${TOKEN}'",
        "'mon-${TOKEN}'",
        "'${TOKEN}-08:00'",
    ]
)


@given(
    values=st.lists(WRITTEN, min_size=VALUES, max_size=VALUES),
    secret=st.sampled_from([SECRET, f"{SECRET}\n\x1b'\\", f"5/{SECRET}"]),
)
def test_no_mistake_shows_a_secret_wherever_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], secret: str
):
    file = tmp_path_factory.mktemp("secrets") / "config.yaml"
    file.write_text(TEMPLATE.format(*values))
    with pytest.raises(MistakesError) as raised:
        load_config(file, environment={"TOKEN": secret})
    assert not any(part in str(raised.value) for part in SECRET.split("-"))


def test_an_address_in_a_wrong_place_is_not_shown_in_full(folder: Folder):
    text = f"channels: tgram://{SECRET}/1\nrules: {{rules: {{a: {RULE.replace('phone', f'tgram://{SECRET}/1')}}}}}"
    mistakes = folder.mistakes(text)
    assert len(mistakes) == 2
    assert SECRET not in "".join(mistakes)
