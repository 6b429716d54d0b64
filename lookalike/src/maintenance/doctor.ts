import { examine, type DoctorOptions } from '../../../server/src/doctor/doctor.ts'
import { asJson, tell } from '../../../server/src/doctor/tell.ts'
import { withServerSettings } from './settings.ts'

export async function doctor(data: string | undefined, options: DoctorOptions, json: boolean) {
  const report = await withServerSettings(data, (config) => examine(config, options))
  const text = json ? `${asJson(report)}\n` : tell(report)
  return { text, isWhole: report.status === 'whole' }
}
