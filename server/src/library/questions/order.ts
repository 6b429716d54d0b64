import { createHash } from 'node:crypto'
import { filterDocument } from '../../records/filter.ts'
import { parseKeyPath, valuesAt, type KeyPath } from '../../records/key-path.ts'
import type { ImageRecord, Json } from '../../records/record.ts'
import { dot } from '../../records/vectors.ts'
import type { JudgedHit } from '../calibration/judge.ts'
import type { Order } from './question.ts'

/** Hits in the order that was asked for; those of which it says nothing stay as they are. */
export function sorted(hits: readonly JudgedHit[], sort: Order): JudgedHit[] {
  if ('random' in sort) {
    const places = new Map(hits.map((hit) => [hit, placeOf(sort.random, hit.record.id)]))
    return hits.toSorted((a, b) => (places.get(a)! < places.get(b)! ? -1 : 1))
  }
  const path = parseKeyPath(sort.key)
  const values = new Map(hits.map((hit) => [hit, firstValue(hit.record, path)]))
  const sign = sort.order === 'asc' ? 1 : -1
  return hits.toSorted((a, b) => {
    const [one, other] = [values.get(a), values.get(b)]
    if (one === undefined || other === undefined) {
      return Number(one === undefined) - Number(other === undefined)
    }
    return sign * compare(one, other)
  })
}

function placeOf(seed: number, id: string): string {
  return createHash('sha256').update(`${seed} ${id}`).digest('hex')
}

/** The value that a key leads to, the first of several; undefined where there is none. */
export function firstValue(record: ImageRecord, path: KeyPath): Json | undefined {
  const values = valuesAt(filterDocument(record), path).flat() as Json[]
  return values.find((value) => value !== null)
}

/** Numbers by size, then texts by their code units, then what else there is. */
function compare(a: Json, b: Json): number {
  const kinds = ['number', 'string']
  const kind = (value: Json) =>
    (kinds.indexOf(typeof value) + kinds.length + 1) % (kinds.length + 1)
  if (kind(a) !== kind(b)) return kind(a) - kind(b)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [one, other] = [a, b].map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  )
  return one! < other! ? -1 : Number(one! > other!)
}

/**
 * Hits so that each is near to the question and far from those before it: maximal marginal relevance, lambda * score -
 * (1 - lambda) * (the highest cosine with one before), lambda = 1 - diversity (Carbonell, Goldstein, The use of MMR,
 * diversity-based reranking for reordering documents and producing summaries, SIGIR 1998).
 *
 * @param vectors of the hits, by id; one that is missing is taken to be like none
 */
export function byMarginalRelevance(
  hits: readonly JudgedHit[],
  vectors: ReadonlyMap<string, Float32Array>,
  diversity: number,
): JudgedHit[] {
  const left = hits.map((hit) => ({ hit, vector: vectors.get(hit.record.id), nearest: -1 }))
  const chosen: JudgedHit[] = []
  while (left.length > 0) {
    const merit = ({ hit, nearest }: (typeof left)[number]) =>
      (1 - diversity) * hit.score - diversity * nearest
    let best = 0
    for (let at = 1; at < left.length; at++) {
      if (merit(left[at]!) > merit(left[best]!)) best = at
    }
    const [taken] = left.splice(best, 1)
    chosen.push(taken!.hit)
    for (const each of left) {
      if (each.vector && taken!.vector) {
        each.nearest = Math.max(each.nearest, dot(each.vector, taken!.vector))
      }
    }
  }
  return chosen
}
