import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import {
  checkIndex as compare,
  type IndexState,
} from '../../stores/embedded/checking/index-check.ts'
import { openEmbeddedStore } from '../../stores/embedded/store.ts'
import type { Library } from '../../stores/image-store.ts'
import type { Findings } from '../finding.ts'
import type { Patient } from '../patient.ts'

/** A graph does not find all; a whole one finds more than that, and one that is mixed up far less. */
const minRecall = 0.9
/** From so many on there is a graph, which may miss a vector by itself. */
const graphFrom = 10_000
const maxLostOfGraph = 0.02

/** The vector index against the vectors: counts, versions, and whether each vector answers for itself. */
export async function checkVectorIndex(patient: Patient, findings: Findings): Promise<void> {
  const library = patient.embedded()?.library
  if (!library) return
  patient.letGo()
  const { dataDir, config } = patient
  const task = { dataDir, library, quantization: config.VECTOR_INDEX_QUANTIZATION }
  const found = await compare(task)
  if (found.state === 'absent' || found.state === 'unsealed') {
    findings.note(
      'The vector index was not closed in order, or made in another way than it is today: the next start makes it anew, and searches are exact until then.',
    )
    return
  }
  if (found.state === 'compared') {
    const percent = (100 * found.recall).toFixed(1)
    findings.looked(
      `${found.entries} vectors in the index; ${found.asked} looked for: recall@10 ${percent} %`,
    )
  }
  const trouble = troubleOf(found)
  if (!trouble) return
  findings.found({ ...trouble, items: [], repair: () => rebuild(patient, library) })
}

function troubleOf(found: IndexState) {
  const { state, missing, stale, stray, asked, lost, recall, entries } = found
  if (state === 'unreadable') {
    return { code: 'unreadable_index', message: 'The vector index cannot be read.', count: 1 }
  }
  if (missing + stale + stray > 0) {
    return {
      code: 'wrong_index',
      message: `The vector index lacks ${missing} vectors, has ${stale} that are no longer right, and ${stray} of records that are gone.`,
      count: missing + stale + stray,
    }
  }
  const maxLost = entries < graphFrom ? 0 : maxLostOfGraph * asked
  if (lost > maxLost || recall < minRecall) {
    return {
      code: 'mixed_up_index',
      message: `Vectors in the index answer for other records: ${lost} of ${asked} are not found by themselves, and searches find ${Math.round(100 * recall)} % of what they should.`,
      count: Math.max(lost, 1),
    }
  }
  return null
}

const lookMs = 20

/** Thrown away and filled again from the truth, as at a start. */
async function rebuild({ dataDir, config, space }: Patient, library: Library): Promise<string> {
  await rm(join(dataDir, 'vectors'), { recursive: true, force: true })
  const quantization = config.VECTOR_INDEX_QUANTIZATION
  const store = await openEmbeddedStore(dataDir, library, { quantization, room: space })
  try {
    for (;;) {
      const { status, busy } = await store.health()
      if (!busy && status === 'ok') break
      await setTimeout(lookMs)
    }
  } finally {
    await store.close()
  }
  return 'made it anew from the vectors of the records'
}
