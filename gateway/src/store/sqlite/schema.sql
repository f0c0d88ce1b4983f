CREATE TABLE document (
    key TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- `leased` tells a message that a consumer holds from one that waits for its time:
-- after a crash the first is due at once, the second is not.
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    leased INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    enqueued_ms INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX message_by_due ON message (queue, due_ms);

CREATE TABLE record (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
-- An index ends with the row's id, here the sequence.
CREATE INDEX record_by_time ON record (stream, time_ms);
