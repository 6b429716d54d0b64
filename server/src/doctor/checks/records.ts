import { buffer } from 'node:stream/consumers'
import { openEmbedder } from '../../embedders/registry.ts'
import {
  checkRecords as examine,
  mendVersions,
  remakeFacts,
  removeStrayVectors,
} from '../../stores/embedded/checking/records.ts'
import { openState } from '../../state/state.ts'
import { type Findings, some } from '../finding.ts'
import type { EmbeddedHoldings } from '../holdings/embedded.ts'
import type { Patient } from '../patient.ts'
import { checkServed } from './served-records.ts'

/** Records against their vectors, and against what filters ask. */
export async function checkRecords(patient: Patient, findings: Findings): Promise<void> {
  if (!patient.isEmbedded) return checkServed(patient, findings)
  const holdings = patient.embedded()
  if (!holdings) return
  const { database, library } = holdings
  const found = examine(database, library.dimensions)
  findings.looked(`${found.records} records`)
  const { withoutVector, unreadable, misnamed, strayVectors } = found
  if (withoutVector.length > 0) {
    findings.found({
      code: 'record_without_vector',
      message:
        'Records without a vector, or with one that is none: no search finds them. Sent again, their pictures are embedded again.',
      count: withoutVector.length,
      items: some(withoutVector),
      repair: () => reembed(patient, holdings, withoutVector),
    })
  }
  if (strayVectors > 0) {
    findings.found({
      code: 'vector_without_record',
      message: 'Vectors of records that are gone.',
      count: strayVectors,
      items: [],
      repair: () => {
        removeStrayVectors(database)
        return 'deleted them'
      },
    })
  }
  if (unreadable.length > 0) {
    findings.found({
      code: 'unreadable_record',
      message:
        'Records whose metadata or tags are no JSON: delete them, and send their pictures again.',
      count: unreadable.length,
      items: some(unreadable),
    })
  }
  if (misnamed.length > 0) {
    findings.found({
      code: 'wrong_id',
      message:
        'Records under another id than their image URI gives: delete them, and send their pictures again.',
      count: misnamed.length,
      items: some(misnamed),
    })
  }
  if (found.factsDiffer) {
    findings.found({
      code: 'wrong_facts',
      message: 'What filters ask is not what the records say.',
      count: 1,
      items: [],
      repair: () => {
        remakeFacts(database)
        return 'made it anew from the records'
      },
    })
  }
  if (found.versionsRepeat) {
    findings.found({
      code: 'repeated_versions',
      message:
        'The number of the last change is behind that of a record: the index could not tell vectors apart.',
      count: 1,
      items: [],
      repair: () => {
        mendVersions(database)
        return 'set it to that of the last record'
      },
    })
  }
}

/** From their originals, by the embedder that made the library. */
async function reembed(
  { config, dataDir, files, decode }: Patient,
  { library, pages, put }: EmbeddedHoldings,
  ids: readonly string[],
): Promise<string> {
  const state = openState({
    dataDir,
    cacheMegabytes: config.EMBEDDING_CACHE_MB,
    monthlyBudget: config.OPENAI_MONTHLY_BUDGET_USD,
    library: 'embedded',
  })
  try {
    const embedder = await openEmbedder(config, state)
    if (embedder.id !== library.embedderId) {
      throw new Error(`the settings name ${embedder.id}, and ${library.embedderId} made the others`)
    }
    const wanted = new Set(ids)
    let left = 0
    for await (const page of pages()) {
      for (const record of page.filter(({ id }) => wanted.has(id))) {
        const original = record.file && (await files.read('original', record.file.sha256))
        if (!original) {
          left++
          continue
        }
        const image = await decode(await buffer(original.stream))
        const { vector } = await embedder.embedImage(image, {
          signal: new AbortController().signal,
        })
        await put([{ ...record, vector }])
      }
    }
    if (left > 0) throw new Error(`the originals of ${left} are not here`)
    return 'embedded their originals again'
  } finally {
    state.close()
  }
}
