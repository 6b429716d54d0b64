import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { copiesFile, KnownCopies } from '../../library/copies/known-copies.ts'
import { strayCopies } from '../../library/copies/prune.ts'
import { openDatabase } from '../../sqlite/open.ts'
import { stateFile } from '../../state/state-file.ts'
import { malformedMemories } from '../../state/malformed-memories.ts'
import { type Findings, some } from '../finding.ts'
import type { Patient } from '../patient.ts'

/** What is kept to save work: whether it can be read, and is of pictures that are there. */
export async function checkCaches(patient: Patient, findings: Findings): Promise<void> {
  await checkCopies(patient, findings)
  checkMemory(patient, findings)
}

function isUsable({ dataDir, unusable }: Patient, name: string): boolean {
  return existsSync(join(dataDir, name)) && !unusable.has(name)
}

async function checkCopies(patient: Patient, findings: Findings): Promise<void> {
  const holdings = await patient.holdings()
  if (!holdings || !isUsable(patient, copiesFile.name)) return
  const known = new KnownCopies(patient.dataDir)
  try {
    findings.looked(`${known.compared} pictures that were compared with their copies`)
    const stray: string[] = []
    for await (const hashes of strayCopies(known, holdings)) stray.push(...hashes)
    if (stray.length === 0) return
    findings.found({
      code: 'stray_copies',
      message: 'copies.db knows pictures that no record has.',
      count: stray.length,
      items: some(stray),
      repair: () => {
        const open = new KnownCopies(patient.dataDir)
        try {
          open.forget(stray)
        } finally {
          open.close()
        }
        return 'forgot them'
      },
    })
  } finally {
    known.close()
  }
}

function checkMemory(patient: Patient, findings: Findings): void {
  if (!isUsable(patient, stateFile.name)) return
  const database = openDatabase(patient.dataDir, stateFile)
  try {
    const { looked, malformed } = malformedMemories(database)
    findings.looked(`${looked} answers of models that are remembered`)
    if (malformed.length === 0) return
    findings.found({
      code: 'malformed_memories',
      message: 'Remembered answers that cannot be read.',
      count: malformed.length,
      items: some(malformed),
      repair: () => {
        const open = openDatabase(patient.dataDir, stateFile)
        try {
          const drop = open.prepare('DELETE FROM remembered WHERE key = ?')
          for (const key of malformed) drop.run(key)
        } finally {
          open.close()
        }
        return 'forgot them: whoever needs one asks the model again'
      },
    })
  } finally {
    database.close()
  }
}
