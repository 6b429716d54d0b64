import type { Filter, MadeSearch, Match, SearchMatch, StandingSearch } from '@lookalike/sdk'
import { usageError } from '../failure.ts'
import type { Session } from '../session.ts'
import { table } from '../terminal/table.ts'
import { partsOf, type QuestionCommandOptions, questionOptions } from './question.ts'

export interface AddSearchOptions extends QuestionCommandOptions {
  threshold?: number
  filter?: Filter
  minMatch?: Match
  cut?: 'none' | 'auto'
  webhook?: string
}

export async function addSearch(
  session: Session,
  name: string,
  picture: string | undefined,
  options: AddSearchOptions,
): Promise<void> {
  const { threshold, filter, minMatch, cut, webhook } = options
  const parts = await partsOf(picture, options)
  const { combine, exclude } = questionOptions(options)
  const made = await session.client.searches.add(name, parts, {
    ...(combine && { combine }),
    ...(exclude && { exclude }),
    ...(threshold === undefined ? {} : { scoreThreshold: threshold }),
    ...(filter && { filter }),
    ...(minMatch && { minMatch }),
    ...(cut && { cut }),
    ...(webhook && { webhook }),
  })
  await printMade(session, made)
}

export async function listSearches({ client, terminal, json }: Session): Promise<void> {
  const list = await client.searches.list()
  if (json) return terminal.out(`${JSON.stringify(list, null, 2)}\n`)
  if (list.searches.length === 0) return terminal.out('No search stands.\n')
  const right = (title: string) => ({ title, right: true })
  const columns = [
    { title: 'ID' },
    { title: 'NAME', stretch: true },
    right('UNSEEN'),
    right('MATCHES'),
    { title: 'NEWEST' },
    { title: 'STATE' },
    { title: 'WEBHOOK' },
  ]
  const rows = list.searches.map((search) => [
    search.id,
    search.name,
    String(search.unseen),
    String(search.matches + search.forgotten),
    search.newest_at?.slice(0, 16).replace('T', ' ') ?? '',
    search.state,
    search.webhook ? `${search.webhook.status}, ${search.webhook.origin}` : '',
  ])
  await terminal.out(table(columns, rows, terminal.outColumns))
  for (const { name, detail, webhook } of list.searches) {
    for (const what of [detail, webhook?.detail]) if (what) terminal.err(`${name}: ${what}\n`)
  }
}

export async function listMatches(
  { client, terminal, json }: Session,
  id: string,
  { limit, unseen, seen }: { limit: number; unseen?: boolean; seen?: boolean },
): Promise<void> {
  const matches: SearchMatch[] = []
  let cursor: number | null = null
  do {
    const size = Math.min(100, limit - matches.length)
    const from = cursor === null ? {} : { cursor }
    const page: Awaited<ReturnType<typeof client.searches.matches>> = await client.searches.matches(
      id,
      { limit: size, ...from, ...(unseen && { unseen }) },
    )
    matches.push(...page.matches)
    cursor = page.next_cursor
  } while (cursor !== null && matches.length < limit)
  if (json) await terminal.out(`${JSON.stringify(matches, null, 2)}\n`)
  else if (matches.length === 0) await terminal.out('Nothing new has matched.\n')
  else await terminal.out(matchTable(matches, terminal.outColumns))
  const [newest] = matches
  if (seen && newest) await client.searches.see(id, { upTo: newest.number })
}

export async function changeSearch(
  session: Session,
  id: string,
  { name, pause, resume, webhook }: ChangeOptions,
): Promise<void> {
  if (pause && resume) throw usageError('--pause and --resume are opposites: say one.')
  const changes = {
    ...(name !== undefined && { name }),
    ...((pause || resume) && { paused: pause === true }),
    // Commander has false for --no-webhook.
    ...(webhook !== undefined && { webhook: webhook === false ? null : webhook }),
  }
  if (Object.keys(changes).length === 0) {
    throw usageError('Say what is to be changed: --name, --pause, --resume, --webhook or --no-webhook.') // prettier-ignore
  }
  await printMade(session, await session.client.searches.change(id, changes))
}

export interface ChangeOptions {
  name?: string
  pause?: boolean
  resume?: boolean
  webhook?: string | false
}

export async function removeSearch({ client, terminal, json }: Session, id: string): Promise<void> {
  await client.searches.remove(id)
  await terminal.out(json ? `${JSON.stringify({ removed: id })}\n` : `Removed ${id}.\n`)
}

async function printMade({ terminal, json }: Session, made: MadeSearch): Promise<void> {
  if (json) return terminal.out(`${JSON.stringify(made, null, 2)}\n`)
  await terminal.out(`${made.id}\n`)
  terminal.err(`${made.name}: new pictures are told of that ${leastOf(made)}.\n`)
  if (made.webhook_secret !== null) {
    terminal.err(`Messages are signed with ${made.webhook_secret}. It is not shown again: keep it now.\n`) // prettier-ignore
  }
}

function leastOf({ min_match: word, score_threshold: score }: StandingSearch): string {
  const parts = [word && `match at least ${word}`, score !== null && `score at least ${score.toFixed(3)}`] // prettier-ignore
  return parts.filter(Boolean).join(' and ') || 'match'
}

function matchTable(matches: SearchMatch[], width: number): string {
  const columns = [
    { title: '' },
    { title: 'WHEN' },
    { title: 'SCORE', right: true },
    { title: 'MATCH' },
    { title: 'IMAGE', stretch: true, keepEnd: true },
    { title: 'ID' },
  ]
  const rows = matches.map(({ seen, matched_at, score, match, image, id }) => [
    seen ? '' : '*',
    matched_at.slice(0, 16).replace('T', ' '),
    score.toFixed(3),
    match ?? '-',
    image?.image_uri ?? '(deleted since)',
    id,
  ])
  return table(columns, rows, width)
}
