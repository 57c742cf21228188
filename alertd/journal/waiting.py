"""What waits to be delivered, in memory: all that a journal's file needs to be begun anew."""

from collections.abc import Iterable, Sequence

import attrs

from alertd.journal.records import Address, KeptAlert, KeptDelivery, Mark, Note, Status


@attrs.define
class _Open:
    """An alert of which something waits: those `deliveries`, by number.

    `been` are its destinations, each with the delivery that it passed on, or None: it has had it.
    """

    alert: KeptAlert
    been: dict[str, KeptDelivery | None] = attrs.field(factory=dict)
    deliveries: dict[int, KeptDelivery] = attrs.field(factory=dict)


@attrs.frozen
class Further:
    """Where an alert goes that is passed on.

    That is to addresses that it has not been to, and `again` to such as had passed it on themselves.
    """

    alert: KeptAlert
    to: tuple[Address, ...]
    again: tuple[KeptDelivery, ...]


class Waiting:
    """The deliveries that have not come to an end, by their alerts.

    An alert is known for as long as one of its deliveries waits. The texts are those that the
    destinations hold anyway, so this is as bounded as what waits there.
    """

    def __init__(self) -> None:
        self._open: dict[int, _Open] = {}
        self._alerts: dict[int, int] = {}

    def __contains__(self, delivery: int) -> bool:
        return delivery in self._alerts

    def __len__(self) -> int:
        return len(self._alerts)

    def add(self, deliveries: Iterable[KeptDelivery]) -> None:
        """Take what waits from now on."""
        for delivery in deliveries:
            number = delivery.alert.number
            alert = self._open.setdefault(number, _Open(delivery.alert))
            alert.been[delivery.to.destination] = None
            alert.deliveries[delivery.number] = delivery
            self._alerts[delivery.number] = number

    def know(self, been: Iterable[KeptDelivery]) -> None:
        """Take what alerts have been sent, or passed on from, besides what waits."""
        for delivery in been:
            alert = self._open.get(delivery.alert.number)
            if alert is not None and delivery.number not in alert.deliveries:
                is_passed_on = delivery.status is Status.PASSED_ON
                alert.been[delivery.to.destination] = delivery if is_passed_on else None

    def mark(self, mark: Mark) -> None:
        """Take what became of one."""
        alert = self._open.get(self._alerts.get(mark.delivery, 0))
        if alert is None:
            return
        if mark.status is Status.WAITING:
            tried = attrs.evolve(
                alert.deliveries[mark.delivery], attempts=mark.attempts, reason=mark.reason
            )
            alert.deliveries[mark.delivery] = tried
            return
        done = alert.deliveries.pop(mark.delivery)
        del self._alerts[mark.delivery]
        if mark.status is Status.PASSED_ON:
            alert.been[done.to.destination] = attrs.evolve(done, attempts=mark.attempts)
        if not alert.deliveries:
            del self._open[alert.alert.number]

    def beyond(self, alert: int, to: Sequence[Address]) -> Further | None:
        """Return where an alert goes that goes to these addresses now; None if nothing of it waits."""
        known = self._open.get(alert)
        if known is None:
            return None
        before = (known.been.get(address.destination) for address in to)
        return Further(
            known.alert,
            tuple(address for address in to if address.destination not in known.been),
            tuple(delivery for delivery in before if delivery is not None),
        )

    def notes(self) -> list[Note]:
        """Return all of it, in the order of the alerts."""
        alerts = sorted(self._open.items())
        return [Note(it.alert, tuple(it.deliveries.values())) for _, it in alerts]

    def deliveries(self) -> list[KeptDelivery]:
        """Return all of them, in the order of their numbers."""
        each = (it for alert in self._open.values() for it in alert.deliveries.values())
        return sorted(each, key=lambda delivery: delivery.number)
