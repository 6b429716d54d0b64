import type { Schemas } from '@qdrant/js-client-rest'
import type { Filter } from '../../../records/filter.ts'
import type { Connection } from '../connection/connection.ts'
import { describeCollection } from '../connection/describe.ts'
import type { Deadline } from '../connection/deadline.ts'
import {
  type CollectionSettings,
  type IndexType,
  type OwnIndex,
  ownIndexes,
  timeKey,
} from '../options.ts'
import type { Payload } from '../points/payload.ts'
import { holds, indexFor, keyTypes, type TypeCounts } from './key-types.ts'
import { type KeyMark, markEntries, marksIn } from './key-mark.ts'
import { isLinked } from './linked.ts'

type Info = Schemas['CollectionInfo']
type IndexInfo = Pick<Schemas['PayloadIndexInfo'], 'data_type' | 'points'>

/** Each index costs memory and time for every record; a library whose keys are data has no end of them. */
const maxOwnIndexes = 64

/** What counts by an index. */
const countable = new Set<string | undefined>(['keyword', 'integer', 'bool'])

/**
 * The payload indexes of one collection. Without them Qdrant's graph falls apart under a filter, and
 * silently: at 100,000 records one that passes 5 % found 2 % of the neighbours. So every metadata key gets
 * its index before the first record that has it is written; what has none, or got it after the graph, is
 * for ACORN.
 */
export class PayloadIndexes {
  readonly #connection: Connection
  readonly #explicit: CollectionSettings['indexes']
  #marks = new Map<string, KeyMark>()
  /** Index types and how many points each has; by key, for metadata may have keys like `constructor`. */
  #schema = new Map<string, IndexInfo>()
  #hasPoints = false
  #hasGraph = false
  /** Keys beyond `maxOwnIndexes`, and those that the server would not index. */
  readonly #without = new Map<string, string | null>()
  /** Changes of indexes, one after the other. */
  #turn: Promise<void> = Promise.resolve()

  constructor(connection: Connection, settings: CollectionSettings) {
    this.#connection = connection
    this.#explicit = settings.indexes
  }

  learn(info: Info): void {
    this.#schema = new Map(Object.entries(schemaOf(info)))
    this.#marks = marksIn(info.config.metadata)
    this.#hasPoints = (info.points_count ?? 0) > 0
    this.#hasGraph = (info.indexed_vectors_count ?? 0) > 0
  }

