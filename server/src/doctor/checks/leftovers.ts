import { existsSync, readdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { restoringName } from '../../data-dir/prepare.ts'
import { finishPromotion, nextFolder, promotionMarker } from '../../stores/embedded/promotion.ts'
import { type Findings, some } from '../finding.ts'
import type { Patient } from '../patient.ts'
import { countQuarantined } from '../quarantine.ts'

/** What processes that were killed left behind. */
export async function checkLeftovers(patient: Patient, findings: Findings): Promise<void> {
  const { dataDir } = patient
  if (existsSync(promotionMarker(dataDir))) {
    findings.found({
      code: 'unfinished_switch',
      message:
        'A library that was re-indexed is to take the place of the one in use, and that was interrupted.',
      count: 1,
      items: ['next-is-complete'],
      repair: async () => {
        await finishPromotion(dataDir)
        return 'put the new library in its place'
      },
    })
  }
  if (existsSync(join(dataDir, restoringName))) {
    findings.found({
      code: 'unfinished_restore',
      message:
        'A backup was being restored, and that was interrupted: run `lookalike restore` again.',
      count: 1,
      items: [restoringName],
    })
  }
  const temporary = [
    ...listed(patient, 'uploads'),
    ...listed(patient, join('files', 'staging')),
    ...listed(patient, 'snapshots').filter((path) => path.includes('.part')),
    ...copiesOfDoctors(dataDir),
    ...['keys.json.new'].filter((name) => existsSync(join(dataDir, name))),
  ]
  if (temporary.length > 0) {
    findings.found({
      code: 'temporary_files',
      message:
        'Files that were being received or written when their process ended, and that nobody waits for.',
      count: temporary.length,
      items: some(temporary),
      repair: async () => {
        for (const path of temporary)
          await rm(join(dataDir, path), { recursive: true, force: true })
        return 'deleted them'
      },
    })
  }
  if (existsSync(nextFolder(dataDir)) && !existsSync(promotionMarker(dataDir))) {
    findings.note(
      'next/ holds a library that a re-index is making: `lookalike reindex` goes on with it.',
    )
  }
  const copies = listed(patient, 'snapshots').filter((path) => path.endsWith('.db'))
  if (copies.length > 0) {
    const bytes = copies.reduce((sum, path) => sum + statSync(join(dataDir, path)).size, 0)
    findings.note(
      `snapshots/ holds ${copies.length} copies of databases, ${(bytes / 1e6).toFixed(1)} MB: delete those that nobody needs.`,
    )
  }
  const kept = await countQuarantined(dataDir)
  if (kept > 0) {
    findings.note(
      `quarantine/ holds ${kept} files that were put aside: look at them, and delete them when nobody misses them.`,
    )
  }
}

/** Of libraries in use, whose doctor was killed. */
function copiesOfDoctors(dataDir: string): string[] {
  const folder = join(dataDir, 'snapshots')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => name.endsWith('.looked-at')).map((name) => join('snapshots', name))
}

/** The files in a folder of DATA_DIR, none of which a process that runs can be writing: there is none. */
function listed({ dataDir }: Patient, folder: string): string[] {
  const path = join(dataDir, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name))
}
