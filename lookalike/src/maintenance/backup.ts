import { packageVersion } from '@lookalike/cli'
import { backUp, type BackupReport } from '../../../server/src/backup/back-up.ts'
import { BackupFolder } from '../../../server/src/backup/folder.ts'
import { verify, type VerifyReport } from '../../../server/src/backup/verify.ts'
import { serverAddress, withServerSettings } from './settings.ts'

export interface BackupCommand {
  readonly data?: string
  readonly keep?: number
  readonly verify?: boolean
}

export interface BackupContext {
  /** Where the server is, if it was told. */
  readonly url?: string | undefined
  readonly json: boolean
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface Told {
  readonly text: string
  readonly isWhole: boolean
}

export async function backup(
  path: string,
  { data, keep, verify: isVerified }: BackupCommand,
  { url, json, onProgress }: BackupContext,
): Promise<Told> {
  return withServerSettings(data, async (config) => {
    if (isVerified) return told(await verifyAll(path), json, describeChecked, isSound)
    const report = await backUp(config, path, {
      server: serverAddress(url),
      keep,
      version: packageVersion(),
      onProgress,
    })
    return told(
      report,
      json,
      describe,
      ({ gone, differing }) => gone.length + differing.length === 0,
    )
  })
}

async function verifyAll(path: string): Promise<VerifyReport> {
  const folder = BackupFolder.open(path)
  try {
    return await verify(folder)
  } finally {
    folder.close()
  }
}

export function told<Report>(
  report: Report,
  json: boolean,
  describeReport: (report: Report) => string,
  isWhole: (report: Report) => boolean,
): Told {
  const text = json ? JSON.stringify(report, null, 2) : describeReport(report)
  return { text: `${text}\n`, isWhole: isWhole(report) }
}

function describe(report: BackupReport): string {
  const { snapshot, images, copied, reused, gone, differing, removedSnapshots, freedBytes } = report
  return [
    `Snapshot ${snapshot}: ${images} pictures.`,
    `Copied ${copied.files} files and ${mb(copied.bytes)}; ${reused.files} files and ${mb(reused.bytes)} were there already.`,
    ...(removedSnapshots.length > 0
      ? [`Removed ${removedSnapshots.length} older snapshots, which freed ${mb(freedBytes)}.`]
      : []),
    ...(gone.length > 0
      ? [
          `${gone.length} originals are gone from the library itself: run \`lookalike doctor\`. Their records are in the backup.`,
        ]
      : []),
    ...(differing.length > 0
      ? [
          `${differing.length} originals are not the bytes that were sent: run \`lookalike doctor\`. They are in the backup as they are.`,
        ]
      : []),
  ].join('\n')
}

function describeChecked({ snapshots, objects }: VerifyReport): string {
  if (snapshots.length === 0)
    return 'There is no snapshot that is whole: the backup never ended. Run it again.'
  return [
    ...snapshots.map(({ name, images, files, damaged }) =>
      damaged.length === 0
        ? `${name}: ${images} pictures, ${files} files, whole.`
        : `${name}: ${damaged.length} of ${files} files are damaged: ${damaged.slice(0, 5).join(', ')}`,
    ),
    ...(isSound({ snapshots, objects })
      ? []
      : ['The next backup copies what is damaged again, where the library still has it.']),
  ].join('\n')
}

function isSound({ snapshots }: VerifyReport): boolean {
  return snapshots.length > 0 && snapshots.every(({ damaged }) => damaged.length === 0)
}

export function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
