"""What goes next to a destination, and when: a pure machine, moved by a worker.

Theory of operation. Deliveries are put in; `next` says what to send now, or when to look again;
`finished` takes what came of the send. One thing is sent at a time. Everything that people or the
journal must hear of is returned, and time is an argument: monotonic seconds for pace and ages, the
machine's milliseconds for quiet hours, so that a clock that is set changes nothing else.

Which goes next (`choice`). Those that may go (quiet hours hold what is below a severity) go one by
one in the order of their numbers, as long as they can: `digest_over` at the most, and all of them
within `gather_s` under the rates. When more wait, or quiet hours have held some, they go as one
digest, the most severe first, and what finds no room goes in the next. Once all are told, the next
message waits for `gather_s`, so that a flood makes few and full ones; with something critical for
less. When half of what a rate bears is used up (`pace`), the other half is spread: critical alerts
that come for minutes must not use up a minute's messages in its first seconds, and then wait.

What comes of a send:

  taken     The deliveries are delivered. A fault is over.
  failed    The network's fault, or the service's for now (time-outs, 429, 5xx). They stay, and the
            next try comes after a back-off, or after what the service asked for. After
            `fault_after_s` people are told. After `out_after_s` the destination is *out*.
  refused   No retry mends it, but whose fault is it? People are told at once, the destination is
            out, and another message is tried at once, alone. If that one is taken, the fault is
            over, and what had been refused is tried a second time: refused again, it is the message
            that is refused, and is given up. Of a digest only a line may be at fault: it goes in
            halves, until that one is found. If the other message is refused as well, the
            destination is probed with single ones, ever more seldom.

A destination that is out, and has a fallback, passes on what waits and what comes, except one
delivery that is tried first each time a try is due. One that has none keeps them.

What is a day old is given up when a try fails, if it was part of that, or if nothing was taken for
an hour. Quiet hours make nothing older that they hold, and nothing is a day old before it was an
hour in this process.
"""

import attrs

from alertd.delivery.ages import age_s, received
from alertd.delivery.choice import Choice
from alertd.delivery.delivery import Delivery
from alertd.delivery.failure import Failure
from alertd.delivery.hush import Hush, next_minute_s
from alertd.delivery.parcel import Parcel
from alertd.delivery.patience import Patience
from alertd.delivery.report import Fault, Happening, Outcome
from alertd.delivery.settings import Now, Settings
from alertd.delivery.suspicion import Suspicion
from alertd.delivery.telling import Teller
from alertd.delivery.trouble import Trouble
from alertd.delivery.waiting import Queue, Waiting
from alertd.engine.rule import Severity

_NEVER_S = float("inf")

Happenings = tuple[Happening, ...]


@attrs.frozen
class Step:
    """What has happened by now, and what to send now, or when to look again (monotonic seconds)."""

    happened: Happenings
    parcel: Parcel | None
    again_s: float


