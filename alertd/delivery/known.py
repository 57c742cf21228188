"""What services say when they refuse, known by a few of their words, in a person's words."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import attrs


@attrs.frozen
class Known:
    """A sign (in lower case) by which it is known, and what it means to who set it up."""

    sign: str
    words: str
    is_final: bool = True


def first_known(known: Sequence[Known], said: str) -> Known | None:
    """Return the first whose sign is in what a service said."""
    folded = said.casefold()
    return next((each for each in known if each.sign in folded), None)


# core.telegram.org/bots/api; the texts are those of its server, github.com/tdlib/telegram-bot-api.
_TELEGRAM = (
    Known(
        "chat not found",
        "the chat is not found: its number is wrong, or nobody has pressed Start there, "
        "or the bot is not a member",
    ),
    Known("bot was blocked by the user", "the user has blocked the bot"),
    Known("bot was kicked", "the bot was removed from the group"),
    Known("bot is not a member", "the bot is not a member of the channel"),
    Known(
        "can't initiate conversation",
        "the bot may not write first: open a chat with it and press Start",
    ),
    Known("can't send messages to bots", "the chat is a bot's, and bots cannot write to bots"),
    Known("user is deactivated", "the user's account is gone"),
    Known("not enough rights", "the bot may not write there: make it an administrator"),
    Known("have no rights", "the bot may not write there: make it an administrator"),
    Known("upgraded to a supergroup", "the group has got a new number: look it up again"),
    Known("thread not found", "the topic is not found in the group"),
    Known("topic_closed", "the topic is closed"),
    Known("can't parse", "it cannot read this message"),
    Known("message is too long", "this message is too long"),
    Known("unauthorized", "the bot token is wrong"),
    # Of a token that cannot be one, it knows no method.
    Known("not found", "the bot token is wrong"),
)
_SLACKS_WEBHOOK = "the webhook's address is wrong, or it was removed"
_SLACKS_TOKEN = "the bot token is wrong, or was revoked"  # noqa: S105 - none
_SLACKS_ADMINISTRATOR = "the workspace's administrator does not allow it"
_SLACKS_READING = "it cannot read this message"
# docs.slack.dev: "Handling errors" of incoming webhooks, and the errors of chat.postMessage.
_SLACK = (
    Known("no_service", _SLACKS_WEBHOOK),
    Known("no_active_hooks", _SLACKS_WEBHOOK),
    Known("no_team", _SLACKS_WEBHOOK),
    Known("invalid_token", _SLACKS_WEBHOOK),
    Known("team_disabled", "the workspace is disabled"),
    Known("channel_not_found", "the channel is not found: is the bot in it?"),
    Known("not_in_channel", "the bot is not in the channel: invite it there"),
    Known("is_archived", "the channel is archived"),
    Known("user_not_found", "the user is not found"),
    Known("invalid_auth", _SLACKS_TOKEN),
    Known("not_authed", _SLACKS_TOKEN),
    Known("token_revoked", _SLACKS_TOKEN),
    Known("token_expired", _SLACKS_TOKEN),
    Known("account_inactive", _SLACKS_TOKEN),
    Known("missing_scope", "the bot lacks a permission: chat:write, for pictures files:write"),
    Known("action_prohibited", _SLACKS_ADMINISTRATOR),
    Known("restricted_action", _SLACKS_ADMINISTRATOR),
    Known("posting_to_general_channel_denied", _SLACKS_ADMINISTRATOR),
    Known("invalid_payload", _SLACKS_READING),
    Known("invalid_blocks", _SLACKS_READING),
    Known("msg_too_long", "this message is too long"),
    Known("ratelimited", "it gets too many messages", is_final=False),
    Known("rollup_error", "it has a fault of its own", is_final=False),
    Known("internal_error", "it has a fault of its own", is_final=False),
    Known("fatal_error", "it has a fault of its own", is_final=False),
    Known("service_unavailable", "it is down or overloaded", is_final=False),
    Known("request_timeout", "it is down or overloaded", is_final=False),
)
# discord.com/developers/docs/topics/opcodes-and-status-codes, "JSON error codes".
_DISCORD = (
    Known("unknown webhook", "the webhook's address is wrong, or it was removed"),
    Known("invalid webhook token", "the webhook's token is wrong"),
    Known("unknown channel", "the channel or thread is gone"),
    Known("invalid form body", "it cannot read this message"),
)
# Its broker says no more than this, and Apprise's plug-in says it.
_MQTT = (
    Known(
        "could not be delivered",
        "it has not confirmed the message: is the login right, and may it write to this topic?",
        is_final=False,
    ),
)

# By Apprise's plug-in.
KNOWN: Mapping[str, Sequence[Known]] = MappingProxyType(
    {
        "NotifyTelegram": _TELEGRAM,
        "NotifySlack": _SLACK,
        "NotifyDiscord": _DISCORD,
        "NotifyMQTT": _MQTT,
    }
)

# smtplib shows what a server replied, RFC 5321 and, with a dot in it, RFC 3463.
MAIL: Sequence[Known] = (
    Known("5.4.5", "the account has sent as many mails as it may in a day", is_final=False),
    Known("quota exceeded", "the mailbox is full", is_final=False),
    Known("application-specific password", "it wants an app password, and not the account's own"),
    Known("starttls", "it wants encryption: use mailtos://"),
    Known("relay", "it does not take mail for others: is the login in the URL?"),
)
