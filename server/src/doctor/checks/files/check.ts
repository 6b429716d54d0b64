import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { encodeThumbnail } from '../../../images/encode.ts'
import { filePath } from '../../../files/file-store.ts'
import { concurrently } from '../../../library/concurrently.ts'
import type { FileFacts } from '../../../records/record.ts'
import { type Findings, some } from '../../finding.ts'
import type { EmbeddedHoldings } from '../../holdings/embedded.ts'
import type { CorrectedFile } from '../../holdings/holdings.ts'
import type { Patient } from '../../patient.ts'
import { quarantine } from '../../quarantine.ts'
import { hasThumbnail, originalState, type OriginalState } from './originals.ts'
import { checkStrays } from './strays.ts'

const atOnce = 4
/** A file is there so long before its record, at most. */
const settleMs = 10_000

type Trouble = Exclude<OriginalState, 'whole'> | 'found' | 'thumbnail'

/** The files of records, and whether there are others. */
export async function checkFiles(
  patient: Patient,
  findings: Findings,
  { quick }: { quick: boolean },
): Promise<void> {
  const holdings = await patient.holdings()
  if (!holdings) return
  const since = patient.server ? Date.now() - settleMs : Infinity
  const known = new Map<string, FileFacts>()
  for await (const page of holdings.pages()) {
    for (const { file } of page) if (file) known.set(file.sha256, file)
  }
  const trouble: Record<Trouble, FileFacts[]> = { gone: [], truncated: [], damaged: [], resized: [], found: [], thumbnail: [] } // prettier-ignore
  let awaited = 0
  await concurrently([...known.values()], atOnce, async (file) => {
    const state = await originalState(patient, file, quick)
    if (file.missing && state !== 'whole') awaited++
    else if (file.missing) trouble.found.push(file)
    else if (state !== 'whole') trouble[state].push(file)
    if (state === 'whole' && (await hasThumbnail(patient, file)) === false)
      trouble.thumbnail.push(file)
  })
  findings.looked(`${known.size} files, ${quick ? 'by their lengths' : 'by their content'}`)
  if (awaited > 0) {
    findings.note(`${awaited} records wait for their file: import or send the pictures again.`)
  }
  const named = new Set(known.keys())
  const later = await patient.later()
  if (later) await confirm(later, trouble, named)
  report(patient, findings, trouble)
  if (patient.config.FILES === 'disk') await checkStrays(patient, findings, named, since)
  later?.close()
}

/** Of a library in use: what became of records meanwhile is no damage. */
async function confirm(
  later: EmbeddedHoldings,
  trouble: Record<Trouble, FileFacts[]>,
  named: Set<string>,
): Promise<void> {
  const now = new Map<string, FileFacts>()
  for await (const page of later.pages()) {
    for (const { file } of page) if (file) now.set(file.sha256, file)
  }
  for (const sha256 of now.keys()) named.add(sha256)
  for (const kind of Object.keys(trouble) as Trouble[]) {
    trouble[kind] = trouble[kind].filter(({ sha256, bytes, missing }) => {
      const file = now.get(sha256)
      return file?.bytes === bytes && file.missing === missing
    })
  }
}

function report(patient: Patient, findings: Findings, trouble: Record<Trouble, FileFacts[]>) {
  const tell = (
    kind: Trouble,
    message: string,
    repair: (files: FileFacts[]) => Promise<string>,
  ) => {
    const files = trouble[kind]
    if (files.length === 0) return
    const items = some(
      files.map(({ sha256 }) => filePath(kind === 'thumbnail' ? kind : 'original', sha256)),
    )
    findings.found({
      code: codes[kind],
      message,
      count: files.length,
      items,
      repair: () => repair(files),
    })
  }
  const putAside = async (files: FileFacts[]) => {
    await markMissing(patient, files)
    return `${await asideOf(patient, files)}; their records wait for the pictures to be sent again`
  }
  tell(
    'gone',
    'Originals that records name are gone. Their pictures can be sent again.',
    async (files) => {
      await markMissing(patient, files)
      return 'noted that the records wait for their file'
    },
  )
  tell('truncated', 'Originals are shorter or longer than they were.', putAside)
  tell(
    'damaged',
    'Originals are not the bytes that were sent. (Those that were once kept without their metadata are not: look with STRIP_METADATA=true.)',
    putAside,
  )
  tell('resized', 'Records say another length of their original than it has.', async (files) => {
    const sizes = await Promise.all(
      files.map(({ sha256 }) => patient.files.size('original', sha256)),
    )
    await correct(
      patient,
      files.map((file, at) => [file.sha256, { bytes: sizes[at]! }]),
    )
    return 'noted the right length'
  })
  tell('found', 'Files are here that their records wait for.', async (files) => {
    await correct(
      patient,
      files.map(({ sha256, bytes }) => [sha256, { bytes }]),
    )
    return 'noted that they are here'
  })
  tell('thumbnail', 'Thumbnails are gone or damaged.', async (files) => {
    for (const file of files) await makeThumbnail(patient, file)
    return 'made them again from the originals'
  })
}

const codes: Record<Trouble, string> = {
  gone: 'original_gone',
  truncated: 'original_truncated',
  damaged: 'original_damaged',
  resized: 'wrong_length',
  found: 'file_not_noted',
  thumbnail: 'thumbnail_gone',
}

async function correct(patient: Patient, corrections: [string, CorrectedFile][]): Promise<void> {
  const holdings = await patient.holdings()
  await holdings!.correctFiles(new Map(corrections))
}

async function markMissing(patient: Patient, files: FileFacts[]): Promise<void> {
  await correct(
    patient,
    files.map(({ sha256, bytes }) => [sha256, { bytes, missing: true }]),
  )
}

/** The bytes may be all that is left of a picture. In a bucket they stay where they are until another takes their place. */
async function asideOf({ dataDir, config }: Patient, files: FileFacts[]): Promise<string> {
  if (config.FILES !== 'disk') return 'left them where they are'
  for (const { sha256 } of files) {
    await quarantine(dataDir, 'originals', join(dataDir, 'files', filePath('original', sha256)))
  }
  return 'put them into quarantine/originals'
}

async function makeThumbnail({ files, decode }: Patient, { sha256 }: FileFacts): Promise<void> {
  const original = await files.read('original', sha256)
  const image = await decode(await buffer(original!.stream))
  await files.put('thumbnail', sha256, await encodeThumbnail(image))
}
