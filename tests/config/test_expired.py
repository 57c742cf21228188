from datetime import UTC, datetime

import pytest

from alertd.config.expired import expired_rules
from tests.config.files import HEAD, RULE, Folder

# 2027-01-01T00:00Z
OVER_MS = round(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(("now_ms", "count"), [(OVER_MS - 1, 0), (OVER_MS, 1), (OVER_MS + 1, 1)])
def test_a_rule_is_done_from_the_time_on_that_it_names(folder: Folder, now_ms: int, count: int):
    rule = RULE.replace("notify", "expires: 2027-01-01T00:00Z, notify")
    config = folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}")
    assert len(expired_rules(config, now_ms)) == count


def test_a_rule_that_is_disabled_may_be_as_old_as_it_likes(folder: Folder):
    rule = RULE.replace("notify", "expires: 2027-01-01T00:00Z, enabled: false, notify")
    config = folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}")
    assert expired_rules(config, OVER_MS) == ()


def test_what_never_expires_is_never_done(folder: Folder):
    assert expired_rules(folder.load(f"{HEAD}rules: {{rules: {{a: {RULE}}}}}"), OVER_MS) == ()
