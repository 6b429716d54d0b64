import type { GateFigures } from '../../admission/gate.ts'
import type { Backlog } from '../../backlog.ts'
import { healthReport } from '../../health/report.ts'
import { healthDeps } from '../health-deps.ts'
import type { Services } from '../services.ts'

type Labels = Record<string, string>
type Value = readonly [value: number, labels?: Labels]

/** A metric that is read when somebody asks; one whose name ends in `_total` is a counter, others are gauges. */
interface Figure {
  readonly name: string
  readonly help: string
  readonly labelNames?: readonly string[]
  /** A metric without a value now has none of it. */
  readonly read: () => readonly Value[] | Promise<readonly Value[]>
}

const healthValues = { ok: 1, degraded: 0.5, unavailable: 0 }

/** What a server has to say of itself beyond its requests: one entry a metric. */
export function figures(services: Services): Figure[] {
  const { deps, state, backlogs, load } = services
  const { ledger, memory } = state
  const ofGates = (pick: (gate: GateFigures) => number): Value[] =>
    Object.entries(load.gates).map(([queue, gate]) => [pick(gate), { queue }])
  const ofQueues = (pick: (queue: Backlog) => number): Value[] => [
    ...ofGates(pick),
    ...Object.entries(backlogs).flatMap(([queue, read]): Value[] => {
      const backlog = read()
      return backlog ? [[pick(backlog), { queue }]] : []
    }),
  ]
  const ofModels = (pick: (totals: ReturnType<typeof ledger.totals>[number]) => number) => () =>
    ledger.totals().map((totals): Value => [pick(totals), { model: totals.model }])

  return [
    {
      name: 'lookalike_info',
      help: 'What runs here; always 1',
      labelNames: ['version', 'store', 'graph', 'embedder'],
      read: () => [
        [
          1,
          {
            version: services.version,
            store: services.storeName,
            graph: services.graphName,
            embedder: deps.embedder.id,
          },
        ],
      ],
    },
    {
      name: 'lookalike_images',
      help: 'Images in the library',
      read: async () => [[await deps.store.count()]],
    },
    {
      name: 'lookalike_data_bytes',
      help: 'Size of a database in DATA_DIR, its log included',
      labelNames: ['file'],
      read: async () => Object.entries(await services.dataSizes()).map(([file, n]) => [n, { file }]), // prettier-ignore
    },
    {
      name: 'lookalike_disk_free_bytes',
      help: 'Room on the disk that holds DATA_DIR',
      read: () => [[services.disk.free]],
    },
    {
      name: 'lookalike_disk_reserve_bytes',
      help: 'Room that is kept back: with less than that, nothing more is added',
      read: () => [[services.disk.reserve]],
    },
    {
      name: 'lookalike_health',
      help: 'How each part works, as GET /api/health says it: 1 ok, 0.5 degraded, 0 unavailable',
      labelNames: ['part'],
      read: async () => {
        const { status, checks } = await healthReport(healthDeps(services))
        return Object.entries({ ...checks, all: { status } }).map(([part, check]) => [
          healthValues[check.status],
          { part },
        ])
      },
    },
    {
      name: 'lookalike_last_error_timestamp_seconds',
      help: 'When each part last failed a caller, since the start',
      labelNames: ['part'],
      read: () =>
        [...services.errors.all].map(([part, { at }]) => [Date.parse(at) / 1000, { part }]),
    },
    {
      name: 'lookalike_store_busy',
      help: 'Whether the store works in the background, on its index for example',
      read: async () => [[Number((await deps.store.health()).busy ?? false)]],
    },
    {
      name: 'lookalike_queue_running',
      help: 'Work under way, by its kind',
      labelNames: ['queue'],
      read: () => ofQueues(({ running }) => running),
    },
    {
      name: 'lookalike_queue_waiting',
      help: 'Work that waits for its turn, by its kind',
      labelNames: ['queue'],
      read: () => ofQueues(({ waiting }) => waiting),
    },
    {
      name: 'lookalike_queue_refused_total',
      help: 'Work that was refused because too much waited, by its kind',
      labelNames: ['queue'],
      read: () => ofGates(({ refused }) => refused),
    },
    {
      name: 'lookalike_queue_in_use',
      help: 'What the work under way takes of the capacity: pieces, and of decode, bytes of memory',
      labelNames: ['queue'],
      read: () => ofGates(({ inUse }) => inUse),
    },
    {
      name: 'lookalike_queue_capacity',
      help: 'How much may be under way at once: pieces, and of decode, bytes of memory',
      labelNames: ['queue'],
      read: () => ofGates(({ capacity }) => capacity),
    },
    {
      name: 'lookalike_event_loop_delay_seconds',
      help: 'How late the process came to its work in the last second: the mean, by which costly work is refused',
      read: () => [[load.eventLoop.delay.mean / 1000]],
    },
    {
      name: 'lookalike_event_loop_refused_total',
      help: 'Work that was refused because the process was late',
      read: () => [[load.eventLoop.refused]],
    },
    {
      name: 'lookalike_cache_lookups_total',
      help: 'Look-ups of what models once answered, by what was looked for and whether it was there',
      labelNames: ['kind', 'result'],
      read: () =>
        Object.entries(memory.lookups).flatMap(([kind, { hits, misses }]): Value[] => [
          [hits, { kind, result: 'hit' }],
          [misses, { kind, result: 'miss' }],
        ]),
    },
    {
      name: 'lookalike_cache_bytes',
      help: 'Size of what is remembered of models (EMBEDDING_CACHE_MB)',
      read: () => [[memory.bytes]],
    },
    {
      name: 'lookalike_model_calls_total',
      help: 'Answers of models, since the library was begun',
      labelNames: ['model'],
      read: ofModels(({ calls }) => calls),
    },
    {
      name: 'lookalike_model_input_tokens_total',
      help: 'Tokens that were sent to models, since the library was begun',
      labelNames: ['model'],
      read: ofModels(({ inputTokens }) => inputTokens),
    },
    {
      name: 'lookalike_model_output_tokens_total',
      help: 'Tokens that models wrote, since the library was begun',
      labelNames: ['model'],
      read: ofModels(({ outputTokens }) => outputTokens),
    },
    {
      name: 'lookalike_model_seconds_total',
      help: 'Time that models took to answer, since the library was begun',
      labelNames: ['model'],
      read: ofModels(({ ms }) => ms / 1000),
    },
    {
      name: 'lookalike_model_cost_usd_total',
      help: 'Estimated dollars that models took, since the library was begun',
      labelNames: ['model'],
      read: ofModels(({ estimatedUsd }) => estimatedUsd),
    },
    {
      name: 'lookalike_model_spent_this_month_usd',
      help: 'Estimated dollars since the first of this month (UTC)',
      read: () => [[ledger.spentThisMonth()]],
    },
    {
      name: 'lookalike_model_budget_usd',
      help: 'Dollars that may be spent in a month (OPENAI_MONTHLY_BUDGET_USD); absent without a bound',
      read: () => (ledger.monthlyBudget === undefined ? [] : [[ledger.monthlyBudget]]),
    },
    {
      name: 'lookalike_searches',
      help: 'Searches that stand',
      read: () => [[state.searches.list().length]],
    },
    {
      name: 'lookalike_arrivals_waiting',
      help: 'New images that are yet to be compared with the searches that stand',
      read: () => [[services.standing.waiting]],
    },
    {
      name: 'lookalike_webhook_messages_waiting',
      help: 'Messages that receivers are yet to take',
      read: () => [[state.deliveries.waiting()]],
    },
    {
      name: 'lookalike_graph_due',
      help: 'Images that the graph is yet to hear of; absent without a graph',
      read: () => (services.graphDue ? [[services.graphDue()]] : []),
    },
  ]
}
