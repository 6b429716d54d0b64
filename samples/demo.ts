import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { run } from '../server/src/main.ts'
import { recordId } from '../server/src/records/record-id.ts'
import { indexImage } from '../server/src/library/index-image.ts'
import { Stages } from '../server/src/library/stages.ts'
import type { Parts } from '../server/src/library/deps.ts'
import { samples, type Sample } from './src/samples.ts'

/**
 * The samples in an order that mixes subjects and styles: the page greets a newcomer with the newest
 * of the library, and those should show all there is.
 */
function mixed(): Sample[] {
  const bySubject = Map.groupBy(samples, ({ subject }) => subject)
  const rounds = Math.max(...[...bySubject.values()].map((styles) => styles.length))
  return Array.from({ length: rounds }, (_, round) =>
    [...bySubject.values()].map((styles, turn) => styles[(round + turn) % styles.length]!),
  ).flat()
}

/** Adds those sample pictures that the library lacks. */
async function addSamples(parts: Parts): Promise<void> {
  const known = new Set(
    (await parts.store.get(samples.map(({ uri }) => recordId(uri)))).map(
      ({ imageUri }) => imageUri,
    ),
  )
  const missing = mixed().filter(({ uri }) => !known.has(uri))
  if (missing.length === 0) return
  console.log(`Drawing and indexing ${missing.length} sample pictures; this happens once.`)
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-samples-'))
  try {
    // In a process of its own: the server's has switched off the loader that draws SVG.
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'draw.ts'), folder])
    for (const sample of missing) await add(parts, sample, join(folder, sample.file))
    if (parts.graph.enabled) {
      await parts.graph.add(
        await readFile(join(import.meta.dirname, 'graph.ttl'), 'utf8'),
        'text/turtle',
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function add(parts: Parts, sample: Sample, path: string): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  const { size } = await stat(path)
  const upload = { path, sha256: hash.digest('hex'), bytes: size, filename: sample.file }
  const options = { imageUri: sample.uri, metadata: sample.metadata }
  await indexImage(parts, upload, options, new Stages(), new AbortController().signal)
}

// A library of its own, so that samples never mix with anyone's pictures; and the built-in embedder
// and store unless named outright, so that a key or server set for real work costs nothing here.
const defaults = { DATA_DIR: './demo-data', EMBEDDER: 'visual', STORE: 'embedded' }
await run({ ...defaults, ...process.env }, ({ parts }) => addSamples(parts))
