-- What must outlive a crash: alerts, their deliveries, how rules stand, silences, recent tickers.
-- Times are milliseconds since 1970: `time_ms` the exchange's, all others the machine's.

CREATE TABLE alert (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,  -- shown to people; never given twice
    time_ms      INTEGER NOT NULL,
    noted_ms     INTEGER NOT NULL,
    rule         TEXT NOT NULL,
    symbol       TEXT NOT NULL,
    state        TEXT NOT NULL,
    severity     TEXT NOT NULL,
    value        REAL,
    threshold    TEXT NOT NULL,                      -- JSON: a number, [low, high] or null
    metrics      TEXT NOT NULL,                      -- JSON: every metric of the ticker
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    silence      INTEGER                             -- which one it fell to; it may be gone by now
) STRICT;

CREATE INDEX alert_by_age ON alert (noted_ms);
CREATE INDEX alert_by_rule ON alert (rule, symbol);
CREATE INDEX alert_silenced ON alert (silence) WHERE silence IS NOT NULL;

CREATE TABLE delivery (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    alert        INTEGER NOT NULL REFERENCES alert (number) ON DELETE CASCADE,
    destination  TEXT NOT NULL,                      -- a name that stays, with no secret in it
    label        TEXT NOT NULL,                      -- for people: `phone: Telegram`
    status       TEXT NOT NULL
                 CHECK (status IN ('waiting', 'delivered', 'undelivered', 'passed on')),
    attempts     INTEGER NOT NULL,
    reason       TEXT NOT NULL,                      -- of the last failure, in words
    done_ms      INTEGER,
    latency_ms   INTEGER,                            -- from the ticker's event to the service's yes
    UNIQUE (alert, destination)
) STRICT;

CREATE INDEX delivery_waiting ON delivery (number) WHERE status = 'waiting';
CREATE INDEX delivery_lost ON delivery (alert) WHERE status = 'undelivered';

CREATE TABLE market (
    name         TEXT NOT NULL                       -- the one that standing, newest and recent are of
) STRICT;

CREATE TABLE standing (
    rule         TEXT NOT NULL,
    symbol       TEXT NOT NULL,
    asked        TEXT NOT NULL,                      -- the rule's condition in words: for another, it is void
    life         TEXT NOT NULL,                      -- JSON
    latched      TEXT NOT NULL,                      -- JSON: numbers of comparisons
    rungs        TEXT NOT NULL,                      -- JSON: number of a comparison -> [low, high, last]
    PRIMARY KEY (rule, symbol)
) STRICT, WITHOUT ROWID;

CREATE TABLE newest (
    symbol       TEXT NOT NULL PRIMARY KEY,
    ticker       TEXT NOT NULL                       -- JSON: the fields of a ticker, in their order
) STRICT, WITHOUT ROWID;

CREATE TABLE latest (
    tickers      BLOB NOT NULL                       -- the last of every symbol, now and then: see alertd/engine/recent.py
) STRICT;

CREATE TABLE recent (
    number       INTEGER PRIMARY KEY,                -- in the order of time
    until_ms     INTEGER NOT NULL,                   -- the exchange's: nobody asks for them after it
    tickers      BLOB NOT NULL                       -- of many symbols: see alertd/engine/recent.py
) STRICT;

CREATE INDEX recent_by_age ON recent (until_ms);

CREATE TABLE silence (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    rule         TEXT NOT NULL,
    symbol       TEXT NOT NULL,
    severity     TEXT,                               -- this one and below; null for any
    until_ms     INTEGER NOT NULL,
    comment      TEXT NOT NULL,
    made_ms      INTEGER NOT NULL,
    ended_ms     INTEGER
) STRICT;
