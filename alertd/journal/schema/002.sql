-- What stands beside the price in an alert's picture: a delivery that waits over a restart has one.

ALTER TABLE alert ADD COLUMN sketch TEXT;            -- JSON, see alertd/engine/sketch.py; null for none
