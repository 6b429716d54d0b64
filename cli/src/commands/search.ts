import {
  LookalikeApiError,
  type Client,
  type Filter,
  type Match,
  type SearchResponse,
  type SearchResult,
} from '@lookalike/sdk'
import { usageError } from '../failure.ts'
import { readPicture } from '../named-picture.ts'
import type { Session } from '../session.ts'
import { isQuestion, partsOf, type QuestionCommandOptions, questionOptions } from './question.ts'
import { drawPng, type Graphics } from '../terminal/pictures.ts'
import { table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface SearchCommandOptions {
  limit: number
  threshold?: number
  filter?: Filter
  hideDuplicates?: boolean
  minMatch?: Match
  cut?: 'none' | 'auto'
  ranking?: 'cosine' | 'expanded'
  /** True: they must be shown; false: they must not; absent: where the terminal can. */
  pictures?: boolean
}

/**
 * @param picture a file, the id or the image URI of a picture in the library, or `-` for the bytes on
 *   standard input; what is there as a file is one. Undefined where other parts of the question say what is searched for
 */
export async function searchByImage(
  session: Session,
  picture: string | undefined,
  options: SearchCommandOptions & QuestionCommandOptions,
): Promise<void> {
  if (picture === undefined || isQuestion(picture, options)) return ask(session, picture, options)
  const { client } = session
  const image = await readPicture(picture)
  await print(session, options, (asked) =>
    typeof image === 'string' ? client.similarTo(image, asked) : client.searchSimilar(image, asked),
  )
}

async function ask(
  session: Session,
  picture: string | undefined,
  options: SearchCommandOptions & QuestionCommandOptions,
): Promise<void> {
  if (options.ranking)
    throw usageError('--ranking is for a search with one picture and nothing else.')
  const parts = await partsOf(picture, options)
  await print(session, options, async (asked) => {
    const answer = await session.client.search(parts, { ...asked, ...questionOptions(options) })
    if (!answer.complete) {
      session.terminal.err(
        'Others may belong here that were not looked at: narrow the search with --filter to be sure.\n',
      )
    }
    return answer
  })
}

export async function searchByText(
  session: Session,
  words: string,
  options: SearchCommandOptions,
): Promise<void> {
  await print(session, options, (asked) => session.client.searchText(words, asked))
}

function clientOptions(options: SearchCommandOptions) {
  const { limit, threshold, filter, hideDuplicates, minMatch, cut, ranking } = options
  return {
    limit,
    ...(threshold === undefined ? {} : { scoreThreshold: threshold }),
    ...(filter ? { filter } : {}),
    ...(hideDuplicates ? { hideDuplicates } : {}),
    ...(minMatch ? { minMatch } : {}),
    ...(cut ? { cut } : {}),
    ...(ranking ? { ranking } : {}),
  }
}

async function print(
  { client, terminal, json }: Session,
  options: SearchCommandOptions,
  search: (asked: ReturnType<typeof clientOptions>) => Promise<SearchResponse>,
): Promise<void> {
  // Asked for first: a search may cost money.
  const graphics = json ? null : await graphicsFor(terminal, options)
  const response = await search(clientOptions(options))
  const { results, nearest, note, calibration } = response
  if (json) return terminal.out(`${JSON.stringify(response, null, 2)}\n`)
  if (calibration.detail !== null) terminal.err(`${calibration.detail}\n`)
  if (response.coverage !== 'all') {
    terminal.err('A node of the store is gone: the newest pictures may be missing.\n')
  }
  if (results.length === 0) {
    const named = nearest ? `\n${resultLines([nearest], terminal.outColumns).join('\n')}` : ''
    return terminal.out(`${note ?? 'Nothing similar was found.'}${named}\n`)
  }
  if (note !== null) terminal.err(`${note}\n`)
  const lines = resultLines(results, terminal.outColumns)
  if (!graphics) return terminal.out(`${lines.join('\n')}\n`)
  const pictures = await Promise.all(results.map((result) => draw(client, graphics, result)))
  await terminal.out(`${lines[0]}\n`)
  for (const [at, picture] of pictures.entries()) {
    await terminal.out(`${lines[at + 1]}\n${picture ? `${picture}\n` : ''}`)
  }
}

async function graphicsFor(
  terminal: Terminal,
  { pictures }: SearchCommandOptions,
): Promise<Graphics | null> {
  const graphics = pictures === false ? null : await terminal.graphics()
  if (!graphics && pictures) {
    throw usageError(
      'Pictures cannot be shown here: this is not a terminal that is known to show them, such as kitty, ' +
        'Ghostty, WezTerm, iTerm2, Konsole or VS Code, or tmux or screen stands in between.',
    )
  }
  return graphics
}

/** A line of titles, and one for each result. */
function resultLines(results: SearchResult[], width: number): string[] {
  const columns = [
    { title: '#', right: true },
    { title: 'SCORE', right: true },
    { title: 'MATCH' },
    { title: 'IMAGE', stretch: true, keepEnd: true },
    { title: 'DESCRIPTION', stretch: true },
  ]
  const rows = results.map(({ score, match, found_by, image_uri, description }, at) => [
    String(at + 1),
    score.toFixed(3),
    found_by === 'words' ? 'named so' : (match ?? '-'),
    image_uri,
    description,
  ])
  return table(columns, rows, width).trimEnd().split('\n')
}

/** Null for a record that came without its picture. */
async function draw(
  client: Client,
  graphics: Graphics,
  { id, width, height }: SearchResult,
): Promise<string | null> {
  try {
    const png = new Uint8Array(await (await client.thumbnail(id)).arrayBuffer())
    return drawPng(graphics, png, width && height ? width / height : 1)
  } catch (error) {
    if (error instanceof LookalikeApiError && error.problem.code === 'not_found') return null
    throw error
  }
}
