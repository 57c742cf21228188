"""Files made to hang a reader or to fill its memory: each is refused, or read, within bounds."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from alertd.config.certainties import certainties
from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError
from alertd.config.reach import reach
from alertd.config.summary import as_text
from alertd.config.survey import Survey
from tests.config.files import HEAD, RULE, SMALL_LISTING, Folder

MOST_CPU_S = 4.0  # here they take two at the most
MOST_MIB = 300  # of which the program itself has 60
ALMOST_8_MB = 8 * 1024 * 1024 - 200


def ruled(*keys: str) -> str:
    """A configuration with one rule: of these keys, and of those that a rule needs."""
    return (
        f"{HEAD}rules: [{{rules: {{a: {{{', '.join(keys)}, symbols: BTCUSDT, notify: phone}}}}}}]"
    )


def when(condition: str) -> str:
    return ruled(f"when: {condition}")


def with_key(key: str) -> str:
    return ruled("when: {close: {above: 1}}", key)


def many(count: int, item: str) -> str:
    """The item so often, with its number in the place of `#`."""
    return "".join(item.replace("#", str(number)) for number in range(count))


def circling(number: int) -> str:
    """One of 200 channels, each of which falls back to the next."""
    following = (number + 1) % 200
    return f"c{number}: {{url: 'json://localhost/{number}', fallback: c{following}}},"


def restless(number: int) -> str:
    """A channel with as many quiet hours as it may have, which never end."""
    spans = many(48, "00:00-24:00,")
    return f"c{number}: {{url: 'json://localhost/{number}', quiet: {{hours: [{spans}]}}}},"


def levels(count: int) -> str:
    return many(count, "{close: {above: 1#}},")


HOSTILE: dict[str, Callable[[], str]] = {
    "one long text": lambda: f"market: {'a' * ALMOST_8_MB}",
    "one long number": lambda: f"market: {'9' * ALMOST_8_MB}",
    "one long key": lambda: f"? {'a' * ALMOST_8_MB}\n: 1",
    "one long alias": lambda: f"market: *{'a' * ALMOST_8_MB}",
    "long hexadecimals": lambda: with_key(f"for: 0x{'f' * 5000}"),
    "long octals": lambda: when(f"{{close: {{above: 0o{'7' * 5000}}}}}"),
    "a duration of 400 digits": lambda: with_key(f"for: {'9' * 400}"),
    "only brackets": lambda: "[" * ALMOST_8_MB,
    "only dashes": lambda: "- " * (ALMOST_8_MB // 2),
    "only quotes": lambda: "'" * ALMOST_8_MB,
    "a million keys": lambda: many(700_000, "k#: 1\n"),
    "a million items": lambda: f"x: [{'1,' * 1_000_000}]",
    "a million mappings": lambda: f"x: [{'{},' * 1_000_000}]",
    "one key again and again": lambda: f"{{{'a: 1,' * 1_000_000}}}",
    "tags": lambda: f"x: [{'!a 1,' * 1_000_000}]",
    "merges of merges": lambda: f"x: {{<<: [{many(400, '{' + many(400, 'k#x&: 1,') + '},')}]}}",
    "unknown keys of a rule": lambda: with_key(many(100_000, "symb#: 1,") + "once: true"),
    "unknown metrics": lambda: when(f"{{{many(100_000, 'clos#: 1,')}}}"),
    "unknown operators": lambda: when(f"{{close: {{{many(100_000, 'abov#: 1,')}}}}}"),
    "unknown metrics in a list": lambda: when(f"{{any: [{many(50_000, '{clos#: 1},')}]}}"),
    "unknown channels": lambda: f"{HEAD}defaults: {{notify: [{many(50_000, 'fone#,')}]}}",
    "unknown symbols": lambda: f"{HEAD}defaults: {{symbols: [{many(50_000, 'btc#,')}]}}",
    "rules with the same mistake": lambda: (
        f"{HEAD}rules:\n- rules:\n{many(50_000, '    a#: {symbol: X}' + chr(10))}"
    ),
    "comparisons": lambda: when(f"{{any: [{levels(60_000)}]}}"),
    "a thousand levels of which one contradicts": lambda: when(
        f"{{all: [{levels(990)} {{close: {{below: 0.5}}}}]}}"
    ),
    "ways by the hundred": lambda: when(
        f"{{all: [{many(8, '{close: {outside: [1#, 9#]}},')} {levels(900)}]}}"
    ),
    "channels": lambda: f"channels: {{{many(20_000, 'c#: json://localhost/#,')}}}",
    "URLs of a channel": lambda: f"channels: {{c: {{urls: [{many(900, 'json://localhost/#,')}]}}}}",
    "fallbacks in a circle": lambda: f"channels: {{{''.join(map(circling, range(200)))}}}",
    "restless channels": lambda: (
        f"channels: {{{''.join(map(restless, range(199)))} phone: json://x}}\n"
        f"rules: [{{rules: {{a: {RULE}}}}}]"
    ),
    "a long URL": lambda: f"channels: {{c: 'json://{'a:@' * 6000}localhost'}}",
    "an unknown service of a long name": lambda: f"channels: {{c: '{'a' * 3000}://x'}}",
    "references": lambda: f"market: '{many(2000, '${A#}')}'",
    "references that never close": lambda: f"market: '{'${' * 9000}'",
    "endless files": lambda: f"market: '{'${file:/dev/zero}' * 50}'",
    "sources of rules": lambda: f"rules: [{many(100_000, 'a#*.yaml,')}]",
    "a pattern of brackets": lambda: f"rules: ['{'[' * 15_000}']",
    "a pattern for everything": lambda: "rules: ['/**/*.nothing']",
    "a pattern for everything, often": lambda: f"rules: ['/{'**/' * 100}*.nothing']",
    "a symbol of stars": lambda: f"{HEAD}defaults: {{symbols: '{'*A' * 9000}'}}",
    "a symbol of stars that nearly fits": lambda: ruled(f"exclude: '{'*A' * 40}B'"),
    "excluded symbols": lambda: (
        f"{HEAD}rules: [{{rules: {{a: {{symbols: [{many(900, 'A#,')}], notify: phone, "
        f"exclude: [{many(900, 'X#*,')} A*], when: {{close: {{above: 1}}}}}}}}}}]"
    ),
    "days": lambda: with_key(f"active: {{days: [{'mon,' * 200_000}]}}"),
    "hours": lambda: with_key(f"active: {{hours: [{'08:00-09:00,' * 100_000}]}}"),
    "hours far apart": lambda: with_key(f"active: {{hours: '08:00{' ' * 19_000}'}}"),
    "a zone elsewhere": lambda: with_key("active: {days: mon, timezone: ../../../etc/passwd}"),
    "a long zone": lambda: with_key(f"active: {{days: mon, timezone: {'a' * 19_000}}}"),
    "a time to the last digit": lambda: with_key(f"expires: 2030-01-01T00:00.{'1' * 19_000}"),
    "a time in colour": lambda: with_key('expires: "2030-01-01\\e00:00"'),
    "the last time": lambda: with_key("expires: 9999-12-31T23:59-23:59"),
    "the first time": lambda: with_key("expires: 0001-01-01T00:00+23:59"),
    "a long template": lambda: with_key(f"title: '{'{{ symbol }}' * 800}'"),
    "rules that are aliases": lambda: (
        f"{HEAD}rules:\n- rules:\n    r: &r {RULE}\n{many(20_000, '    a#: *r' + chr(10))}"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_read_or_refused_in_little_time(folder: Folder, name: str):
    file = folder.write("config.yaml", HOSTILE[name]())
    start = time.process_time()
    try:
        config = load_config(file, environment={"HOME": "/"})
    except MistakesError as error:
        texts = [mistake.text for mistake in error.mistakes]
        assert all(text.isprintable() and len(text) < 1000 for text in texts)
    else:
        assert certainties(config).always == ()
        reach(config)
        assert as_text(Survey.of(config, SMALL_LISTING, None), config.rules)
    assert time.process_time() - start < MOST_CPU_S


# What the process had at the most; getrusage would tell of its parent, too.
LOADED = """\
import re, sys
from pathlib import Path
from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError
try:
    load_config(Path(sys.argv[1]), environment={})
