"""Whole JSON Schemas, for editors: of the configuration and of a file of rules.

They are of draft-07, the newest that yaml-language-server knows in full.
"""

from collections.abc import Callable, Mapping

from alertd.config.charting import LEAST_SPAN, MOST_SPAN
from alertd.config.files import JOURNAL
from alertd.config.load import SECTIONS
from alertd.config.model import Feed, Heartbeat, Log, LogLevel, Market, Record, Reloading
from alertd.config.schema.conditions import definitions
from alertd.config.schema.forms import (
    DURATION,
    NAME,
    RATE,
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
from alertd.config.schema.rules import hours, rule, rule_file
from alertd.config.structure import keys_of
from alertd.config.written import MOST_UNMERGED, WrittenChannel
from alertd.delivery.channel import DIGEST_OVER
from alertd.engine.rule import Severity
from alertd.logs.opening import LogFormat
from alertd.market.feed.feed import Shape

_DIALECT = "http://json-schema.org/draft-07/schema#"

_FEED = {
    "url": described(TEXT, "The base address of the streams.", "the market's own"),
    "rest_url": described(TEXT, "The base address of REST.", "the market's own"),
    "connections": described(
        filled(member_of(Shape)), "A connection for each symbol, or for 200 at once.", "auto"
    ),
    "connect_rate": described(filled(RATE), "How fast connections are opened.", "1/s"),
    "stale_after": described(
        filled(DURATION), "The most silence taken for quiet, 5s to 10m.", "30s"
    ),
    "alert_after": described(
        filled(DURATION),
        "A feed blind for so long is worth a system alert, up to 1h and not below stale_after.",
        "60s",
    ),
    "proxy": described(TEXT, "An HTTP proxy, better written ${HTTPS_PROXY}.", "the environment's"),
}
_LOG = {
    "level": described(filled(member_of(LogLevel)), "From which weight on it is written.", "info"),
    "format": described(filled(member_of(LogFormat)), "How a line looks.", "auto"),
}
_CHART = {
    "timezone": described(
        TEXT, "Whose clock it shows, such as Europe/Berlin.", "that of the quiet hours"
    ),
    "span": described(
        filled(DURATION), f"How much of the past, {LEAST_SPAN} to {MOST_SPAN}.", "6h"
    ),
}
_CHANNEL = {
    "url": described(TEXT, "One Apprise URL."),
    "urls": described(several(TEXT, at_least=1), "Several Apprise URLs: all get every alert."),
    "rate": described(filled(RATE), "The most messages for each URL.", "the service's own"),
    "digest_over": described(
        filled({"type": "integer", "minimum": 1, "maximum": MOST_UNMERGED}),
        "More alerts than so many that wait go as one message.",
        DIGEST_OVER,
    ),
    "min_severity": described(
        filled(member_of(Severity)), "Alerts below it are not for this channel.", "info"
    ),
    "quiet": described(
        hours(
            may_fill=True,
            allow=described(
                filled(member_of(Severity)), "What is told in spite of them.", "critical"
            ),
        ),
        "Hours in which alerts wait for their end.",
    ),
    "chart": described(
        any_of(TRUTH, mapping(_CHART)), "Whether a picture goes along with alerts.", "false"
    ),
    "fallback": described(NAME, "The channel that takes over when this one fails.", "none"),
}
_RECORD = {
    "folder": described(
        TEXT, "Where recordings are kept, seen from the state directory. Required."
    ),
    "keep": described(filled(DURATION), "How long they are kept, 1h to 366d.", "for ever"),
}
_HEARTBEAT = {
    "url": described(TEXT, "What is called while all is well; https://... Required."),
    "every": described(filled(DURATION), "How often, 10s to 1h.", "1m"),
}


def config_schema() -> Schema:
    """Return the schema of the configuration file."""
    sections = mapping(for_keys(SECTIONS, _sections()), required=["rules"])
    return _document("alertd: the configuration", sections)


def rules_schema() -> Schema:
    """Return the schema of a file of rules."""
    return _document("alertd: rules", rule_file())


SCHEMAS: Mapping[str, Callable[[], Schema]] = {"config": config_schema, "rules": rules_schema}


def _document(title: str, schema: Schema) -> Schema:
    known = {**definitions(), "rule": rule()}
    return {"$schema": _DIALECT, "title": title, **schema, "definitions": known}


def _sections() -> dict[str, Schema]:
    long_form = mapping(
        for_keys(keys_of(WrittenChannel), _CHANNEL),
        oneOf=[{"required": ["url"]}, {"required": ["urls"]}],
    )
    source = any_of({"type": "string"}, rule_file())
    return {
        "market": described(filled(member_of(Market)), "Which market is watched.", "usdm"),
        "feed": described(mapping(for_keys(keys_of(Feed), _FEED)), "Where the tickers come from."),
        "channels": {
            "type": "object",
            "propertyNames": NAME,
            "additionalProperties": any_of(TEXT, long_form),
            "description": "Names for where alerts go, and their Apprise URLs.",
        },
        "system": described(
            several(NAME), "The channels by which alertd speaks of itself.", "none"
        ),
        "defaults": {
            "allOf": [{"$ref": "#/definitions/rule"}],
            "description": "Keys of a rule, for all rules that do not have them themselves.",
        },
        "rules": described(
            several(source, unique=False, at_least=1),
            "Files of rules, like rules/*.yaml, and rules that stand in place.",
        ),
        "journal": described(
            TEXT, "The file of what must outlive a crash, seen from the state directory.", JOURNAL
        ),
        "keep": described(filled(DURATION), "How long what happened is kept, 1d to 366d.", "90d"),
        "record": described(
            any_of(TEXT, mapping(for_keys(keys_of(Record), _RECORD), required=["folder"])),
            "A folder for what the streams bring, to be replayed; or off.",
            "off",
        ),
        "heartbeat": described(
            mapping(for_keys(keys_of(Heartbeat), _HEARTBEAT), required=["url"]),
            "An address that is called while all is well, and not when something stands still.",
        ),
        "log": described(mapping(for_keys(keys_of(Log), _LOG)), "What is logged, and how."),
        "reload": described(
            filled(member_of(Reloading)), "Whether changed files are read of themselves.", "off"
        ),
    }
