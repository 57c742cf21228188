"""What the receivers read in a message."""

import pytest

from tests.crash.receiver import Told, alerts_in


def test_an_alert_is_read_from_its_title_and_its_number():
    posted = {"title": "ladder-3 firing", "message": "Close is above 103\nAlert 12 at 14:03:22 UTC"}
    assert alerts_in(posted) == [Told(12, "ladder-3 firing")]


def test_a_digest_is_read_line_by_line():
    lines = ["‼ BTCUSDT ladder-3 firing 14:03:22 #12", "‼ ETHUSDT wave resolved 14:03:23 #13"]
    assert alerts_in({"title": "2 alerts (2 critical)", "message": "\n".join(lines)}) == [
        Told(12, "ladder-3 firing"),
        Told(13, "wave resolved"),
    ]


def test_what_alertd_says_of_itself_is_no_alert_of_a_rule():
    assert alerts_in({"title": "alertd: the feed is back", "message": "Alert 4"}) == []
    lines = ["! alertd: the feed is back 14:03:22 #4", "‼ ETHUSDT wave resolved 14:03:23 #5"]
    assert alerts_in({"title": "2 alerts", "message": "\n".join(lines)}) == [
        Told(5, "wave resolved")
    ]


def test_a_message_of_another_form_is_not_passed_over():
    with pytest.raises(AssertionError, match="neither"):
        alerts_in({"title": "2 alerts", "message": "ladder-3 firing\nwave resolved"})
