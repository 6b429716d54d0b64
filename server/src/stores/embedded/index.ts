import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Generations, MadeLibrary } from '../generations.ts'
import { finishPromotion, nextFolder, promote } from './promotion.ts'
import { type EmbeddedOptions, openEmbeddedStore } from './store.ts'

/** The library in `dataDir`, and in its folder `next/` the one being made. */
export default function openEmbeddedGenerations(
  dataDir: string,
  options: EmbeddedOptions,
): Generations {
  const next = nextFolder(dataDir)
  const discardNext = async () => rmSync(next, { recursive: true, force: true })
  return {
    async current() {
      finishPromotion(dataDir)
      return readLibrary(join(dataDir, 'library.db'))
    },

    open: (library) => openEmbeddedStore(dataDir, library, options),

    async openNext(library) {
      const left = readLibrary(join(next, 'library.db'))
      // Left by a re-index for yet another embedder: nothing of it can be used.
      if (left?.embedderId !== library.embedderId || left.dimensions !== library.dimensions) {
        await discardNext()
      }
      return openEmbeddedStore(next, library, options)
    },

    async promote() {
      promote(dataDir)
      return null
    },

    discardNext,
  }
}

function readLibrary(path: string): MadeLibrary | null {
  if (!existsSync(path)) return null
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 100 })
    const rows = database.prepare('SELECT key, value FROM library').all()
    const kept = Object.fromEntries(rows.map(({ key, value }) => [key, value]))
    const { records } = database.prepare('SELECT count(*) AS records FROM images').get()!
    return {
      embedderId: String(kept['embedder']),
      dimensions: Number(kept['dimensions']),
      records: Number(records),
    }
  } catch {
    // In use elsewhere, damaged, or no library: opening it says which.
    return null
  } finally {
    database?.close()
  }
}
