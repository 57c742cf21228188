"""What may stand in `symbols` and `exclude`: a name, a glob, or `all`."""

from alertd.config.mistakes import WrongError
from alertd.config.values import text
from alertd.config.wording import shown
from alertd.market.listing import EVERY, is_glob

# What globs have beyond the letters of names: wildcards, and sets of letters such as [!A-F].
_GLOB_LETTERS = frozenset("*?[]!-")
_LONGEST = 100


def symbol_pattern(value: object) -> str:
    """Read a symbol as the exchange writes it (BTCUSDT, 币安人生USDT), a glob (`*USDT`) or `all`."""
    word = text(value)
    if len(word) > _LONGEST:
        raise WrongError(f"{shown(word)}: a symbol has at most {_LONGEST} characters")
    if word.lower() == EVERY:
        return EVERY
    extra = _GLOB_LETTERS if is_glob(word) else frozenset()
    if not all(letter.isalnum() or letter == "_" or letter in extra for letter in word):
        raise WrongError(f"{shown(word)} is no symbol: write it as the exchange does, like BTCUSDT")
    if word != word.upper():
        raise WrongError(
            f"{shown(word)}: symbols are in upper case (did you mean {shown(word.upper())}?)"
        )
    _check_brackets(word)
    return word


def _check_brackets(word: str) -> None:
    """Refuse a set of letters that never closes, or never opened: it would match nothing."""
    rest = word
    while rest:
        before, opening, inside = rest.partition("[")
        if "]" in before:
            raise WrongError(f"{shown(word)}: the `]` closes nothing")
        if not opening:
            return
        # A `]` that comes first, or right after the `!`, stands for itself.
        first = 2 if inside.startswith("!") else 1
        end = inside.find("]", first)
        if end < 0:
            raise WrongError(f"{shown(word)}: the `[` never closes")
        rest = inside[end + 1 :]
