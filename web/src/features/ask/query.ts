import { LookalikeApiError, type Client, type ImageRecord, type Info } from '@lookalike/sdk'
import { keyOf, type Part } from '../../address/parts.ts'
import { nameOf } from '../../components/name-of.ts'
import type { Strings } from '../../strings/strings.ts'
import { isSha256, keptFile } from './pictures/chosen-files.ts'

export type Advice = (t: Strings['ask'], format: Strings['format']) => string

/** The picture to find lookalikes of: one from outside, or one the library already holds. */
export type PictureQuery =
  | FileQuery
  | { kind: 'link'; url: string }
  | { kind: 'stored'; id: string; uri: string; thumbnailUrl: string | null }

export interface FileQuery {
  kind: 'file'
  file: File
  advice: Advice | null
}

/** What a part of a question stands for: a picture, or words in place of one. */
export type Query = PictureQuery | { kind: 'text'; text: string }

/** The address names pictures that only the window knew in which they were chosen. */
export class PictureElsewhere extends Error {
  /** Which of the parts these are, from 0. */
  readonly parts: number[]

  constructor(parts: number[]) {
    super()
    this.parts = parts
  }
}

/** Which parts of its question an error is about, from 0. */
export function badParts(error: unknown): readonly number[] {
  if (error instanceof PictureElsewhere) return error.parts
  return error instanceof LookalikeApiError ? (error.problem.parts ?? []) : []
}

const remembered = 200
/** Pictures of the library by the key of the part that names them. */
const known = new Map<string, Query>()

/** What the parts of a question stand for, in their order. */
export async function queriesOf(
  parts: readonly Part[],
  client: Client,
  signal: AbortSignal,
): Promise<Query[]> {
  const found = await Promise.all(parts.map((part) => queryOf(part, client, signal)))
  const missing = found.flatMap((query, at) => (query ? [] : [at]))
  if (missing.length > 0) throw new PictureElsewhere(missing)
  return found.filter((query) => query !== null)
}

/** As far as that is known without asking; null where it is not. */
export function knownQuery(part: Part): Query | null {
  const { kind, value } = part
  if (kind === 'words') return { kind: 'text', text: value }
  if (kind === 'picture') {
    if (isLink(value)) return { kind: 'link', url: value }
    const file = keptFile(value)
    if (file) return { kind: 'file', file, advice: null }
  }
  return known.get(keyOf(part)) ?? null
}

/** So that a picture which is seen already is not asked for by its id. */
export function knowStored(image: Pick<ImageRecord, 'id' | 'image_uri' | 'thumbnail_url'>): void {
  remember({ kind: 'stored', value: image.id, less: false }, storedQuery(image))
}

/** Whether words are the address of a picture rather than what it shows. */
export function isLink(words: string): boolean {
  return /^https?:\/\/\S+$/i.test(words) && URL.canParse(words)
}

export function storedQuery({
  id,
  image_uri,
  thumbnail_url,
}: Pick<ImageRecord, 'id' | 'image_uri' | 'thumbnail_url'>): PictureQuery {
  return { kind: 'stored', id, uri: image_uri, thumbnailUrl: thumbnail_url }
}

export function fileQuery(file: File, limits: Info['limits'] | undefined): FileQuery {
  return { kind: 'file', file, advice: adviseOn(file, limits) }
}

/** What a part is called. */
export function nameOfQuery(query: Query): string {
  switch (query.kind) {
    case 'text':
      return query.text
    case 'file':
      return query.file.name
    case 'link':
      return nameOf(query.url)
    case 'stored':
      return nameOf(query.uri)
  }
}

/** Null for a picture that is not here. */
async function queryOf(part: Part, client: Client, signal: AbortSignal): Promise<Query | null> {
  const query = knownQuery(part)
  if (query) return query
  const { kind, value } = part
  if (kind === 'stored') {
    try {
      return remember(part, storedQuery(await client.get(value, { signal })))
    } catch (error) {
      // The search says so, and of which part.
      if (!isGone(error)) throw error
      return { kind: 'stored', id: value, uri: value, thumbnailUrl: null }
    }
  }
  const [record] = isSha256(value) ? await client.lookup([value], { signal }) : []
  return record ? remember(part, storedQuery(record)) : null
}

function isGone(error: unknown): boolean {
  return error instanceof LookalikeApiError && error.problem.status === 404
}

function remember(part: Part, query: Query): Query {
  const key = keyOf(part)
  known.delete(key)
  known.set(key, query)
  for (const oldest of known.keys()) {
    if (known.size <= remembered) break
    known.delete(oldest)
  }
  return query
}

/** What is likely to go wrong with a file, said before it is sent. The server decides all the same. */
function adviseOn(file: File, limits: Info['limits'] | undefined): Advice | null {
  if (file.size === 0) return (t) => t.advice.empty
  // The browser guesses the type from the name, and knows none for some pictures.
  if (file.type && !file.type.startsWith('image/')) {
    const formats = limits?.formats.map((format) => format.toUpperCase()).join(', ')
    return (t) => t.advice.noPicture(formats)
  }
  if (limits && file.size > limits.max_upload_mb * 2 ** 20) {
    return (t, format) =>
      t.advice.tooBig(format.fileSize(file.size), format.number(limits.max_upload_mb))
  }
  return null
}
