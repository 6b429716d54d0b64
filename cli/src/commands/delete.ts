import type { Filter } from '@lookalike/sdk'
import { CommandError, exitCodes, reasonOf } from '../failure.ts'
import { idFrom } from '../record-id.ts'
import type { Session } from '../session.ts'
import { confirm } from '../terminal/confirm.ts'
import { counted } from '../terminal/format.ts'
import { recordTable } from './list.ts'

export interface DeleteOptions {
  filter?: Filter
  dryRun?: boolean
  yes?: boolean
}

export async function deleteImages(
  session: Session,
  ids: string[],
  options: DeleteOptions,
): Promise<void> {
  const { filter } = options
  if (ids.length > 0 === (filter !== undefined)) {
    throw new CommandError('Name ids to delete, or a --filter; one of the two.', exitCodes.usage)
  }
  await (filter ? deleteMatching(session, filter, options) : deleteEach(session, ids))
}

async function deleteEach({ client, terminal, json, fail }: Session, ids: string[]): Promise<void> {
  const deleted: string[] = []
  for (const argument of ids) {
    try {
      const id = idFrom(argument)
      await client.remove(id)
      deleted.push(id)
    } catch (error) {
      fail()
      terminal.err(`${argument}: ${reasonOf(error)}\n`)
    }
  }
  const text = `Deleted ${counted(deleted.length, 'picture')}.
`
  await terminal.out(
    json
      ? `${JSON.stringify({ deleted })}
`
      : text,
  )
}

async function deleteMatching(
  { client, terminal, json }: Session,
  filter: Filter,
  { dryRun = false, yes = false }: DeleteOptions,
): Promise<void> {
  const preview = await client.removeMatching(filter, { dryRun: true })
  if (dryRun || preview.matched === 0) {
    if (json) return terminal.out(`${JSON.stringify(preview, null, 2)}\n`)
    await terminal.out(`${counted(preview.matched, 'picture')} would be deleted.\n`)
    if (preview.matched > 0) await terminal.out(recordTable(preview.sample, terminal.outColumns))
    return
  }
  terminal.err(recordTable(preview.sample, terminal.outColumns))
  if (preview.matched > preview.sample.length) {
    terminal.err(`... and ${preview.matched - preview.sample.length} more.\n`)
  }
  const question = `Delete ${counted(preview.matched, 'picture')}?`
  if (!(await confirm(terminal, question, yes))) return terminal.err('Nothing was deleted.\n')
  const removal = await client.removeMatching(filter)
  const text = `Deleted ${counted(removal.deleted, 'picture')}.
`
  await terminal.out(
    json
      ? `${JSON.stringify(removal, null, 2)}
`
      : text,
  )
}
