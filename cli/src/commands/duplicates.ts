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
  let totals: Pick<DuplicateGroupPage, 'total_groups' | 'total_duplicates'> | undefined
  const { items: groups, more } = await gatherPages(limit, async (page) => {
    const { groups, next_cursor, ...counts } = await client.duplicates(page)
    totals ??= counts
    return { items: groups, next: next_cursor }
  })
  if (json) return terminal.out(`${JSON.stringify({ groups, ...totals }, null, 2)}\n`)
  if (groups.length === 0) return terminal.out('No picture is there more than once.\n')
  await terminal.out(groupTable(groups, terminal.outColumns))
  const { total_groups, total_duplicates } = totals!
  terminal.err(
    `${counted(total_duplicates, 'duplicate')} of ${counted(total_groups, 'picture')}; ` +
      "'lookalike delete <id>' removes one." +
      (more ? ` --limit ${limit * 10} shows more.` : '') +
      '\n',
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
    ...duplicates.map(({ kind, image }) =>
      row('', kind === 'identical' ? 'identical' : 'near', image),
    ),
  ])
  return table(columns, rows, width)
}