  /**
   * The indexes of the settings and of Lookalike's own look-ups.
   *
   * @param ofOurs whether the graph is ours, and what it has links for is to be remembered
   */
  async createExplicit(deadline: Deadline, ofOurs: boolean): Promise<void> {
    const marks = new Map<string, KeyMark>()
    const all: { [key: string]: OwnIndex } = { ...this.#explicit, ...ownIndexes }
    for (const [key, type] of Object.entries(all)) {
      if (!this.#schema.has(key)) await this.#create(deadline, key, type)
      if (!ofOurs || Object.hasOwn(ownIndexes, key) || this.#marks.has(key)) continue
      marks.set(key, {
        type: this.#typeOf(key) ?? (type as IndexType),
        ...(this.#hasGraph && { late: true }),
      })
    }
    await this.#remember(deadline, marks)
  }

  async createForOrder(deadline: Deadline): Promise<void> {
    if (!this.#schema.has(timeKey)) await this.#create(deadline, timeKey, 'datetime', true)
  }

  /** Before these payloads are written: indexes for keys that have none, of types that hold their values. */
  async cover(deadline: Deadline, payloads: Payload[]): Promise<void> {
    const found = keyTypes(payloads)
    if (this.#changes(found).size === 0) return
    const turn = this.#turn
      .catch(() => {})
      .then(async () => {
        // Another server may have been here, and a graph may have been built since the last look.
        const info = await describeCollection(this.#connection, deadline)
        if (info) this.learn(info)
        await this.#apply(deadline, this.#changes(found))
      })
    this.#turn = turn
    await turn
  }

  /** Whether the graph's links carry a search through this filter, so that it needs no ACORN. */
  isLinked(filter: Filter): boolean {
    return isLinked(filter, (key) => {
      const mark = this.#marks.get(key)
      return mark && !mark.late ? this.#typeOf(key) : null
    })
  }

  /** Whether the key's index has all of its values, in a collection that looks like `info`. */
  static counts(info: Info, key: string): boolean {
    const mark = marksIn(info.config.metadata).get(key)
    const schema = Object.hasOwn(info.payload_schema, key) ? schemaOf(info)[key] : undefined
    return countable.has(schema?.data_type) && !(mark?.own && mark.mixed)
  }

  get late(): string[] {
    return [...this.#marks].flatMap(([key, { late }]) => (late ? [key] : []))
  }

  /** How many points the index of a key has. */
  pointsOf(key: string): number {
    return this.#schema.get(key)?.points ?? 0
  }

  /** The keys whose filters are for ACORN, and why; null when there are none. */
  get shortfall(): string | null {
    const said: string[] = []
    const refused = [...this.#without].flatMap(([key, why]) =>
      why === null ? [] : [`${key} (${why})`],
    )
    const beyond = this.#without.size - refused.length
    if (beyond > 0) {
      said.push(
        `${beyond} metadata keys more than the ${maxOwnIndexes} that are indexed by themselves`,
      )
    }
    if (refused.length > 0)
      said.push(`keys that Qdrant would not index: ${refused.slice(0, 3).join(', ')}`)
    return said.length === 0 ? null : said.join('; ')
  }

  /** The graph was rebuilt with all indexes that there were: it has links for them. */
  async allLinked(deadline: Deadline, keys: string[]): Promise<void> {
    const marks = keys.flatMap((key) => {
      const mark = this.#marks.get(key)
      return mark ? [[key, { ...mark, late: undefined }] as const] : []
    })
    await this.#remember(deadline, new Map(marks))
  }

  #typeOf(key: string): IndexType | null {
    const type = this.#schema.get(key)?.data_type
    return type === 'keyword' || type === 'integer' || type === 'float' || type === 'bool'
      ? type
      : null
  }

  /** Marks that the keys with these values ask for and do not have. */
  #changes(found: Map<string, TypeCounts>): Map<string, KeyMark> {
    const changes = new Map<string, KeyMark>()
    let room = maxOwnIndexes - [...this.#marks.values()].filter(({ own }) => own).length
    for (const [key, counts] of found) {
      if (Object.hasOwn(this.#explicit, key) || this.#without.get(key)) continue
      const mark = this.#marks.get(key)
      if (mark) {
        const changed = mark.own ? afterWriting(mark, counts, this.#hasGraph) : mark
        if (changed !== mark) changes.set(key, changed)
        continue
      }
      const index = this.#schema.has(key) ? null : indexFor(counts)
      if (!index) continue
      if (room-- > 0) {
        const { type, mixed } = index
        changes.set(key, {
          type,
          own: true,
          ...(mixed && { mixed }),
          ...(this.#hasGraph && { late: true }),
        })
      } else if (this.#without.size < 10_000) {
        this.#without.set(key, null)
      }
    }
    return changes
  }

  async #apply(deadline: Deadline, changes: Map<string, KeyMark>): Promise<void> {
    for (const [key, { type }] of changes) {
      if (this.#typeOf(key) === type) continue
      try {
        await this.#create(deadline, key, type)
      } catch (error) {
        // Strict mode may bound them, say. The key stays without, which is for ACORN.
        if (!isRefusal(error)) throw error
        this.#without.set(key, (error as Error).message)
        changes.delete(key)
      }
    }
    await this.#remember(deadline, changes)
  }

  /** Waits only where values would be missed meanwhile: a new key has none that are looked for yet. */
  async #create(
    deadline: Deadline,
    field_name: string,
    field_schema: OwnIndex,
    wait = !this.#hasPoints || this.#schema.has(field_name),
  ): Promise<void> {
    const collection_name = this.#connection.collection
    await this.#connection.ask(deadline, (api, init) =>
      api.createFieldIndex({ collection_name, wait, field_name, field_schema }, init),
    )
    const data_type = typeof field_schema === 'string' ? field_schema : field_schema.type
    this.#schema.set(field_name, { data_type, points: 0 })
  }

  async #remember(deadline: Deadline, marks: Map<string, KeyMark>): Promise<void> {
    if (marks.size === 0) return
    const collection_name = this.#connection.collection
    const metadata = markEntries(marks)
    await this.#connection.ask(deadline, (api, init) =>
      api.updateCollection({ collection_name, metadata }, init),
    )
    for (const [key, mark] of marks) this.#marks.set(key, mark)
  }
}

function schemaOf(info: Info): { [key: string]: IndexInfo } {
  return info.payload_schema as { [key: string]: IndexInfo }
}

/** The same mark where nothing changes. */
function afterWriting(mark: KeyMark, counts: TypeCounts, hasGraph: boolean): KeyMark {
  const types = [...counts.keys()]
  // Ranges would pass over the fractions in an integer index.
  if (mark.type === 'integer' && types.includes('float')) {
    return afterWriting(
      { ...mark, type: 'float', ...(hasGraph && { late: true }) },
      counts,
      hasGraph,
    )
  }
  const isMixed = types.some((type) => !holds(mark.type, type))
  return isMixed && !mark.mixed ? { ...mark, mixed: true } : mark
}

function isRefusal(error: unknown): boolean {
  const { cause } = error as { cause?: { status?: number } }
  return (
    cause?.status !== undefined && cause.status >= 400 && cause.status < 500 && cause.status !== 429
  )
}