except MistakesError:
    print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.parametrize("name", ["a million mappings", "one long key"])
def test_hostile_input_takes_little_memory(folder: Folder, name: str):
    file = folder.write("config.yaml", HOSTILE[name]())
    child = [sys.executable, "-c", LOADED, str(file)]
    told = subprocess.run(child, check=True, capture_output=True, text=True)
    assert int(told.stdout) / 1024 < MOST_MIB


def test_a_secret_is_no_pipe(folder: Folder):
    pipe = folder.path / "pipe"
    os.mkfifo(pipe)
    assert folder.mistakes(f"market: ${{file:{pipe}}}")[-1].endswith(" is no regular file")


def test_links_in_a_circle_end(folder: Folder):
    for name in ("a", "b"):
        (folder.path / name).symlink_to(".")
    assert "more than 10,000 folders" in folder.mistakes("rules: ['**/*.yaml']")[0]


def test_reading_stops_at_a_thousand_mistakes(folder: Folder):
    text = f"{HEAD}rules:\n- rules:\n{many(2000, '    a#: {symbol: X}' + chr(10))}"
    told = folder.mistakes(text)
    assert len(told) == 1001
    assert "1,000 mistakes: what follows was not read" in "\n".join(told[-2:])


def test_many_files_of_rules_are_each_read_once(folder: Folder):
    for number in range(300):
        folder.write(f"rules/{number}.yaml", f"rules: {{r{number}: {RULE}}}")
    config = folder.load(f"{HEAD}rules: ['rules/*.yaml', 'rules/1*.yaml', '*/2.yaml']")
    assert len(config.rules) == 300


@pytest.mark.parametrize("pattern", ["**/*.yaml", "packs/**/*.yaml", "packs/**", "p*/**/x.yaml"])
def test_two_stars_are_folders_however_deep(folder: Folder, pattern: str):
    folder.write("packs/x.yaml", f"rules: {{x: {RULE}}}")
    folder.write("packs/a/b/x.yaml", f"rules: {{y: {RULE}}}")
    config = folder.load(f"{HEAD}rules: ['{pattern}']")
    assert sorted(rule.name for rule in config.rules) == ["x", "y"]
