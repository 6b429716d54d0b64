import { z } from 'zod'
import { pageLimit } from './values/page.ts'
import { filter } from './values/filter.ts'
import { integerInText, jsonInText } from './values/text.ts'

export const facetKey = z.object({
  key: z
    .string()
    .min(1)
    .max(256)
    .describe('A metadata key, as filters have it')
    .meta({ examples: ['album'] }),
})

export const facetParameters = z.object({
  limit: integerInText(pageLimit('values')).default(100),
  filter: jsonInText(filter, 'Filter').optional(),
})

export const facetCount = z
  .object({
    value: z.union([z.string(), z.number(), z.boolean()]).describe('A value of the key'),
    count: z.int().describe('How many images have it'),
  })
  .describe('A value and how many images have it')
  .meta({ id: 'FacetCount', examples: [{ value: 'Harz', count: 41 }] })

export const facets = z
  .object({
    key: z.string().describe('The key that was asked for'),
    values: z.array(facetCount).describe('Most frequent first'),
  })
  .describe('How many images have each value of a metadata key')
  .meta({ id: 'Facets', examples: [{ key: 'album', values: [{ value: 'Harz', count: 41 }] }] })
export type Facets = z.infer<typeof facets>
