import { buffer } from 'node:stream/consumers'
import { addUsage, type Agreement, type Usage } from '../../embedders/embedder.ts'
import type { NormalisedImage } from '../../images/image.ts'
import type { ImageRecord } from '../../records/record.ts'
import { cosine } from '../../records/vectors.ts'
import { type Calibrated, describeSample } from '../calibration/describe.ts'
import { copiesOfQuery } from '../copies/copies-of-query.ts'
import { judge, type JudgedHit } from '../calibration/judge.ts'
import type { LibraryDeps, Upload } from '../deps.ts'
import { unknownImage } from '../missing.ts'
import { type EmbeddedQuery, embedQuery } from '../query.ts'
import { sharedWords } from './shared-words.ts'
import { embedContext, type Run } from '../stages.ts'

/** One of two pictures that are compared. */
export type Subject = { readonly id: string } | { readonly upload: Upload }

export interface Compared extends EmbeddedQuery {
  /** Null for a picture that was sent. */
  readonly record: ImageRecord | null
}

/** Why two pictures are alike, as far as can be said. */
export interface Explanation extends Pick<JudgedHit, 'score' | 'match' | 'surprise'> {
  readonly one: Compared
  readonly other: Compared
  readonly calibration: Calibrated
  /** Where and in what they agree, or why that cannot be said. */
  readonly agreement: Agreement | { readonly missing: string }
  /** What the words about them share, or why there is nothing of the kind. */
  readonly words: string[] | { readonly missing: string }
  readonly cached: boolean
  readonly usage: Usage
}

/**
 * Says what two pictures have in common: their score and what it means, shares and maps where the embedder can tell, and
 * words. A picture that was sent is embedded as it is for a search.
 *
 * @throws LookalikeError `not_found` for an unknown id, and what searches throw
 */
export async function explain(
  deps: LibraryDeps,
  subjects: readonly [Subject, Subject],
  run: Run,
): Promise<Explanation> {
  const [one, other] = [await look(deps, subjects[0], run), await look(deps, subjects[1], run)]
  run.signal.throwIfAborted()
  const sample = await deps.calibration.sample(deps)
  const record = other.record ?? asRecord(other)
  const hit = { record, score: cosine(one.vector, other.vector) }
  const copies = await copiesOfQuery(deps.copies, one, [record])
  const { hits } = await judge(one, [hit], { sample, known: deps.copies.known, copies })
  const { score, match, surprise } = hits[0]!
  return {
    one,
    other,
    score,
    match,
    surprise,
    calibration: describeSample(sample),
    agreement: await agreementOf(deps, [one, other], subjects, run),
    words: wordsOf(one, other),
    cached: one.cached && other.cached,
    usage: addUsage(one.usage, other.usage),
  }
}

async function look(deps: LibraryDeps, subject: Subject, run: Run): Promise<Compared> {
  if ('upload' in subject) return { ...(await embedQuery(deps, subject, run)), record: null }
  const [record] = await deps.store.get([subject.id])
  if (!record) throw unknownImage(subject.id)
  return { ...(await embedQuery(deps, { likeId: subject.id }, run)), record }
}

/** What is known of a picture that was sent, in the form of what is found. */
function asRecord({ description, file }: Compared): ImageRecord {
  const unknown = { id: '', imageUri: '', metadata: {}, embedderId: null, indexedAt: null }
  return { ...unknown, description, file }
}

async function agreementOf(
  deps: LibraryDeps,
  compared: readonly [Compared, Compared],
  subjects: readonly [Subject, Subject],
  run: Run,
): Promise<Explanation['agreement']> {
  const { embedder } = deps
  const { compare } = embedder
  if (!compare) {
    return {
      missing:
        embedder.capabilities.embeds === 'descriptions'
          ? `The embedder ${embedder.id} compares descriptions, which have no places in the picture.`
          : `The embedder ${embedder.id} cannot say where pictures agree.`,
    }
  }
  run.stages.begin('decode')
  const images: NormalisedImage[] = []
  for (const [at, subject] of subjects.entries()) {
    const image = await imageOf(deps, compared[at]!, subject, run)
    if (!image) {
      const uri = compared[at]!.record?.imageUri
      return { missing: `The library has the record of ${uri} but not its file.` }
    }
    images.push(image)
  }
  run.signal.throwIfAborted()
  run.stages.begin('embed')
  return deps.embedding.run(run, () =>
    compare.call(embedder, images[0]!, images[1]!, embedContext(run)),
  )
}

/** Null where the library has no file of a record. */
async function imageOf(
  { files, decode }: LibraryDeps,
  { image, record }: Compared,
  subject: Subject,
  { signal }: Run,
): Promise<NormalisedImage | null> {
  if (image) return image
  if ('upload' in subject) return decode(subject.upload.source, { signal })
  const { file } = record!
  const original = file && !file.missing ? await files.read('original', file.sha256) : null
  return original && decode(await buffer(original.stream), { signal })
}

function wordsOf(one: Compared, other: Compared): Explanation['words'] {
  const theirs = new Set(other.tags)
  const names = (one.tags ?? []).filter((tag) => theirs.has(tag))
  const words = sharedWords(one.description, other.description)
  // A name of several words says more than they do one by one.
  const inNames = new Set(names.flatMap((name) => name.split(' ')))
  const shared = [...new Set([...names, ...words.filter((word) => !inNames.has(word))])]
  if (shared.length > 0) return shared
  const undescribed = one.description === '' || other.description === ''
  return {
    missing: undescribed
      ? 'There is no description of one of them.'
      : 'Their descriptions have no telling word in common.',
  }
}
