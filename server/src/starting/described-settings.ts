import { z } from 'zod'
import { settingGroups } from '../config.ts'

/** A setting as people are told of it: in documents, and as an option of a command. */
export interface DescribedSetting {
  /** Of the environment variable. */
  readonly name: string
  /** What it is about, with others. */
  readonly group: string
  readonly meaning: string
  /** Empty where there is none, or where it is nothing: an empty list, no key. */
  readonly fallback: string
  /** What it may be, where that is one of a few words. */
  readonly words: readonly string[]
  /** True and false are all that can be said. */
  readonly isSwitch: boolean
}

/** Every setting, in the order of the documents. */
export function describedSettings(): DescribedSetting[] {
  const groups = Object.entries(settingGroups as Record<string, Record<string, z.ZodType>>)
  return groups.flatMap(([group, shape]) =>
    Object.entries(shape).map(([name, schema]) => describe(group, name, schema)),
  )
}

function describe(group: string, name: string, schema: z.ZodType): DescribedSetting {
  const fallback = schema.meta()?.['default'] ?? schema.safeParse(undefined).data
  const { enum: words = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const takes = (value: string) => schema.safeParse(value).success
  return {
    name,
    group,
    meaning: schema.description ?? '',
    fallback: isNothing(fallback) ? '' : String(fallback),
    words: words.map(String),
    isSwitch: takes('true') && takes('false') && !takes('anything'),
  }
}

const isNothing = (value: unknown) =>
  value === undefined || (typeof value === 'object' && Object.keys(value as object).length === 0)
