import { restore as restoreLibrary } from '../../../server/src/backup/restore.ts'
import { mb, told, type Told } from './backup.ts'
import { withServerSettings } from './settings.ts'

export interface RestoreCommand {
  readonly data?: string
  readonly snapshot?: string
  readonly replace?: boolean
}

export async function restore(
  path: string,
  { data, snapshot, replace = false }: RestoreCommand,
  json: boolean,
): Promise<Told> {
  return withServerSettings(data, async (config) => {
    const report = await restoreLibrary(config, path, { snapshot, replace })
    const text = (): string =>
      [
        `Restored ${report.images} pictures of ${report.snapshot} into ${config.DATA_DIR}: ${report.files} files, ${mb(report.bytes)}.`,
        ...(report.replaced
          ? [`What was there lies in ${report.replaced} now; nothing of it was deleted.`]
          : []),
        'The vector index and the map are made anew when a server starts.',
      ].join('\n')
    return told(report, json, text, () => true)
  })
}
