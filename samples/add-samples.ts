import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { concurrently } from '../server/src/library/concurrently.ts'
import type { LibraryDeps } from '../server/src/library/deps.ts'
import { indexImage } from '../server/src/library/indexing/index-image.ts'
import { Stages } from '../server/src/library/stages.ts'
import { recordId } from '../server/src/records/record-id.ts'
import samples from './samples.json' with { type: 'json' }

type Sample = (typeof samples)[number]

/**
 * A library of its own, so that samples never mix with anyone's pictures; and the built-in embedder
 * and store unless named outright, so that a key or server set for real work costs nothing here.
 */
export const demoSettings = { DATA_DIR: './demo-data', EMBEDDER: 'visual', STORE: 'embedded' }

/** Side by side, so that the threads of the embedder never wait for a disk, and commits are shared. */
const atOnce = 24

/**
 * These come last, by themselves: the page greets a newcomer with the newest of the library, and those
 * are one of each subject.
 */
const newest = 12

/**
 * Adds those sample pictures that the library lacks, and with them the graph about their books.
 *
 * @param together so many at once; with 1 they lie in the library in the order of their list
 */
export async function addSamples(deps: LibraryDeps, together = atOnce): Promise<void> {
  const known = await deps.store.get(samples.map(({ image_uri }) => recordId(image_uri)))
  const knownUris = new Set(known.map(({ imageUri }) => imageUri))
  const missing = samples.filter(({ image_uri }) => !knownUris.has(image_uri))
  if (missing.length === 0) return
  console.log(`Indexing ${missing.length} sample pictures; this happens once.`)
  let done = 0
  const index = async (sample: Sample) => {
    await add(deps, sample)
    if (++done % newest === 0) console.log(`Indexed ${done} of ${missing.length}.`)
  }
  await concurrently(missing.slice(0, -newest), together, index)
  await concurrently(missing.slice(-newest), together, index)
  if (deps.graph.enabled) {
    await deps.graph.add(
      await readFile(join(import.meta.dirname, 'graph.ttl'), 'utf8'),
      'text/turtle',
    )
  }
}

async function add(deps: LibraryDeps, { file, image_uri, metadata }: Sample) {
  const source = await readFile(join(import.meta.dirname, 'pictures', file))
  const sha256 = createHash('sha256').update(source).digest('hex')
  const upload = { source, sha256, bytes: source.length, filename: file }
  const options = { imageUri: image_uri, metadata }
  const { signal } = new AbortController()
  await indexImage(deps, upload, options, { stages: new Stages(), signal })
}
