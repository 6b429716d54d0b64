import type { DuplicateGroup, DuplicateGroupPage, ImageRecord } from '@lookalike/sdk'
import { gatherPages } from '../pages.ts'
import type { Session } from '../session.ts'
import { counted } from '../terminal/format.ts'
import { table } from '../terminal/table.ts'

/** Lists pictures that are there more than once, and which copy to keep. */
export async function listDuplicates(
  { client, terminal, json }: Session,
  { limit }: { limit: number },
): Promise<void> {
  let totals: Omit<DuplicateGroupPage, 'groups' | 'next_cursor'> | undefined
  const { items: groups, more } = await gatherPages(limit, async (page) => {
    const { groups, next_cursor, ...counts } = await client.duplicates(page)
    totals ??= counts
    return { items: groups, next: next_cursor }
  })
  if (json) return terminal.out(`${JSON.stringify({ groups, ...totals }, null, 2)}\n`)
  const { total_groups, total_duplicates, pending } = totals!
  const rest = pending > 0 ? ` ${counted(pending, 'picture')} yet to be compared.` : ''
  if (groups.length === 0) return terminal.out(`No picture is there more than once.${rest}\n`)
  await terminal.out(groupTable(groups, terminal.outColumns))
  terminal.err(
    `${counted(total_duplicates, 'duplicate')} of ${counted(total_groups, 'picture')}; ` +
      "'lookalike delete <id>' removes one." +
      (more ? ` --limit ${limit * 10} shows more.` : '') +
      `${rest}\n`,
  )
}

/** A line for each record, the one to keep at the head of its group. */
function groupTable(groups: DuplicateGroup[], width: number): string {
  const columns = [
    { title: '#', right: true },
    { title: 'WHAT' },
    { title: 'ID' },
    { title: 'SIZE', right: true },
    { title: 'KB', right: true },
    { title: 'IMAGE', stretch: true, keepEnd: true },
  ]
  const row = (number: string, what: string, image: ImageRecord) => [
    number,
    what,
    image.id,
    image.width && image.height ? `${image.width}x${image.height}` : '',
    image.bytes === null ? '' : String(Math.ceil(image.bytes / 1000)),
    image.image_uri,
  ]
  const rows = groups.flatMap(({ keeper, duplicates }, at) => [
    row(String(at + 1), 'keep', keeper),
    ...duplicates.map(({ kind, change, image }) =>
      row('', kind === 'identical' ? 'identical' : (change ?? 'near'), image),
    ),
  ])
  return table(columns, rows, width)
}
