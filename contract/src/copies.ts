import { z } from 'zod'
import { recordExample } from './images/record.ts'
import { nullableText } from './values/json.ts'

export const changeKind = z
  .enum([
    'mirrored',
    'turned',
    'rotated',
    'cropped',
    'extended',
    'framed',
    'unframed',
    'overlaid',
    'grey',
    'coloured',
    'recoloured',
    'brighter',
    'darker',
    'more_contrast',
    'less_contrast',
    'scaled',
  ])
  .describe('What can have been done to a picture')
  .meta({ id: 'ChangeKind' })
export type ChangeKind = z.infer<typeof changeKind>

export const changeStepExample = { kind: 'cropped' as const, amount: 71 }
export const changeStep = z
  .object({
    kind: changeKind,
    amount: z
      .number()
      .nullable()
      .describe(
        '`turned` and `rotated`: degrees clockwise, quarters and what is left of them; `cropped`: per cent of the area ' +
          'that are left; `extended`: per cent of the new area that the old picture fills; `overlaid`: per cent of the ' +
          'area that differ; `scaled`: per cent of the pixels along a side; null for the others',
      ),
  })
  .describe('One thing that was done to a picture')
  .meta({ id: 'ChangeStep', examples: [changeStepExample] })
export type ChangeStep = z.infer<typeof changeStep>

/** What was done to one picture to get another: in words, and one by one. */
export const changeFields = (from: string) => ({
  change: nullableText.describe(
    `What was done to ${from} to get this one, such as "cropped to 71 %, mirrored"; null unless their pixels were ` +
      'compared and are the same picture',
  ),
  changes: z.array(changeStep).describe('The same, one by one; empty where `change` is null'),
})
export const changeExample = { change: 'cropped to 71 %, mirrored', changes: [changeStepExample, { kind: 'mirrored' as const, amount: null }] } // prettier-ignore
export const noChange = { change: null, changes: [] }

export const likeness = z
  .enum(['identical', 'near_duplicate'])
  .describe(
    '`identical`: the same bytes; `near_duplicate`: the same picture in another form, as `change` says',
  )
  .meta({ id: 'Likeness' })
export type Likeness = z.infer<typeof likeness>

const duplicateOfExample = {
  id: recordExample.id,
  kind: 'near_duplicate' as const,
  ...changeExample,
}
const betterCopy = z
  .object({
    id: z.string().describe('Id of the better copy'),
    kind: likeness,
    ...changeFields('the better copy'),
  })
  .describe('A better copy of the same picture')
  .meta({ id: 'DuplicateOf', examples: [duplicateOfExample] })
export type DuplicateOf = z.infer<typeof betterCopy>
export const duplicateOf = betterCopy
  .nullable()
  .describe('A better copy of the same picture in this library; null when there is none')
