"""An outbox with a service behind it, in a time of its own, which passes by events."""

from collections.abc import Callable

from alertd.delivery.delivery import Delivery
from alertd.delivery.failure import Failure
from alertd.delivery.outbox import Outbox
from alertd.delivery.parcel import Parcel
from alertd.delivery.patience import Patience
from alertd.delivery.report import Fault, Happening, Outcome, Report
from alertd.delivery.services import Limits
from alertd.delivery.settings import Now, Settings
from alertd.rate import Rate
from tests.delivery.deliveries import NOTED_MS

TELEGRAM = (Rate(1, 1), Rate(20, 60))
SETTINGS = Settings(
    key="phone/1",
    label="phone: Telegram",
    channel="phone",
    limits=Limits(title=200, body=4000),
    rates=TELEGRAM,
    digest_over=5,
)
DOWN = Failure("HTTP 500")
REFUSED = Failure("HTTP 401: the bot token is wrong", is_final=True)

# What comes of a parcel that is sent at a second.
Service = Callable[[float, Parcel], Failure | None]


def well(_now_s: float, _parcel: Parcel) -> None:
    """A service that takes everything."""


def down_until(end_s: float, failure: Failure = DOWN) -> Service:
    return lambda now_s, _: failure if now_s < end_s else None


def refusing(*numbers: int) -> Service:
    """A service that refuses what has one of these alerts in it."""
    return lambda _, parcel: REFUSED if not set(numbers).isdisjoint(numbers_in(parcel)) else None


def numbers_in(parcel: Parcel) -> list[int]:
    return [each.delivery.number for each in parcel.several]


class Post:
    """Puts in, lets time pass, and keeps what was sent and told. The jitter always draws one half.

    `s` begins with 0 at `start_ms` of the machine's clock. A send takes no time.
    """

    def __init__(
        self,
        service: Service = well,
        settings: Settings = SETTINGS,
        *,
        patience: Patience | None = None,
        start_ms: int = NOTED_MS,
    ) -> None:
        self.outbox = Outbox(settings, patience=patience or Patience())
        self.service = service
        self.s = 0.0
        self.sent: list[tuple[float, str]] = []
        self.parcels: list[tuple[float, Parcel]] = []
        self.reports: list[Report] = []
        self.faults: list[tuple[float, Fault]] = []
        # When a picture followed, where texts have such.
        self.pictures: list[float] = []
        self.has_pictures = False
        self._start_ms = start_ms

    @property
    def now(self) -> Now:
        return Now(self.s, self._start_ms + round(self.s * 1000))

    def put(self, *deliveries: Delivery) -> None:
        for delivery in deliveries:
            self._take(self.outbox.put(delivery, self.now))

    def pass_until(self, end_s: float) -> None:
        """Let everything happen up to a second, that of it included."""
        while True:
            step = self.outbox.next(self.now)
            self._take(step.happened)
            if step.parcel is not None:
                self._send(step.parcel)
            elif step.again_s > end_s:
                break
            else:
                assert step.again_s > self.s
                self.s = step.again_s
        self.s = end_s

    def set_clock(self, *, forward_s: float) -> None:
        """Set the machine's clock, and no other."""
        self._start_ms += round(forward_s * 1000)

    def times(self) -> list[float]:
        """When something was sent."""
        return [at for at, _ in self.sent]

    def came_of(self, outcome: Outcome) -> list[int]:
        """The numbers of the deliveries with this outcome, in the order in which it was told."""
        told = [report for report in self.reports if report.outcome is outcome]
        return [delivery.number for report in told for delivery in report.deliveries]

    def leave(self) -> None:
        self._take(self.outbox.leave(self.now))

    def _send(self, parcel: Parcel) -> None:
        self.sent.append((self.s, parcel.message.title))
        self.parcels.append((self.s, parcel))
        failure = self.service(self.s, parcel)
        self._take(self.outbox.finished(failure, self.now, draw=0.5))
        opens_s = self.outbox.picture_opens_s(self.now)
        if self.has_pictures and failure is None and opens_s is not None and opens_s <= self.s:
            self.outbox.accompanied(self.now)
            self.pictures.append(self.s)

    def _take(self, happened: tuple[Happening, ...]) -> None:
        for each in happened:
            if isinstance(each, Report):
                self.reports.append(each)
            else:
                self.faults.append((self.s, each))