class Outbox:
    """The deliveries of one destination, and how it has been doing."""

    def __init__(self, settings: Settings, *, patience: Patience) -> None:
        self._settings = settings
        self._patience = patience
        self._tell = Teller(settings)
        self._queue = Queue()
        self._choice = Choice(settings, patience=patience)
        self._hush = Hush()
        self._sending: Parcel | None = None
        self._trouble: Trouble | None = None
        self._suspicion = Suspicion()

    def __len__(self) -> int:
        return len(self._queue) + len(self._under_way)

    def adopt(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        self._settings = settings
        self._tell = Teller(settings)
        self._choice.adopt(settings)

    def put(self, delivery: Delivery, now: Now) -> Happenings:
        """Take a delivery. Where too many wait, the oldest of the least severe is given up."""
        self._hush.look(self._settings.quiet, now)
        self._queue.put(received(delivery, now, self._hush, self._patience))
        if len(self._queue) <= self._patience.queue:
            return ()
        reason = f"{self._patience.queue} newer or more severe alerts were waiting"
        return (self._tell.one(self._queue.pop_least(), Outcome.UNDELIVERED, now, reason=reason),)

    def next(self, now: Now) -> Step:
        """Say what is to be sent now, if anything; `finished` has to be told of it first of all."""
        self._hush.look(self._settings.quiet, now)
        happened = (*self._tell_of_trouble(now), *self._pass_on(now))
        opens_s = self._opens_s(now)
        if opens_s > now.s:
            return Step(happened, None, min(opens_s, self._changes_s(now)))
        self._sending = self._parcel(now)
        self._queue.take(self._sending.several)
        return Step(happened, self._sending, now.s)

    def finished(self, failure: Failure | None, now: Now, *, draw: float) -> Happenings:
        """Take what came of the send; `draw` in [0, 1) is for the retry's jitter."""
        parcel, self._sending = self._sending, None
        if parcel is None:
            raise RuntimeError("nothing was being sent")
        self._hush.look(self._settings.quiet, now)
        self._choice.sent(parcel, now.s)
        for each in parcel.several:
            each.attempts += 1
        if failure is None:
            return self._on_taken(parcel, now)
        if failure.is_final:
            self._choice.refused(parcel)
            # A destination that is in trouble is to blame itself.
            if self._trouble is None and self._suspicion.is_confirmed(parcel):
                return self._on_message_refused(parcel, failure, now)
            self._suspicion.suspect(parcel)
        return self._on_failed(parcel, failure, now, draw=draw)

    def picture_opens_s(self, now: Now) -> float | None:
        """Return from when on the picture of a text that was taken may follow it.

        None where it had better not: there is little left of the rates, or a text waits for the same.
        """
        opens_s = self._choice.picture_opens_s(now.s)
        waits = self._queue.count(self._hush.open) > 0
        return None if opens_s is None or (waits and opens_s > now.s) else opens_s

    def accompanied(self, now: Now) -> None:
        """Take note that a picture was sent beside a text: it is a message more to the service."""
        self._choice.accompanied(now.s)

    def hurry(self, now: Now) -> int | None:
        """Try again now, for somebody knows better; return how many deliveries need not wait.

        Where none waits, the next one need not; None where nothing comes sooner by it.
        A pause that the service asked for, its rates and quiet hours are kept all the same.
        """
        self._hush.look(self._settings.quiet, now)
        is_sooner = self._trouble is not None and self._trouble.hurry(now.s)
        return self._queue.count(self._hush.open) if is_sooner else None

    def leave(self, now: Now) -> Happenings:
        """Give everything back, for the journal has it."""
        several = (*self._under_way, *self._queue.in_order(Severity))
        self._sending, self._queue = None, Queue()
        reason = self._trouble.reason if self._trouble else ""
        return tuple(self._tell.one(each, Outcome.LEFT, now, reason=reason) for each in several)

    def withdraw(self, now: Now) -> tuple[Fault, ...]:
        """Take back what was told of a fault; the next look at it tells it anew."""
        fault = self.fault(now)
        if self._trouble is None or fault is None:
            return ()
        self._trouble.is_told = False
        return (attrs.evolve(fault, is_open=False),)

    def fault(self, now: Now) -> Fault | None:
        """Return the fault that people have been told of, as it is by now."""
        trouble = self._trouble
        return self._tell.fault(trouble, now) if trouble and trouble.is_told else None

    def overdue_s(self, now: Now) -> float:
        """Return for how long what may go has waited for a destination that does not take it."""
        if self._trouble is None:
            return 0.0
        waiting = (*self._under_way, *self._queue.most_severe_first(self._hush.open))
        put_s = min((each.put_s for each in waiting), default=now.s)
        return min(self._trouble.lasts_s(now.s), now.s - put_s)

    @property
    def _under_way(self) -> tuple[Waiting, ...]:
        return self._sending.several if self._sending else ()

    def _opens_s(self, now: Now) -> float:
        """Return when something may go, by all that holds it; until now means at once."""
        if not self._queue.count(self._hush.open):
            return _NEVER_S
        opens_s = self._choice.opens_s(self._queue, now.s)
        trouble = self._trouble
        if trouble is None or self._may_try_another:
            return opens_s
        return max(opens_s, trouble.tries_s)

    @property
    def _may_try_another(self) -> bool:
        """Whether something that was not refused, or only in a digest, may be tried now."""
        if self._trouble is None or not self._trouble.may_try_another:
            return False
        return any(not each.refusals for each in self._queue.in_order(self._hush.open))

    def _changes_s(self, now: Now) -> float:
        """Return when time alone changes something else than what may go."""
        times = [_NEVER_S]
        if len(self._queue) > self._queue.count(self._hush.open):
            times.append(next_minute_s(now))
        if self._trouble is not None:
            times += self._trouble.changes_s(now.s)
        return min(times)

    def _parcel(self, now: Now) -> Parcel:
        if self._trouble is not None and self._trouble.is_refused:
            return self._choice.probe(self._queue, self._hush.open)
        return self._choice.parcel(self._queue, self._hush.open, now.s)

    def _tell_of_trouble(self, now: Now) -> Happenings:
        trouble = self._trouble
        if trouble is None or trouble.is_told or not trouble.is_worth_telling(now.s):
            return ()
        trouble.is_told = True
        return (self._tell.fault(trouble, now),)

    def _pass_on(self, now: Now) -> Happenings:
        """Let the fallback have what waits, but for one that is tried first if a try is due."""
        trouble, fallback = self._trouble, self._settings.fallback
        if trouble is None or not fallback or not trouble.is_out(now.s) or self._may_try_another:
            return ()
        is_due = now.s >= trouble.tries_s
        several = list(self._queue.in_order(self._hush.open))[1 if is_due else 0 :]
        self._queue.take(several)
        return tuple(self._tell.passed_on(it, now, reason=trouble.reason) for it in several)

    def _on_taken(self, parcel: Parcel, now: Now) -> Happenings:
        self._suspicion.acquit()
        self._choice.taken(parcel, now.s)
        over = self.withdraw(now)
        self._trouble = None
        return (self._tell.delivered(parcel, now), *over)

    def _on_message_refused(self, parcel: Parcel, failure: Failure, now: Now) -> Happenings:
        """Give up what was refused twice while others were taken; a digest only goes in halves."""
        if not parcel.is_digest:
            (one,) = parcel.several
            self._suspicion.blame()
            return (self._tell.one(one, Outcome.UNDELIVERED, now, reason=failure.reason),)
        self._put_back(parcel)
        return (self._tell.retrying(parcel, now, reason=failure.reason, in_s=0.0),)

    def _on_failed(self, parcel: Parcel, failure: Failure, now: Now, *, draw: float) -> Happenings:
        trouble = self._trouble = self._trouble or Trouble(since_s=now.s, patience=self._patience)
        trouble.add(failure, now.s, draw)
        told = self._tell_of_trouble(now)
        if self._settings.fallback and trouble.is_out(now.s):
            reason = failure.reason
            passed = (self._tell.passed_on(it, now, reason=reason) for it in parcel.several)
            return (*told, *passed)
        return (*told, *self._keep(parcel, trouble, now))

    def _keep(self, parcel: Parcel, trouble: Trouble, now: Now) -> Happenings:
        """Put back what was sent, but give up what is too old by now."""
        self._put_back(parcel)
        is_hopeless = trouble.lasts_s(now.s) >= self._patience.grace_s
        tried = self._queue.in_order(Severity) if is_hopeless else parcel.several
        most_s = self._patience.give_up_after_s
        old = [each for each in tried if age_s(each, now, self._hush) >= most_s]
        gone = frozenset(old)
        self._queue.take(gone)
        reason = trouble.reason
        given_up = tuple(self._tell.one(it, Outcome.UNDELIVERED, now, reason=reason) for it in old)
        kept = tuple(each for each in parcel.several if each not in gone)
        if not kept:
            return given_up
        in_s = max(trouble.tries_s - now.s, 0.0)
        again = attrs.evolve(parcel, several=kept)
        return (*given_up, self._tell.retrying(again, now, reason=reason, in_s=in_s))

    def _put_back(self, parcel: Parcel) -> None:
        for each in parcel.several:
            self._queue.put(each)
