import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Gate } from './admission/gate.ts'
import { openLoad } from './admission/load.ts'
import type { Config } from './config.ts'
import type { Embedder } from './embedders/embedder.ts'
import { openEmbedder, openPreviousEmbedder } from './embedders/registry.ts'
import { openFiles } from './files/registry.ts'
import { openGraph } from './graph/registry.ts'
import { openLibraryGraph } from './library/graph/open.ts'
import type { AuditLog } from './http/access/audit.ts'
import type { AnswerTools, Services } from './http/services.ts'
import { openTracing } from './http/tracing/open.ts'
import { openUploadFolder } from './http/bodies/uploads.ts'
import { decodeImage, type Decode } from './images/decode.ts'
import { DecodeGate } from './images/decode-gate.ts'
import { embeddedMetadataReader } from './images/embedded-metadata/reader.ts'
import { openDownloader } from './downloads/downloader.ts'
import { addressCheck } from './downloads/public-addresses.ts'
import { dataSizes } from './data-dir/sizes.ts'
import { RotatingFile } from './data-dir/rotating-file.ts'
import { Keys } from './keys/keys.ts'
import { DiskSpace } from './data-dir/room.ts'
import { LastErrors } from './health/last-errors.ts'
import { PageChecks } from './health/page-checks.ts'
import { settleLogs } from './sqlite/settle-logs.ts'
import { openPresence } from './data-dir/presence.ts'
import { openState } from './state/state.ts'
import { observedStore } from './library/in-use/forwarded-store.ts'
import type { ImageStore } from './stores/image-store.ts'
import { openGenerations } from './stores/registry.ts'
import { Calibration } from './library/calibration/calibration.ts'
import { DuplicateGroups } from './library/duplicates/duplicate-groups.ts'
import { openComparer } from './images/comparison/comparer.ts'
import { CopyFinder } from './library/copies/copy-finder.ts'
import { KnownCopies } from './library/copies/known-copies.ts'
import { Sketches } from './library/copies/sketches.ts'
import { KeyedLock } from './library/keyed-lock.ts'
import { LibraryInUse } from './library/in-use/library-in-use.ts'
import type { LibraryDeps } from './library/deps.ts'
import { defaultOrigin } from './library/indexing/minted-uri.ts'
import { Namer } from './library/indexing/namer.ts'
import { lostLibrary } from './library/lost-library.ts'
import { Courier } from './webhooks/courier.ts'
import { sender } from './webhooks/send.ts'
import { newSecret } from './webhooks/signature.ts'
import { checkTarget } from './webhooks/target.ts'
import { localUrl } from './starting/address.ts'
import { Feedback } from './library/feedback/feedback.ts'
import { openStanding, watchedStore } from './library/standing/open.ts'
import { LibraryMap } from './library/map/library-map.ts'
import { Reindexer } from './library/reindex/reindexer.ts'

const root = join(import.meta.dirname, '..')

/** The embedder of the settings, with the memory and the ledger that its paid calls need. */
export async function composeEmbedder(config: Config) {
  mkdirSync(config.DATA_DIR, { recursive: true })
  const space = new DiskSpace(config.DATA_DIR)
  settleLogs(config.DATA_DIR)
  const state = openState({
    dataDir: config.DATA_DIR,
    cacheMegabytes: config.EMBEDDING_CACHE_MB,
    monthlyBudget: config.OPENAI_MONTHLY_BUDGET_USD,
    library:
      config.STORE === 'qdrant' ? `${config.QDRANT_URL} ${config.QDRANT_COLLECTION}` : 'embedded',
  })
  return { space, state, embedder: await openEmbedder(config, state) }
}

