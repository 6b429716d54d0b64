import type { Filter } from '@lookalike/sdk'
import { errorLine, reasonOf, usageError } from '../failure.ts'
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
    throw usageError('Name ids to delete, or a --filter; one of the two.')
  }
  if (filter) return deleteMatching(session, filter, options)
  if (options.dryRun) throw usageError('--dry-run shows what a --filter would delete.')
  // All are read before the first is deleted.
  await deleteEach(session, new Map(ids.map((argument) => [argument, idFrom(argument)])))
}

/** @param ids by the arguments that name them */
async function deleteEach(
  { client, terminal, json, fail }: Session,
  ids: Map<string, string>,
): Promise<void> {
  const deleted: string[] = []
  for (const [argument, id] of ids) {
    try {
      await client.remove(id)
      deleted.push(id)
    } catch (error) {
      fail()
      terminal.err(errorLine(`${argument}: ${reasonOf(error)}`))
    }
  }
  const text = `Deleted ${counted(deleted.length, 'picture')}.`
  await terminal.out(`${json ? JSON.stringify({ deleted }) : text}\n`)
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
  const text = `Deleted ${counted(removal.deleted, 'picture')}.`
  await terminal.out(`${json ? JSON.stringify(removal, null, 2) : text}\n`)
}
