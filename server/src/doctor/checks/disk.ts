import type { Findings } from '../finding.ts'
import type { Patient } from '../patient.ts'

/** Whether there is room for more pictures. */
export function checkDisk({ space }: Patient, findings: Findings): void {
  const message = space.shortage()
  if (message) findings.found({ code: 'disk_full', message, count: 1, items: [] })
  else findings.looked(`${(space.free / 1e9).toFixed(1)} GB are free`)
}
