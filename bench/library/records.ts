import { createHash } from 'node:crypto'
import type { FileFacts, VectorRecord } from '../../server/src/records/record.ts'
import { recordId } from '../../server/src/records/record-id.ts'
import { randomNumbers } from '../../evals/random.ts'
import { clusteredVectors } from '../clustered-vectors.ts'

/** The metadata that filters and facets ask for, and how many values each key has. */
const values = { favourite: 2, category: 20, album: 1000 } as const

/** Of every fifty pictures one is there again in another size, and one byte by byte. */
const family = 50
const batch = 500

export function uriOf(number: number): string {
  return `https://example.org/pictures/${number}.jpg`
}

export function sha256Of(number: number): string {
  return createHash('sha256')
    .update(`bytes of ${isCopy(number) ? number - 2 : number}`)
    .digest('hex')
}

/** A library of `count` records without files, in batches; the same on every machine. */
export function* recordsOf(
  count: number,
  library: { embedderId: string; dimensions: number },
): Generator<VectorRecord[]> {
  const vector = clusteredVectors(library.dimensions, count, 1)
  const random = randomNumbers(3)
  for (let from = 0; from < count; from += batch) {
    yield Array.from({ length: Math.min(batch, count - from) }, (_, at) => {
      const number = from + at
      return {
        id: recordId(uriOf(number)),
        imageUri: uriOf(number),
        description: `Picture ${number}, described in a sentence or two, about as long as a model makes them.`,
        metadata: {
          favourite: random() < 1 / values.favourite,
          category: `category ${Math.floor(random() * values.category)}`,
          album: `album ${Math.floor(random() * values.album)}`,
          year: 2000 + Math.floor(random() * 27),
        },
        file: fileOf(number),
        embedderId: library.embedderId,
        indexedAt: new Date(1.7e12 + number * 1000).toISOString(),
        vector: vector(),
      }
    })
  }
}

function fileOf(number: number): FileFacts {
  const smaller = number % family === 1
  return {
    sha256: sha256Of(number),
    format: 'jpeg',
    width: smaller ? 512 : 1024,
    height: smaller ? 384 : 768,
    bytes: smaller ? 60_000 : 200_000,
    phash: smaller ? changed(phashOf(number - 1)) : phashOf(isCopy(number) ? number - 2 : number),
  }
}

function isCopy(number: number): boolean {
  return number % family === 2
}

/** Uniform bits, as those of pictures that have nothing to do with each other nearly are. */
function phashOf(number: number): string {
  return createHash('sha256').update(`phash of ${number}`).digest('hex').slice(0, 16)
}

/** The same but for the last two bits, as after a change of size. */
function changed(phash: string): string {
  const last = Number.parseInt(phash.at(-1)!, 16) ^ 3
  return phash.slice(0, -1) + last.toString(16)
}
