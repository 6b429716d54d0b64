import type { DatabaseFile } from '../sqlite/database-file.ts'

/**
 * `remembered` is a cache whose entries `used` puts in order of their last use. Its value comes last and
 * the index holds the sizes, so that counting bytes reads no values. `calls` sums up what models were
 * asked, by UTC day. `jobs` holds how far long pieces of work are, as JSON.
 * `sessions` are of the page, by the hash of what its cookie holds; times are seconds since 1970.
 * `name_vectors` holds what models made of the names that pictures are described with, as 32-bit floats; `interim_words` are
 * records that are described without them: their names are yet to come, `measured` is what is said behind them.
 * `learned_models` says how long vectors of models are and whether they know words (1).
 * `samples` holds vectors drawn from libraries, by which scores are judged: 32-bit floats, one vector after the other.
 * `questions` outlive what was asked with, for `searches`, which stand, and `feedback`; a search without a question is being
 * made. `matches` that are not `listed` are those that a search knew, or that were forgotten. `arrivals` are pictures that are yet to be compared,
 * `deliveries` messages that are yet to be taken; `due` and `claimed` are milliseconds since 1970.
 */
const migrations = [
  `CREATE TABLE remembered (
     key TEXT PRIMARY KEY, used INTEGER NOT NULL, bytes INTEGER NOT NULL, value BLOB NOT NULL
   ) STRICT;
   CREATE INDEX remembered_by_use ON remembered (used, bytes);
   CREATE TABLE calls (
     day TEXT NOT NULL, model TEXT NOT NULL,
     calls INTEGER NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
     ms REAL NOT NULL,
     estimated_usd REAL NOT NULL, unpriced_calls INTEGER NOT NULL,
     PRIMARY KEY (day, model)
   ) STRICT, WITHOUT ROWID;`,
  'CREATE TABLE jobs (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT',
  `CREATE TABLE sessions (
     token_sha256 BLOB PRIMARY KEY, key_id TEXT NOT NULL, expires INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE server (cookie TEXT NOT NULL) STRICT;
   INSERT INTO server VALUES (lower(hex(randomblob(8))));`,
  `CREATE TABLE samples (
     library TEXT PRIMARY KEY, pictures INTEGER NOT NULL, length INTEGER NOT NULL, vectors BLOB NOT NULL
   ) STRICT`,
  'ALTER TABLE samples ADD COLUMN usual_nearest REAL',
  `CREATE TABLE questions (
     id TEXT PRIMARY KEY, library TEXT NOT NULL, embedder TEXT NOT NULL, asked TEXT NOT NULL, parts TEXT NOT NULL,
     length INTEGER NOT NULL, vectors BLOB NOT NULL
   ) STRICT;
   CREATE TABLE question_thumbnails (
     question TEXT NOT NULL REFERENCES questions ON DELETE CASCADE, part INTEGER NOT NULL, bytes BLOB NOT NULL,
     PRIMARY KEY (question, part)
   ) STRICT;
   CREATE TABLE searches (
     id TEXT PRIMARY KEY, library TEXT NOT NULL, question TEXT REFERENCES questions, name TEXT NOT NULL,
     created TEXT NOT NULL, rule TEXT NOT NULL, paused INTEGER NOT NULL DEFAULT 0, outdated TEXT,
     forgotten INTEGER NOT NULL DEFAULT 0, webhook TEXT, secret TEXT, trouble TEXT, stopped INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE TABLE matches (
     number INTEGER PRIMARY KEY AUTOINCREMENT, search TEXT NOT NULL REFERENCES searches ON DELETE CASCADE,
     image TEXT NOT NULL, score REAL NOT NULL DEFAULT 0, match TEXT, surprise REAL, at TEXT NOT NULL,
     listed INTEGER NOT NULL DEFAULT 1, seen INTEGER NOT NULL DEFAULT 0, UNIQUE (search, image)
   ) STRICT;
   CREATE INDEX matches_listed ON matches (search, listed, number, seen);
   CREATE TABLE arrivals (
     library TEXT NOT NULL, image TEXT NOT NULL, server TEXT NOT NULL, version INTEGER NOT NULL,
     PRIMARY KEY (library, server, image)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE deliveries (
     number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
     search TEXT NOT NULL REFERENCES searches ON DELETE CASCADE, body TEXT NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, claimed INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX deliveries_of ON deliveries (search, number);
   CREATE TABLE feedback (
     number INTEGER PRIMARY KEY AUTOINCREMENT, library TEXT NOT NULL, question TEXT NOT NULL REFERENCES questions,
     image TEXT NOT NULL, relevant INTEGER NOT NULL, at TEXT NOT NULL, UNIQUE (question, image)
   ) STRICT;`,
  `CREATE TABLE learned_models (
     name TEXT PRIMARY KEY, dimensions INTEGER NOT NULL, words INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE name_vectors (
     model TEXT NOT NULL, subject TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, subject)
   ) STRICT;
   CREATE TABLE interim_words (
     library TEXT NOT NULL, image TEXT NOT NULL, measured TEXT NOT NULL, at INTEGER NOT NULL,
     PRIMARY KEY (library, image)
   ) STRICT, WITHOUT ROWID`,
]

export const stateFile: DatabaseFile = {
  name: 'state.db',
  migrations,
  // Servers over one Qdrant may share a folder, and so what each of them has paid for.
  exclusive: false,
  // What a power cut takes is a few answers that were paid; every use of an answer writes, and must not wait.
  synchronous: 'NORMAL',
  ifDamaged:
    'save what can be saved with `sqlite3 state.db .recover`. To start without it, move it to a safe place: it holds ' +
    'descriptions that were paid for, what models cost, and searches that stand with what they found.',
}
