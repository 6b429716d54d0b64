import type { Config } from '../config.ts'
import { checkCaches } from './checks/caches.ts'
import { checkDatabases } from './checks/databases.ts'
import { checkDisk } from './checks/disk.ts'
import { checkFiles } from './checks/files/check.ts'
import { checkGraph } from './checks/graph.ts'
import { checkVectorIndex } from './checks/index.ts'
import { checkLeftovers } from './checks/leftovers.ts'
import { checkRecords } from './checks/records.ts'
import { checkSettings } from './checks/settings.ts'
import { checkNames, type CheckName, type Findings } from './finding.ts'
import type { ServerAddress } from '../data-dir/running-server.ts'
import { Patient } from './patient.ts'
import { Collector, type Report } from './report.ts'

export interface DoctorOptions {
  /** Mend what can be mended. */
  readonly repair: boolean
  /** Look at the lengths of files only, and not at their content. */
  readonly quick: boolean
}

type Check = (patient: Patient, findings: Findings, options: DoctorOptions) => void | Promise<void>

const checks: Record<CheckName, Check> = {
  leftovers: checkLeftovers,
  databases: checkDatabases,
  settings: checkSettings,
  records: checkRecords,
  files: checkFiles,
  index: checkVectorIndex,
  graph: checkGraph,
  caches: checkCaches,
  disk: checkDisk,
}

/** What can be told while a server changes it. */
const ofServed: readonly CheckName[] = ['databases', 'records', 'files', 'disk']
const servedNote =
  'A server uses the library: index, graph, caches and leftovers were not looked at, and nothing is repaired. Stop it for that.'

/**
 * Looks through a library. Without `repair` nothing of it is changed, apart from what closing databases in order does to
 * their logs; of one that a server uses, records and files are looked at in copies that the server makes. Repairs can be interrupted at any moment, and made again; none deletes an original.
 *
 * @throws ConfigError where there is no library, or a server uses it
 */
export async function examine(
  config: Config,
  options: DoctorOptions,
  server: ServerAddress | null = null,
): Promise<Report> {
  const patient = await Patient.open(config, options.repair ? null : server)
  const collector = new Collector()
  try {
    for (const name of patient.server ? ofServed : checkNames) {
      await collector.run(
        name,
        (findings) => checks[name](patient, findings, options),
        options.repair,
      )
    }
  } finally {
    await patient.close()
  }
  if (patient.server) collector.note(servedNote)
  return collector.report(patient.dataDir)
}
