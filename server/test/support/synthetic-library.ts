import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { ExportedRecord } from '@lookalike/sdk'
import { normalNumbers } from '../../../evals/random.ts'
import { unitVector } from '../../src/records/vectors.ts'
import { exportedRecord } from './exported-records.ts'

/** Vectors of known likeness: what is unrelated is random, what is related scores what it is said to. */
export class SyntheticLibrary {
  readonly #library: { id: string; dimensions: number }
  readonly #normal: () => number
  /** What all vectors share, as those of most models do: with 0, unrelated ones score 0 on average. */
  readonly #common: number

  constructor(library: { id: string; dimensions: number }, { seed = 1, common = 0 } = {}) {
    this.#library = library
    this.#normal = normalNumbers(seed)
    this.#common = common
  }

  unrelated(): Float32Array {
    const vector = Float32Array.from({ length: this.#library.dimensions }, () => this.#normal())
    return unitVector(unitVector(vector).map((value, at) => value + (at === 0 ? this.#common : 0)))
  }

  /** A vector that has about this cosine with another one. */
  related(to: Float32Array, cosine: number): Float32Array {
    const other = this.unrelated()
    const overlap = other.reduce((sum, value, at) => sum + value * to[at]!, 0)
    const apart = unitVector(other.map((value, at) => value - overlap * to[at]!))
    return to.map((value, at) => cosine * value + Math.sqrt(1 - cosine ** 2) * apart[at]!)
  }

  record(uri: string, vector: Float32Array, metadata = {}): ExportedRecord {
    return exportedRecord(this.#library, uri, {
      sha256: createHash('sha256').update(uri).digest('hex'),
      vector: Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64'),
      metadata,
    })
  }
}

/** @throws Error when not all are taken */
export async function importAll(url: string, records: ExportedRecord[]): Promise<void> {
  for (let at = 0; at < records.length; at += 500) {
    const body = records
      .slice(at, at + 500)
      .map((record) => JSON.stringify(record))
      .join('\n')
    const headers = { 'content-type': 'application/x-ndjson' }
    let response: Response
    do {
      response = await fetch(`${url}/api/import`, { method: 'POST', headers, body })
      // A machine that is busy with other tests is to be asked again, as clients do.
      if (response.status === 503)
        await setTimeout(1000 * Number(response.headers.get('retry-after')))
    } while (response.status === 503)
    if (!response.ok) throw new Error(await response.text())
  }
}
