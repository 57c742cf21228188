"""What a retry hurries: a real journal, real destinations, and time stands still."""

from collections.abc import Collection
from pathlib import Path

import pytest
from trio.testing import MockClock

from alertd.archive import Archive
from tests.delivery.deliveries import roomy
from tests.delivery.receivers import Answer, http_receiver
from tests.test_outbound import House, house_at

REFUSED = Answer(401)


@pytest.fixture(autouse=True)
def clock() -> MockClock:
    return MockClock()


def archive_of(house: House, channels: Collection[str] = ("phone", "mail")) -> Archive:
    return Archive(house.outbound, house.path, channels=lambda: channels)


async def attempted(house: House, *alerts: int) -> None:
    """Wait until these alerts, and no others, have been tried, and the journal has it so."""
    tried: set[int] = set()
    for _ in range(2000):
        past = await house.past()
        tried = {it.number for it in past if all(to.attempts for to in it.deliveries)}
        if tried == set(alerts):
            return
    assert tried == set(alerts)


@pytest.mark.parametrize(
    ("alert", "channel", "hurried"),
    [
        (None, None, ["phone: JSON", "mail: JSON"]),
        (1, None, ["phone: JSON"]),
        (None, "mail", ["mail: JSON"]),
        (1, "mail", []),
    ],
)
async def test_only_what_is_meant_need_not_wait(
    tmp_path: Path, alert: int | None, channel: str | None, hurried: list[str]
):
    with http_receiver(REFUSED) as phone, http_receiver(REFUSED) as mail:
        channels = (roomy("phone", phone.url()), roomy("mail", mail.url()))
        async with house_at(tmp_path / "alertd.db", *channels) as house:
            house.fires("phone")
            house.fires("mail")
            await attempted(house, 1, 2)
            tried = await archive_of(house).retry(alert=alert, channel=channel)
            assert [(it.destination, it.undelivered, it.waiting) for it in tried] == [
                (label, 0, 1) for label in hurried
            ]


async def test_an_alert_that_was_delivered_hurries_nothing_where_another_waits(tmp_path: Path):
    with http_receiver(Answer(200), REFUSED) as phone:
        async with house_at(tmp_path / "alertd.db", roomy("phone", phone.url())) as house:
            house.fires("phone")
            await house.comes_to(["phone: JSON: delivered"])
            house.fires("phone")
            await attempted(house, 1, 2)
            assert await archive_of(house, ["phone"]).retry(alert=1, channel=None) == []