/** Turns the names in the config into the objects they stand for. */
export async function compose(config: Config): Promise<Services> {
  const keys = new Keys(config.DATA_DIR, config.API_KEYS)
  const { space, state, embedder } = await composeEmbedder(config)
  const presence = openPresence(config.DATA_DIR)
  const decodeGate = new DecodeGate(config.DECODE_MEMORY_MB * 1e6)
  const receiving = receivingGate()
  const uploads = openUploadFolder({
    folder: join(config.DATA_DIR, 'uploads'),
    maxBytes: config.MAX_UPLOAD_MB * 1e6,
    room: space,
    presence,
    turns: receiving,
    assertTurn: (bytes) => decodeGate.assertRoom(bytes),
  })
  const library = await LibraryInUse.open({
    generations: await openGenerations(config, config.DATA_DIR, space),
    target: embedder,
    openPrevious: (made) => openPreviousEmbedder(config, state, made, embedder.id),
  })
  const graph = await openGraph(config, config.DATA_DIR, space)
  const { follower, store: followed } = openLibraryGraph(graph, library.store, {
    dataDir: config.DATA_DIR,
    publicUrl: config.PUBLIC_URL ?? localUrl(config.HOST, config.PORT),
    properties: config.GRAPH_PROPERTIES,
  })
  const downloader = openDownloader({
    privateRanges: config.ALLOW_PRIVATE_URLS,
    maxBytes: config.MAX_UPLOAD_MB * 1e6,
  })
  const embedding = embeddingGate(embedder)
  const load = openLoad({
    download: downloader.load,
    receive: receiving,
    decode: decodeGate,
    embed: embedding,
  })
  const decode: Decode = (file, options) =>
    decodeImage(file, config.MAX_MEGAPIXELS, { ...options, gate: decodeGate })
  const files = await openFiles(config, { dataDir: config.DATA_DIR, room: space, presence })
  const known = new KnownCopies(config.DATA_DIR)
  const sketches = new Sketches(files, decode)
  const duplicateGroups = new DuplicateGroups(known)
  const finder = new CopyFinder({
    store: followed,
    known,
    sketches,
    comparer: openComparer({ urgent: false }),
    onFound: (ids) => duplicateGroups.note(ids),
  })
  const calibration = new Calibration(state.samples, known)
  const map: LibraryMap = new LibraryMap({
    store: followed,
    embedderId: () => library.embedder.id,
    dataDir: config.DATA_DIR,
  })
  const watched = watchedStore(followed, () => standing.watch)
  const observed = observedStore(watched, (ids) => {
    duplicateGroups.note(ids)
    map.note()
    calibration.note(ids.length)
    finder.note(ids)
  })
  const store: ImageStore = {
    ...observed,
    async delete(ids) {
      space.makeRoom()
      return observed.delete(ids)
    },
    async close() {
      space.makeRoom()
      await namer.close()
      await courier.close()
      await standing.close()
      await map.close()
      await finder.close()
      await observed.close()
      load.eventLoop.close()
      presence.close()
    },
  }
  const deps: LibraryDeps = {
    get embedder() {
      return library.embedder
    },
    store,
    duplicateGroups,
    calibration,
    copies: { known, sketches, comparer: openComparer({ urgent: true }), finder },
    namer: { mark: (id, measured) => namer.mark(id, measured) },
    graph,
    files,
    locks: new KeyedLock(),
    assertRoom: (bytes) => space.assertRoom(bytes),
    stripsMetadata: config.STRIP_METADATA,
    decode,
    embedding,
    readEmbeddedMetadata: embeddedMetadataReader(config.EMBEDDED_METADATA, () =>
      decodeGate.enterTags(),
    ),
    mintedUnder: config.PUBLIC_URL ?? defaultOrigin,
  }
  const namer = new Namer(deps, state.interimWords)
  namer.begin()
  finder.begin()
  const isAllowed = addressCheck(config.ALLOW_PRIVATE_URLS)
  const courier = new Courier(state.deliveries, sender(isAllowed))
  const standing = openStanding({
    library: deps,
    state,
    arrivals: state.arrivals(presence.id),
    server: presence.id,
    running: () => presence.running(),
    wakeSender: () => courier.wake(),
  })
  standing.begin()
  courier.wake()
  const following = follower?.following.bind(follower)
  return {
    deps,
    library,
    map,
    standing: standing.searches,
    feedback: new Feedback(deps, state.questions, state.feedback),
    newWebhook: (url) => ({ url: checkTarget(url, isAllowed).href, secret: newSecret() }),
    reindexer: new Reindexer({
      library,
      deps,
      jobs: state.jobs,
      following: following ?? ((_ids, change) => change()),
    }),
    state,
    lostLibrary: await lostLibrary(deps),
    disk: space,
    dataSizes: () => dataSizes(config.DATA_DIR),
    backlogs: {
      engine: () => graph.backlog?.(),
      provider: () => library.embedder.backlog?.(),
    },
    graphHealth: follower ? () => follower.health() : null,
    graphDue: follower ? () => follower.due : null,
    uploads,
    downloader,
    load,
    errors: new LastErrors(),
    pages: new PageChecks(config.DATA_DIR),
    phase: { isStopping: false },
    version: readVersion(),
    storeName: config.STORE,
    graphName: config.GRAPH,
    tools: config.MCP === 'off' ? null : answerTools(config.MCP === 'write'),
    publicUrl: config.PUBLIC_URL,
    keys,
    auditLog: openAuditLog(config),
    corsOrigins: config.CORS_ORIGINS,
    hosts: [config.HOST, ...config.ALLOWED_HOSTS],
    trustProxy: config.TRUST_PROXY,
    ratePerMinute: config.RATE_LIMIT_PER_MINUTE,
    maxUploadMegabytes: config.MAX_UPLOAD_MB,
    maxMegapixels: config.MAX_MEGAPIXELS,
    times: { requestMs: config.REQUEST_TIMEOUT_S * 1000, idleMs: config.IDLE_TIMEOUT_S * 1000 },
    tracing: await openTracing(config.OTEL_EXPORTER_OTLP_ENDPOINT, readVersion()),
    logLevel: config.LOG_LEVEL,
    accessLog: config.ACCESS_LOG,
    pageFolder: join(root, '..', 'web', 'dist'),
  }
}

/** Loaded by the first that asks: most servers have none who does. */
function answerTools(write: boolean): AnswerTools {
  return async (request, body, fetch) => {
    const { answerHttp } = await import('@lookalike/mcp')
    return answerHttp(request, body, { fetch, version: readVersion(), write })
  }
}

function openAuditLog(config: Config): AuditLog | null {
  if (config.AUDIT_LOG === 'none') return null
  if (config.AUDIT_LOG === 'stdout') {
    return { append: (line) => void process.stdout.write(`${line}\n`) }
  }
  return new RotatingFile(join(config.DATA_DIR, 'audit.jsonl'), config.AUDIT_LOG_MB * 1e6)
}

/** Files of more than a megabyte; as many as keep a processor busy with hashing them. */
function receivingGate(): Gate {
  return new Gate({
    capacity: 8,
    maxWaiting: 64,
    maxWaitMs: 15_000,
    refusal: 'Too many large files are being sent at once.',
  })
}

/** Each picture that waits for its embedder holds 3 MB. Calls of a model take seconds, and so may the wait. */
function embeddingGate({ concurrency }: Embedder): Gate {
  return new Gate({
    capacity: Math.max(8, 2 * concurrency),
    maxWaiting: 64,
    maxWaitMs: 30_000,
    refusal: 'Too many pictures are being described and embedded at once.',
  })
}

function readVersion(): string {
  const text = readFileSync(join(root, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
