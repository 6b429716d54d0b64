import { buffer } from 'node:stream/consumers'
import type { Embedder } from '../../server/src/embedders/embedder.ts'
import type { FileStore } from '../../server/src/files/file-store.ts'
import { cropTo, edgeForRegion } from '../../server/src/images/crop.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import type {
  KeptPart,
  KeptQuestion,
} from '../../server/src/library/kept-questions/kept-question.ts'
import type { FileFacts, VectorRecord } from '../../server/src/records/record.ts'
import type { State } from '../../server/src/state/state.ts'
import type { ImageStore } from '../../server/src/stores/image-store.ts'
import type { JudgedQuestion } from './test-set.ts'

/** Vectors of one embedder; null where it can make none. */
export interface VectorSource {
  readonly name: string
  ofPicture(record: VectorRecord): Promise<Float32Array | null>
  ofPart(question: KeptQuestion, at: number): Promise<Float32Array | null>
}

/** Those that the library has; of a question that was kept for another embedder, as far as it is of images and words. */
export function libraryVectors(embedder: Embedder, store: ImageStore): VectorSource {
  return {
    name: `${embedder.id} (the library)`,
    ofPicture: async ({ vector }) => vector,
    async ofPart(question, at) {
      if (question.embedderId === embedder.id) return question.vectors[at]!
      const { id, text } = question.parts[at]!
      if (id !== null) return (await store.getWithVectors([id]))[0]?.vector ?? null
      return text === null ? null : vectorOfText(embedder, text)
    },
  }
}

interface Place {
  readonly files: FileStore
  readonly store: ImageStore
  readonly state: State
}

/** Made of the originals; a picture that was sent with a question is there small, at 384 pixels, and is embedded so. */
export function newVectors(embedder: Embedder, { files, store, state }: Place): VectorSource {
  const known = new Map<string, Promise<Float32Array | null>>()
  const ofFile = (file: FileFacts | null, region: KeptPart['region']) => {
    if (!file || file.missing) return Promise.resolve(null)
    const key = `${file.sha256} ${JSON.stringify(region)}`
    if (!known.has(key)) known.set(key, embedFile(file, region))
    return known.get(key)!
  }

  async function embedFile(file: FileFacts, region: KeptPart['region']) {
    const original = await files.read('original', file.sha256)
    return original ? embedBytes(embedder, await buffer(original.stream), region) : null
  }

  return {
    name: embedder.id,
    ofPicture: ({ file }) => ofFile(file, null),
    async ofPart({ id: question, parts }, at) {
      const { id, text, region } = parts[at]!
      if (text !== null) return vectorOfText(embedder, text)
      if (id !== null) return ofFile((await store.get([id]))[0]?.file ?? null, region)
      const thumbnail = state.questions.thumbnail(question, at)
      // What was cut out was cut out before it was made small.
      return thumbnail && embedBytes(embedder, Buffer.from(thumbnail), null)
    },
  }
}

async function embedBytes(embedder: Embedder, bytes: Buffer, region: KeptPart['region']) {
  const { signal } = new AbortController()
  const decoded = await decodeImage(bytes, 200, region ? { edge: edgeForRegion(region) } : {})
  const image = region ? await cropTo(decoded, region) : decoded
  return (await embedder.embedImage(image, { signal })).vector
}

async function vectorOfText(embedder: Embedder, text: string): Promise<Float32Array | null> {
  const { signal } = new AbortController()
  const embed = embedder.embedText ?? embedder.embedNames
  if (!embed) return null
  try {
    return (await embed.call(embedder, text, { signal })).vector
  } catch {
    return null
  }
}

/** The same questions in those vectors; null where one of their parts or pictures has none. */
export async function vectorsOf(
  { question, judged }: JudgedQuestion,
  source: VectorSource,
): Promise<{ parts: Float32Array[]; pictures: Float32Array[] } | null> {
  const parts = await Promise.all(question.parts.map((_, at) => source.ofPart(question, at)))
  const pictures = await Promise.all(judged.map(({ record }) => source.ofPicture(record)))
  const all = [...parts, ...pictures]
  if (all.some((vector) => vector === null)) return null
  return { parts: parts as Float32Array[], pictures: pictures as Float32Array[] }
}
