import type { Filter } from '@lookalike/sdk'

/** What is asked for, and how much of the answer is shown: all that the address of a search holds. */
export interface Question {
  /** Words in place of a picture. */
  words: string
  /** Id of a picture of the library. */
  like: string
  /** SHA-256 of a picture from outside, or the name this window gave it; see `chosen-files.ts`. */
  picture: string
  filter: Filter | null
  /** Of the library, by when its pictures came. */
  order: Order
  /** Key of metadata that the map is coloured by. */
  colours: string
  /** Results at most. */
  limit: number
  /** Least cosine similarity; 0: no cut. */
  minimum: number
  /** Id of the picture that is looked at by itself. */
  show: string
}

export type Order = 'newest' | 'oldest'

interface Field<Value> {
  parameter: string
  usual: Value
  /** Of a parameter that is there. Undefined: this says nothing, the usual is meant. */
  read(text: string): Value | undefined
  write(value: Value): string
}

const fields: { [Name in keyof Question]: Field<Question[Name]> } = {
  words: text('q', 8000),
  like: text('like', 100),
  picture: text('picture', 100),
  filter: {
    parameter: 'filter',
    usual: null,
    read: (text) => parseObject(text),
    write: (filter) => JSON.stringify(filter),
  },
  order: {
    parameter: 'order',
    usual: 'newest',
    read: (text) => (text === 'oldest' || text === 'newest' ? text : undefined),
    write: String,
  },
  colours: text('colours', 256),
  limit: number('limit', 10, [1, 100], 0),
  minimum: number('min', 0, [0, 1], 2),
  show: text('show', 100),
}

const names = Object.keys(fields) as (keyof Question)[]

/** Asks for nothing. */
export const noQuestion = parseQuestion('')

/**
 * Reads any query string: what it does not say, or says wrongly, is as usual.
 *
 * @param search with or without the `?`
 */
export function parseQuestion(search: string): Question {
  const parameters = new URLSearchParams(search)
  const read = <Name extends keyof Question>(name: Name): Question[Name] => {
    const field: Field<Question[Name]> = fields[name]
    const text = parameters.get(field.parameter)
    return text === null ? field.usual : (field.read(text) ?? field.usual)
  }
  return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as Question
}

/** The query string that `parseQuestion` reads as this question, `?` included; empty where all is as usual. */
export function formatQuestion(question: Question): string {
  const parameters = new URLSearchParams()
  const write = <Name extends keyof Question>(name: Name) => {
    const field: Field<Question[Name]> = fields[name]
    const value = question[name]
    if (value !== field.usual) parameters.set(field.parameter, field.write(value))
  }
  for (const name of names) write(name)
  const search = parameters.toString()
  return search && `?${search}`
}

/** The same for questions that the server answers the same; what is shown of the answer is left out. */
export function askedBy(question: Question): string {
  const { order, colours, limit, minimum, show } = noQuestion
  return formatQuestion({ ...question, order, colours, limit, minimum, show })
}

/** Whether there is a picture or words to look for. */
export function asksSomething({ words, like, picture }: Question): boolean {
  return words !== '' || like !== '' || picture !== ''
}

function text(parameter: string, longest: number): Field<string> {
  return { parameter, usual: '', read: (text) => text.trim().slice(0, longest), write: String }
}

function number(
  parameter: string,
  usual: number,
  [least, most]: readonly [number, number],
  digits: number,
): Field<number> {
  return {
    parameter,
    usual,
    read(text) {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      return value >= least && value <= most ? Number(value.toFixed(digits)) : undefined
    },
    write: String,
  }
}

function parseObject(text: string): Filter | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Filter
  } catch {
    // No JSON: no filter.
  }
  return undefined
}
