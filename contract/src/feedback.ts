import { z } from 'zod'
import { imageFile } from './images/given.ts'
import { imageId, recordExample } from './images/record.ts'
import { maxParts, question } from './questions.ts'
import { askedQuestion, searchPart } from './searches.ts'
import { integerInText, jsonInText } from './values/text.ts'

const number = z.int().min(1).describe('Rises with time')
const judgement = z
  .enum(['relevant', 'irrelevant'])
  .describe('Whether the image is right for the question')
  .meta({ id: 'Judgement' })
export type Judgement = z.infer<typeof judgement>

/** The text fields of the form; the files are read by themselves. */
export const feedbackFields = z.object({
  question: jsonInText(question, 'Question'),
  image: imageId.describe('The image that is judged'),
  judgement,
})

const askedExample = { parts: [{ file: 0 }] }

export const feedbackForm = feedbackFields
  .extend({
    image_file: z.array(imageFile).max(maxParts).optional().describe('Pictures that parts name by their place'),
  })
  .describe('An image that somebody found right or wrong for a question; of the question only `parts` and `combine` count')
  .meta({
    id: 'FeedbackForm',
    examples: [{ question: JSON.stringify(askedExample), image: recordExample.id, judgement: 'relevant' }],
  }) // prettier-ignore

const feedbackExample = {
  number: 4,
  question: askedExample,
  parts: [
    { id: null, text: null, weight: 1, description: 'a fox', filename: 'fox.jpg', thumbnail_url: null },
  ],
  image: recordExample.id,
  judgement: 'relevant' as const,
  judged_at: '2026-11-26T10:00:00.000Z',
} // prettier-ignore

export const keptJudgement = z
  .object({
    number,
    question: askedQuestion,
    parts: z.array(searchPart).describe('Its parts, as they were understood'),
    image: imageId.describe('The image that was judged; it may be gone since'),
    judgement,
    judged_at: z.string().describe('When it was judged'),
  })
  .describe('A judgement that is kept')
  .meta({ id: 'KeptJudgement', examples: [feedbackExample] })
export type KeptJudgement = z.infer<typeof keptJudgement>

export const feedbackParameters = z.object({
  limit: integerInText(z.int().min(1).max(1000))
    .default(100)
    .describe('How many at most, 1 to 1000'),
  cursor: integerInText(number).optional().describe('`next_cursor` of the page before'),
})

export const feedbackPage = z
  .object({
    feedback: z.array(keptJudgement).describe('Newest first'),
    total: z.int().describe('How many are kept; 20,000 at most, of more the oldest are forgotten'),
    next_cursor: z.int().nullable().describe('For the next page; null at the end'),
  })
  .describe('A page of the judgements that are kept')
  .meta({
    id: 'FeedbackPage',
    examples: [{ feedback: [feedbackExample], total: 1, next_cursor: null }],
  })
export type FeedbackPage = z.infer<typeof feedbackPage>

export const judgementParameter = z.object({
  number: integerInText(number).describe('Of the judgement'),
})
