import { recordId } from '../records/record-id.ts'
import { isIri } from '../sparql-text/iri.ts'

const uuidUrn = 'urn:uuid:'

/**
 * The IRI by which the graph knows an image: its URI. A URI that is no IRI (it holds a space, say) would
 * have to be changed to fit, and could then meet another: the record's id, as a UUID, stands in.
 */
export function imageSubject(imageUri: string): string {
  return isIri(imageUri) ? imageUri : uuidUrn + recordId(imageUri)
}

/** The id of the record that a subject names outright; null when it is a URI like any other. */
export function recordNamedBy(subject: string): string | null {
  return subject.startsWith(uuidUrn) ? subject.slice(uuidUrn.length).toLowerCase() : null
}

/** The subject of what is said about the vector and description of the record with that id. */
export function embeddingIri(id: string): string {
  return `urn:lookalike:embedding:${id}`
}
