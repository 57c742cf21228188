"""The symbols of the rules against the exchange's list; mistakes: `tests/data/unlisted.bad.yaml`."""

import pytest

from alertd.config.listed import SymbolFindings, event_in_words, fallback_in_words, symbol_findings
from alertd.config.model import Config
from alertd.config.summary import as_text
from alertd.config.summary_data import as_data
from alertd.config.survey import Survey
from alertd.config.watchlist import rules_by_symbol, symbols_of
from alertd.market.listing import Listing
from alertd.market.listings import CacheFailed, RefreshFailed
from alertd.market.rest_error import RestError
from tests.config.files import HEAD, RULE, SMALL_LISTING, Folder
from tests.market.rest_servers import listing_of


def config_of(folder: Folder, **symbols: str) -> Config:
    """A configuration with a rule for each of these symbols, as YAML has them."""
    rules = ", ".join(f"{name}: {RULE.replace('BTCUSDT', it)}" for name, it in symbols.items())
    return folder.load(f"{HEAD}rules: {{rules: {{{rules}}}}}")


def watched(config: Config, listing: Listing | None) -> dict[str, list[str]]:
    found = rules_by_symbol(config.rules, listing)
    return {symbol: [rule.name for rule in rules] for symbol, rules in found.items()}


def test_nothing_is_wrong_with_symbols_that_trade(folder: Folder):
    config = config_of(folder, a="[BTCUSDT, '*USDT']", b="all", c="龙虾USDT")
    assert symbol_findings(config, SMALL_LISTING) == SymbolFindings()


def test_only_what_was_never_listed_is_wrong_on_every_day(folder: Folder):
    config = config_of(folder, a="[BTCUSD, OLDUSDT, GONEUSDT, NEWUSDT, 'X*']")
    found = symbol_findings(config, SMALL_LISTING)
    assert [it.text for it in found.unknown] == [
        "unknown symbol `BTCUSD` (did you mean `BTCUSDT`?)"
    ]
    assert len(found.idle) == 4


def test_to_exclude_what_was_never_listed_is_no_mistake_but_said(folder: Folder):
    config = config_of(folder, a="'*USDT', exclude: [USDCUSDT, BTCUSD, OLDUSDT]")
    found = symbol_findings(config, SMALL_LISTING)
    assert found.unknown == found.idle == ()
    assert [it.text for it in found.surplus] == [
        "unknown symbol `USDCUSDT`",
        "unknown symbol `BTCUSD` (did you mean `BTCUSDT`?)",
    ]


def test_a_mistake_in_defaults_is_told_once(folder: Folder):
    rule = "{when: {close: {above: 1}}, notify: phone}"
    text = f"{HEAD}defaults: {{symbols: BTCUSD}}\nrules: {{rules: {{a: {rule}, b: {rule}}}}}"
    (mistake,) = symbol_findings(folder.load(text), SMALL_LISTING).unknown
    assert (mistake.place.line, mistake.place.column) == (2, 21)


def test_without_a_listing_names_are_taken_at_their_word(folder: Folder):
    config = config_of(folder, a="[XYZ, BTCUSD]")
    assert symbol_findings(config, None) == SymbolFindings()
    assert watched(config, None) == {"XYZ": ["a"], "BTCUSD": ["a"]}


def test_without_a_listing_globs_stand_for_nothing_and_say_so(folder: Folder):
    config = config_of(folder, a="['*USDT', ETHUSDT]", b="all")
    texts = [mistake.text for mistake in symbol_findings(config, None).idle]
    assert texts == [
        "`*USDT` matches nothing until the exchange's symbols can be read",
        "`all` matches nothing until the exchange's symbols can be read",
    ]
    assert watched(config, None) == {"ETHUSDT": ["a"]}


def test_without_a_listing_names_are_excluded_by_globs_all_the_same(folder: Folder):
    rule = RULE.replace("BTCUSDT", "[BTCUSDT, BTCUSDC], exclude: '*USDC'")
    config = folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}")
    assert symbols_of(config.rules[0], None) == ("BTCUSDT",)


def test_each_symbol_has_its_rules_in_their_order(folder: Folder):
    config = config_of(folder, a="all", b="ETHUSDT", c="'[BE]*'")
    assert watched(config, SMALL_LISTING) == {
        "BTCUSDT": ["a", "c"],
        "ETHUSDT": ["a", "b", "c"],
        "龙虾USDT": ["a"],
    }


def test_a_new_listing_makes_a_new_mapping(folder: Folder):
    config = config_of(folder, a="'*USDT'")
    assert watched(config, listing_of("BTCUSDT")) == {"BTCUSDT": ["a"]}
    assert watched(config, listing_of("NEWUSDT")) == {"NEWUSDT": ["a"]}


def test_a_rule_that_is_disabled_watches_nothing(folder: Folder):
    rule = RULE.replace("notify", "enabled: false, notify")
    config = folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}")
    assert watched(config, SMALL_LISTING) == {}


def test_the_summary_says_what_a_pattern_stands_for_today(folder: Folder):
    text = as_text(Survey.of(config_of(folder, a="'*USDT'"), SMALL_LISTING, None))
    assert "    on      *USDT (3 symbols: BTCUSDT, ETHUSDT, 龙虾USDT)\n" in text
    assert "\n3 symbols: BTCUSDT, ETHUSDT, 龙虾USDT\n" in text


def test_the_summary_says_what_a_pattern_goes_without(folder: Folder):
    config = config_of(folder, a="all, exclude: ['B*', ETHUSDT]")
    text = as_text(Survey.of(config, SMALL_LISTING, None))
    assert "on      all without B*, ETHUSDT (1 symbol: 龙虾USDT)\n" in text


def test_the_summary_of_many_symbols_is_short_for_people_and_whole_for_programs(folder: Folder):
    names = [f"A{number:03}USDT" for number in range(100)]
    survey = Survey.of(config_of(folder, a="all"), listing_of(*names), None)
    assert "A004USDT, and 95 more) tells" in " ".join(as_text(survey).split())
    assert as_data(survey, ())["rules"][0]["symbols"] == names
    assert as_data(survey, ())["symbols"] == names


def test_the_summary_without_a_listing_says_that_globs_are_not_known(folder: Folder):
    assert "    on      all (symbols unknown)\n" in as_text(
        Survey.of(config_of(folder, a="all"), None, None)
    )


def test_the_template_of_a_rule_for_all_is_tried_on_a_symbol(folder: Folder):
    config = config_of(folder, a="all, title: '{{ 1 / (symbol == symbol | upper) }}'")
    assert config.rules[0].symbols == ("all",)


@pytest.mark.parametrize(
    ("age_ms", "words"),
    [(0, "less than a minute"), (61_000, "1m"), (90_061_000, "1d1h1m"), (-5, "less than a minute")],
)
def test_the_age_of_the_list_that_serves_is_said(age_ms: int, words: str):
    listing = listing_of("BTCUSDT", fetched_ms=10**12)
    assert fallback_in_words(listing, 10**12 + age_ms) == (
        f"symbols are checked against the list of {words} ago"
    )


def test_what_happens_to_the_listing_has_words():
    error = RestError("banned", "wait", retry_after_s=5)
    assert event_in_words(RefreshFailed(error, 1, 5)) == (
        "the exchange's symbols cannot be read: banned; wait"
    )
    assert event_in_words(CacheFailed("x cannot be read")) == (
        "the list of symbols on disk: x cannot be read"
    )
