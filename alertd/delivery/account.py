"""One of an alert's reasons in words: for the title, and for a line of the text."""

import attrs

from alertd.delivery import numbers
from alertd.delivery.figures import Figures, exact, name_of, percent
from alertd.delivery.reasons import Reason
from alertd.delivery.verbs import is_wick, verb_of
from alertd.engine.alert import Alert, Interval, Reading
from alertd.engine.condition import DAY_MS, Amount, Band, Bound, Comparison
from alertd.engine.metrics import Metric, Unit
from alertd.engine.operator import Operator
from alertd.engine.rearmed import is_kept, way_back
from alertd.engine.words import duration_in_words


@attrs.frozen
class Account:
    """A comparison and what it saw when the alert was given, ready to be told."""

    reason: Reason
    alert: Alert
    figures: Figures

    @property
    def reading(self) -> Reading:
        """What the comparison saw."""
        return self.reason.reading

    @property
    def test(self) -> Comparison:
        """What was asked."""
        return self.reading.comparison

    def title(self) -> str:
        """Say what an event did, or where a level is: it may be far past what was asked for."""
        operator = self.test.operator
        if operator.is_record:
            return self._record()
        if operator.is_event or operator.is_move:
            return f"{name_of(self.test.metric)} {self._deed(brief=True)}"
        return f"{name_of(self.test.metric)} {self._now()}, {self._deed(brief=True)}"

    def line(self) -> str:
        """Say where the value is, and what it did; of an event also where it was before."""
        operator = self.test.operator
        if operator.is_record:
            way = "up" if operator is Operator.NEW_HIGH else "down"
            former = self._amount(_single(self.reading.threshold), self.reading.value)
            line = f"{self._record()}, {way} from {former}"
        else:
            line = f"{name_of(self.test.metric)} {self._now()}, {self._deed()}{self._before()}"
        return f"{line[0].upper()}{line[1:]}"

    def is_continued_by(self, other: "Account") -> bool:
        """Tell whether the other can be told without naming its metric again."""
        both = (self.test, other.test)
        return self.test.metric == other.test.metric and not any(
            it.operator.is_event for it in both
        )

    def rest(self) -> str:
        """Say what the value did, where it has been told what it is."""
        return self._deed()

    def rearm(self) -> str:
        """Say how far the value has to come back, where it has not begun to."""
        rearm = self.test.rearm
        if rearm is None or is_kept(self.reading):
            return ""
        return f" (rearm {_asked(self.test.metric, rearm)})"

    def _record(self) -> str:
        name = "" if self.test.metric.name == "close" else f"{name_of(self.test.metric)} at a "
        high = "high" if self.test.operator is Operator.NEW_HIGH else "low"
        return f"{name}new {_window(self.test)} {high} {self._value()}"

    def _now(self) -> str:
        """Write the metric's value; of a move the reading's is how far it has moved."""
        if self.test.operator.is_move:
            return self._amount(self.test.metric.of(self.alert.ticker))
        return self._value()

    def _value(self) -> str:
        threshold = self.reading.threshold
        beside = (
            (threshold.low, threshold.high) if isinstance(threshold, Interval) else (threshold,)
        )
        return self._amount(self.reading.value, *beside)

    def _before(self) -> str:
        if not self.test.operator.is_event or self.reading.previous is None:
            return ""
        return f", was {self._amount(self.reading.previous)}"

    def _deed(self, *, brief: bool = False) -> str:
        """Say what came about, by what was asked; or what is not so."""
        verb = verb_of(self.reading)
        if is_kept(self.reading):
            return self._kept(verb)
        match self.test.level:
            case Amount() as amount if self.test.operator.is_move:
                return f"{verb} {self._moved(amount)}"
            case Amount() as step:
                rung = self._amount(_single(self.reading.threshold))
                return f"{verb} {rung} (every {_asked(self.test.metric, step)})"
            case Band() as band:
                told = f"{verb} {self._band(band, brief=brief)}"
            case level:
                told = f"{verb} {self._bound(level, _single(self.reading.threshold))}"
        wick = " by a wick" if is_wick(self.reading) else ""
        return f"{self.reason.denial} {told}{wick}".lstrip()

    def _kept(self, verb: str) -> str:
        """Say what a level that no longer holds by itself waits for."""
        back = way_back(self.reading)
        if isinstance(back, Interval):
            way = "not out of" if self.test.operator is Operator.BETWEEN else "not back in"
            return f"{way} {self._amount(back.low)} to {self._amount(back.high)}"
        if not isinstance(self.test.level, Amount):
            return f"not back at {self._amount(back, self.reading.value)}"
        asked = attrs.evolve(self.test.level, value=back or 0.0)
        moved = f"{verb} {self._distance(asked)} in {_window(self.test)}"
        return f"{moved}, not back at {_asked(self.test.metric, asked)}"

    def _moved(self, asked: Amount) -> str:
        wanted = _asked(self.test.metric, asked)
        denial = self.reason.denial
        wanted_or_not = f", {denial} {wanted}" if denial else f" (asked {wanted})"
        return f"{self._distance(asked)} in {_window(self.test)}{wanted_or_not}"

    def _distance(self, asked: Amount) -> str:
        moved = self.reading.value
        if moved is None:
            return numbers.UNDEFINED
        if asked.percent:
            return percent(moved, asked.value)
        if self.test.metric.unit is Unit.PERCENT:
            # From 5 % to 8 % is 3 points, and not 3 %.
            return f"{percent(moved, asked.value).removesuffix('%')} points"
        return self._amount(moved, asked.value)

    def _band(self, band: Band, *, brief: bool) -> str:
        now = self.reading.threshold
        low, high = (now.low, now.high) if isinstance(now, Interval) else (None, None)
        joint = "and" if self.test.operator is Operator.BETWEEN else "to"
        pairs = ((band.low, low), (band.high, high))
        # Two metrics with their values are more than a title can hold.
        return f" {joint} ".join(
            name_of(bound) if brief and isinstance(bound, Metric) else self._bound(bound, number)
            for bound, number in pairs
        )

    def _bound(self, bound: Bound | None, now: float | None) -> str:
        match bound:
            case None:
                return ""
            case Metric():
                return f"{name_of(bound)} {self.figures.amount(bound, now, self.reading.value)}"
            case number:
                return exact(self.test.metric, number)

    def _amount(self, number: float | None, *beside: float | None) -> str:
        return self.figures.amount(self.test.metric, number, *beside)


def _window(test: Comparison) -> str:
    # The exchange's own day is 24h to everybody, and not 1d.
    return "24h" if test.within_ms == DAY_MS else duration_in_words(test.within_ms)


def _asked(metric: Metric, amount: Amount) -> str:
    """Write an amount as it was asked for; of what is in percent already it is in points."""
    if amount.percent:
        return f"{numbers.plain(amount.value)}%"
    if metric.unit is Unit.PERCENT:
        return numbers.plain(amount.value)
    return exact(metric, amount.value)


def _single(threshold: float | Interval | None) -> float | None:
    return None if isinstance(threshold, Interval) else threshold
