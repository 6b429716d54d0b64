import { type Embedder, type NameBounds, noUsage, type Usage } from '../embedders/embedder.ts'
import { LookalikeError } from '../errors.ts'
import type { NormalisedImage } from '../images/image.ts'
import type { FileFacts, VectorRecord } from '../records/record.ts'
import type { AnswerDeps, Upload } from './deps.ts'
import { unknownImage } from './missing.ts'
import { embedContext, type Run } from './stages.ts'

/** A received picture, or an indexed one by its id. */
export type PictureQuery = { readonly upload: Upload } | { readonly likeId: string }

/** What is searched for: a picture, or a text. */
export type SearchQuery = PictureQuery | { readonly text: string }

/** What neighbours are searched for, once a query has its vector. */
export interface EmbeddedQuery {
  readonly vector: Float32Array
  readonly description: string
  readonly filename: string | null
  readonly file: FileFacts | null
  readonly tags?: readonly string[]
  /** Of names: which scores are a match in every library. */
  readonly bounds?: NameBounds
  /** A picture that had to be decoded; absent where its vector was known. */
  readonly image?: NormalisedImage
  readonly cached: boolean
  readonly usage: Usage
}

export async function embedQuery(
  deps: AnswerDeps,
  query: SearchQuery,
  run: Run,
): Promise<EmbeddedQuery> {
  if ('upload' in query) return embedUpload(deps, query.upload, run)
  if ('text' in query) return embedText(deps, query.text, run)
  const [record] = await deps.store.getWithVectors([query.likeId])
  if (!record) throw unknownImage(query.likeId)
  return remembered(record, null)
}

/** An indexed picture is searched for with the vector that it has. */
function remembered(record: VectorRecord, filename: string | null): EmbeddedQuery {
  const { vector, description, tags, file } = record
  const embedded = { vector, description, ...(tags && { tags }) }
  return { ...embedded, file, filename, cached: true, usage: noUsage }
}

export async function embedText(deps: AnswerDeps, text: string, run: Run): Promise<EmbeddedQuery> {
  const { embedder } = deps
  const embed: Embedder['embedText'] | Embedder['embedNames'] =
    embedder.embedText ?? embedder.embedNames
  if (!embed) {
    throw new LookalikeError(
      'unsupported',
      `The embedder ${embedder.id} cannot search by text: it compares what is measured in pictures. ` +
        'Search with a picture, or re-index the library: the built-in embedder of today knows names of things, ' +
        'EMBEDDER=openai, local or server all words.',
    )
  }
  const embedded = await embed.call(embedder, text, embedContext(run))
  return { cached: false, ...embedded, filename: null, file: null }
}

async function embedUpload(deps: AnswerDeps, upload: Upload, run: Run): Promise<EmbeddedQuery> {
  const { filename, bytes, sha256 } = upload
  const indexed = await findIndexed(deps, sha256)
  if (indexed) return remembered(indexed, filename)
  const context = { ...embedContext(run), file: sha256 }
  const recalled = await deps.embedder.recall?.(sha256, context)
  if (recalled) {
    return { cached: false, ...recalled, filename, file: { sha256, bytes, ...recalled.source } }
  }
  run.stages.begin('decode')
  const image = await deps.decode(upload.source, context)
  const embedded = await deps.embedding.run(context, () => deps.embedder.embedImage(image, context))
  return {
    cached: false,
    ...embedded,
    filename,
    file: { sha256, bytes, ...image.source },
    image,
  }
}

/** A picture whose very bytes are indexed is searched with the vector it already has. */
async function findIndexed(deps: AnswerDeps, sha256: string): Promise<VectorRecord | undefined> {
  const same = await deps.store.findByContentHash([sha256])
  const usable = same.find((record) => record.embedderId === deps.embedder.id)
  return usable && (await deps.store.getWithVectors([usable.id]))[0]
}
