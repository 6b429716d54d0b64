import { CommandError, usageError } from '../failure.ts'
import { uriScheme } from '../import/image-uri.ts'
import type { ImportJob } from '../import/import-job.ts'
import { detailsReader } from '../import/metadata/details-reader.ts'
import { noManifest, readManifest, type Manifest } from '../import/metadata/manifest.ts'
import { readMetadataOptions } from '../import/metadata/metadata-options.ts'
import { createMovedFiles } from '../import/moved-files.ts'
import { openReport } from '../import/report.ts'
import { runImport } from '../import/run-import.ts'
import { gather, nameOf, type Sources } from '../import/finding/sources.ts'
import type { Session } from '../session.ts'
import { readLines } from '../text-files.ts'

export interface ImportOptions {
  metadata: string[]
  manifest?: string
  uriPrefix?: string
  concurrency: number
  prune?: boolean
  yes?: boolean
  watch?: boolean
  report?: string
  /** Read what cameras and programs wrote into the pictures. */
  exif: boolean
}

/** Reads what the options ask for, so that what is wrong is said before anything is sent. */
export async function importImages(
  session: Session,
  names: string[],
  options: ImportOptions,
): Promise<void> {
  const makeMetadata = readMetadataOptions(options.metadata)
  if (options.uriPrefix && !URL.canParse(options.uriPrefix)) {
    throw usageError('--uri-prefix must be an absolute URI, such as https://example.org/photos/.')
  }
  const manifest = options.manifest ? await readManifest(options.manifest) : noManifest
  const { named, listed } = await namesOf(names, manifest)
  const found = merged(await gather(named), await gather(listed, true))
  checkFolders(options, found)
  const { limits } = await session.client.info()
  const job: ImportJob = {
    ...found,
    scheme: uriScheme(options.uriPrefix),
    movedFiles: createMovedFiles(),
    detailsOf: detailsReader(makeMetadata, manifest, options.exif),
    unmetRows: () => manifest.unmet(),
    maxBytes: limits.max_upload_mb * 1e6,
    concurrency: options.concurrency,
    prune: options.prune ?? false,
    yes: options.yes ?? false,
    watch: options.watch ?? false,
  }
  const report = await openReport(options.report)
  try {
    await runImport(session, job, report)
  } finally {
    await report.close()
  }
}

/**
 * `-` is a list on standard input, one name a line; without names, the manifest's own are meant. In a list, one name that
 * leads nowhere is one failure; on the command line, it is a mistake.
 */
async function namesOf(names: string[], manifest: Manifest) {
  if (names.length === 0 && manifest.names.length === 0) {
    throw usageError('Name what to import: a folder, files, addresses, or -.')
  }
  if (names.length === 0) return { named: [], listed: manifest.names }
  const listed = names.includes('-') ? await namesOnStandardInput() : []
  return { named: names.filter((name) => name !== '-'), listed }
}

function merged(one: Sources, other: Sources): Sources {
  const byName = new Map(
    [...one.sources, ...other.sources].map((source) => [nameOf(source), source]),
  )
  return {
    sources: [...byName.values()],
    folders: [...one.folders, ...other.folders],
    leftOut: [...one.leftOut, ...other.leftOut],
    unreadable: [...one.unreadable, ...other.unreadable],
    withoutPictures: [...one.withoutPictures, ...other.withoutPictures],
  }
}

async function namesOnStandardInput(): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const line of readLines('-')) names.push(line.trim())
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw usageError(`The list on standard input: ${(error as Error).message}`, { cause: error })
  }
  return names
}

function checkFolders({ prune, watch, yes }: ImportOptions, { folders }: Sources): void {
  if ((prune || watch) && folders.length === 0) {
    throw usageError('--prune and --watch look after folders: name one.')
  }
  if (prune && watch && !yes) {
    throw usageError('--watch --prune deletes without asking: add --yes if that is meant.')
  }
}
