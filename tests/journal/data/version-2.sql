-- What version 2 wrote: an alert that is done, one that waits with its sketch, a memory, a silence.

PRAGMA application_id = 1634497140;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
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
, sketch TEXT) STRICT;
INSERT INTO "alert" VALUES(1,1000000,7,'a-rule','BTCUSDT','firing','info',101.0,'100.0','{"close":101,"open":101,"high":101,"low":101,"volume":1000.0,"quote_volume":100000.0,"change":0,"change_percent":0.0,"range":0,"range_percent":0.0,"drawdown_percent":0.0,"rebound_percent":0.0,"vwap":100.0}','币安 🚀','Close 101',NULL,NULL);
INSERT INTO "alert" VALUES(2,1000000,7,'a-rule','BTCUSDT','firing','info',101.0,'100.0','{"close":101,"open":101,"high":101,"low":101,"volume":1000.0,"quote_volume":100000.0,"change":0,"change_percent":0.0,"range":0,"range_percent":0.0,"drawdown_percent":0.0,"rebound_percent":0.0,"vwap":100.0}','币安 🚀','Close 101',NULL,'{"price":101.0,"day_low":99.5,"day_high":102.0,"levels":[100.0],"bands":[[90.0,95.0]],"window_ms":300000,"is_over":false,"is_asked_for":true}');
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
INSERT INTO "delivery" VALUES(1,1,'phone/1','phone: Telegram','delivered',1,'',8,700);
INSERT INTO "delivery" VALUES(2,1,'desk/1','desk: Slack','undelivered',3,'HTTP 401',8,NULL);
INSERT INTO "delivery" VALUES(3,2,'phone/1','phone: Telegram','waiting',0,'',NULL,NULL);
CREATE TABLE market (
    name         TEXT NOT NULL                       -- the one that standing, newest and recent are of
) STRICT;
INSERT INTO "market" VALUES('usdm at fstream.binance.com');
CREATE TABLE newest (
    symbol       TEXT NOT NULL PRIMARY KEY,
    ticker       TEXT NOT NULL                       -- JSON: the fields of a ticker, in their order
) STRICT, WITHOUT ROWID;
INSERT INTO "newest" VALUES('BTCUSDT','["BTCUSDT",1000000,101.0,100.0,101.0,100.0,1000.0,100000.0]');
CREATE TABLE latest (
    tickers      BLOB NOT NULL                       -- the last of every symbol, now and then: see alertd/engine/recent.py
) STRICT;
CREATE TABLE recent (
    number       INTEGER PRIMARY KEY,                -- in the order of time
    until_ms     INTEGER NOT NULL,                   -- the exchange's: nobody asks for them after it
    tickers      BLOB NOT NULL                       -- of many symbols: see alertd/engine/recent.py
) STRICT;
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
INSERT INTO "silence" VALUES(1,'*','*',NULL,1000000000000000,'holidays',1,NULL);
CREATE TABLE standing (
    rule         TEXT NOT NULL,
    symbol       TEXT NOT NULL,
    asked        TEXT NOT NULL,                      -- the rule's condition in words: for another, it is void
    life         TEXT NOT NULL,                      -- JSON
    latched      TEXT NOT NULL,                      -- JSON: numbers of comparisons
    rungs        TEXT NOT NULL,                      -- JSON: number of a comparison -> [low, high, last]
    PRIMARY KEY (rule, symbol)
) STRICT, WITHOUT ROWID;
INSERT INTO "standing" VALUES('a-rule','BTCUSDT','close above 100','{"disarmed":false,"dropped":0,"false_since_ms":null,"last_alert_ms":5,"phase":"quiet","repeats":0,"true_since_ms":null}','[0]','{}');
CREATE INDEX alert_by_age ON alert (noted_ms);
CREATE INDEX alert_by_rule ON alert (rule, symbol);
CREATE INDEX alert_silenced ON alert (silence) WHERE silence IS NOT NULL;
CREATE INDEX delivery_waiting ON delivery (number) WHERE status = 'waiting';
CREATE INDEX delivery_lost ON delivery (alert) WHERE status = 'undelivered';
CREATE INDEX recent_by_age ON recent (until_ms);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('alert',7);
INSERT INTO "sqlite_sequence" VALUES('delivery',8);
INSERT INTO "sqlite_sequence" VALUES('silence',2);
COMMIT;
