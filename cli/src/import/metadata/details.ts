import type { Json, Metadata } from '@lookalike/sdk'

/** What accompanies a picture beside its bytes. */
export interface Details {
  readonly imageUri?: string | undefined
  readonly description?: string | undefined
  readonly metadata?: Metadata | undefined
  /**
   * The metadata is only what the picture says of itself: it goes with a new record, and never takes the place of what
   * an earlier one has, which a person may have written.
   */
  readonly isEmbedded?: boolean
}

type JsonObject = { [key: string]: Json }

/**
 * Reads one entry of a manifest, or a sidecar file: `image_uri` and `description` are the record's own,
 * everything else is metadata, be it under `metadata` or beside it.
 */
export function readDetails(entry: JsonObject): Details {
  const { image_uri: uri, description, metadata, ...rest } = entry
  const nested = isObject(metadata) ? metadata : metadata === undefined ? {} : { metadata }
  return {
    imageUri: text(uri),
    description: text(description),
    metadata: { ...rest, ...nested },
  }
}

/** Later ones win, key by key. Without any metadata at all, none is set and none is overwritten. */
export function mergeDetails(all: Details[]): Details {
  const metadata: Metadata = Object.assign({}, ...all.map((details) => details.metadata))
  return {
    imageUri: all.findLast((details) => details.imageUri)?.imageUri,
    description: all.findLast((details) => details.description)?.description,
    metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
  }
}

/** @throws Error that names `what` when the text is no JSON object */
export function parseObject(content: string, what: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(content, assertKept)
  } catch (error) {
    throw new Error(`${what} is not JSON: ${(error as Error).message}.`, { cause: error })
  }
  if (!isObject(value)) throw new Error(`${what} is not a JSON object.`)
  return value
}

/**
 * A reviver that refuses what JavaScript would change in silence. Node 20 does not show it how a number is
 * written: there, every whole number past 2^53 is refused.
 */
function assertKept(key: string, value: unknown, context?: { source?: string }): unknown {
  if (key === '__proto__') throw new Error('the key __proto__ cannot be kept; give it another name')
  if (typeof value === 'number' && !isKept(value, context?.source)) {
    throw new Error(
      `${key}: ${context?.source ?? value} would be rounded; write it as text, in quotes`,
    )
  }
  return value
}

/** @param source how the number is written, where that is known */
export function isKept(value: number, source: string | undefined): boolean {
  if (!Number.isFinite(value)) return false
  const isRound = Number.isInteger(value) && !Number.isSafeInteger(value)
  return !isRound || (source !== undefined && /e/i.test(source))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined
}
