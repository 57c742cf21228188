"""The manual: what its pages show is read by alertd, and what they say of operators is so."""

import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from alertd.config.document import parse_document
from alertd.config.mistakes import MistakesError
from alertd.config.structure import keys_of
from alertd.config.written import WrittenRule
from alertd.engine.condition import is_event
from alertd.engine.engine import Engine
from alertd.engine.metrics import METRICS
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from alertd.rule_tests.rules_tested import read_rules

DOCS = Path(__file__).parents[1] / "docs"
# Pages whose blocks are all about rules.
MANUAL = ("rules", "operators", "life", "tradingview")
OTHERS = sorted({page.stem for page in DOCS.glob("*.md")} - {*MANUAL})
RULE_KEYS = set(keys_of(WrittenRule))
CONDITION = re.compile(rf"(?:{'|'.join(METRICS)}|all|any|not): [\[{{].*[\]}}]")


@attrs.frozen
class Shown:
    """A piece of YAML on a page."""

    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text.strip().splitlines()[0]}"


def blocks(page: str) -> Iterator[Shown]:
    """Every block of YAML on a page; one that gives a key several times is so many of them."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        items = re.split(r"^(?=[^\s#])", block, flags=re.MULTILINE)
        keys = [item.partition(":")[0] for item in items if item[:1] not in ("", "#")]
        repeated = len(keys) > len(set(keys))
        yield from (Shown(page, it) for it in items if it) if repeated else [Shown(page, block)]


def spans(page: str) -> Iterator[Shown]:
    """Every condition that stands in a line of text."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    for span in re.findall(r"`([^`\n]+)`", prose):
        if CONDITION.fullmatch(span):
            yield Shown(page, f"when: {{{span}}}")


def is_of_rules(shown: Shown) -> bool:
    """Whether a block of another page is about rules, and not a configuration or a test."""
    try:
        data = parse_document(shown.text, "shown").data
    except MistakesError:
        return False
    if not isinstance(data, dict):
        return False
    return data.keys() <= RULE_KEYS or (
        data.keys() <= {"defaults", "rules"} and isinstance(data.get("rules"), dict)
    )


def rules_of(shown: Shown, folder: Path) -> list[Rule]:
    """Load what is shown as the rule file that it is, or that it is a part of."""
    data = parse_document(shown.text, "shown").data
    assert isinstance(data, dict), "only mappings are shown"
    text = shown.text
    if data.keys() <= RULE_KEYS:
        needed = {"symbols": "BTCUSDT", "when": "{close: {above: 1}}"}
        lines = [text, *(f"{key}: {value}" for key, value in needed.items() if key not in data)]
        body = "\n".join(f"    {line}" for line in "\n".join(lines).splitlines())
        text = f"rules:\n  shown:\n{body}\n"
    file = folder / "shown.yaml"
    file.write_text(text, encoding="utf-8")
    return list(read_rules(file, None).values())


@pytest.mark.parametrize("shown", [it for page in MANUAL for it in blocks(page)], ids=str)
def test_a_block_of_the_manual_is_read(shown: Shown, tmp_path: Path):
    assert rules_of(shown, tmp_path)


@pytest.mark.parametrize(
    "shown", [it for page in OTHERS for it in blocks(page) if is_of_rules(it)], ids=str
)
def test_a_rule_on_another_page_is_read(shown: Shown, tmp_path: Path):
    assert rules_of(shown, tmp_path)


@pytest.mark.parametrize(
    "shown", sorted({it for page in MANUAL for it in spans(page)}, key=str), ids=str
)
def test_a_condition_in_the_text_of_the_manual_is_read(shown: Shown, tmp_path: Path):
    assert rules_of(shown, tmp_path)


@pytest.mark.parametrize(
    "key", ["once: true", "cooldown: 5m", "repeat: 1m", "for: 5m", "expires: 2030-12-31T23:59Z"]
)
def test_a_trigger_of_tradingview_is_a_key_of_a_rule(key: str, tmp_path: Path):
    text = (DOCS / "tradingview.md").read_text(encoding="utf-8")
    assert f"`{key}`" in text
    assert rules_of(Shown("tradingview", key), tmp_path)


def ours(page: str) -> list[str]:
    """The templates in a page's tables; TradingView's have no spaces inside of their braces."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return [it.replace("\\|", "|") for it in re.findall(r"`(\{\{ [^`]+ \}\})`", text)]


@pytest.mark.parametrize("template", ours("tradingview"))
def test_a_template_of_the_manual_is_one(template: str, tmp_path: Path):
    assert rules_of(Shown("tradingview", f"title: '{template}'"), tmp_path)


def test_all_operators_of_tradingview_have_a_row():
    text = (DOCS / "tradingview.md").read_text(encoding="utf-8")
    table = text.partition("## Operators")[2].partition("## Triggers")[0]
    assert re.findall(r"^\| ([A-Z][^|]*?) \| `", table, re.MULTILINE) == [
        *("Crossing", "Crossing Up", "Crossing Down", "Greater Than", "Less Than"),
        *("Entering Channel", "Exiting Channel", "Inside Channel", "Outside Channel"),
        *("Moving Up", "Moving Down", "Moving Up %", "Moving Down %"),
    ]


def test_what_is_not_a_rule_would_be_found(tmp_path: Path):
    with pytest.raises(MistakesError):
        rules_of(Shown("a page", "when: {close: {over: 1}}\n"), tmp_path)


def test_every_key_of_a_rule_has_a_row():
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    table = text.partition("## Keys")[2].partition("\n\n**")[0]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == RULE_KEYS


def glance() -> list[list[str]]:
    """The rows of the table in operators.md that shows each operator on a few ticks."""
    text = (DOCS / "operators.md").read_text(encoding="utf-8")
    _, _, table = text.partition("## At a glance")
    lines = table.partition("## Levels")[0].splitlines()
    return [
        [cell.strip(" `") for cell in line.split("|")[1:-1]] for line in lines if line[:1] == "|"
    ]


@pytest.mark.parametrize("row", glance()[2:], ids=lambda row: str(row[0]))
def test_an_operator_is_on_each_tick_what_its_page_says(row: list[str], tmp_path: Path):
    _, *closes = glance()[0]
    (rule,) = rules_of(Shown("operators", f"when: {{close: {{{row[0]}}}}}"), tmp_path)
    engine = Engine({"BTCUSDT": [rule]})
    marks = []
    for number, close in enumerate(map(float, closes)):
        alerts = engine.update(tick(2000 * number, close))
        marks.append("!" if alerts else "") if is_event(rule.when) else marks.append(held(engine))
    assert marks == row[1:]


def held(engine: Engine) -> str:
    """The mark of a level at the newest tick."""
    explanation = engine.explain("shown", "BTCUSDT")
    assert explanation is not None
    assert explanation.condition is not None
    return "●" if explanation.condition.true else ""


def tick(time_ms: int, close: float) -> Ticker:
    """A tick of a day that has been higher and lower."""
    return Ticker(
        symbol="BTCUSDT",
        time_ms=time_ms,
        close=close,
        open=100.0,
        high=200.0,
        low=50.0,
        volume=1.0,
        quote_volume=100.0,
    )


def test_every_page_that_a_page_links_to_is_there():
    for page in DOCS.rglob("*.md"):
        for link in re.findall(r"\]\(((?!https?:|#)[^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


@pytest.mark.parametrize("page", [*MANUAL, "packs", "cookbook/README"])
def test_every_heading_that_a_page_links_to_is_there(page: str):
    file = DOCS / f"{page}.md"
    for link, heading in re.findall(r"\]\(((?!https?:)[^)#]*)#([^)]+)\)", file.read_text("utf-8")):
        text = (file.parent / link if link else file).read_text(encoding="utf-8")
        assert heading in {anchor(it) for it in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
