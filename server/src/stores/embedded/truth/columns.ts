import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { Row } from '../../../sqlite/statements.ts'
import type { FileFacts, ImageRecord } from '../../../records/record.ts'

/** How one field is kept. */
interface Column<Value> {
  readonly name: string
  /** As CREATE TABLE and ADD COLUMN have it. */
  readonly type: string
  /** The version of `library.db` that the column came with. */
  readonly since: number
  readonly write: (value: Value) => SQLInputValue
  /** Undefined leaves the field out. */
  readonly read: (stored: SQLOutputValue) => Value
}

type ColumnsOf<Fields> = { readonly [Field in keyof Fields]-?: Column<Fields[Field]> }

/** A value that SQLite keeps as it is; null where the type allows it. */
function plain<Value extends SQLInputValue>(name: string, type: string): Column<Value> {
  return { name, type, since: 1, write: (value) => value, read: (stored) => stored as Value }
}

/** A field that records may be without. */
function optional<Value extends SQLInputValue>(
  name: string,
  type: string,
  since: number,
): Column<Value | undefined> {
  return {
    name,
    type,
    since,
    write: (value) => value ?? null,
    read: (stored) => (stored === null ? undefined : (stored as Value)),
  }
}

function json<Value>(name: string): Column<Value> {
  return {
    name,
    type: 'TEXT NOT NULL',
    since: 1,
    write: (value) => JSON.stringify(value),
    read: (stored) => JSON.parse(stored as string) as Value,
  }
}

/** A list that records may be without. */
function optionalList(name: string, since: number): Column<readonly string[] | undefined> {
  return {
    name,
    type: 'TEXT',
    since,
    write: (value) => (value ? JSON.stringify(value) : null),
    read: (stored) => (stored === null ? undefined : (JSON.parse(stored as string) as string[])),
  }
}

/** A field that is true or absent. */
function mark(name: string, since: number): Column<true | undefined> {
  return {
    name,
    type: 'INTEGER',
    since,
    write: (value) => (value ? 1 : null),
    read: (stored) => (stored === 1 ? true : undefined),
  }
}

/**
 * Every field of a record, once: schema, migrations, writing and reading follow from it. A new field takes
 * the next number in `since`; what is here stays as it is, for libraries of every version exist.
 */
const recordColumns: ColumnsOf<Omit<ImageRecord, 'file'>> = {
  id: plain('id', 'TEXT NOT NULL UNIQUE'),
  imageUri: plain('image_uri', 'TEXT NOT NULL'),
  description: plain('description', 'TEXT NOT NULL'),
  describedBy: optional('described_by', 'TEXT', 4),
  tags: optionalList('tags', 6),
  metadata: json('metadata'),
  embedderId: plain('embedder', 'TEXT'),
  indexedAt: plain('indexed_at', 'TEXT'),
}

/** The same of a record's file; all are null where it has none. */
const fileColumns: ColumnsOf<FileFacts> = {
  sha256: plain('sha256', 'TEXT'),
  format: plain('format', 'TEXT'),
  width: plain('width', 'INTEGER'),
  height: plain('height', 'INTEGER'),
  bytes: plain('bytes', 'INTEGER'),
  phash: optional('phash', 'TEXT', 3),
  missing: mark('missing', 2),
  thumbhash: optional('thumbhash', 'TEXT', 7),
}

type AnyColumn = Omit<Column<never>, 'read'> & { read(stored: SQLOutputValue): unknown }

const ofRecord: [string, AnyColumn][] = Object.entries(recordColumns)
const ofFile: [string, AnyColumn][] = Object.entries(fileColumns)
const columns = [...ofRecord, ...ofFile].map(([, column]) => column)

export const columnsVersion = Math.max(...columns.map(({ since }) => since))

/** Names and types of those that came with a version. */
export function columnsSince(version: number): string[] {
  return columns.filter(({ since }) => since === version).map(({ name, type }) => `${name} ${type}`)
}

const names = columns.map(({ name }) => name)

/** What `toRecord` reads of the table `images`; `id` is qualified, for joins. */
export const columnList = names.map((name) => `images.${name}`).join(', ')

/** What `toFile` reads. */
export const fileColumnList = ofFile.map(([, { name }]) => name).join(', ')

/** Takes `columnValues` and a version. */
export const upsertSql = `
  INSERT INTO images (${names.join(', ')}, version)
  VALUES (${names.map(() => '?').join(', ')}, ?)
  ON CONFLICT (id) DO UPDATE SET
    ${[...names, 'version'].map((name) => `${name} = excluded.${name}`).join(', ')}
  RETURNING row`

/** A record's values in the order of its columns. */
export function columnValues(record: ImageRecord): SQLInputValue[] {
  return [...write(ofRecord, record), ...write(ofFile, record.file)]
}

export function toRecord(row: Row): ImageRecord {
  return { ...read<Omit<ImageRecord, 'file'>>(ofRecord, row), file: toFile(row) }
}

export function toFile(row: Row): FileFacts | null {
  return row[fileColumns.sha256.name] === null ? null : read<FileFacts>(ofFile, row)
}

/** Vectors are kept as little-endian 32-bit floats, as every machine that runs Node has them. */
export function toVector(blob: Uint8Array): Float32Array {
  const aligned = blob.byteOffset % 4 === 0 ? blob : blob.slice()
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4)
}

export function toBlob({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function write(fields: [string, AnyColumn][], from: object | null): SQLInputValue[] {
  const values = from as Record<string, never> | null
  return fields.map(([field, column]) => (values ? column.write(values[field]!) : null))
}

function read<Fields>(fields: [string, AnyColumn][], row: Row): Fields {
  const found: Record<string, unknown> = {}
  for (const [field, column] of fields) {
    const value = column.read(row[column.name]!)
    if (value !== undefined) found[field] = value
  }
  return found as Fields
}
