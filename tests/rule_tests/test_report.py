"""What people and programs read of tests that were run."""

from alertd.rule_tests.reading import read_suite
from alertd.rule_tests.report import as_text
from alertd.rule_tests.report_data import as_data
from alertd.rule_tests.running import run_suite
from tests.rule_tests.files import Bench

RULES = r"""
rules:
  above: {symbols: BTCUSDT, when: {close: {above: 100}}, for: 5s}
  cross: {symbols: BTCUSDT, when: {close: {crosses_above: 100}}, cooldown: 1m, message: "{{ close }}\nup"}
  wide:
    symbols: [BTCUSDT, ETHUSDT]
    when: {range_percent: {at_least: 10}, vwap: {below: 120}, close: {between: [90, 120]}}
"""


def report(bench: Bench, tests: str) -> list[str]:
    """Return the lines about a file's tests, without the folder's name."""
    bench.write(tests, RULES)
    text = as_text([run_suite(read_suite(bench.tests))])
    return text.replace(f"{bench.path}/", "").splitlines()


def one(rule: str, ticks: str, alerts: str) -> str:
    return f"tests: [{{name: a, rules: {rule}, symbol: BTCUSDT, ticks: {ticks}, alerts: {alerts}}}]"


def test_a_test_that_passes_is_a_line(bench: Bench):
    tests = one("above", "[{at: 0s, close: 99}]", "[]")
    assert report(bench, tests) == ["my.test.yaml", "  ok      a", "1 test passed."]


def test_a_missing_alert_says_which_part_was_false_and_by_how_much(bench: Bench):
    tests = one("wide", "[{at: 0s, close: 95}, {at: 2s, close: 100, high: 102}]", "[{at: 2s}]")
    assert report(bench, tests) == [
        "my.test.yaml",
        "  FAILED  a",
        "",
        "    my.test.yaml:1:121: at 2s, wide on BTCUSDT",
        "      expected: firing",
        "      got:      nothing",
        "      why:      the condition is not true",
        "                  false: all of",
        "                    false: range_percent at least 10%; it is 7.3684210526, 2.6315789474 too low",
        "                    cannot be told: vwap below 120; it is undefined",
        "                    true: close between 90 and 120; it is 100",
        "        0s  range_percent 0, vwap undefined, close 95",
        "      > 2s  range_percent 7.3684210526, vwap undefined, close 100",
        "",
        "1 of 1 test failed.",
    ]


def test_a_price_that_misses_its_level_says_how_far_in_percent_too(bench: Bench):
    lines = report(bench, one("above", "[{at: 0s, close: 99.5}]", "[{at: 0s}]"))
    assert "                  false: close above 100; it is 99.5, 0.5 too low (0.50%)" in lines


def test_a_price_at_its_level_is_exactly_at_it(bench: Bench):
    lines = report(bench, one("above", "[{at: 0s, close: 100}]", "[{at: 0s}]"))
    assert "                  false: close above 100; it is 100, exactly at it" in lines


def test_an_alert_that_is_still_to_be_held_for_says_how_long(bench: Bench):
    ticks = "[{at: 0s, close: 101}, {at: 3s, close: 101}, {at: 4s, close: 101}]"
    lines = report(bench, one("above", ticks, "[{at: 3s}]"))
    assert "      why:      true, but not yet for long enough: due in 2s" in lines


def test_an_event_in_the_cooldown_says_how_long_that_goes_on(bench: Bench):
    ticks = "[{at: 0s, close: 99}, {at: 2s, close: 101}, {at: 4s, close: 99}, {at: 6s, close: 101}]"
    lines = report(bench, one("cross", ticks, "[{at: 2s}, {at: 6s}]"))
    assert (
        "      why:      true, but the last alert is too recent: the cooldown goes on for 56s"
        in lines
    )


def test_an_event_that_is_over_is_not_true_although_it_has_fired(bench: Bench):
    ticks = "[{at: 0s, close: 99}, {at: 2s, close: 101}, {at: 4s, close: 102}]"
    lines = report(bench, one("cross", ticks, "[{at: 2s}, {at: 4s}]"))
    assert "      why:      the condition is not true" in lines
    assert "                  false: close crosses above 100; it is 102" in lines


