import { LookalikeError } from '../../errors.ts'
import { recordNamedBy } from '../../graph/subjects.ts'
import { readQuery } from '../../sparql-text/reader.ts'
import type { Filter } from '../../records/filter.ts'
import type { AnswerDeps } from '../deps.ts'

/** Candidates may be the whole of a large library; their URIs stay within this many bytes of JSON. */
const maxBytes = 500_000_000

interface TableAnswer {
  results: { bindings: Record<string, { type: string; value: string } | undefined>[] }
}

/**
 * Reads the `sparql` of a search without asking it, so that a mistake is reported before anything is paid for.
 *
 * @throws LookalikeError `invalid_query` when it is no SELECT of `?image`
 */
export async function checkCandidates(text: string): Promise<void> {
  const { kind, variables } = await readQuery(text)
  if (kind !== 'SELECT' || (variables && !variables.includes('image'))) {
    throw new LookalikeError(
      'invalid_query',
      'The sparql of a search must be a SELECT with a variable ?image: the pictures it may find.',
    )
  }
}

/**
 * The images that a SELECT binds to `?image`, as a filter: a search through it is as exact as any other,
 * whether the query leaves one image or all of them.
 *
 * @throws LookalikeError what the graph throws
 */
export async function candidatesOf(
  deps: AnswerDeps,
  text: string,
  signal?: AbortSignal,
): Promise<Filter> {
  await checkCandidates(text)
  const format = 'application/sparql-results+json'
  const answer = await deps.graph.query({ text, format, maxBytes }, signal)
  const { results } = JSON.parse(answer) as TableAnswer
  const subjects = new Set(
    results.bindings.flatMap(({ image }) => (image?.type === 'uri' ? [image.value] : [])),
  )
  const ids = [...subjects].flatMap((subject) => recordNamedBy(subject) ?? [])
  const named = ids.length > 0 ? await deps.store.get(ids) : []
  const uris = [...subjects, ...named.map(({ imageUri }) => imageUri)]
  return { must: [{ key: 'image_uri', match: { any: uris } }] }
}
