import type { DatabaseFile } from '../sqlite/database-file.ts'

/**
 * `remembered` is a cache whose entries `used` puts in order of their last use. Its value comes last and
 * the index holds the sizes, so that counting bytes reads no values. `calls` sums up what models were
 * asked, by UTC day. `jobs` holds how far long pieces of work are, as JSON.
 * `sessions` are of the page, by the hash of what its cookie holds; times are seconds since 1970.
 * `samples` holds vectors drawn from libraries, by which scores are judged: 32-bit floats, one vector after the other.
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
    'descriptions that were paid for and what models cost; no picture is in it.',
}
