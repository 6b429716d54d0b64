import { z } from 'zod'
import { filterTrouble } from './filter-trouble.ts'
import { isNestedAtMost } from './json.ts'
import { readKeyPath } from './key-path.ts'

/**
 * Filters are the part of Qdrant's JSON filter form that people use, so that a filter means the same
 * in every store. Source of the semantics: https://qdrant.tech/documentation/concepts/filtering/
 */
const key = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => readKeyPath(text) !== null, {
    error:
      'not a key: write names joined by dots, in double quotes where they hold other characters',
  })
  .describe('A metadata key; dots reach into objects, [] stands for every element of an array')
const matchValue = z
  .union([z.string(), z.int(), z.boolean()])
  .describe('Compared by type and value: 1, "1" and true are three things')
const bound = (words: string) => z.number().optional().describe(`Values are ${words} this`)

export const matchCondition = z
  .strictObject({
    key,
    match: z
      .union([
        z
          .strictObject({ value: matchValue })
          .describe('This value')
          .meta({ id: 'MatchValue', examples: [{ value: 'Harz' }] }),
        z
          .strictObject({
            any: z
              .union([z.array(z.string()), z.array(z.int())])
              .describe('One of these, all texts or all whole numbers; none matches an empty list')
              // Generators of clients have no name for a choice between two kinds of lists.
              .meta({
                type: 'array',
                items: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
                anyOf: undefined,
              }),
          })
          .describe('One of several values')
          .meta({ id: 'MatchAny', examples: [{ any: [2023, 2024] }] }),
      ])
      .describe('What the value, or an element of it, must be'),
  })
  .describe('Holds where a value of the key is the one asked for')
  .meta({ id: 'MatchCondition', examples: [{ key: 'album', match: { value: 'Harz' } }] })

export const rangeCondition = z
  .strictObject({
    key,
    range: z
      .strictObject({
        gt: bound('above'),
        gte: bound('at least'),
        lt: bound('below'),
        lte: bound('at most'),
      })
      .describe('Bounds of a number')
      .meta({ id: 'Range', examples: [{ gte: 2020, lt: 2025 }] }),
  })
  .describe('Holds where a number of the key lies within the bounds')
  .meta({ id: 'RangeCondition', examples: [{ key: 'year', range: { gte: 2020, lt: 2025 } }] })

export const emptyCondition = z
  .strictObject({
    is_empty: z
      .strictObject({ key })
      .describe('Names the key')
      .meta({ id: 'EmptyKey', examples: [{ key: 'album' }] }),
  })
  .describe('Holds where the key is missing, null or an empty array')
  .meta({ id: 'EmptyCondition', examples: [{ is_empty: { key: 'album' } }] })

export type Condition =
  | z.infer<typeof matchCondition>
  | z.infer<typeof rangeCondition>
  | z.infer<typeof emptyCondition>
  | Filter

/** Which records may answer: the part of Qdrant's JSON filter form that every store understands. */
export interface Filter {
  must?: Condition[] | undefined
  should?: Condition[] | undefined
  must_not?: Condition[] | undefined
}

const conditions = (words: string) =>
  z
    .lazy(() => z.array(condition))
    .optional()
    .describe(words)

export const anyFilter: z.ZodType<Filter> = z
  .strictObject({
    must: conditions('All of these hold'),
    should: conditions('At least one of these holds; an empty list says nothing'),
    must_not: conditions('None of these holds'),
  })
  .describe('Which records may answer, in the form of Qdrant; {} lets every record pass')
  .meta({
    id: 'Filter',
    examples: [{ must: [{ key: 'album', match: { value: 'Harz' } }] }],
  })

export const condition: z.ZodType<Condition> = z
  .union([matchCondition, rangeCondition, emptyCondition, anyFilter])
  .describe('A condition on a metadata key, or a nested filter')
  .meta({ id: 'Condition', examples: [{ key: 'year', match: { any: [2023, 2024] } }] })

/** Deeper than anyone means, and shallow enough for every recursion that reads a filter. */
const maxNesting = 32

/** As many as a store looks up within half a second. */
const maxConditions = 1000

export const filter = z
  .preprocess((value, context) => {
    if (!isNestedAtMost(value, maxNesting)) {
      context.addIssue(`must be nested at most ${maxNesting} levels deep`)
      return z.NEVER
    }
    if (conditionsIn(value) > maxConditions) {
      context.addIssue(
        `has more than ${maxConditions} conditions: let match name several values of a key, as in {"any": [1, 2]}`,
      )
      return z.NEVER
    }
    const found = filterTrouble(value)
    if (!found) return value
    context.addIssue({ code: 'custom', message: found.message, path: [...found.path] })
    return z.NEVER
  }, anyFilter)
  .describe('Only records that pass: must, should, must_not')

/** Conditions and filters within a filter, at every level. */
function conditionsIn(filter: unknown): number {
  if (typeof filter !== 'object' || filter === null) return 0
  const clauses = ['must', 'should', 'must_not'].map((name) => (filter as Filter)[name as keyof Filter]) // prettier-ignore
  const all = clauses.flatMap((clause): unknown[] => (Array.isArray(clause) ? clause : []))
  return all.reduce((sum: number, condition) => sum + 1 + conditionsIn(condition), 0)
}
