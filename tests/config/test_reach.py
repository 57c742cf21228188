"""Channels and rules that are right by themselves, and together keep alerts from being told."""

import pytest

from alertd.config.channel_words import rate_in_words
from alertd.config.reach import reach
from alertd.rate import Rate
from tests.config.files import RULE, SYSTEM, Folder


def told(folder: Folder, *channels: str, rule: str = RULE) -> list[str]:
    """Return what is said of these channels, the first of which is in line 2, and of a rule."""
    lines = "".join(f"  {channel}\n" for channel in channels)
    config = folder.load(f"channels:\n{lines}{SYSTEM}rules: {{rules: {{a: {rule}}}}}\n")
    return [str(it).removeprefix(f"{folder.path}/config.yaml:") for it in reach(config)]


def phone(keys: str) -> str:
    return f"phone: {{url: 'json://localhost/a', {keys}}}"


MAIL = "mail: json://localhost/mail"


def test_of_channels_that_fit_nothing_is_said(folder: Folder):
    keys = "min_severity: info, quiet: {hours: 23:00-07:00}, fallback: mail"
    assert told(folder, phone(keys), MAIL) == []


def test_that_nobody_hears_of_alertd_itself_is_said_of_the_file(folder: Folder):
    config = folder.load(
        f"channels: {{phone: 'json://localhost'}}\nrules: {{rules: {{a: {RULE}}}}}"
    )
    [mistake] = reach(config)
    assert str(mistake) == (
        f"{folder.path}/config.yaml: `system` is missing: "
        "nobody is told when the feed is lost, or a channel fails"
    )


def test_that_alertds_own_warnings_are_not_taken_is_said_of_the_file(folder: Folder):
    config = folder.load(
        "channels: {phone: {url: 'json://localhost', min_severity: critical}, mail: 'json://x'}\n"
        f"{SYSTEM}rules: {{rules: {{a: {RULE.replace('phone', 'mail')}}}}}"
    )
    [mistake] = reach(config)
    assert str(mistake) == (
        f"{folder.path}/config.yaml: `system`: phone takes only what is critical, "
        "and most of what alertd says of itself is a warning"
    )


def test_alertds_own_warnings_are_taken_where_one_of_its_channels_takes_them(folder: Folder):
    config = folder.load(
        "channels: {phone: {url: 'json://localhost', min_severity: critical}, mail: 'json://x'}\n"
        f"system: [phone, mail]\nrules: {{rules: {{a: {RULE.replace('phone', 'mail')}}}}}"
    )
    assert reach(config) == ()


def test_a_rule_that_no_channel_takes_is_told(folder: Folder):
    rule = RULE.replace("phone", "[phone, mail]")
    mail = "mail: {url: 'json://localhost', min_severity: critical}"
    [said] = told(folder, phone("min_severity: warning"), mail, rule=rule)
    assert said == (
        "5:74: rule `a` is info, and tells nobody: "
        "phone takes warning and above, mail takes critical"
    )


@pytest.mark.parametrize(
    "rule",
    [
        RULE.replace("phone", "[phone, mail]"),  # one of its channels takes it
        RULE.replace("notify", "severity: warning, notify"),
        RULE.replace("notify", "enabled: false, notify"),
    ],
)
def test_a_rule_that_is_taken_or_off_is_not(folder: Folder, rule: str):
    assert told(folder, phone("min_severity: warning"), MAIL, rule=rule) == []


def test_a_rule_that_is_untold_by_its_defaults_is_told_where_they_stand(folder: Folder):
    config = folder.load(
        "channels: {phone: {url: 'json://localhost', min_severity: warning}}\n"
        f"{SYSTEM}defaults: {{notify: phone}}\n"
        f"rules: {{rules: {{a: {RULE.replace(', notify: phone', '')}}}}}\n"
    )
    [mistake] = reach(config)
    assert (mistake.place.line, mistake.place.column) == (3, 20)


@pytest.mark.parametrize(
    "hours",
    [
        "hours: 00:00-24:00",
        "hours: [00:00-12:00, 12:00-24:00]",
        "hours: [08:00-20:00, 20:00-08:00]",
        "days: mon-sun",
        "hours: [22:00-06:00, 05:00-23:00]",
    ],
)
def test_quiet_hours_without_an_end_are_told(folder: Folder, hours: str):
    assert told(folder, phone(f"quiet: {{{hours}, timezone: Europe/Berlin}}")) == [
        "2:45: these quiet hours never end: nothing below critical is ever told"
    ]


@pytest.mark.parametrize(
    "hours",
    [
        "hours: 00:00-23:59",
        "hours: [00:00-12:00, 12:01-24:00]",
        "hours: [08:00-20:00, 20:00-07:59]",
        "days: mon-sat",
        "days: tue-mon, hours: 00:01-24:00",
    ],
)
def test_a_minute_in_a_week_is_an_end(folder: Folder, hours: str):
    assert told(folder, phone(f"quiet: {{{hours}, timezone: Europe/Berlin}}")) == []


@pytest.mark.parametrize(
    ("keys", "takes"),
    [
        ("quiet: {days: sat, allow: info}", "info and above"),
        ("min_severity: critical, quiet: {days: sat}", "critical"),
    ],
)
def test_quiet_hours_that_hold_nothing_are_told(folder: Folder, keys: str, takes: str):
    rule = RULE.replace("notify", "severity: critical, notify")
    said = told(folder, phone(keys), rule=rule)[-1]
    assert said.endswith(
        f": these quiet hours hold nothing: phone takes {takes}, and they allow it"
    )


def test_a_fallback_that_fails_with_it_is_told(folder: Folder):
    mail = "mail: {urls: ['json://localhost/b', 'json://localhost/a']}"
    assert told(folder, phone("fallback: mail"), mail) == [
        "2:48: `mail` has a URL of this channel: they fail together"
    ]


def test_a_fallback_that_takes_less_is_told(folder: Folder):
    mail = "mail: {url: 'json://localhost/b', min_severity: warning}"
    assert told(folder, phone("fallback: mail"), mail) == [
        "2:48: `mail` takes warning and above: nobody takes over what is below"
    ]


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Rate(1, 1), "1 a second"),
        (Rate(20, 60), "20 a minute"),
        (Rate(100, 3600), "100 an hour"),
        (Rate(5, 2), "5 in 2s"),
    ],
)
def test_a_rate_has_its_words(rate: Rate, words: str):
    assert rate_in_words(rate) == words
