import { createHash } from 'node:crypto'
import type { VectorRecord } from '../../server/src/records/record.ts'
import { recordId } from '../../server/src/records/record-id.ts'

/** Enough to search by; the graph does not care how long vectors are. */
export const dimensions = 64

/** The record of that number, the same on every run: its vector is its URI's hash. */
export function recordAt(number: number): VectorRecord {
  const imageUri = `http://bench.example/${number}.jpg`
  const hash = createHash('sha512').update(imageUri).digest()
  const raw = Float32Array.from(hash, (byte) => byte - 127.5)
  const length = Math.hypot(...raw)
  return {
    id: recordId(imageUri),
    imageUri,
    description: `Picture ${number}, one of many, as a model might describe it in a sentence or two.`,
    metadata: { category: `category ${number % 10}`, keywords: ['bench', `k${number % 1000}`] },
    file: {
      sha256: hash.toString('hex').slice(0, 64),
      format: 'jpeg',
      width: 640,
      height: 480,
      bytes: 50_000 + number,
    },
    embedderId: 'bench:random@64',
    indexedAt: '2026-11-22T10:00:00.000Z',
    vector: raw.map((value) => value / length),
  }
}

/** All of them, in batches of 500. */
export function* recordsOf(count: number): Generator<VectorRecord[]> {
  for (let from = 0; from < count; from += 500) {
    yield Array.from({ length: Math.min(500, count - from) }, (_, n) => recordAt(from + n))
  }
}

/** An update that names a hundred illustrators, born between 1850 and 1949. */
export function peopleOf(): string {
  const people = Array.from(
    { length: 100 },
    (_, n) => `<http://bench.example/person/${n}> <https://schema.org/birthDate> ${1850 + n} .`,
  )
  return `INSERT DATA { ${people.join('\n')} }`
}
