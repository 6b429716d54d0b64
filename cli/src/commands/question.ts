import type { QuestionOptions, QuestionPart, Region } from '@lookalike/sdk'
import { usageError } from '../failure.ts'
import { readPicture } from '../named-picture.ts'
import { idFrom } from '../record-id.ts'

/** What makes a search one of several parts, or asks of its results what only such a search can. */
export interface QuestionCommandOptions {
  like: string[]
  unlike: string[]
  text: string[]
  region?: Region
  all?: boolean
  offset?: number
  exclude: string[]
  groupBy?: string
  groupSize?: number
  diversity?: number
  sort?: { key: string; order: 'asc' | 'desc' }
  random?: number
  among?: number
}

export function isQuestion(picture: string | undefined, options: QuestionCommandOptions): boolean {
  const { like, unlike, text, exclude, ...others } = options
  const lists = [like, unlike, text, exclude]
  const names = ['region', 'all', 'offset', 'groupBy', 'groupSize', 'diversity', 'sort', 'random', 'among'] as const // prettier-ignore
  return (
    picture === undefined ||
    lists.some((list) => list.length > 0) ||
    names.some((name) => others[name] !== undefined)
  )
}

/**
 * The parts of a question in the order that the server counts them in: the picture, then `--like`, `--unlike`, `--text`.
 *
 * @throws CommandError for a picture that is none
 */
export async function partsOf(
  picture: string | undefined,
  { like, unlike, text, region }: QuestionCommandOptions,
): Promise<QuestionPart[]> {
  if (picture === undefined && region) {
    throw usageError('--region is of the picture that the command names first: name one.')
  }
  const parts: QuestionPart[] = []
  if (picture !== undefined) parts.push(await pictured(picture, { region }))
  for (const each of like) parts.push(await weighed(each, 1, pictured))
  for (const each of unlike) parts.push(await weighed(each, -1, pictured))
  for (const each of text) {
    parts.push(await weighed(each, 1, async (words, rest) => ({ text: words, ...rest })))
  }
  if (parts.length === 0) {
    throw usageError('Name a picture, or say --like, --text or both.')
  }
  return parts
}

export function questionOptions(options: QuestionCommandOptions): QuestionOptions {
  const { all, offset, exclude, groupBy, groupSize, diversity, sort, random, among } = options
  const order = random === undefined ? sort : { random }
  return {
    ...(all && { combine: 'all' }),
    ...(offset !== undefined && { offset }),
    ...(exclude.length > 0 && { exclude: exclude.map(idFrom) }),
    ...(groupBy !== undefined && { groupBy }),
    ...(groupSize !== undefined && { groupSize }),
    ...(diversity !== undefined && { diversity }),
    ...(order && { sort: order }),
    ...(among !== undefined && { among }),
  }
}

type Rest = { region?: Region | undefined; weight?: number }

async function pictured(picture: string, rest: Rest): Promise<QuestionPart> {
  const read = await readPicture(picture)
  return typeof read === 'string' ? { id: read, ...rest } : { image: read, ...rest }
}

/** A part with `=NUMBER` behind it counts so much. */
function weighed(
  argument: string,
  sign: 1 | -1,
  make: (argument: string, rest: Rest) => Promise<QuestionPart>,
): Promise<QuestionPart> {
  const [, name, weight] = /^(.+)=(\d+(?:\.\d+)?)$/s.exec(argument) ?? []
  return make(name ?? argument, { weight: sign * Number(weight ?? 1) })
}
