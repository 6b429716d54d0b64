import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ErrorCode } from '../../errors.ts'
import type { Stage } from '../../library/stages.ts'
import type { Services } from '../services.ts'
import { figures } from './figures.ts'

/** Seconds. Of a search by an indexed picture, which takes some milliseconds, to a slow model's answer. */
const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
/** Others that the parser lets through are counted together: whoever asks must not make series. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** A request that is being answered. */
export interface Exchange {
  end(status: number, seconds: number): void
}

/** What is counted while the server works, and what is read when somebody asks for it. */
export interface Metrics {
  readonly contentType: string
  /** All of it in Prometheus' text format. */
  text(): Promise<string>
  /** @param route the pattern, never the address; undefined where no route matched */
  begin(method: string, route: string | undefined): Exchange
  /** @param spent milliseconds */
  timed(spent: Readonly<Partial<Record<Stage, number>>>): void
  failed(code: ErrorCode): void
}

export function openMetrics(services: Services): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'lookalike_http_requests_total',
    help: 'Requests that were answered, by method, pattern of the route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'lookalike_http_request_duration_seconds',
    help: 'From the headers of a request to the end of its answer',
    labelNames: ['method', 'route'],
    buckets,
    registers,
  })
  const inFlight = new Gauge({
    name: 'lookalike_http_requests_in_flight',
    help: 'Requests that are being answered',
    registers,
  })
  const stages = new Histogram({
    name: 'lookalike_stage_duration_seconds',
    help: 'Parts of searching and indexing: receive, decode, describe, embed, search, store',
    labelNames: ['stage'],
    buckets,
    registers,
  })
  const errors = new Counter({
    name: 'lookalike_errors_total',
    help: 'Requests that ended in an error, by its code (docs/api.md)',
    labelNames: ['code'],
    registers,
  })
  for (const figure of figures(services)) define(figure, registry)

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    begin(given, route = 'none') {
      inFlight.inc()
      const method = methods.has(given) ? given : 'other'
      return {
        end(status, seconds) {
          inFlight.dec()
          requests.inc({ method, route, status }, 1)
          durations.observe({ method, route }, seconds)
        },
      }
    },
    timed(spent) {
      for (const [stage, ms] of Object.entries(spent)) stages.observe({ stage }, ms / 1000)
    },
    failed: (code) => errors.inc({ code }),
  }
}

function define(figure: ReturnType<typeof figures>[number], registry: Registry): void {
  const { name, help, labelNames = [], read } = figure
  const options = { name, help, labelNames: [...labelNames], registers: [registry] }
  // What cannot be read now is absent, as Prometheus wants it, and takes nothing else along.
  const values = async () => {
    try {
      return await read()
    } catch {
      return []
    }
  }
  if (name.endsWith('_total')) {
    new Counter({
      ...options,
      async collect() {
        this.reset()
        for (const [value, labels = {}] of await values()) this.inc(labels, value)
      },
    })
  } else {
    new Gauge({
      ...options,
      async collect() {
        this.reset()
        for (const [value, labels = {}] of await values()) this.set(labels, value)
      },
    })
  }
}
