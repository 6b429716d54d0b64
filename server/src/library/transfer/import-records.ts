import { LookalikeError } from '../../errors.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import { isOwnThumbnail } from '../../images/encode.ts'
import type { FileFacts, VectorRecord } from '../../records/record.ts'
import { concurrently } from '../concurrently.ts'
import type { LibraryDeps } from '../deps.ts'
import { removeUnusedFiles } from '../unused-files.ts'

/** Few enough for a disk or an object store to open together. */
const fileConcurrency = 32

export interface ImportOutcome {
  /** How many of the records are in the library now: looked up again after writing. */
  readonly stored: number
  readonly created: number
  readonly replaced: number
  /** Those whose file is not here and has to be sent by itself. */
  readonly missingFiles: number
}

/**
 * Stores records with vectors as they are, without decoding or embedding anything. Their files are not needed: a record
 * whose file is not here is marked `missing`. One that cannot be stored is no record of these; when the process dies
 * or the disk is full in between, the first of them may be there, and sending all again does the rest.
 *
 * @throws LookalikeError `embedder_mismatch` when another embedder made one of them
 */
export async function importRecords(
  deps: LibraryDeps,
  given: VectorRecord[],
): Promise<ImportOutcome> {
  for (const { embedderId } of given) checkEmbedder(deps, embedderId)
  // Of two lines for one URI the later one counts, as if they had come one after the other.
  const records = [...new Map(given.map((record) => [record.id, record])).values()]
  const ids = records.map(({ id }) => id)
  return deps.locks.runAll(ids, async () => {
    const before = await deps.store.get(ids)
    await yieldToOthers()
    const missingFiles = await storeWithFacts(deps, records)
    const replacedFiles = before.flatMap(({ file }) => file?.sha256 ?? [])
    await removeUnusedFiles(deps, replacedFiles)
    const after = await deps.store.get(ids)
    return {
      stored: after.length,
      created: records.length - before.length,
      replaced: before.length,
      missingFiles,
    }
  })
}

/** Files must neither come nor go between the look whether they are here and the write that says so. */
async function storeWithFacts(deps: LibraryDeps, records: VectorRecord[]): Promise<number> {
  const hashes = records.flatMap(({ file }) => file?.sha256 ?? [])
  return deps.locks.runAll(hashes, async () => {
    const known = await deps.store.findByContentHash(hashes)
    await yieldToOthers()
    const here = new Set(known.flatMap(({ file }) => (file && !file.missing ? file.sha256 : [])))
    const inDoubt = new Map(
      records.flatMap(({ file }) => (file && !here.has(file.sha256) ? [[file.sha256, file]] : [])),
    )
    for (const sha256 of await findFiles(deps, [...inDoubt.values()])) here.add(sha256)
    const marked = records.map((record): VectorRecord => {
      if (!record.file) return record
      const { missing: _, ...facts } = record.file
      return { ...record, file: here.has(facts.sha256) ? facts : { ...facts, missing: true } }
    })
    await deps.store.upsert(marked)
    return marked.filter(({ file }) => file?.missing).length
  })
}

/** Files that no record speaks of, but that lie here: they were copied, or the store beside them is new. */
async function findFiles({ files }: LibraryDeps, candidates: FileFacts[]): Promise<string[]> {
  const isHere = async (facts: FileFacts) => {
    for (const kind of isOwnThumbnail(facts)
      ? (['original'] as const)
      : (['original', 'thumbnail'] as const)) {
      const file = await files.read(kind, facts.sha256)
      if (!file) return false
      file.stream.destroy()
    }
    return true
  }
  const found: string[] = []
  await concurrently(candidates, fileConcurrency, async (facts) => {
    if (await isHere(facts)) found.push(facts.sha256)
  })
  return found
}

function checkEmbedder({ embedder }: LibraryDeps, madeBy: string | null): void {
  if (madeBy === embedder.id) return
  throw new LookalikeError(
    'embedder_mismatch',
    `A record was made by the embedder ${madeBy}, and this library belongs to ${embedder.id}: their vectors ` +
      'cannot be compared. Start this server with the settings of that embedder and an empty library, ' +
      'or index the pictures again.',
  )
}
