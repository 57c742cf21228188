"""What waits to be delivered, in memory: all that a journal's file needs to be begun anew."""

from collections.abc import Iterable, Sequence

import attrs

from alertd.journal.records import Address, KeptAlert, KeptDelivery, Mark, Note, Status


@attrs.define
class _Open:
    """An alert of which something waits; `been` are the destinations that it has a delivery for."""

    alert: KeptAlert
    been: set[str] = attrs.field(factory=set)
    deliveries: dict[int, KeptDelivery] = attrs.field(factory=dict)


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
            alert.been.add(delivery.to.destination)
            alert.deliveries[delivery.number] = delivery
            self._alerts[delivery.number] = number

    def know(self, been: Iterable[tuple[int, str]]) -> None:
        """Take where alerts have a delivery for, by their numbers, though it may be done."""
        for alert, destination in been:
            if alert in self._open:
                self._open[alert].been.add(destination)

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
        del alert.deliveries[mark.delivery], self._alerts[mark.delivery]
        if not alert.deliveries:
            del self._open[alert.alert.number]

    def beyond(self, alert: int, to: Sequence[Address]) -> tuple[KeptAlert, list[Address]] | None:
        """Return an alert, and which of these addresses it has not been sent to; None if nothing waits."""
        known = self._open.get(alert)
        if known is None:
            return None
        return known.alert, [address for address in to if address.destination not in known.been]

    def notes(self) -> list[Note]:
        """Return all of it, in the order of the alerts."""
        alerts = sorted(self._open.items())
        return [Note(it.alert, tuple(it.deliveries.values())) for _, it in alerts]

    def deliveries(self) -> list[KeptDelivery]:
        """Return all of them, in the order of their numbers."""
        each = (it for alert in self._open.values() for it in alert.deliveries.values())
        return sorted(each, key=lambda delivery: delivery.number)
