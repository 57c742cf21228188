"""Parts of the past on the command line."""

from datetime import datetime

import click
import pytest
from click.testing import CliRunner

from alertd.cli.dates import since, until


def ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def read(**written: str) -> str:
    """What is understood, or the mistake that is said."""

    @click.command
    @click.option("--from", "start_ms", callback=since)
    @click.option("--to", "end_ms", callback=until)
    def command(start_ms: int | None, end_ms: int | None) -> None:
        click.echo(f"{start_ms} {end_ms}")

    arguments = [f"--{name}={text}" for name, text in written.items()]
    return CliRunner().invoke(command, arguments).output.strip()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025-05-08", "2025-05-08T00:00Z", "2025-05-09T00:00Z"),
        ("2025-05", "2025-05-01T00:00Z", "2025-06-01T00:00Z"),
        ("2024-12", "2024-12-01T00:00Z", "2025-01-01T00:00Z"),
    ],
)
def test_a_day_or_a_month_is_meant_as_a_whole(text: str, start: str, end: str):
    assert read(**{"from": text, "to": text}) == f"{ms(start)} {ms(end)}"


@pytest.mark.parametrize(
    "text",
    [
        *("2025-05-08 14:30", "2025-05-08T14:30", "2025-05-08T14:30:00.000Z"),
        "2025-05-08T16:30+02:00",
    ],
)
def test_a_time_of_day_is_a_moment(text: str):
    moment = ms("2025-05-08T14:30Z")
    assert read(**{"from": text, "to": text}) == f"{moment} {moment}"


def test_what_is_not_said_has_no_bound():
    assert read() == "None None"


@pytest.mark.parametrize(
    "text", ["08.05.2025", "2025-13", "2025-02-30", "yesterday", "", "9999-12"]
)
def test_what_is_no_date_is_one_line_that_says_how_to_write_one(text: str):
    assert read(to=text) == (
        f'Error: --to: `{text}` is no date: write it like 2025-05, 2025-05-08 or "2025-05-08 14:30", UTC'
    )
