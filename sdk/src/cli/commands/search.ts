import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Filter, SearchResponse } from '../../types.ts'
import { CommandError, exitCodes } from '../failure.ts'
import type { Session } from '../session.ts'
import { table } from '../terminal/table.ts'

export interface SearchCommandOptions {
  limit: number
  threshold?: number
  filter?: Filter
  hideDuplicates?: boolean
}

export async function searchByImage(
  session: Session,
  path: string,
  options: SearchCommandOptions,
): Promise<void> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new CommandError(`The picture cannot be read: ${error.message}.`, exitCodes.usage)
  })
  const image = new File([bytes], basename(path))
  await print(session, await session.client.searchSimilar(image, clientOptions(options)))
}

export async function searchByText(
  session: Session,
  words: string,
  options: SearchCommandOptions,
): Promise<void> {
  await print(session, await session.client.searchText(words, clientOptions(options)))
}

function clientOptions({ limit, threshold, filter, hideDuplicates }: SearchCommandOptions) {
  return {
    limit,
    ...(threshold === undefined ? {} : { scoreThreshold: threshold }),
    ...(filter ? { filter } : {}),
    ...(hideDuplicates ? { hideDuplicates } : {}),
  }
}

async function print({ terminal, json }: Session, response: SearchResponse): Promise<void> {
  if (json) return terminal.out(`${JSON.stringify(response, null, 2)}\n`)
  if (response.results.length === 0) return terminal.out('Nothing similar was found.\n')
  const columns = [
    { title: '#', right: true },
    { title: 'SCORE', right: true },
    { title: 'IMAGE', stretch: true, keepEnd: true },
    { title: 'DESCRIPTION', stretch: true },
  ]
  const rows = response.results.map(({ score, image_uri, description }, at) => [
    String(at + 1),
    score.toFixed(3),
    image_uri,
    description,
  ])
  await terminal.out(table(columns, rows, terminal.outColumns))
}
