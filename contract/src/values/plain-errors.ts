import { z } from 'zod'

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a JSON object',
  record: 'a JSON object',
  array: 'a list',
}

const choices = new Intl.ListFormat('en', { type: 'disjunction' })

/**
 * What zod says of its own accord, in the words that the schemas say the rest in: what a value must be. A message of a
 * schema's own comes first.
 */
z.config({ customError: plainly })

function plainly(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = kinds[issue.expected] ?? issue.expected
      const { input } = issue
      if (input === undefined) return `is missing: it must be ${kind}`
      if (Number.isNaN(input)) return `must be ${kind}`
      // As a parameter is read that is given twice.
      if (Array.isArray(input) && !kind.endsWith('object'))
        return 'must be a single value, not a list'
      return `must be ${kind}, not ${kindOf(input)}`
    }
    case 'invalid_value':
      return `must be ${choices.format(issue.values.map(String))}`
    case 'invalid_format':
      return issue.format === 'uuid' ? 'must be a UUID' : undefined
    case 'unrecognized_keys':
      return `has ${issue.keys.map((key) => key.slice(0, 100)).join(', ')}, which is not known here${meaning(issue.inst)}`
    case 'too_small':
    case 'too_big':
      return bound(issue)
    default:
      return undefined
  }
}

/** What an object may have. */
function meaning(schema: unknown): string {
  return schema instanceof z.ZodObject
    ? `: it may have ${Object.keys(schema.shape).join(', ')}`
    : ''
}

function bound(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall>) {
  const isMost = issue.code === 'too_big'
  const limit = isMost ? issue.maximum : issue.minimum
  const most = isMost ? 'at most' : 'at least'
  if (issue.origin === 'string') return `must have ${most} ${limit} characters`
  if (issue.origin === 'array') return `must have ${most} ${limit} entries`
  if (issue.inclusive === false) return `must be ${isMost ? 'below' : 'above'} ${limit}`
  return `must be ${most} ${limit}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  const kind = Array.isArray(value) ? 'array' : typeof value
  return kinds[kind] ?? kind
}
