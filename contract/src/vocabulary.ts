import { z } from 'zod'

const nameExample = {
  name: 'mallard',
  english: ['drake', 'mallard'],
  german: ['Erpel', 'Stockente'],
  kinds: ['duck', 'waterfowl', 'bird', 'animal'],
  is_kind: false,
}

export const knownName = z
  .object({
    name: z.string().describe('Everyday English, the first of its names; what tags say'),
    english: z.array(z.string()).describe('English names, all of which are understood'),
    german: z.array(z.string()).describe('German names, all of which are understood'),
    kinds: z.array(z.string()).describe('Kinds that it belongs to, the nearest first'),
    is_kind: z.boolean().describe('Whether it is a kind, of other things in the list'),
  })
  .describe('Something that pictures can be searched by, and are described with')
  .meta({ id: 'KnownName', examples: [nameExample] })

export const vocabulary = z
  .object({
    text: z
      .enum(['none', 'names', 'any'])
      .describe(
        'As in GET /api/info: with `any` all words are understood, and the list is of names that pictures are described with',
      ),
    names: z
      .array(knownName)
      .describe(
        'All that the embedder has names for; empty where it describes pictures in other ways',
      ),
  })
  .describe('What the embedder of the library understands')
  .meta({ id: 'Vocabulary', examples: [{ text: 'names', names: [nameExample] }] })
export type Vocabulary = z.infer<typeof vocabulary>
