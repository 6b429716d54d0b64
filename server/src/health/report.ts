import { quoteOf } from '../errors.ts'
import type { Embedder } from '../embedders/embedder.ts'
import type { FileStore } from '../files/file-store.ts'
import type { KnowledgeGraph } from '../graph/knowledge-graph.ts'
import type { Health, ImageStore } from '../stores/image-store.ts'
import type { LastError, LastErrors } from './last-errors.ts'

/** Longest that a part may take to say how it is; one that takes longer is not well. */
const maxWaitMs = 3_000

type Status = Health['status']

export interface PartHealth {
  readonly status: Status
  readonly detail: string
  readonly lastError?: LastError
}

export interface HealthReport {
  readonly status: Status
  readonly checks: {
    readonly store: PartHealth
    readonly files: PartHealth
    /** Null where the file system does not tell. */
    readonly disk: PartHealth & { readonly freeBytes: number | null }
    readonly databases?: PartHealth
    readonly embedder: PartHealth
    readonly graph?: PartHealth
    /** Absent where no question stands. */
    readonly searches?: PartHealth
  }
}

export interface HealthDeps {
  readonly store: ImageStore
  readonly files: FileStore
  readonly graph: KnowledgeGraph
  /** The one that made the library in use, and the one of the settings. */
  readonly library: { readonly embedder: Embedder; readonly target: Embedder }
  /** How well the graph keeps up; null where there is none. */
  readonly following: (() => Health) | null
  readonly lostLibrary: Health | null
  /** Of the questions that stand; null where there is none. */
  readonly standing: { health(): Health | null }
  readonly disk: { shortage(): string | null; readonly free: number }
  readonly pages: { readonly detail: string | null }
  readonly errors: LastErrors
}

/**
 * How well each part works, asked of it now, with the last time that it failed somebody. A library without its store is
 * unavailable; whatever else is not well makes it less than well, except a graph that is behind: searches do not need it.
 */
export async function healthReport(deps: HealthDeps): Promise<HealthReport> {
  const { following, lostLibrary, errors } = deps
  const [store, files, graph] = await Promise.all([
    inTime('The store', deps.store.health()),
    inTime('The file store', deps.files.health()),
    following && inTime('The graph', deps.graph.health()),
  ])
  const disk = diskHealth(deps.disk)
  const embedder = embedderHealth(deps.library)
  const damaged = deps.pages.detail
  const searches = deps.standing.health()
  const others = [
    files,
    disk,
    embedder,
    ...(lostLibrary ? [lostLibrary] : []),
    ...(searches ? [searches] : []),
  ]
  const isWell = others.every(({ status }) => status === 'ok') && !damaged && graph?.status !== 'unavailable' // prettier-ignore
  const told = (part: Parameters<LastErrors['of']>[0], { status, detail }: Health): PartHealth => {
    const lastError = errors.of(part)
    return { status, detail, ...(lastError && { lastError }) }
  }
  return {
    status: store.status === 'ok' && !isWell ? 'degraded' : store.status,
    checks: {
      store: told('store', lostLibrary && store.status === 'ok' ? lostLibrary : store),
      files: told('files', files),
      disk: { ...told('disk', disk), freeBytes: disk.freeBytes },
      ...(damaged && { databases: { status: 'degraded', detail: damaged } }),
      embedder: told('embedder', embedder),
      ...(graph && { graph: told('graph', worse(graph, following!())) }),
      ...(searches && { searches: { ...searches, detail: quoteOf(searches.detail) } }),
    },
  }
}

/** The store alone, by which a server is ready or not. */
export function storeHealth(store: ImageStore): Promise<Health> {
  return inTime('The store', store.health())
}

async function inTime(what: string, health: Promise<Health>): Promise<Health> {
  const { promise: late, resolve } = Promise.withResolvers<Health>()
  const seconds = maxWaitMs / 1000
  const timer = setTimeout(
    () => resolve({ status: 'unavailable', detail: `${what} did not say how it is within ${seconds} s.` }), // prettier-ignore
    maxWaitMs,
  )
  const failed = (error: Error): Health => ({ status: 'unavailable', detail: error.message })
  try {
    const said = await Promise.race([health.catch(failed), late])
    return { ...said, detail: quoteOf(said.detail) }
  } finally {
    clearTimeout(timer)
  }
}

function diskHealth(disk: HealthDeps['disk']): Health & { freeBytes: number | null } {
  const shortage = disk.shortage()
  const freeBytes = Number.isFinite(disk.free) ? Math.max(0, disk.free) : null
  return {
    status: shortage === null ? 'ok' : 'degraded',
    detail: shortage ?? 'The disk that holds DATA_DIR has room.',
    freeBytes,
  }
}

function embedderHealth({ embedder, target }: HealthDeps['library']): Health {
  if (embedder.id !== target.id) {
    return {
      status: 'degraded',
      detail:
        `The library was made by ${embedder.id} and goes on with it; the settings name ${target.id}. ` +
        'Run `lookalike reindex` to make it over, or set EMBEDDER and its settings as they were.',
    }
  }
  return embedder.health?.() ?? { status: 'ok', detail: 'The embedder runs in this process.' }
}

const order: readonly Status[] = ['ok', 'degraded', 'unavailable']

/** The worse of the two, and all that is to be said. */
function worse(a: Health, b: Health): Health {
  if (a.status === 'ok') return b
  if (b.status === 'ok') return a
  const { status } = order.indexOf(a.status) > order.indexOf(b.status) ? a : b
  return { status, detail: `${b.detail} ${a.detail}` }
}
