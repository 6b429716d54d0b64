import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Condition, Filter } from '../../../src/records/filter.ts'
import type { Library } from '../../../src/stores/image-store.ts'
import type { Json, Metadata, VectorRecord } from '../../../src/records/record.ts'
import { recordId } from '../../../src/records/record-id.ts'

/** Records and filters that the store contract is tried with. */

export const library: Library = { embedderId: 'contract:test@8', dimensions: 8 }

/** The nearest unit vector, in the precision stores keep. */
export function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / length)
}

/** A unit vector that leans from one axis towards the next; `lean` 0 to 1. */
export function leaning(axis: number, lean: number): Float32Array {
  const values = Array.from({ length: library.dimensions }, () => 0)
  values[axis % library.dimensions] = Math.cos((lean * Math.PI) / 2)
  values[(axis + 1) % library.dimensions] = Math.sin((lean * Math.PI) / 2)
  return unit(values)
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0)
}

export function sha256Of(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

/** A record named `name`, complete; `changes` says what is special about it. */
export function record(name: string, changes: Partial<VectorRecord> = {}): VectorRecord {
  const imageUri = changes.imageUri ?? `http://example.org/${name}.png`
  return {
    id: recordId(imageUri),
    imageUri,
    description: `A picture of ${name}`,
    metadata: {},
    file: { sha256: sha256Of(name), format: 'png', width: 64, height: 48, bytes: 1234 },
    embedderId: library.embedderId,
    indexedAt: '2026-01-02T03:04:05.678Z',
    vector: leaning(0, 0),
    ...changes,
  }
}

// Few values and few keys, so that random filters often hit random metadata.
const text = fc.constantFrom('x', 'y', '1', 'ÿ')
const number = fc.constantFrom(0, 1, -1, 1.5)
const scalar: fc.Arbitrary<Json> = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const scalars = fc.array(scalar, { maxLength: 3 })
const object = fc.dictionary(fc.constantFrom('k', 'l'), fc.oneof(scalar, scalars), { maxKeys: 2 })
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: scalar },
  scalars,
  object,
  fc.array(fc.oneof(object, scalar, scalars), { maxLength: 3 }),
)
const metadataKey = fc.constantFrom('a', 'b', 'two words', 'größe', 'image_uri')
const metadata: fc.Arbitrary<Metadata> = fc
  .dictionary(metadataKey, value, { minKeys: 3, maxKeys: 5 })
  // Stores keep JSON: what a dictionary holds beyond it (its null prototype) is not theirs to keep.
  .map((made) => JSON.parse(JSON.stringify(made)) as Metadata)

const component = fc.integer({ min: -4, max: 4 })
export const vector: fc.Arbitrary<Float32Array> = fc
  .array(component, { minLength: library.dimensions, maxLength: library.dimensions })
  .filter((values) => values.some((each) => each !== 0))
  .map(unit)

/** 4 to 16 records of different names. */
export const records: fc.Arbitrary<VectorRecord[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.integer({ min: 0, max: 99 }),
      metadata,
      vector,
      known: fc.boolean(),
      description: text,
    }),
    { selector: ({ name }) => name, minLength: 4, maxLength: 16 },
  )
  .map((all) =>
    all.map(({ name, known, ...rest }) =>
      record(`random-${name}`, known ? rest : { ...rest, file: null, indexedAt: null }),
    ),
  )

const key = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b') },
  fc.constantFrom('a.k', 'b.l', 'a[]', 'a[].k', 'b[0]', 'a[].l', '"two words"', 'größe'),
  fc.constantFrom(
    'missing',
    'description',
    'image_uri',
    'lookalike.width',
    'lookalike.shadowed.image_uri',
  ),
)
const match = fc.oneof(
  fc.record({ value: fc.oneof(text, fc.constantFrom(0, 1, -1, 64), fc.boolean()) }),
  fc.record({ any: fc.array(text, { maxLength: 3 }) }),
  fc.record({ any: fc.array(fc.constantFrom(0, 1, 64), { maxLength: 3 }) }),
)
const range = fc
  .record({ gt: number, gte: number, lt: number, lte: number }, { requiredKeys: [] })
  .filter((bounds) => Object.keys(bounds).length > 0)

const { filter } = fc.letrec<{ filter: Filter; condition: Condition }>((tie) => {
  const conditions = fc.array(tie('condition'), { maxLength: 2 })
  return {
    condition: fc.oneof(
      { depthSize: 'small', maxDepth: 2 },
      fc.record({ key, match }),
      fc.record({ key, range }),
      fc.record({ is_empty: fc.record({ key }) }),
      tie('filter'),
    ),
    // The more clauses, the more often nothing passes: most filters have one.
    filter: fc.oneof(
      fc.record({ must: conditions }),
      fc.record({ should: conditions }),
      fc.record({ must_not: conditions }),
      fc.record(
        { must: conditions, should: conditions, must_not: conditions },
        { requiredKeys: [] },
      ),
    ),
  }
})
export { filter as filters }
