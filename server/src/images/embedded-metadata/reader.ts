import { fileURLToPath } from 'node:url'
import type { EmbeddedMetadata } from '@lookalike/embedded-metadata'
import { Piscina } from 'piscina'
import type { EmbeddedMetadataChoice } from '../settings.ts'
import type { PictureFile } from './worker.ts'

/** A picture takes milliseconds. */
const deadlineMs = 10_000
const idleTimeoutMs = 30_000
/** A file may ask for more memory than it is large; of that the thread ends, and nothing else. */
const maxHeapMegabytes = 256

let pool: Piscina<PictureFile, EmbeddedMetadata> | undefined

/**
 * Reads what a picture says of itself: nothing where that cannot be read.
 *
 * @throws LookalikeError `overloaded` where too many wait to be read
 */
export type EmbeddedMetadataReader = (file: PictureFile) => Promise<EmbeddedMetadata>

/**
 * Reads in a thread with a deadline and a bounded memory, since the file is anybody's and parsing it is synchronous.
 *
 * @param enter waits for a turn; the deadline begins with it, so that a slow file takes nothing from those behind it
 * @returns undefined where the choice is that nothing is read
 */
export function embeddedMetadataReader(
  choice: EmbeddedMetadataChoice,
  enter: () => Promise<() => void>,
): EmbeddedMetadataReader | undefined {
  if (choice === 'none') return undefined
  return async (file) => {
    const leave = await enter()
    try {
      const said = await read(file)
      return choice === 'all' ? said : withoutLocation(said)
    } finally {
      leave()
    }
  }
}

async function read(file: PictureFile): Promise<EmbeddedMetadata> {
  pool ??= openPool()
  try {
    return await pool.run(file, { signal: AbortSignal.timeout(deadlineMs) })
  } catch {
    return {}
  }
}

function openPool(): Piscina<PictureFile, EmbeddedMetadata> {
  const opened = new Piscina<PictureFile, EmbeddedMetadata>({
    filename: fileURLToPath(new URL('./worker.ts', import.meta.url)),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleTimeoutMs,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
  })
  // A thread may also end between two files. Another takes its place.
  return opened.on('error', () => {})
}

function withoutLocation({ latitude: _, longitude: __, ...rest }: EmbeddedMetadata) {
  return rest
}
