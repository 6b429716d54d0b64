import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { graphFile } from '../../graph/embedded/truth.ts'
import { openGraph } from '../../graph/registry.ts'
import { graphDescription } from '../../library/graph/open.ts'
import { openOutbox, outboxFile } from '../../library/graph/outbox.ts'
import { openDatabase } from '../../sqlite/open.ts'
import { localUrl } from '../../starting/address.ts'
import { type Findings, some } from '../finding.ts'
import type { Patient } from '../patient.ts'

/** What the graph says of pictures against their records, apart from what it is yet to hear of. */
export async function checkGraph(patient: Patient, findings: Findings): Promise<void> {
  const { config, dataDir, unusable } = patient
  const holdings = await patient.holdings()
  if (config.GRAPH === 'none' || !holdings) return
  if ([graphFile.name, outboxFile.name].some((name) => unusable.has(name))) return
  if (!existsSync(join(dataDir, outboxFile.name))) {
    findings.note('The graph was told of no picture yet: the next start describes every one.')
    return
  }
  const { describe, describedBy } = graphDescription({
    publicUrl: config.PUBLIC_URL ?? localUrl(config.HOST, config.PORT),
    properties: config.GRAPH_PROPERTIES,
  })
  const outbox = readOutbox(dataDir)
  const isCurrent = outbox.describedBy === describedBy
  if (!isCurrent) {
    findings.note(
      'Statements were made with another PUBLIC_URL, HOST, PORT or GRAPH_PROPERTIES than these: what they say was not compared, ' +
        'and a start with these describes every picture again.',
    )
  }
  const said = await statementsById(patient)
  findings.looked(`${said.size} pictures in the graph`)
  const lacking: string[] = []
  const outdated: string[] = []
  for await (const page of holdings.pages()) {
    for (const record of page) {
      const statements = said.get(record.id)
      said.delete(record.id)
      if (outbox.excused.has(record.id)) continue
      if (statements === undefined) lacking.push(record.id)
      else if (isCurrent && statements !== null && statements !== asKept(() => describe(record)))
        outdated.push(record.id)
    }
  }
  const gone = [...said.keys()].filter((id) => !outbox.excused.has(id))
  if (outbox.due > 0)
    findings.note(`The graph is yet to hear of ${outbox.due} pictures: the next start tells it.`)
  const tell = (code: string, message: string, ids: string[]) => {
    if (ids.length === 0) return
    findings.found({
      code,
      message,
      count: ids.length,
      items: some(ids),
      repair: () => mark(dataDir, ids),
    })
  }
  tell('undescribed', 'Records that the graph says nothing of.', lacking)
  tell(
    'outdated_statements',
    'Records of which the graph says something else than they do.',
    outdated,
  )
  tell('stray_statements', 'The graph describes pictures that are gone.', gone)
}

/** What the engine is told of is marked first, and so it is told once more. */
async function mark(dataDir: string, ids: string[]): Promise<string> {
  const outbox = openOutbox(dataDir)
  try {
    await outbox.add(ids)
  } finally {
    await outbox.close()
  }
  return 'marked them; the next start tells the graph how they are'
}

interface Outbox {
  readonly describedBy: string | null
  readonly due: number
  /** That wait to be described, or cannot be. */
  readonly excused: ReadonlySet<string>
}

function readOutbox(dataDir: string): Outbox {
  const database = openDatabase(dataDir, outboxFile)
  try {
    const ids = (sql: string) =>
      database
        .prepare(sql)
        .all()
        .map(({ id }) => id as string)
    const due = ids('SELECT id FROM due')
    const by = database.prepare('SELECT by FROM described').get()?.['by']
    return {
      describedBy: (by as string | undefined) ?? null,
      due: due.length,
      excused: new Set([...due, ...ids('SELECT id FROM odd WHERE left_out = 1')]),
    }
  } finally {
    database.close()
  }
}

/** What is said of each picture; null where another server keeps it. */
async function statementsById({ config, dataDir }: Patient): Promise<Map<string, string | null>> {
  if (config.GRAPH === 'embedded') {
    if (!existsSync(join(dataDir, graphFile.name))) return new Map()
    const database = openDatabase(dataDir, graphFile)
    try {
      const rows = database.prepare('SELECT id, statements FROM documents').all()
      return new Map(rows.map(({ id, statements }) => [id as string, statements as string]))
    } finally {
      database.close()
    }
  }
  const graph = await openGraph(config, dataDir)
  try {
    return new Map((await graph.imageIds()).map((id) => [id, null]))
  } finally {
    await graph.close()
  }
}

function asKept(describe: () => { statements: string[] }): string | null {
  try {
    return describe().statements.join('\n')
  } catch {
    return null
  }
}
