"""A channel for a first configuration: taken from a URL, or asked for; its secrets go apart."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

import attrs
import click

_TELEGRAM = re.compile(r"tgram://(?P<token>\d+:[A-Za-z0-9_-]+)/(?P<chat>-?\d+)/?")


@attrs.frozen
class FirstChannel:
    """A channel as it is written, with names in place of its secrets, and what those stand for."""

    name: str
    written: str
    secrets: Mapping[str, str] = attrs.field(repr=False)

    @property
    def url(self) -> str:
        """The URL with its secrets."""
        url = self.written
        for name, secret in self.secrets.items():
            url = url.replace(f"${{{name}}}", secret)
        return url


def channel_at(url: str) -> FirstChannel:
    """Return the channel for a URL: of Telegram's the parts are secrets, of any other all of it is."""
    telegram = _TELEGRAM.fullmatch(url)
    if telegram is not None:
        return _telegram(telegram["token"], telegram["chat"])
    return FirstChannel("alerts", "${ALERT_URL}", {"ALERT_URL": url})


def ask_for_channel() -> FirstChannel:
    """Ask a person on a terminal which service, and for what it needs."""
    click.echo(_CHOICES)
    kinds = {"1": _ask_telegram, "2": _ask_mail, "3": _ask_ntfy, "4": _ask_url}
    wanted: str = click.prompt("Which", default="1", type=click.Choice(list(kinds)))
    return kinds[wanted]()


_CHOICES = """\
How shall alertd reach you?
  1  Telegram   a bot of your own writes to you; it takes pictures, and costs nothing
  2  mail       by your mail provider's server
  3  ntfy       an app that listens to a topic; nothing to sign up for
  4  other      Slack, Discord, Matrix, Pushover and a hundred more, by their Apprise URL"""


def _ask_telegram() -> FirstChannel:
    click.echo("Write /newbot to @BotFather in Telegram: its answer has the bot's token.")
    token: str = click.prompt(
        "Token", value_proc=_read_by(r"\d+:[A-Za-z0-9_-]+", "123456789:AA...")
    )
    click.echo("Write anything to your new bot; then your number is the chat's id at")
    click.echo("https://api.telegram.org/bot<token>/getUpdates (a group's is negative).")
    chat: str = click.prompt("Chat", value_proc=_read_by(r"-?\d+", "987654321"))
    return _telegram(token, chat)


def _telegram(token: str, chat: str) -> FirstChannel:
    written = "tgram://${TELEGRAM_TOKEN}/${TELEGRAM_CHAT}"
    return FirstChannel("phone", written, {"TELEGRAM_TOKEN": token, "TELEGRAM_CHAT": chat})


def _ask_mail() -> FirstChannel:
    click.echo("Make a password for alertd alone (an app password) in your provider's settings.")
    click.echo("The server is the one for outgoing mail (SMTP), by STARTTLS at port 587.")
    server: str = click.prompt("Server", value_proc=_read_by(r"[\w.-]+(:\d+)?", "smtp.example.org"))
    address: str = click.prompt(
        "Your address", value_proc=_read_by(r"[^\s@]+@[^\s@]+", "me@example.org")
    )
    password: str = click.prompt("Password", hide_input=True)
    login = quote(address, safe="")
    written = f"mailtos://{login}:${{SMTP_PASSWORD}}@{server}?to={login}&from={login}"
    return FirstChannel("mail", written, {"SMTP_PASSWORD": quote(password, safe="")})


def _ask_ntfy() -> FirstChannel:
    click.echo("Install the app of ntfy.sh, and subscribe to a topic that nobody guesses.")
    click.echo("Whoever knows its name can read along, so take a long one.")
    topic: str = click.prompt(
        "Topic", value_proc=_read_by(r"[A-Za-z0-9_-]{1,64}", "alerts-8f3k2q9x")
    )
    return FirstChannel("phone", "ntfy://${NTFY_TOPIC}", {"NTFY_TOPIC": topic})


def _ask_url() -> FirstChannel:
    click.echo("An Apprise URL says which service, and who you are there; how each is written:")
    click.echo("https://appriseit.com/services/")
    return channel_at(click.prompt("URL", value_proc=_read_by(r"[a-z0-9]+://\S+", "slack://A/B/C")))


def _read_by(form: str, example: str) -> Callable[[str], str]:
    """Return what reads an answer of a form; what is none is asked for again."""

    def read(answer: str) -> str:
        found = answer.strip()
        if not re.fullmatch(form, found):
            raise click.UsageError(f"that is not of the form {example}")
        return found

    return read
