import type { EmbedStage } from '../../embedders/embedder.ts'
import { LookalikeError } from '../../errors.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import { pagesOf } from '../../stores/pages.ts'
import type { ImageRecord } from '../../records/record.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import { reembed, type ReembedDeps } from './re-embed.ts'
import { keepsDescription, sourceOf } from './source.ts'

const pageSize = 500

/** What a re-index would ask of the models. */
export interface ReindexPlan {
  readonly records: number
  /** Records to be described and, as a rule, embedded. */
  readonly describe: number
  /** Records of which only a vector is to be made. */
  readonly embed: number
  /** Records whose answers are remembered. */
  readonly cached: number
  /** Records whose file is not there, and whose description will do. */
  readonly fromDescription: number
  /** Records that have neither. */
  readonly missingSource: number
  /** Null when the price of a model is not known. */
  readonly estimatedUsd: number | null
  readonly estimatedMinutes: number
  /** `typical` until this installation has calls of its own to go by. */
  readonly basis: 'measured' | 'typical'
}

type Counted = 'describe' | 'embed' | 'cached' | 'missingSource'

/** Looks at every record, and calls no model. */
export async function planReindex(
  deps: ReembedDeps,
  store: ImageStore,
  signal: AbortSignal,
): Promise<ReindexPlan> {
  const counts: Record<Counted, number> = { describe: 0, embed: 0, cached: 0, missingSource: 0 }
  let fromDescription = 0
  let example: ImageRecord | undefined
  for await (const page of pagesOf(store, { limit: pageSize })) {
    for (const record of page.records) {
      const kind = predict(deps, record)
      counts[kind]++
      if (kind === 'embed') example ??= record
      if (kind !== 'missingSource' && !keepsDescription(record, deps)) {
        fromDescription += Number(sourceOf(record, deps) === 'description')
      }
    }
    // Looking into the memory is synchronous.
    await yieldToOthers(signal)
  }
  const records = Object.values(counts).reduce((a, b) => a + b, 0)
  const cost = await costOf(deps, counts, example, signal)
  return { records, ...counts, fromDescription, ...cost }
}

function predict(deps: ReembedDeps, record: ImageRecord): Counted {
  const calls = callsOf(deps, record)
  if (calls === null) return 'missingSource'
  if (calls.includes('describe')) return 'describe'
  return calls.length > 0 ? 'embed' : 'cached'
}

function callsOf(deps: ReembedDeps, record: ImageRecord): EmbedStage[] | null {
  try {
    const source = sourceOf(record, deps)
    if (!deps.target.predictCalls) return ['embed']
    return deps.target.predictCalls(
      source === 'description' ? { text: record.description } : { file: record.file!.sha256 },
    )
  } catch (error) {
    if (error instanceof LookalikeError) return null
    throw error
  }
}

async function costOf(
  deps: ReembedDeps,
  { describe, embed }: Record<Counted, number>,
  example: ImageRecord | undefined,
  signal: AbortSignal,
) {
  const one = deps.target.estimate?.()
  if (!one) {
    const ms = example ? await timeOf(deps, example, signal) : 0
    const estimatedMinutes = (embed * ms) / deps.target.concurrency / 60_000
    return { estimatedUsd: 0, estimatedMinutes, basis: 'measured' as const }
  }
  const prices = [describe > 0 ? one.estimatedUsd : 0, embed > 0 ? one.text.estimatedUsd : 0]
  const [perPicture, perText] = prices
  const once = describe + embed > 0 && one.once ? one.once : { estimatedUsd: 0, ms: 0 }
  return {
    estimatedUsd:
      perPicture === null || perText === null || once.estimatedUsd === null
        ? null
        : describe * perPicture! + embed * perText! + once.estimatedUsd,
    estimatedMinutes: (describe * one.ms + embed * one.text.ms + once.ms) / 60_000,
    basis: one.basis,
  }
}

/** An embedder that costs nothing is timed on one picture. */
async function timeOf(deps: ReembedDeps, record: ImageRecord, signal: AbortSignal) {
  const start = performance.now()
  await reembed({ ...deps, isExample: true }, record, signal).catch((error: unknown) => {
    // A file that cannot be used takes its time as well.
    if (!(error instanceof LookalikeError)) throw error
  })
  return performance.now() - start
}
