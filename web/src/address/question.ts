import type { Filter } from '@lookalike/sdk'
import { readParts, writeParts, type Part } from './parts.ts'

/** What is asked for, and how much of the answer is shown: all that the address of a search holds. */
export interface Question {
  /** What is asked for, as a person put it together; of the library, the words that its pictures hold. */
  parts: Part[]
  filter: Filter | null
  /** Results are to be like each part, and not like all together. */
  all: boolean
  /** Of results; null: the likest first. */
  sort: Sort | null
  /** Key of metadata by whose values results are grouped. */
  group: string
  /** Of the library, by when its pictures came. */
  order: Order
  /** Key of metadata that the map is coloured by. */
  colours: string
  /** Ids of results that were judged right, and wrong: they move the question. */
  right: string
  wrong: string
  /** Results at most; where they are grouped, groups. */
  limit: number
  /** Least cosine similarity; 0: no cut. */
  minimum: number
  /** Id of the picture that is looked at by itself. */
  show: string
}

/** By a key of metadata, as filters write it. */
export interface Sort {
  key: string
  order: 'asc' | 'desc'
}

export type Order = 'newest' | 'oldest'

interface Field<Value> {
  parameter: string
  usual: Value
  /** Of a parameter that is there. Undefined: this says nothing, the usual is meant. */
  read(text: string): Value | undefined
  write(value: Value): string
}

/** As deep as the API looks: `offset` and `limit` at their most. */
export const deepest = 1100

const fields: { [Name in keyof Omit<Question, 'parts'>]: Field<Question[Name]> } = {
  filter: {
    parameter: 'filter',
    usual: null,
    read: (text) => parseObject(text),
    write: (filter) => JSON.stringify(filter),
  },
  all: {
    parameter: 'all',
    usual: false,
    read: (text) => text === '1',
    write: () => '1',
  },
  sort: {
    parameter: 'sort',
    usual: null,
    read: readSort,
    write: (sort) => (sort ? `${sort.order === 'desc' ? '-' : ''}${sort.key}` : ''),
  },
  group: text('group', 256),
  order: {
    parameter: 'order',
    usual: 'newest',
    read: (text) => (text === 'oldest' || text === 'newest' ? text : undefined),
    write: String,
  },
  colours: text('colours', 256),
  right: text('right', 4000),
  wrong: text('wrong', 4000),
  limit: number('limit', 10, [1, deepest], 0),
  minimum: number('min', 0, [0, 1], 2),
  show: text('show', 100),
}

const names = Object.keys(fields) as (keyof typeof fields)[]

/** Asks for nothing. */
export const noQuestion = parseQuestion('')

/**
 * Reads any query string: what it does not say, or says wrongly, is as usual.
 *
 * @param search with or without the `?`
 */
export function parseQuestion(search: string): Question {
  const parameters = new URLSearchParams(search)
  const read = <Name extends keyof typeof fields>(name: Name): Question[Name] => {
    const field: Field<Question[Name]> = fields[name]
    const text = parameters.get(field.parameter)
    return text === null ? field.usual : (field.read(text) ?? field.usual)
  }
  const rest = Object.fromEntries(names.map((name) => [name, read(name)]))
  return { parts: readParts(parameters), ...rest } as unknown as Question
}

/** The query string that `parseQuestion` reads as this question, `?` included; empty where all is as usual. */
export function formatQuestion(question: Question): string {
  const parameters = new URLSearchParams()
  const write = <Name extends keyof typeof fields>(name: Name) => {
    const field: Field<Question[Name]> = fields[name]
    const value = question[name]
    if (value !== field.usual) parameters.set(field.parameter, field.write(value))
  }
  writeParts(parameters, question.parts)
  for (const name of names) write(name)
  const search = parameters.toString()
  return search && `?${search}`
}

/** The same for questions that the server answers the same; what is shown of the answer is left out. */
export function askedBy(question: Question): string {
  const { order, colours, limit, minimum, show } = noQuestion
  return formatQuestion({ ...question, order, colours, limit, minimum, show })
}

/** What asks for the pictures like one of the library. */
export function likeStored(id: string): Question {
  return { ...noQuestion, parts: [{ kind: 'stored', value: id, less: false }] }
}

function readSort(text: string): Sort | undefined {
  const [, sign, key] = /^(-?)(.{1,256})$/s.exec(text.trim()) ?? []
  return key ? { key: key.trim(), order: sign ? 'desc' : 'asc' } : undefined
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
