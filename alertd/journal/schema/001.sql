-- What must outlive a crash: alerts, their deliveries, how rules stand, silences.
-- Times are milliseconds since 1970: `time_ms` the exchange's, all others the machine's.

CREATE TABLE alert (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,  -- shown to people; never given twice
    time_ms      INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    symbol       TEXT NOT NULL,
    state        TEXT NOT NULL,
    severity     TEXT NOT NULL,
    value        REAL,
    threshold    TEXT NOT NULL,                      -- JSON: a number, [low, high] or null
    metrics      TEXT NOT NULL,                      -- JSON: every metric of the ticker
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    noted_ms     INTEGER NOT NULL,
    silence      INTEGER REFERENCES silence (number)
) STRICT;

CREATE INDEX alert_by_time ON alert (time_ms);
CREATE INDEX alert_by_rule ON alert (rule, symbol, time_ms);

CREATE TABLE delivery (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    alert        INTEGER NOT NULL REFERENCES alert (number) ON DELETE CASCADE,
    destination  TEXT NOT NULL,                      -- a name that stays, with no secret in it
    label        TEXT NOT NULL,                      -- for people: `phone: Telegram`
    status       TEXT NOT NULL DEFAULT 'waiting'
                 CHECK (status IN ('waiting', 'delivered', 'undelivered')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    reason       TEXT NOT NULL DEFAULT '',           -- of the last failure, in words
    done_ms      INTEGER
) STRICT;

CREATE INDEX delivery_by_alert ON delivery (alert);
CREATE INDEX delivery_waiting ON delivery (destination, number) WHERE status = 'waiting';
CREATE INDEX delivery_lost ON delivery (number) WHERE status = 'undelivered';

CREATE TABLE standing (
    rule         TEXT NOT NULL,
    symbol       TEXT NOT NULL,
    asked     TEXT NOT NULL,                      -- the rule's condition in words: for another, it is void
    life         TEXT NOT NULL,                      -- JSON
    latched      TEXT NOT NULL,                      -- JSON: numbers of comparisons
    rungs        TEXT NOT NULL,                      -- JSON: number of a comparison -> [low, high, last]
    PRIMARY KEY (rule, symbol)
) STRICT, WITHOUT ROWID;

CREATE TABLE silence (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    rule         TEXT NOT NULL DEFAULT '*',
    symbol       TEXT NOT NULL DEFAULT '*',
    severity     TEXT,                               -- this one and below; null for any
    until_ms     INTEGER NOT NULL,
    comment      TEXT NOT NULL DEFAULT '',
    made_ms      INTEGER NOT NULL,
    ended_ms     INTEGER
) STRICT;
