import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { embedderIdOf } from '../../embedders/registry.ts'
import { graphFile } from '../../graph/embedded/truth.ts'
import { storedFiles } from '../../files/disk/stored-files.ts'
import { Keys } from '../../keys/keys.ts'
import { peekDatabase } from '../../sqlite/open.ts'
import { openState } from '../../state/state.ts'
import { libraryFile, readMadeBy } from '../../stores/embedded/truth/library-file.ts'
import type { Findings } from '../finding.ts'
import type { Patient } from '../patient.ts'

/** Settings by which this library would not be found, or not go on as it was. */
export async function checkSettings(patient: Patient, findings: Findings): Promise<void> {
  const { config, dataDir } = patient
  try {
    void new Keys(dataDir, config.API_KEYS)
  } catch (error) {
    findings.found({
      code: 'unreadable_keys',
      message: (error as Error).message,
      count: 1,
      items: ['keys.json'],
    })
  }
  const library = join(dataDir, libraryFile.name)
  if (!patient.isEmbedded && existsSync(library)) {
    const records = peekDatabase(
      library,
      (file) => file.prepare('SELECT count(*) AS n FROM images').get()!['n'],
    )
    if (Number(records) > 0) {
      findings.note(
        `library.db holds ${records} records, and STORE=${config.STORE} does not look at them.`,
      )
    }
  }
  if (config.FILES !== 'disk' && (await holdsOriginals(dataDir))) {
    findings.note(`files/ holds originals, and FILES=${config.FILES} does not look at them.`)
  }
  if (config.GRAPH !== 'embedded' && existsSync(join(dataDir, graphFile.name))) {
    findings.note(`graph.db is there, and GRAPH=${config.GRAPH} does not look at it.`)
  }
  await checkEmbedder(patient, findings)
}

async function holdsOriginals(dataDir: string): Promise<boolean> {
  for await (const { kind } of storedFiles(join(dataDir, 'files')))
    if (kind === 'original') return true
  return false
}

/** A library goes on with the embedder that made it; that the settings name another is no damage. */
async function checkEmbedder(patient: Patient, findings: Findings): Promise<void> {
  const path = join(patient.dataDir, libraryFile.name)
  const made = patient.isEmbedded && existsSync(path) ? peekDatabase(path, readMadeBy) : null
  if (!made || patient.unusable.has('state.db')) return
  const state = openState({
    dataDir: patient.dataDir,
    cacheMegabytes: patient.config.EMBEDDING_CACHE_MB,
    monthlyBudget: undefined,
    library: 'embedded',
  })
  try {
    const id = await embedderIdOf(patient.config, state)
    if (id === made.embedderId) return
    findings.note(
      `The library was made by ${made.embedderId} and the settings name ${id}: it goes on with the former. ` +
        '`lookalike reindex` makes it over.',
    )
  } finally {
    state.close()
  }
}
