import type { Condition } from '../../../src/records/filter.ts'
import { parseKeyPath, valuesAt } from '../../../src/records/key-path.ts'
import { matcher } from '../../../src/records/matches.ts'
import type { Json } from '../../../src/records/record.ts'
import { Refusal, SilentMiss } from './refusal.ts'

type Payload = { [key: string]: Json }
export type PointId = string | number
interface TextCondition {
  key: string
  match: { text: string }
}
export type FakeCondition = Condition | TextCondition | { has_id: PointId[] } | FakeFilter
export interface FakeFilter {
  must?: FakeCondition[]
  should?: FakeCondition[]
  must_not?: FakeCondition[]
}

export interface Acorn {
  enable?: boolean
  max_selectivity?: number | null
}

interface Index {
  readonly type: string
  /** Made when there was a graph, which has no links for it. */
  late: boolean
}

function isTextual(condition: FakeCondition): condition is TextCondition {
  return 'match' in condition && 'text' in condition.match
}

const typesOfValues: { [type: string]: string } = {
  keyword: 'string',
  text: 'string',
  integer: 'number',
  bool: 'boolean',
}

/** A collection's payload indexes: what they find, what they pass over, and what the graph knows of them. */
export class FakeIndexes {
  readonly all = new Map<string, Index>()

  create(key: string, schema: string | { type: string }, hasGraph: boolean): void {
    const type = typeof schema === 'string' ? schema : schema.type
    if (this.all.get(key)?.type === type) return
    this.all.set(key, { type, late: hasGraph })
  }

  allLinked(): void {
    for (const index of this.all.values()) index.late = false
  }

  schema(payloads: Payload[]) {
    return Object.fromEntries(
      Array.from(this.all, ([key, { type }]) => [
        key,
        { data_type: type, points: payloads.filter((payload) => this.holds(key, payload)).length },
      ]),
    )
  }

  holds(key: string, payload: Payload): boolean {
    const type = this.all.get(key)?.type ?? ''
    const values = valuesAt(payload, parseKeyPath(key)).flat() as Json[]
    if (type === 'integer') return values.some((value) => Number.isSafeInteger(value))
    return values.some((value) => typeof value === (typesOfValues[type] ?? 'number'))
  }

  passes(filter: FakeFilter, id: PointId, payload: Payload): boolean {
    const holds = (condition: FakeCondition) => this.#holds(condition, id, payload)
    const { must = [], should = [], must_not: mustNot = [] } = filter
    const any = should.length === 0 || should.some(holds)
    return must.every(holds) && any && !mustNot.some(holds)
  }

  #holds(condition: FakeCondition, id: PointId, payload: Payload): boolean {
    if ('has_id' in condition) return condition.has_id.includes(id)
    if (isTextual(condition)) return this.#hasText(condition, payload)
    if (!('key' in condition) && !('is_empty' in condition)) {
      return this.passes(condition as FakeFilter, id, payload)
    }
    const isRange = 'range' in condition
    if (isRange && Object.values(condition.range).some((bound) => typeof bound === 'string')) {
      const [value] = valuesAt(payload, parseKeyPath(condition.key))
      const time = (text: unknown) => (typeof text === 'string' ? Date.parse(text) : text)
      const bounds = Object.entries(condition.range).map(([name, bound]) => [name, time(bound)])
      const range = Object.fromEntries(bounds) as typeof condition.range
      return matcher({ must: [{ key: 'time', range }] })({ time: time(value) as number })
    }
    if (!isRange || this.all.get(condition.key)?.type !== 'integer') {
      return matcher({ must: [condition as Condition] })(payload)
    }
    // The index answers, and it has no fractions.
    const isInside = matcher({ must: [{ key: 'value', range: condition.range }] })
    const values = valuesAt(payload, parseKeyPath(condition.key)).flat() as Json[]
    return values.some((value) => Number.isSafeInteger(value) && isInside({ value }))
  }

  /** With an index of beginnings, words that begin so; without, the very letters. */
  #hasText({ key, match }: TextCondition, payload: Payload): boolean {
    const texts = valuesAt(payload, parseKeyPath(key)).filter((value) => typeof value === 'string')
    if (this.all.get(key)?.type !== 'text') return texts.some((text) => text.includes(match.text))
    const wordsIn = (text: string) => text.match(/[\p{Alphabetic}\p{N}]+/gu) ?? []
    return texts.some((text) => {
      const words = wordsIn(text)
      return wordsIn(match.text).every((asked) =>
        words.some((word) => word.startsWith(asked.slice(0, 20))),
      )
    })
  }

  /** Strict mode: throws for a key that has no index. */
  checkStrict(filter: FakeFilter): void {
    const unindexed = leavesOf(filter).find((key) => key !== null && !this.all.has(key))
    if (unindexed) {
      throw new Refusal(400, `Bad request: Index required but not found for "${unindexed}"`)
    }
  }

  /** Throws where Qdrant's graph would fall apart under the filter: no ACORN, and no links that carry it. */
  checkSearch(filter: FakeFilter | undefined, acorn: Acorn | null | undefined): void {
    if (!filter || (acorn?.enable && acorn.max_selectivity === 1)) return
    const leaves = conditionsOf(filter)
    if (leaves === null)
      throw new SilentMiss('exclusions and alternatives have no links of their own')
    if (leaves.length > 1) throw new SilentMiss('two conditions at once have no links of their own')
    const [leaf] = leaves
    if (!leaf) return
    if (!('key' in leaf)) throw new SilentMiss('only values of keys have links')
    const index = this.all.get(leaf.key)
    if (!index) throw new SilentMiss(`"${leaf.key}" has no index`)
    if (index.late) throw new SilentMiss(`the index of "${leaf.key}" is younger than the graph`)
    const value: unknown =
      'match' in leaf && 'value' in leaf.match ? leaf.match.value : 'match' in leaf && 'any' in leaf.match ? leaf.match.any[0] : 0 // prettier-ignore
    const fits = typeof value === (typesOfValues[index.type] ?? ('match' in leaf ? '' : 'number'))
    if (!fits) throw new SilentMiss(`the index of "${leaf.key}" holds ${index.type} alone`)
  }
}

/** All conditions where all must hold; null where there are alternatives or exclusions. */
function conditionsOf(filter: FakeFilter): Exclude<FakeCondition, FakeFilter>[] | null {
  const { must = [], should = [], must_not: mustNot = [] } = filter
  if (mustNot.length > 0 || should.length > 1) return null
  const all: Exclude<FakeCondition, FakeFilter>[] = []
  for (const each of [...must, ...should] as FakeCondition[]) {
    const isLeaf = 'key' in each || 'is_empty' in each || 'has_id' in each
    if (isLeaf && 'match' in each && 'any' in each.match && each.match.any.length > 1) return null
    const inner = isLeaf
      ? [each as Exclude<FakeCondition, FakeFilter>]
      : conditionsOf(each as FakeFilter)
    if (inner === null) return null
    all.push(...inner)
  }
  return all
}

/** The keys of a filter, one for each condition; null for conditions on ids. */
function leavesOf({
  must = [],
  should = [],
  must_not: mustNot = [],
}: FakeFilter): (string | null)[] {
  return [...must, ...should, ...mustNot].flatMap((condition) => {
    if ('has_id' in condition) return [null]
    if ('is_empty' in condition) return [condition.is_empty.key]
    return 'key' in condition ? [condition.key] : leavesOf(condition as FakeFilter)
  })
}
