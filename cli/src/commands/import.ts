import { buffer } from 'node:stream/consumers'
import type { Info } from '@lookalike/sdk'
import { CommandError, exitCodes } from '../failure.ts'
import { mergeDetails, readSidecar, type Details } from '../import/details.ts'
import { uriScheme } from '../import/image-uri.ts'
import { noManifest, readManifest, type Manifest } from '../import/manifest.ts'
import { readMetadataOptions, type MetadataMaker } from '../import/metadata-options.ts'
import { createMoves } from '../import/moves.ts'
import { noReport, openReport } from '../import/report.ts'
import { gather, type Source, type Sources } from '../import/sources.ts'
import { runImport, type ImportJob } from '../import/run-import.ts'
import type { Session } from '../session.ts'

export interface ImportOptions {
  metadata: string[]
  manifest?: string
  uriPrefix?: string
  concurrency: number
  prune?: boolean
  yes?: boolean
  watch?: boolean
  report?: string
}

/** Reads what the options ask for, so that what is wrong is said before anything is sent. */
export async function importImages(
  session: Session,
  names: string[],
  options: ImportOptions,
): Promise<void> {
  const makeMetadata = readMetadataOptions(options.metadata)
  if (options.uriPrefix && !URL.canParse(options.uriPrefix)) {
    throw usage('--uri-prefix must be an absolute URI, such as https://example.org/photos/.')
  }
  const manifest = options.manifest ? await readManifest(options.manifest) : noManifest
  const found = await gather(await namesOf(names, manifest))
  checkFolders(options, found)
  const info = await session.client.info()
  const report = options.report ? await openReport(options.report) : noReport
  try {
    await runImport(
      session,
      jobOf(options, found, info, detailsReader(makeMetadata, manifest)),
      report,
    )
  } finally {
    await report.close()
  }
}

/** `-` is a list on standard input, one name a line; without names, the manifest's own are meant. */
async function namesOf(names: string[], manifest: Manifest): Promise<string[]> {
  const given = names.length > 0 ? names : manifest.names
  if (given.length === 0) throw usage('Name what to import: a folder, files, addresses, or -.')
  const listed = given.includes('-') ? (await buffer(process.stdin)).toString().split('\n') : []
  const lines = listed.map((line) => line.trim()).filter((line) => line !== '')
  return given.flatMap((name) => (name === '-' ? lines : [name]))
}

function checkFolders({ prune, watch, yes }: ImportOptions, { folders }: Sources): void {
  if ((prune || watch) && folders.length === 0) {
    throw usage('--prune and --watch look after folders: name one.')
  }
  if (prune && watch && !yes) {
    throw usage('--watch --prune deletes while nobody is asked: add --yes if that is meant.')
  }
}

function jobOf(
  options: ImportOptions,
  found: Sources,
  info: Info,
  detailsOf: (source: Source) => Promise<Details>,
): ImportJob {
  return {
    ...found,
    scheme: uriScheme(options.uriPrefix),
    moves: createMoves(),
    detailsOf,
    maxBytes: info.limits.max_upload_mb * 1e6,
    width: options.concurrency,
    prune: options.prune ?? false,
    yes: options.yes ?? false,
    watch: options.watch ?? false,
  }
}

/** What is said of one picture wins over what is said of all: sidecar, then manifest, then options. */
function detailsReader(makeMetadata: MetadataMaker, manifest: Manifest) {
  return async (source: Source): Promise<Details> =>
    mergeDetails([
      { metadata: makeMetadata(source) },
      manifest.detailsOf(source),
      'url' in source ? {} : await readSidecar(source.path),
    ])
}

function usage(message: string): CommandError {
  return new CommandError(message, exitCodes.usage)
}
