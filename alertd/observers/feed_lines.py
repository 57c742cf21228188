"""What the log says of the feed."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from alertd.config.wording import counted, few
from alertd.delivery.numbers import duration
from alertd.market.feed.events import (
    BadFrame,
    Disconnected,
    LateTicker,
    Quiet,
    Renewed,
    TurnedBack,
)
from alertd.observers.gaps import GapsLookedInto
from alertd.observers.line import Line
from alertd.observers.sight import News, State, StillLost
from alertd.observers.words import touched_in_words

_NAMED = 3
_LISTED = 20
_MOST_TOUCHED = 20


def news_line(news: News) -> Line:
    """Say that symbols are lost, quiet, or seen."""
    match news.state:
        case State.LOST:
            return _lost(news)
        case State.QUIET:
            return _quiet(news)
    return _seen(news)


def still_lost_line(still: StillLost) -> Line:
    """Say that symbols are still lost, for how long, and when it is tried again."""
    lost = [it for it in still.events if isinstance(it, Disconnected)]
    reason = _reasons([str(it.fault) for it in lost])
    text = (
        f"{named(still.symbols)}: not seen for {duration(still.for_s)}: {reason};"
        f" {counted(still.attempts, 'attempt')} so far{_next(still.retry_in_s)}"
    )
    return Line(
        logging.WARNING,
        "feed.still-lost",
        text,
        {
            **_symbols(still.symbols),
            "reason": reason,
            "cause": _commonest([it.fault.cause.value for it in lost]),
            "lasted_s": round(still.for_s, 1),
            "attempts": still.attempts,
            "retry_in_s": round(still.retry_in_s, 1),
        },
    )


def attempt_line(event: Disconnected) -> Line:
    """Say that an attempt has failed, for those who want to know of each."""
    attempt = f"attempt {event.failures + 1} in {event.retry_in_s:.1f} s"
    fields = {**_symbols(event.symbols), "reason": str(event.fault), "attempt": event.failures + 1}
    text = f"{named(event.symbols)}: no connection: {event.fault}; {attempt}"
    return Line(logging.DEBUG, "feed.attempt", text, fields)


def turned_back_line(event: TurnedBack) -> Line:
    """Say that a symbol's time went back."""
    before, after = _moment(event.from_ms), _moment(event.to_ms)
    text = f"{event.symbol}: the market's time went back, from {before} to {after}; its rules begin anew"
    return Line(logging.WARNING, "feed.turned-back", text, _symbols((event.symbol,)))


def renewed_line(event: Renewed) -> Line:
    """Say that a new connection took over."""
    text = f"{named(event.symbols)}: a new connection took over"
    return Line(logging.INFO, "feed.renewed", text, _symbols(event.symbols))


def bad_frame_line(event: BadFrame) -> Line:
    """Say that a frame was skipped."""
    text = f"{named(event.symbols)}: a bad frame was skipped ({event.count} so far): {event.reason}"
    fields = {**_symbols(event.symbols), "reason": event.reason, "so_far": event.count}
    return Line(logging.WARNING, "feed.bad-frame", text, fields)


def late_line(event: LateTicker) -> Line:
    """Say that a ticker was dropped."""
    text = f"{event.symbol}: a late ticker was dropped ({event.count} so far)"
    fields = {**_symbols((event.symbol,)), "so_far": event.count}
    return Line(logging.DEBUG, "feed.late", text, fields)


def touched_line(event: GapsLookedInto) -> Line:
    """Say what was touched and not alerted."""
    touched = few(touched_in_words(event.touched), _MOST_TOUCHED)
    text = f"touched while nobody watched, and not alerted: {touched}"
    symbols = tuple(dict.fromkeys(it.symbol for it in event.touched))
    fields = {**_symbols(symbols), "lasted_s": round(event.for_s, 1)}
    return Line(logging.WARNING, "feed.touched", text, fields)


def begun_line(symbols: tuple[str, ...]) -> Line:
    """Say that symbols are watched from now on."""
    text = f"{named(symbols)}: began to trade, and is watched"
    return Line(logging.INFO, "symbols.begun", text, _symbols(symbols))


def ended_line(symbols: tuple[str, ...]) -> Line:
    """Say that symbols are not watched any more."""
    text = f"{named(symbols)}: trades no more, and is no longer watched"
    return Line(logging.WARNING, "symbols.ended", text, _symbols(symbols))


def named(symbols: Sequence[str]) -> str:
    """Name symbols so that a line stays a line."""
    if len(symbols) <= _NAMED:
        return ", ".join(symbols)
    return f"{len(symbols)} symbols ({', '.join(symbols[:_NAMED])}, ...)"


def _symbols(symbols: Sequence[str]) -> dict[str, Sequence[str] | int]:
    """Return the fields of some symbols: their count, and the first of their names."""
    return {"symbols": tuple(symbols[:_LISTED]), "count": len(symbols)}


def _lost(news: News) -> Line:
    events = [it for it in news.events if isinstance(it, Disconnected)]
    newest = max(events, key=lambda it: it.failures)
    reason = _reasons([str(it.fault) for it in events])
    when = f"in {news.retry_in_s:.1f} s" if news.retry_in_s else "is under way"
    attempt = f"attempt {newest.failures + 1} {when}"
    return Line(
        logging.WARNING,
        "feed.lost",
        f"{named(news.symbols)}: not seen: {reason}; {attempt}{_came_and_went(news)}",
        {
            **_symbols(news.symbols),
            "reason": reason,
            "cause": _commonest([it.fault.cause.value for it in events]),
            "attempt": newest.failures + 1,
            "retry_in_s": round(news.retry_in_s, 1),
            "losses": news.losses,
        },
    )


def _quiet(news: News) -> Line:
    events = [it for it in news.events if isinstance(it, Quiet)]
    silent_s = max(it.silent_s for it in events)
    likely = _reasons([it.likely for it in events])
    text = (
        f"{named(news.symbols)}: silent for {silent_s:.0f} s on a connection that is well; {likely}"
    )
    fields = {**_symbols(news.symbols), "reason": likely, "silent_s": round(silent_s, 1)}
    return Line(logging.INFO, "feed.quiet", text, fields)


def _seen(news: News) -> Line:
    after = f", after {duration(news.for_s)}" if news.for_s >= 1 else ""
    others = f"; {news.unseen} not yet" if news.unseen else ""
    return Line(
        logging.INFO,
        "feed.streaming",
        f"{named(news.symbols)}: streaming{after}{others}{_came_and_went(news)}",
        {
            **_symbols(news.symbols),
            "lasted_s": round(news.for_s, 1),
            "unseen": news.unseen,
            "losses": news.losses,
        },
    )


def _next(retry_in_s: float) -> str:
    return f", next in {retry_in_s:.1f} s" if retry_in_s else ""


def _came_and_went(news: News) -> str:
    """Say how often it was lost without a word, where the line itself does not."""
    untold = news.losses if news.state is State.SEEN else news.losses - 1
    if untold < 1:
        return ""
    return "; lost once meanwhile" if untold == 1 else f"; lost {untold} times meanwhile"


def _commonest(reasons: Sequence[str]) -> str:
    ((reason, _),) = Counter(reasons).most_common(1)
    return reason


def _reasons(reasons: Sequence[str]) -> str:
    """Return the reason that most have, and how many others there are."""
    others = len(set(reasons)) - 1
    more = f", and {counted(others, 'other reason')}" if others else ""
    return f"{_commonest(reasons)}{more}"


def _moment(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M:%S}"
