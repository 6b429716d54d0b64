import type { DatabaseSync } from 'node:sqlite'
import type { DatabaseFile } from '../../sqlite/database-file.ts'
import { explained } from '../../sqlite/errors.ts'
import { openDatabase, transaction } from '../../sqlite/open.ts'
import type { Landmarks } from './projection.ts'

export const mapFile: DatabaseFile = {
  name: 'map.db',
  migrations: [
    `CREATE TABLE layouts (
       layout INTEGER PRIMARY KEY AUTOINCREMENT, embedder TEXT NOT NULL, images INTEGER NOT NULL,
       dimensions INTEGER NOT NULL, vectors BLOB NOT NULL, places BLOB NOT NULL, complete INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE places (
       layout INTEGER NOT NULL, id TEXT NOT NULL, file TEXT NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,
       PRIMARY KEY (layout, id)
     ) STRICT, WITHOUT ROWID;`,
  ],
  // Servers over one Qdrant may share a folder.
  exclusive: false,
  // What a power cut takes is made again.
  synchronous: 'NORMAL',
  ifDamaged: 'delete it: the map is then laid out once more.',
}

export interface Layout {
  readonly layout: number
  readonly embedderId: string
  /** In the library when it was begun. */
  readonly images: number
  /** Every picture had a place once. */
  readonly isComplete: boolean
}

export interface Place {
  readonly id: string
  /** Which of its files was placed; empty where it has none. */
  readonly file: string
  readonly x: number
  readonly y: number
}

/** Layouts and the places of pictures, in `map.db`; it may be deleted. Calls are synchronous. */
export class MapFile {
  readonly #database: DatabaseSync

  constructor(folder: string) {
    this.#database = openDatabase(folder, mapFile)
  }

  /** Oldest first. */
  layouts(): Layout[] {
    const sql = 'SELECT layout, embedder, images, complete FROM layouts ORDER BY layout'
    return this.#all(sql).map(({ layout, embedder, images, complete }) => ({
      layout: layout as number,
      embedderId: embedder as string,
      images: images as number,
      isComplete: complete === 1,
    }))
  }

  begin(embedderId: string, images: number, landmarks: Landmarks): number {
    const { dimensions, values, places } = landmarks
    return explained(mapFile, () => {
      const sql = 'INSERT INTO layouts (embedder, images, dimensions, vectors, places, complete) VALUES (?, ?, ?, ?, ?, 0)' // prettier-ignore
      const { lastInsertRowid } = this.#database
        .prepare(sql)
        .run(embedderId, images, dimensions, bytesOf(values), bytesOf(places))
      return Number(lastInsertRowid)
    })
  }

  landmarks(layout: number): Landmarks {
    const [found] = this.#all('SELECT dimensions, vectors, places FROM layouts WHERE layout = ?', layout) // prettier-ignore
    const { dimensions, vectors, places } = found!
    return {
      dimensions: dimensions as number,
      values: shared(vectors as Uint8Array),
      places: shared(places as Uint8Array),
    }
  }

  /** The others are of no use any more. */
  complete(layout: number): void {
    this.#write(() => {
      this.#database.prepare('UPDATE layouts SET complete = 1 WHERE layout = ?').run(layout)
      this.#database.prepare('DELETE FROM layouts WHERE layout < ?').run(layout)
      this.#database.prepare('DELETE FROM places WHERE layout < ?').run(layout)
    })
  }

  put(layout: number, places: readonly Place[]): void {
    this.#write(() => {
      const insert = this.#database.prepare('INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?)')
      for (const { id, file, x, y } of places) insert.run(layout, id, file, x, y)
    })
  }

  remove(layout: number, ids: readonly string[]): void {
    this.#write(() => {
      const remove = this.#database.prepare('DELETE FROM places WHERE layout = ? AND id = ?')
      for (const id of ids) remove.run(layout, id)
    })
  }

  count(layout: number): number {
    return this.#all('SELECT count(*) AS n FROM places WHERE layout = ?', layout)[0]!['n'] as number
  }

  /** In the order of ids, behind one. */
  page(layout: number, after: string, limit: number): Place[] {
    const sql = 'SELECT id, file, x, y FROM places WHERE layout = ? AND id > ? ORDER BY id LIMIT ?'
    return this.#all(sql, layout, after, limit) as unknown as Place[]
  }

  close(): void {
    this.#database.close()
  }

  #all(sql: string, ...params: (string | number)[]) {
    return explained(mapFile, () => this.#database.prepare(sql).all(...params))
  }

  #write(work: () => void): void {
    explained(mapFile, () => transaction(this.#database, work))
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength).slice()
}

function shared(bytes: Uint8Array): Float32Array {
  const memory = new Uint8Array(new SharedArrayBuffer(bytes.byteLength))
  memory.set(bytes)
  return new Float32Array(memory.buffer)
}
