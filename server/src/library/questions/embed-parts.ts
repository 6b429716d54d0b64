import { buffer } from 'node:stream/consumers'
import { LookalikeError } from '../../errors.ts'
import { cropTo, edgeForRegion, type Region } from '../../images/crop.ts'
import type { FileFacts } from '../../records/record.ts'
import type { AnswerDeps } from '../deps.ts'
import { unknownImage } from '../missing.ts'
import { embedQuery, type EmbeddedQuery, type SearchQuery } from '../query.ts'
import { embedContext, type Run } from '../stages.ts'
import { eachPart } from './each-part.ts'
import type { Part } from './question.ts'

export interface EmbeddedPart extends EmbeddedQuery {
  readonly id: string | null
  readonly weight: number
  /** Whether it is only a region of its file. */
  readonly isRegion: boolean
}

/**
 * The vectors of all parts.
 *
 * @throws LookalikeError of the first part that has none, with what is the matter with each such part
 */
export async function embedParts(
  deps: AnswerDeps,
  parts: readonly Part[],
  run: Run,
): Promise<EmbeddedPart[]> {
  const embedded = eachPart(parts.map(nameOf), async (at): Promise<EmbeddedPart> => {
    const { query, weight, region } = parts[at]!
    return {
      ...(region
        ? await embedRegion(deps, query, region, run)
        : await embedQuery(deps, query, run)),
      id: 'likeId' in query ? query.likeId : null,
      weight,
      isRegion: region !== undefined,
    }
  })
  // Nobody is told what is the matter with parts once the caller has left.
  return embedded.finally(() => run.signal.throwIfAborted())
}

function nameOf({ query }: Part): string {
  if ('upload' in query) return query.upload.filename ?? 'a picture'
  return 'likeId' in query ? `image ${query.likeId}` : 'words'
}

async function embedRegion(
  deps: AnswerDeps,
  query: SearchQuery,
  region: Region,
  run: Run,
): Promise<EmbeddedQuery> {
  const { source, file, filename } = await fileOf(deps, query)
  run.stages.begin('decode')
  const { signal } = run
  const whole = await deps.decode(source, { edge: edgeForRegion(region), signal })
  const image = await cropTo(whole, region)
  const context = embedContext(run)
  const embedded = await deps.embedding.run(context, () => deps.embedder.embedImage(image, context))
  return {
    cached: false,
    ...embedded,
    filename,
    file: file ?? factsOf(query, whole.source),
    image,
  }
}

interface FileOfPart {
  readonly source: string | Uint8Array
  /** Null for one that is to be decoded first. */
  readonly file: FileFacts | null
  readonly filename: string | null
}

async function fileOf(deps: AnswerDeps, query: SearchQuery): Promise<FileOfPart> {
  if ('upload' in query) {
    const { source, filename } = query.upload
    return { source, file: null, filename }
  }
  if (!('likeId' in query)) throw new Error('Words have no region.')
  const [record] = await deps.store.get([query.likeId])
  if (!record) throw unknownImage(query.likeId)
  const { file } = record
  const original = file && !file.missing ? await deps.files.read('original', file.sha256) : null
  if (!original) {
    throw new LookalikeError(
      'not_found',
      'The library has the record of this image but not its file: a region cannot be cut out of it. Send the picture.',
    )
  }
  return { source: await buffer(original.stream), file, filename: null }
}

function factsOf(
  query: SearchQuery,
  source: { readonly format: string; readonly width: number; readonly height: number },
): FileFacts | null {
  if (!('upload' in query)) return null
  const { sha256, bytes } = query.upload
  return { sha256, bytes, ...source }
}
