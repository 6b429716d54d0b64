import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { peekDatabase } from '../../sqlite/open.ts'
import type { Generations, MadeLibrary } from '../generations.ts'
import { finishPromotion, nextFolder, promote } from './promotion.ts'
import { type EmbeddedOptions, openEmbeddedStore } from './store.ts'
import { libraryFile, readMadeBy } from './truth/library-file.ts'

/** The library in `dataDir`, and in its folder `next/` the one being made. */
export default function openEmbeddedGenerations(
  dataDir: string,
  options: EmbeddedOptions,
): Generations {
  const next = nextFolder(dataDir)
  const discardNext = async () => rmSync(next, { recursive: true, force: true })
  return {
    async current() {
      await finishPromotion(dataDir)
      return readLibrary(dataDir)
    },

    open: (library) => openEmbeddedStore(dataDir, library, options),

    async openNext(library) {
      const left = readLibrary(next)
      // Left by a re-index for yet another embedder: nothing of it can be used.
      if (left?.embedderId !== library.embedderId || left.dimensions !== library.dimensions) {
        await discardNext()
      }
      return openEmbeddedStore(next, library, options)
    },

    async promote() {
      await promote(dataDir)
      return null
    },

    discardNext,
  }
}

/** Null where there is none, or it is in use elsewhere, damaged or no library: opening it says which. */
function readLibrary(folder: string): MadeLibrary | null {
  const path = join(folder, libraryFile.name)
  if (!existsSync(path)) return null
  return peekDatabase(path, (database) => {
    const madeBy = readMadeBy(database)
    const { records } = database.prepare('SELECT count(*) AS records FROM images').get()!
    return madeBy && { ...madeBy, records: Number(records) }
  })
}