def test_a_level_that_goes_on_has_fired_already(bench: Bench):
    ticks = "[{at: 0s, close: 101}, {at: 5s, close: 101}, {at: 7s, close: 101}]"
    lines = report(bench, one("above", ticks, "[{at: 5s}, {at: 7s}]"))
    assert "      why:      true, and it has fired already" in lines


def test_an_unexpected_alert_says_what_it_is_and_what_the_rule_is(bench: Bench):
    ticks = "[{at: 0s, close: 97}, {at: 2s, close: 98}, {at: 4s, close: 99}, {at: 1m, close: 101}, {at: 2m, close: 102}, {at: 3m, close: 102}]"
    assert report(bench, one("cross", ticks, "[]"))[3:11] == [
        "    my.test.yaml:1:9: at 1m, cross on BTCUSDT",
        "      expected: nothing",
        "      got:      firing, value 101, threshold 100",
        "      rule:     close crosses above 100",
        "        2s  close 98",
        "        4s  close 99",
        "      > 1m  close 101",
        "        2m  close 102",
    ]


def test_an_alert_that_differs_shows_both(bench: Bench):
    ticks = "[{at: 0s, close: 99}, {at: 2s, close: 101}]"
    lines = report(bench, one("cross", ticks, '[{at: 2s, value: 102, message: "one\\ntwo"}]'))
    assert lines[3:14] == [
        "    my.test.yaml:1:111: at 2s, cross on BTCUSDT",
        "      expected: value 102",
        "      got:      value 101",
        "      expected: message one",
        "                        two",
        "      got:      message 101",
        "                        up",
        "      rule:     close crosses above 100",
        "        0s  close 99",
        "      > 2s  close 101",
        "",
    ]


def test_ticks_of_other_symbols_are_not_among_those_around_an_alert(bench: Bench):
    ticks = "[{at: 0s, close: 99}, {at: 1s, symbol: ETHUSDT, close: 5}, {at: 2s, close: 101}]"
    lines = report(bench, one("cross", ticks, "[]"))
    assert lines[7:9] == ["        0s  close 99", "      > 2s  close 101"]


def test_the_last_line_counts(bench: Bench):
    test = "{name: %s, rules: above, symbol: BTCUSDT, ticks: [{at: 0s, close: 101}], alerts: %s}"
    tests = f"tests: [{test % ('a', '[]')}, {test % ('b', '[]')}, {test % ('c', '[{at: 0s}]')}]"
    assert report(bench, tests)[-1] == "1 of 3 tests failed."


def test_of_many_failures_the_first_ten_are_shown(bench: Bench):
    alerts = ", ".join(f"{{at: {second}s}}" for second in range(13))
    lines = report(bench, one("cross", "[{at: 0s, to: 12s, every: 1s, close: 1}]", f"[{alerts}]"))
    assert sum(" cross on BTCUSDT" in line for line in lines) == 10
    assert lines[-4:-1] == ["", "    ... and 3 more of this test", ""]


def test_programs_get_all_of_it(bench: Bench):
    ticks = "[{at: 0s, close: 99}, {at: 2s, close: 101}, {at: 4s, close: 101}]"
    bench.write(one("cross", ticks, "[{at: 2s, value: 102}, {at: 4s}]"), RULES)
    data = as_data([run_suite(read_suite(bench.tests))])
    (file,) = data["files"]
    (test,) = file["tests"]
    assert (data["ok"], file["file"], file["rule_file"]) == (
        False,
        str(bench.tests),
        str(bench.path / "my.yaml"),
    )
    assert (test["name"], test["line"], test["column"], test["ok"]) == ("a", 1, 9, False)
    alert = {"at_ms": 2000, "rule": "cross", "symbol": "BTCUSDT", "state": "firing"}
    assert test["alerts"] == [alert | {"value": 101, "threshold": 100}]
    differs, missing = test["failures"]
    assert differs["differences"] == [{"field": "value", "expected": 102, "got": 101}]
    assert (missing["expected"], missing["got"], missing["line"]) == ("firing", None, 1)
    assert missing["why"] == [
        "the condition is not true",
        "  false: close crosses above 100; it is 101",
    ]
