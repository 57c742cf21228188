"""What a destination that does not take anything costs those who do: however much waits there."""

from itertools import pairwise

import trio

from alertd.delivery.destination import Destination
from alertd.delivery.patience import Patience
from alertd.delivery.report import Happening, Outcome, Report
from alertd.delivery.settings import Settings
from alertd.delivery.worker import Worker
from tests.delivery.deliveries import delivery_of, roomy
from tests.delivery.post import DOWN, Post, down_until
from tests.delivery.receivers import Answer, http_receiver
from tests.work import work

FEW, MANY = 100, 5000


def with_waiting(count: int) -> Post:
    """A destination that is down, with so many that wait until it is tried again."""
    post = Post(down_until(1e12, DOWN))
    post.put(*(delivery_of(number) for number in range(1, count + 1)))
    post.pass_until(600)
    assert len(post.outbox) == count
    return post


def test_one_more_costs_the_same_however_many_wait():
    def one_more(post: Post) -> None:
        post.put(delivery_of(MANY + 1))
        post.outbox.next(post.now)

    few, many = (with_waiting(count) for count in (FEW, MANY))
    assert work(lambda: one_more(many)) < 1.5 * work(lambda: one_more(few))


class Desk:
    """A worker with thousands that wait, whose service refuses; the fallback gets what it passes on."""

    def __init__(self, url: str) -> None:
        self.reports: list[Report] = []
        self.passed_on, self.all_passed_on = trio.Event(), trio.Event()
        self._left = MANY
        destination = Destination("hook", url)
        self.worker = Worker(
            destination,
            Settings.of(destination, roomy("hook", url, fallback="mail")),
            tell=self._take,
            patience=Patience(),
        )
        for number in range(1, MANY + 1):
            self.worker.put(delivery_of(number))

    def told(self, outcome: Outcome) -> list[int]:
        return [it.deliveries[0].number for it in self.reports if it.outcome is outcome]

    def _take(self, happening: Happening) -> None:
        if isinstance(happening, Report):
            self.reports.append(happening)
            if happening.outcome is Outcome.PASSED_ON:
                self.passed_on.set()
                self._left -= 1
                if not self._left:
                    self.all_passed_on.set()


async def test_others_go_on_while_thousands_are_passed_on():
    at_each_turn: list[int] = []

    async def watch(desk: Desk) -> None:
        await desk.passed_on.wait()
        while True:
            at_each_turn.append(len(desk.reports))
            await trio.lowlevel.checkpoint()

    with http_receiver(Answer(401)) as receiver:
        desk = Desk(receiver.url())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.worker.run)
            nursery.start_soon(watch, desk)
            with trio.fail_after(20):
                await desk.all_passed_on.wait()
            nursery.cancel_scope.cancel()
    assert max(after - before for before, after in pairwise(at_each_turn)) <= 100


async def test_a_stop_in_the_middle_loses_none_of_them():
    with http_receiver(Answer(401)) as receiver:
        desk = Desk(receiver.url())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.worker.run)
            await desk.passed_on.wait()
            nursery.cancel_scope.cancel()
        desk.worker.leave()
    told = desk.told(Outcome.PASSED_ON) + desk.told(Outcome.LEFT)
    assert sorted(told) == list(range(1, MANY + 1))
