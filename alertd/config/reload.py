"""A reload's outcome, and what one configuration has that another has not, in words."""

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType

from alertd.config.mistakes import Mistake
from alertd.config.model import Config
from alertd.config.wording import counted, few
from alertd.web.operations import Reload

# What takes effect at once, and what was settled when the daemon started, by the names that
# people write.
_AT_ONCE: Mapping[str, Callable[[Config], object]] = MappingProxyType(
    {
        "feed.connect_rate": lambda config: config.feed.connect_rate,
        "feed.stale_after": lambda config: config.feed.stale_after_ms,
        "feed.alert_after": lambda config: config.feed.alert_after_ms,
        "system": lambda config: config.system,
        "keep": lambda config: config.keep_ms,
        "record": lambda config: config.record,
        "heartbeat": lambda config: config.heartbeat,
        "log.level": lambda config: config.log.level,
        "log.format": lambda config: config.log.format,
        "reload": lambda config: config.reload,
    }
)
_AT_RESTART: Mapping[str, Callable[[Config], object]] = MappingProxyType(
    {
        "feed.url": lambda config: config.feed.url,
        "feed.rest_url": lambda config: config.feed.rest_url,
        "feed.connections": lambda config: config.feed.connections,
        "feed.proxy": lambda config: config.feed.proxy,
        "journal": lambda config: config.journal,
    }
)


def refused(mistakes: Collection[Mistake]) -> Reload:
    """Return the outcome where nothing has changed because of mistakes."""
    summary = f"reload refused for {counted(len(mistakes), 'mistake')}: what ran before goes on"
    return Reload(False, summary, tuple(map(str, mistakes)))


def changes_in_words(
    before: Config, after: Config, *, begun: Collection[str], ended: Collection[str]
) -> str:
    """Return on one line what a reload changed; `begun` and `ended` are symbols."""
    rules = ({rule.name: rule for rule in config.rules} for config in (before, after))
    channels = ({channel.name: channel for channel in it.channels} for it in (before, after))
    parts = [
        _listed("rule", _compared(*rules)),
        _listed("channel", _compared(*channels)),
        _listed("symbol", {"begun": begun, "ended": ended}),
        *(f"{name} changed" for name in _differing(_AT_ONCE, before, after)),
    ]
    return "; ".join(filter(None, parts)) or "nothing has changed"


def waits_for_restart(before: Config, after: Config) -> Iterator[str]:
    """Yield a line for each setting that differs and stays as it was until alertd is restarted."""
    for name in _differing(_AT_RESTART, before, after):
        yield f"{name} changes with the next restart"


def _differing(
    settings: Mapping[str, Callable[[Config], object]], before: Config, after: Config
) -> list[str]:
    return [name for name, of in settings.items() if of(before) != of(after)]


def _compared(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Mapping[str, Collection[str]]:
    return {
        "new": [name for name in after if name not in before],
        "changed": [name for name in after if name in before and after[name] != before[name]],
        "gone": [name for name in before if name not in after],
    }


def _listed(what: str, names: Mapping[str, Collection[str]]) -> str:
    """Return how many are new, changed, gone, by their names; empty where none is."""
    parts = [f"{len(some)} {how} ({few(some)})" for how, some in names.items() if some]
    return f"{what}s: {', '.join(parts)}" if parts else ""
