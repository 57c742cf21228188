"""A file of tests into a `Suite`, or all its mistakes at once, each with its place."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path as FilePath
from typing import TypeVar

import attrs

from alertd.config.document import Document, read_document
from alertd.config.findings import Findings
from alertd.config.mistakes import Mistake, MistakesError, Path, Place, WrongError
from alertd.config.structure import sound_reader
from alertd.config.values import mapping
from alertd.config.wording import kind, shown
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from alertd.rule_tests.choice import chosen_rules
from alertd.rule_tests.expected import Stage
from alertd.rule_tests.model import RuleTest, Suite, symbols_in
from alertd.rule_tests.rules_tested import read_rules, rule_file_of
from alertd.rule_tests.ticks import MOST_TICKS_OF_A_FILE, tickers_of
from alertd.rule_tests.values import DEFAULT_START_MS
from alertd.rule_tests.written import WrittenTest

_Value = TypeVar("_Value")

_SECTIONS = ("tests",)
_NEEDED = ("name", "ticks", "alerts")
_read_keys = sound_reader(WrittenTest)


def read_suites(files: Iterable[FilePath], *, config: FilePath | None = None) -> tuple[Suite, ...]:
    """Return the tests of these files; `config` is the configuration whose defaults come in.

    Raises `MistakesError` with the mistakes of all files: the tests', and their rules'.
    """
    suites: list[Suite] = []
    mistakes: list[Mistake] = []
    for file in files:
        try:
            suites.append(read_suite(file, config=config))
        except MistakesError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise MistakesError(mistakes)
    return tuple(suites)


def read_suite(file: FilePath, *, config: FilePath | None = None) -> Suite:
    """Return the tests of one file. Raises `MistakesError`."""
    document, rule_file = read_document(file), rule_file_of(file)
    findings, rules = Findings(), None
    try:
        rules = read_rules(rule_file, config)
    except MistakesError as error:
        findings.mistakes.extend(error.mistakes)
    tests = _Reader(document, rules, findings).tests()
    if findings.mistakes:
        raise MistakesError(findings.mistakes)
    return Suite(file, rule_file, tests)


@attrs.define
class _Reader:
    """Reads the tests of a document; without rules, which had mistakes, nothing is held against them."""

    document: Document
    rules: Mapping[str, Rule] | None
    findings: Findings
    _names: dict[str, Place] = attrs.field(factory=dict, init=False)
    _ticks: int = attrs.field(default=0, init=False)

    def tests(self) -> tuple[RuleTest, ...]:
        sections = self.findings.sections(self.document, (), self.document.data, _SECTIONS)
        if "tests" not in sections:
            if isinstance(self.document.data, dict):
                self.findings.add(self.document, (), "no tests here: they stand below `tests:`")
            return ()
        written = self.findings.read(self.document, ("tests",), sections["tests"], _list_of_tests)
        read = [self._test(("tests", index), value) for index, value in enumerate(written or ())]
        return tuple(test for test in read if test is not None)

    def _test(self, path: Path, value: object) -> RuleTest | None:
        found = self.findings.read(self.document, path, value, _read_keys)
        if found is None:
            return None
        written, wrongs = found
        for wrong in wrongs:
            self.findings.add(self.document, path + wrong.path, wrong.text, on_key=wrong.on_key)
        self._claim(path, written.name)
        missing = [key for key in _NEEDED if key not in mapping(value, "a test")]
        for key in missing:
            self.findings.add(self.document, path, f"a test has to have `{key}`")
        return None if wrongs or missing else self._built(path, written)

    def _claim(self, path: Path, name: str | None) -> None:
        """Note where a test's name stands, or that another test has it."""
        if name is None:
            return
        place = self.document.place((*path, "name"))
        first = self._names.setdefault(name, place)
        if first is not place:
            text = f"test {shown(name)} stands at {first} already: a name is for one test"
            self.findings.mistakes.append(Mistake(place, text))

    def _built(self, path: Path, written: WrittenTest) -> RuleTest | None:
        """Return the test out of sound keys, unless they do not fit each other."""
        start_ms = DEFAULT_START_MS if written.start_ms is None else written.start_ms
        tickers = self._read(
            (*path, "ticks"),
            lambda _: self._counted(
                tickers_of(written.ticks or (), symbol=written.symbol, start_ms=start_ms)
            ),
        )
        rules = self._rules_of(path, written, tickers)
        if tickers is None or rules is None:
            return None
        stage = Stage.of(rules, written.symbol, tickers, start_ms)
        alerts = self._read(
            (*path, "alerts"),
            lambda alerts_path: stage.expected(
                written.alerts or (), lambda index: self.document.place((*alerts_path, index))
            ),
        )
        return RuleTest(
            name=str(written.name),
            place=self.document.place(path),
            rules=rules,
            start_ms=start_ms,
            tickers=tickers,
            alerts=alerts or (),
        )

    def _counted(self, tickers: tuple[Ticker, ...]) -> tuple[Ticker, ...]:
        """Return a test's tickers, unless those of all tests so far are more than memory is for."""
        self._ticks += len(tickers)
        if self._ticks > MOST_TICKS_OF_A_FILE:
            raise WrongError(f"with these, more than {MOST_TICKS_OF_A_FILE:,} ticks in this file")
        return tickers

    def _rules_of(
        self, path: Path, written: WrittenTest, tickers: tuple[Ticker, ...] | None
    ) -> tuple[Rule, ...] | None:
        rules = self.rules
        if rules is None:
            return None
        symbols = None if tickers is None else symbols_in(tickers)
        return self._read((*path, "rules"), lambda _: chosen_rules(written.rules, rules, symbols))

    def _read(self, path: Path, build: Callable[[Path], _Value]) -> _Value | None:
        """Return what is built out of what stands at a path; None where something is wrong with it."""
        return self.findings.read(self.document, path, path, lambda _: build(path))


def _list_of_tests(value: object) -> list[object]:
    if not isinstance(value, list):
        raise WrongError(f"a list of tests is expected here, not {kind(value)}")
    if not value:
        raise WrongError("no tests here: write one, like {name: ..., ticks: [...], alerts: []}")
    return value
