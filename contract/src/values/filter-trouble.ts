import { readKeyPath } from './key-path.ts'

/** What is the matter with a filter, and where: which of its conditions a schema of alternatives cannot say. */
export interface FilterTrouble {
  readonly path: readonly (string | number)[]
  readonly message: string
}

const clauses = ['must', 'should', 'must_not']
const bounds = ['gt', 'gte', 'lt', 'lte']

type Fields = { [name: string]: unknown }

/** The first thing in a filter that cannot be read; null where everything can. */
export function filterTrouble(filter: unknown): FilterTrouble | null {
  if (!isFields(filter)) return trouble([], 'must be an object of must, should and must_not')
  const stranger = Object.keys(filter).find((name) => !clauses.includes(name))
  if (stranger !== undefined) {
    return trouble([stranger], 'is not known here: a filter has must, should and must_not')
  }
  for (const [clause, conditions] of Object.entries(filter)) {
    if (conditions === undefined) continue
    if (!Array.isArray(conditions)) return trouble([clause], 'must be a list of conditions')
    for (const [at, condition] of conditions.entries()) {
      const found = conditionTrouble(condition)
      if (found) return trouble([clause, at, ...found.path], found.message)
    }
  }
  return null
}

function conditionTrouble(condition: unknown): FilterTrouble | null {
  if (!isFields(condition)) return trouble([], 'must be a condition: an object')
  const names = Object.keys(condition)
  if (names.length === 0 || names.some((name) => clauses.includes(name))) {
    return filterTrouble(condition)
  }
  if ('is_empty' in condition) return emptyTrouble(condition)
  const stranger = names.find((name) => !['key', 'match', 'range'].includes(name))
  if (stranger !== undefined) {
    return trouble([stranger], 'is not known here: conditions are match, range and is_empty')
  }
  const ofKey = keyTrouble(condition['key'])
  if (ofKey) return ofKey
  if ('match' in condition && 'range' in condition) {
    return trouble([], 'has match and range: make two conditions of it')
  }
  if ('range' in condition) return rangeTrouble(condition['range'])
  if ('match' in condition) return matchTrouble(condition['match'])
  return trouble([], 'needs match or range beside its key')
}

function emptyTrouble(condition: Fields): FilterTrouble | null {
  const { is_empty: empty, ...rest } = condition
  const [stranger] = Object.keys(rest)
  if (stranger !== undefined) return trouble([stranger], 'cannot stand beside is_empty')
  if (!isFields(empty) || Object.keys(empty).some((name) => name !== 'key')) {
    return trouble(['is_empty'], 'must be {"key": "..."}')
  }
  const found = keyTrouble(empty['key'])
  return found && trouble(['is_empty', ...found.path], found.message)
}

function keyTrouble(key: unknown): FilterTrouble | null {
  if (typeof key !== 'string' || key === '' || key.length > 256) {
    return trouble(['key'], 'must be a text of 1 to 256 characters')
  }
  if (readKeyPath(key) !== null) return null
  const message =
    'is not a key: write names joined by dots, in double quotes where they hold other characters than ' +
    'letters, digits, _ and -, as in "shot by".name'
  return trouble(['key'], message)
}

function rangeTrouble(range: unknown): FilterTrouble | null {
  if (!isFields(range)) return trouble(['range'], 'must be an object of gt, gte, lt and lte')
  for (const [name, bound] of Object.entries(range)) {
    if (!bounds.includes(name)) {
      return trouble(['range', name], 'is not known here: a range has gt, gte, lt and lte')
    }
    if (typeof bound !== 'number') {
      return trouble(['range', name], 'must be a number: other values have no range here')
    }
  }
  return null
}

function matchTrouble(match: unknown): FilterTrouble | null {
  if (!isFields(match)) return trouble(['match'], 'must be {"value": ...} or {"any": [...]}')
  const [name, ...more] = Object.keys(match)
  if ((name !== 'value' && name !== 'any') || more.length > 0) {
    const what = more.length > 0 ? 'has too much' : `knows no ${name ?? 'emptiness'}`
    return trouble(
      ['match'],
      `${what}: write {"value": ...} or {"any": [...]}; text is compared whole`,
    )
  }
  const given = match[name]
  if (name === 'value')
    return isComparable(given) ? null : trouble(['match', 'value'], comparable(given))
  const isOfOneKind =
    Array.isArray(given) &&
    (given.every((value) => typeof value === 'string') || given.every(Number.isSafeInteger))
  return isOfOneKind
    ? null
    : trouble(['match', 'any'], 'any is a list of texts, or of whole numbers')
}

function isComparable(value: unknown): boolean {
  return ['string', 'boolean'].includes(typeof value) || Number.isSafeInteger(value)
}

function comparable(value: unknown): string {
  return typeof value === 'number'
    ? 'must be a whole number below 2^53: other numbers are compared by a range'
    : 'must be a text, a whole number, true or false'
}

function trouble(path: readonly (string | number)[], message: string): FilterTrouble {
  return { path, message }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
