"""Answers are quoted from the services' own documents; the plug-ins are Apprise's."""

import json

import pytest

from alertd.delivery.answers import Answer
from alertd.delivery.failure import Failure
from alertd.delivery.refusals import failure_by


def telegram(status: int, description: str) -> Failure | None:
    body = {"ok": False, "error_code": status, "description": description}
    return failure_by("NotifyTelegram", Answer(status, body=json.dumps(body)))


def slack(status: int, body: str) -> Failure | None:
    return failure_by("NotifySlack", Answer(status, body=body))


@pytest.mark.parametrize(
    ("status", "description", "reason"),
    [
        (401, "Unauthorized", "the bot token is wrong (HTTP 401)"),
        (404, "Not Found", "the bot token is wrong (HTTP 404)"),
        (
            400,
            "Bad Request: chat not found",
            (
                "the chat is not found: its number is wrong, or nobody has pressed Start there, "
                "or the bot is not a member (HTTP 400)"
            ),
        ),
        (
            403,
            "Forbidden: bot was blocked by the user",
            "the user has blocked the bot (HTTP 403)",
        ),
        (
            403,
            "Forbidden: bot was kicked from the supergroup chat",
            "the bot was removed from the group (HTTP 403)",
        ),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
            "the bot may not write first: open a chat with it and press Start (HTTP 403)",
        ),
        (
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            "the group has got a new number: look it up again (HTTP 400)",
        ),
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            "the bot may not write there: make it an administrator (HTTP 400)",
        ),
        (
            400,
            "Bad Request: message thread not found",
            "the topic is not found in the group (HTTP 400)",
        ),
        (
            400,
            "Bad Request: can't parse entities: unclosed start tag",
            "it cannot read this message (HTTP 400)",
        ),
        (400, "Bad Request: message is too long", "this message is too long (HTTP 400)"),
    ],
)
def test_telegrams_refusals_are_final_and_say_what_to_do(
    status: int, description: str, reason: str
) -> None:
    assert telegram(status, description) == Failure(reason, is_final=True)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (404, "no_service", "the webhook's address is wrong, or it was removed (HTTP 404)"),
        (403, "invalid_token", "the webhook's address is wrong, or it was removed (HTTP 403)"),
        (404, "channel_not_found", "the channel is not found: is the bot in it? (HTTP 404)"),
        (410, "channel_is_archived", "the channel is archived (HTTP 410)"),
        (
            403,
            "action_prohibited",
            "the workspace's administrator does not allow it (HTTP 403)",
        ),
        (400, "invalid_payload", "it cannot read this message (HTTP 400)"),
        (
            200,
            '{"ok": false, "error": "invalid_auth"}',
            "the bot token is wrong, or was revoked (HTTP 200)",
        ),
        (
            200,
            '{"ok": false, "error": "not_in_channel"}',
            "the bot is not in the channel: invite it there (HTTP 200)",
        ),
        (
            200,
            '{"ok": false, "error": "missing_scope", "needed": "chat:write"}',
            "the bot lacks a permission: chat:write, for pictures files:write (HTTP 200)",
        ),
    ],
)
def test_slacks_refusals_are_final_even_where_their_status_is_200(
    status: int, body: str, reason: str
) -> None:
    assert slack(status, body) == Failure(reason, is_final=True)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "rollup_error"),
        (200, '{"ok": false, "error": "internal_error"}'),
        (200, '{"ok": false, "error": "ratelimited"}'),
    ],
)
def test_a_fault_of_slacks_own_is_not_final(status: int, body: str) -> None:
    failure = slack(status, body)
    assert failure is not None
    assert not failure.is_final


def test_a_good_answer_says_nothing() -> None:
    assert slack(200, "ok") is None
    assert slack(200, '{"ok": true, "message": {"text": "invalid_auth"}}') is None


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (
            404,
            '{"message": "Unknown Webhook", "code": 10015}',
            "the webhook's address is wrong, or it was removed (HTTP 404)",
        ),
        (
            401,
            '{"message": "Invalid Webhook Token", "code": 50027}',
            "the webhook's token is wrong (HTTP 401)",
        ),
        (
            400,
            '{"message": "Invalid Form Body", "code": 50035}',
            "it cannot read this message (HTTP 400)",
        ),
    ],
)
def test_discords_refusals_are_final(status: int, body: str, reason: str) -> None:
    answer = Answer(status, body=body)
    assert failure_by("NotifyDiscord", answer) == Failure(reason, is_final=True)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, "", "the token or the password is wrong (HTTP 401)"),
        (
            400,
            '{"user": "invalid", "errors": ["user key is invalid", "token too"], "status": 0}',
            "it does not understand the request (HTTP 400: user key is invalid, token too)",
        ),
        (
            403,
            '{"code": 40301, "http": 403, "error": "forbidden"}',
            "it is not allowed: the token is wrong, or may not do this (HTTP 403: forbidden)",
        ),
        (
            404,
            '{"error": {"code": 5, "message": "no such room"}}',
            (
                "nothing is there: the address, topic or room in the URL is wrong "
                "(HTTP 404: no such room)"
            ),
        ),
        (
            404,
            "<html><h1>Not Found</h1></html>",
            "nothing is there: the address, topic or room in the URL is wrong (HTTP 404)",
        ),
        (418, "I'm a\n teapot", "HTTP 418: I'm a teapot"),
    ],
)
def test_another_services_refusal_is_final_with_its_own_words(
    status: int, body: str, reason: str
) -> None:
    answer = Answer(status, body=body)
    assert failure_by("NotifyOther", answer) == Failure(reason, is_final=True)


def test_an_answer_that_is_too_deep_to_be_read_is_quoted() -> None:
    body = "[" * 1999 + "]" * 1999
    failure = failure_by("NotifyOther", Answer(418, body=body))
    assert failure == Failure(f"HTTP 418: {body}", is_final=True)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_be_over_soon_is_not_final(status: int) -> None:
    failure = failure_by("NotifyOther", Answer(status))
    assert failure is not None
    assert not failure.is_final


def test_too_many_messages_hold_for_as_long_as_the_service_says() -> None:
    answer = Answer(429, {"Retry-After": "7"}, "slow down")
    expected = Failure("it gets too many messages (HTTP 429: slow down)", retry_after_s=7.0)
    assert failure_by("NotifyOther", answer) == expected


def test_a_refusal_has_no_time_after_which_it_is_over() -> None:
    answer = Answer(404, {"X-RateLimit-Reset-After": "1.5"})
    failure = failure_by("NotifyDiscord", answer)
    assert failure is not None
    assert failure.retry_after_s is None
