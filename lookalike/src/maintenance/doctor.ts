import { examine } from '../../../server/src/doctor/doctor.ts'
import { asJson, tell } from '../../../server/src/doctor/tell.ts'
import type { Told } from './backup.ts'
import { serverAddress, withServerSettings } from './settings.ts'

export interface DoctorCommand {
  readonly data?: string
  readonly repair?: boolean
  readonly quick?: boolean
}

export async function doctor(
  { data, repair = false, quick = false }: DoctorCommand,
  { url, json }: { url?: string | undefined; json: boolean },
): Promise<Told> {
  const report = await withServerSettings(data, (config) =>
    examine(config, { repair, quick }, serverAddress(url)),
  )
  const text = json ? `${asJson(report)}\n` : tell(report)
  return { text, isWhole: report.status === 'whole' }
}
