import { type Findings, some } from '../finding.ts'
import type { Patient } from '../patient.ts'

/** Looked for by themselves, spread over the library. */
const asked = 50
const nearest = 10
const same = 1e-3

/** Records of a store that is served by another process: what can be told by asking it. */
export async function checkServed(patient: Patient, findings: Findings): Promise<void> {
  const served = await patient.served()
  if (!served) {
    findings.note(
      `${patient.config.STORE} has no library yet, or cannot be reached: see \`lookalike status\`.`,
    )
    return
  }
  const { store, holdings } = served
  const { status, detail } = await store.health()
  if (status === 'unavailable') {
    findings.found({ code: 'store_unavailable', message: detail, count: 1, items: [] })
    return
  }
  let records = 0
  let foreign = 0
  const withoutVector: string[] = []
  const lost: string[] = []
  const every = Math.max(1, Math.floor((await store.count()) / asked))
  for await (const page of holdings.pages()) {
    const ids = page.map(({ id }) => id)
    const found = new Map((await store.getWithVectors(ids)).map((each) => [each.id, each]))
    for (const { id, embedderId } of page) {
      if (embedderId === null) foreign++
      const whole = found.get(id)
      if (whole?.vector.length !== holdings.library.dimensions) {
        withoutVector.push(id)
        continue
      }
      if (records++ % every !== 0) continue
      const hits = await store.search({ vector: whole.vector, limit: nearest })
      if (!hits.some(({ score }) => score >= 1 - same)) lost.push(id)
    }
  }
  const counted = await store.count()
  findings.looked(
    `${records} records, ${Math.ceil(records / every)} of them looked for by their own vectors`,
  )
  if (foreign > 0) findings.note(`${foreign} points were written by another program.`)
  if (counted !== records + withoutVector.length) {
    findings.found({
      code: 'wrong_count',
      message: `The store counts ${counted} and lists ${records + withoutVector.length}. Unless somebody writes to it now, look at its log.`,
      count: 1,
      items: [],
    })
  }
  if (withoutVector.length > 0) {
    findings.found({
      code: 'record_without_vector',
      message:
        'Points without a vector of this library: no search finds them. Send their pictures again.',
      count: withoutVector.length,
      items: some(withoutVector),
    })
  }
  if (lost.length > 0) {
    findings.found({
      code: 'lost_in_index',
      message:
        "Vectors that a search for themselves does not find: see the collection's status, and let Qdrant build its index again.",
      count: lost.length,
      items: some(lost),
    })
  }
}
