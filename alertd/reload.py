"""What a reload does before it changes anything: all is read, checked and made ready.

Theory of operation. The running configuration goes on until another one is whole: read, without a
mistake, its symbols known. That takes seconds for thousands of rules, so it is done in a thread,
beside which the feed is read on; what is left, to put the new one in the place of the old, is done
between two tickers. One reload runs at a time, and those who ask meanwhile share the next one, so
the last word is always that of what lies on the disk after it was asked.
"""

import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from functools import partial

import attrs
import trio

from alertd.collector import without_collector
from alertd.config.expired import expired_rules
from alertd.config.file_watch import FileWatch, Look
from alertd.config.listed import SymbolFindings, symbol_findings
from alertd.config.mistakes import Mistake, MistakesError, Place
from alertd.config.model import Config
from alertd.config.reach import reach
from alertd.config.reload import waits_for_restart
from alertd.config.watchlist import rules_by_symbol
from alertd.engine.engine import programs_of
from alertd.engine.program import Program
from alertd.engine.rule import Rule
from alertd.logs.fields import about
from alertd.market.listing import Listing
from alertd.web.operations import Reload

_log = logging.getLogger(__name__)

# How often files are looked at, and for how long they have to stay as they are to be taken for
# whole: an editor may empty a file before it writes, and a checkout writes many.
LOOK_EVERY_S = 2.0
SETTLED_S = 1.0


@attrs.frozen
class Prepared:
    """A configuration that is ready to take over, with its rules by symbol of `listing`."""

    config: Config
    files: FileWatch
    listing: Listing | None
    rules: Mapping[str, list[Rule]]
    programs: Mapping[str, Program]
    notes: tuple[str, ...]


@without_collector()  # each of its walks through all rules would hold up the feed
def prepare(
    load: Callable[[], Config],
    *,
    started_by: Config,
    listing: Listing | None,
    watched: Collection[str],
) -> Prepared:
    """Return the configuration that `load` gives, checked. Raises `MistakesError`.

    The daemon was `started_by` another one, of which it cannot change everything. What is `watched`
    and only halted stays so. Blocks for as long as the reading takes.
    """
    with _faults_refused(started_by):
        config = load()
        if config.market is not started_by.market:
            text = (
                f"`market` is {started_by.market.value} while alertd runs: restart it for another"
            )
            raise MistakesError([Mistake(Place(str(config.files[0])), text)])
        found = symbol_findings(config, listing)
        if found.unknown:
            raise MistakesError(found.unknown)
        rules = spread(config, listing, watched)
        return Prepared(
            config,
            FileWatch.of(config),
            listing,
            rules,
            programs_of(rules),
            notes=_notes(config, found, started_by),
        )


def _notes(config: Config, found: SymbolFindings, started_by: Config) -> tuple[str, ...]:
    """Return what a person should know although it stops nothing."""
    expired = expired_rules(config, time.time_ns() // 1_000_000)
    known = {mistake.text for mistake in reach(started_by)}
    unreached = (mistake for mistake in reach(config) if mistake.text not in known)
    findings = (*found.idle, *found.surplus, *expired, *unreached)
    return (*map(str, findings), *waits_for_restart(started_by, config))


def spread(
    config: Config, listing: Listing | None, watched: Collection[str]
) -> Mapping[str, list[Rule]]:
    """Return the rules by symbol; what is `watched` and only halted is kept."""
    return rules_by_symbol(config.rules, listing.keeping(watched) if listing else None)


@contextmanager
def _faults_refused(started_by: Config) -> Generator[None]:
    """Let nothing that goes wrong in a reload end the watch over the market."""
    try:
        yield
    except MistakesError:
        raise
    except OSError as error:
        text = f"the files cannot be read: {error.strerror}"
    except Exception as error:  # noqa: BLE001 - nothing was changed, and a restart would fail alike
        # Without the error's own text, in which a secret could be that no filter knows yet.
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error(
            "%s while reading the configuration:\n%s",
            type(error).__name__,
            where,
            extra=about("reload.failed"),
        )
        text = f"alertd's own fault ({type(error).__name__}): please report it; the log has more"
    else:
        return
    raise MistakesError([Mistake(Place(str(started_by.files[0])), text)])


class Source:
    """Where the configuration comes from, and whether it looks as it did when it was read."""

    def __init__(self, load: Callable[[], Config], config: Config) -> None:
        self._load = load
        self._started_by = config
        self._files = FileWatch.of(config)

    async def read(self, *, listing: Listing | None, watched: Collection[str]) -> Prepared:
        """Read, as `prepare` does, in a thread. Raises `MistakesError`."""
        read_at_ns = time.time_ns()
        preparing = partial(
            prepare, self._load, started_by=self._started_by, listing=listing, watched=watched
        )
        try:
            # It may be abandoned, by who stops the daemon: reading changes nothing.
            another = await trio.to_thread.run_sync(preparing, abandon_on_cancel=True)
        except MistakesError as error:
            note = partial(self._files.take_refusal, error.mistakes, read_at_ns=read_at_ns)
            await trio.to_thread.run_sync(note)
            raise
        self._files = another.files
        return another

    async def wait_for_change(self) -> None:
        """Return once the files look other than when they were read, and have settled."""
        look = await self._look_in(LOOK_EVERY_S)
        while not self._files.has_changed(look):
            look = await self._look_in(LOOK_EVERY_S)
        while (later := await self._look_in(SETTLED_S)) != look:
            look = later

    async def _look_in(self, seconds: float) -> Look:
        await trio.sleep(seconds)
        return await trio.to_thread.run_sync(self._files.look)


class Turns:
    """Runs reloads one at a time; those who ask while one is under way share the next."""

    def __init__(self, reload: Callable[[], Awaitable[Reload]]) -> None:
        self._reload = reload
        self._turn = trio.StrictFIFOLock()
        self._begun = 0
        self._ended: tuple[int, Reload] | None = None

    async def take(self) -> Reload:
        """Return the outcome of a reload that began after this was called."""
        asked_after = self._begun
        async with self._turn:
            if self._ended is not None and self._ended[0] > asked_after:
                return self._ended[1]
            self._begun += 1
            self._ended = (self._begun, await self._reload())
            return self._ended[1]
