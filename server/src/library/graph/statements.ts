import { LookalikeError } from '../../errors.ts'
import { imageSubject } from '../../graph/subjects.ts'
import { iri, literal, statement } from '../../graph/terms.ts'
import { isIri } from '../../sparql-text/iri.ts'
import { libraryGraph, namespaces } from '../../graph/vocabulary.ts'
import type { LibraryDeps } from '../deps.ts'
import { unknownImage } from '../missing.ts'

const maxStatements = 500

export interface GraphValue {
  readonly type: 'uri' | 'literal'
  readonly value: string
}

/** One statement that has an image at either end. */
export interface ImageStatement {
  /** Who says it. */
  readonly graph: 'library' | 'people'
  /** Whether the image is its subject (`outgoing`) or its object. */
  readonly direction: 'outgoing' | 'incoming'
  readonly predicate: string
  /** What stands at the other end, and its schema:name. */
  readonly value: GraphValue
  readonly label: string | null
}

interface Row {
  g: GraphValue
  d: GraphValue
  p: GraphValue
  o: GraphValue
  n?: GraphValue
}

/** What the graph says of an image, at most 500 statements, the library's first. */
export async function imageStatements(deps: LibraryDeps, id: string): Promise<ImageStatement[]> {
  const image = iri(await subjectOf(deps, id))
  const name = iri(`${namespaces.schema}name`)
  const answer = await deps.graph.query({
    text: `SELECT ?g ?d ?p ?o (SAMPLE(?named) AS ?n) {
      { GRAPH ?g { ${image} ?p ?o } BIND("outgoing" AS ?d) } UNION
      { GRAPH ?g { ?o ?p ${image} } BIND("incoming" AS ?d) }
      OPTIONAL { ?o ${name} ?named }
    } GROUP BY ?g ?d ?p ?o ORDER BY ?g ?d ?p ?o LIMIT ${maxStatements}`,
    format: 'application/sparql-results+json',
  })
  const { results } = JSON.parse(answer) as { results: { bindings: Row[] } }
  return results.bindings.map(({ g, d, p, o, n }) => ({
    graph: g.value === libraryGraph ? 'library' : 'people',
    direction: d.value as ImageStatement['direction'],
    predicate: p.value,
    value: { type: o.type === 'uri' ? 'uri' : 'literal', value: o.value },
    label: n?.value ?? null,
  }))
}

/**
 * Adds a statement about an image to what people say.
 *
 * @throws LookalikeError `invalid_parameter` when the predicate, or a value given as one, is no IRI
 */
export async function addImageStatement(
  deps: LibraryDeps,
  id: string,
  predicate: string,
  value: GraphValue,
): Promise<void> {
  const image = iri(await subjectOf(deps, id))
  const object = value.type === 'uri' ? given('value', value.value) : literal(value.value)
  const line = statement(image, given('predicate', predicate), object)
  await deps.graph.add(line, 'application/n-triples')
}

function given(name: string, text: string) {
  if (isIri(text)) return iri(text)
  throw new LookalikeError(
    'invalid_parameter',
    `${name}: ${JSON.stringify(text)} is no IRI. Write one in full, such as https://schema.org/creator.`,
  )
}

async function subjectOf(deps: LibraryDeps, id: string): Promise<string> {
  const [record] = await deps.store.get([id])
  if (!record) throw unknownImage(id)
  return imageSubject(record.imageUri)
}
