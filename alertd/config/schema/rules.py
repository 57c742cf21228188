"""The JSON Schema of a rule, and of a file of rules."""

from alertd.config.rule_book import OWN_NAME
from alertd.config.schema.forms import (
    NAME,
    TEXT,
    TRUTH,
    Schema,
    any_of,
    described,
    filled,
    for_keys,
    mapping,
    member_of,
    several,
)
from alertd.config.structure import keys_of
from alertd.config.written import WrittenRule
from alertd.engine.rule import Severity
from alertd.engine.words import DAYS

_ONE_DAY = "|".join("".join(f"[{it.upper()}{it}]" for it in day) for day in DAYS)
_TIME = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
_DURATION: Schema = {"$ref": "#/definitions/duration"}
_LENGTH: Schema = {"$ref": "#/definitions/length"}
_SYMBOL: Schema = {
    "type": "string",
    "pattern": r"^(?:[Aa][Ll][Ll]|[^a-z\s/.,;:-]+|[^a-z\s/.,;:]*[*?[][^a-z\s/.,;:]*)$",
    "examples": ["BTCUSDT", "*USDT", "all"],
}
_DAYS_OF_WEEK: Schema = {
    "type": "string",
    "pattern": rf"^\s*(?:{_ONE_DAY})\s*(?:-\s*(?:{_ONE_DAY})\s*)?$",
    "examples": ["mon-fri", "sat"],
}
_HOURS: Schema = {
    "type": "string",
    "pattern": rf"^{_TIME}\s*-\s*(?:{_TIME}|24:00)$",
    "examples": ["08:00-22:00", "22:00-06:00"],
}


def hours(*, may_fill: bool = False, **others: Schema) -> Schema:
    """Return the schema of some hours of the week, with other keys beside them.

    `may_fill`: where `${...}` is filled in.
    """
    day, span = (filled(it) if may_fill else it for it in (_DAYS_OF_WEEK, _HOURS))
    keys = {
        "days": described(several(day, unique=False, at_least=1), "Days of the week."),
        "hours": described(
            several(span, unique=False, at_least=1),
            "Hours of the day; past midnight they belong to the day on which they begin.",
        ),
        "timezone": described(TEXT, "Whose clock it is, such as Europe/Berlin.", "UTC"),
    }
    return mapping({**keys, **others}, anyOf=[{"required": ["days"]}, {"required": ["hours"]}])


_MOMENT: Schema = {
    "type": "string",
    "pattern": r"^[0-9]{4}.*[^0-9W-].*(?:[Zz]|[+-][0-9:.]+)$",
    "examples": ["2026-12-31T23:59Z", "2026-12-31T23:59+01:00"],
}
_AMOUNT = any_of({"$ref": "#/definitions/positive"}, {"$ref": "#/definitions/percent"})

KEYS: dict[str, Schema] = {
    "symbols": described(
        several(_SYMBOL), "The symbols: names, globs (in quotes), or all. Required."
    ),
    "exclude": described(several(_SYMBOL), "Symbols that are taken off those.", "none"),
    "when": {
        "allOf": [{"$ref": "#/definitions/condition"}],
        "description": "The condition: metrics and their tests, all, any, not. Required.",
    },
    "for": described(any_of(_DURATION), "How long it must hold before the rule fires.", "0s"),
    "rearm": described(
        any_of({"const": 0}, _AMOUNT),
        "Hysteresis: how far the value has to come back before the rule may fire again.",
        0,
    ),
    "keep_firing_for": described(
        any_of(_DURATION), "How long it must be false before it is over.", "0s"
    ),
    "cooldown": described(
        any_of(_DURATION), "The least time between two alerts of the same rule and symbol.", "0s"
    ),
    "repeat": described(
        any_of({"const": "never"}, _LENGTH), "Alert again this often while it fires.", "never"
    ),
    "once": described(TRUTH, "Fire a single time for each symbol, until `alertd rearm`.", "false"),
    "expires": described(
        any_of({"const": "never"}, _MOMENT), "When the rule is done, with a zone.", "never"
    ),
    "active": described(
        any_of({"const": "always"}, hours()), "Outside these hours it does not fire.", "always"
    ),
    "severity": described(member_of(Severity), "How much an alert matters.", "info"),
    "notify": described(several(NAME), "The channels that are told, by name. Required."),
    "notify_resolved": described(TRUTH, "Say when it is over.", "false"),
    "title": described(TEXT, "A template for the alert's title.", "a good one"),
    "message": described(TEXT, "A template for the alert's text.", "a good one"),
    "chart": described(TRUTH, "Whether a picture goes along.", "the channel's"),
    "enabled": described(TRUTH, "false keeps the rule in its file and out of use.", "true"),
}


def rule() -> Schema:
    """Return the schema of a rule or of `defaults`: what a rule lacks, those may have."""
    return mapping(for_keys(keys_of(WrittenRule), KEYS))


def rule_file() -> Schema:
    """Return the schema of a file of rules."""
    rules = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {**NAME, "not": {"const": OWN_NAME}},
        "additionalProperties": {"$ref": "#/definitions/rule"},
        "description": "Names, each unique over all files, and the rules.",
    }
    defaults = {
        "allOf": [{"$ref": "#/definitions/rule"}],
        "description": "Keys of a rule, for every rule of this file that does not have them.",
    }
    return mapping({"defaults": defaults, "rules": rules}, required=["rules"])
