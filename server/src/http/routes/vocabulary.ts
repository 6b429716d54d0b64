import { vocabulary } from '@lookalike/contract'
import type { App } from '../app-type.ts'
import type { Services } from '../services.ts'

export function vocabularyRoutes(app: App, { deps }: Services): void {
  app.get(
    '/api/vocabulary',
    {
      schema: {
        summary: 'Names that pictures can be searched by',
        operationId: 'getVocabulary',
        tags: ['Search'],
        response: { 200: vocabulary },
      },
      config: { scope: 'read' },
    },
    async () => ({
      text: deps.embedder.capabilities.text,
      names: (deps.embedder.vocabulary?.() ?? []).map(
        ({ name, english, german, kinds, isKind }) => ({
          name,
          english: [...english],
          german: [...german],
          kinds: [...kinds],
          is_kind: isKind,
        }),
      ),
    }),
  )
}
