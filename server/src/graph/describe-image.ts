import type { ImageRecord, Json, Metadata } from '../records/record.ts'
import { embeddingIri, imageSubject } from './subjects.ts'
import type { ImageDocument } from './knowledge-graph.ts'
import { isIri } from '../sparql-text/iri.ts'
import { iri, literal, statement, type Term } from './terms.ts'
import { namespaces, propertyOf, type PropertyMap } from './vocabulary.ts'

export interface DescribeOptions {
  readonly properties: PropertyMap
  /** Where files are served from. */
  readonly publicUrl: string
}

const term = {
  type: iri(`${namespaces.rdf}type`),
  schema: (name: string) => iri(namespaces.schema + name),
  prov: (name: string) => iri(namespaces.prov + name),
  look: (name: string) => iri(namespaces.look + name),
}

/**
 * What Lookalike says of one image: schema.org for the picture, PROV-O for how its description and
 * vector came about, and its metadata. Every statement's subject is the image, its embedding, or the
 * embedder.
 */
export function describeImage(record: ImageRecord, options: DescribeOptions): ImageDocument {
  const image = iri(imageSubject(record.imageUri))
  const facts: [Term, Term][] = [
    [term.type, term.schema('ImageObject')],
    [term.type, term.prov('Entity')],
    [term.look('id'), literal(record.id)],
    [term.schema('identifier'), literal(record.imageUri)],
    [term.schema('name'), literal(nameOf(record))],
    ...(record.description
      ? [[term.schema('description'), literal(record.description)] as [Term, Term]]
      : []),
    ...(record.tags ?? []).map((tag): [Term, Term] => [term.schema('keywords'), literal(tag)]),
    ...fileFacts(record, options.publicUrl),
    ...metadataFacts(record.metadata, options.properties),
  ]
  const about = facts.map(([predicate, object]) => statement(image, predicate, object))
  return {
    id: record.id,
    statements: [...new Set([...about, ...provenance(image, record)])],
    changed: changedParts(record),
  }
}

function fileFacts({ id, file, indexedAt }: ImageRecord, publicUrl: string): [Term, Term][] {
  const dated: [Term, Term][] = indexedAt
    ? [[term.schema('dateCreated'), literal(indexedAt, 'dateTime')]]
    : []
  if (!file) return dated
  const contentUrl = `${publicUrl}/api/images/${id}/file`
  return [
    ...dated,
    [term.schema('contentUrl'), iri(contentUrl)],
    [term.schema('encodingFormat'), literal(`image/${file.format}`)],
    [term.schema('width'), literal(file.width, 'integer')],
    [term.schema('height'), literal(file.height, 'integer')],
    [term.schema('contentSize'), literal(file.bytes, 'integer')],
    [term.schema('sha256'), literal(file.sha256)],
  ]
}

function provenance(image: Term, { id, embedderId, indexedAt }: ImageRecord): string[] {
  if (embedderId === null) return []
  const embedding = iri(embeddingIri(id))
  const embedder = iri(`urn:lookalike:embedder:${encodeURIComponent(embedderId.toWellFormed())}`)
  return [
    statement(image, term.look('embedding'), embedding),
    statement(embedding, term.type, term.prov('Entity')),
    statement(embedding, term.prov('wasDerivedFrom'), image),
    statement(embedding, term.prov('wasAttributedTo'), embedder),
    ...(indexedAt
      ? [statement(embedding, term.prov('generatedAtTime'), literal(indexedAt, 'dateTime'))]
      : []),
    statement(embedder, term.type, term.prov('SoftwareAgent')),
    statement(embedder, term.schema('name'), literal(embedderId)),
  ]
}

function metadataFacts(metadata: Metadata, properties: PropertyMap): [Term, Term][] {
  return flatten(metadata, '').flatMap(([key, value]) => {
    const predicate = propertyOf(key, properties)
    return [[iri(predicate), valueTerm(value)] as [Term, Term]]
  })
}

/** Objects become dotted keys, arrays several values, null nothing: as filters see them. */
function flatten(value: Json, key: string): [string, string | number | boolean][] {
  if (value === null) return []
  if (Array.isArray(value)) return value.flatMap((element) => flatten(element, key))
  if (typeof value !== 'object') return [[key, value]]
  return Object.entries(value).flatMap(([name, inner]) =>
    flatten(inner, key === '' ? name : `${key}.${name}`),
  )
}

/** A web address is a link into the web of data; anything else is a value. */
function valueTerm(value: string | number | boolean): Term {
  if (typeof value === 'boolean') return literal(value, 'boolean')
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? literal(value, 'integer') : literal(value, 'double')
  }
  return /^https?:\/\//.test(value) && isIri(value) ? iri(value) : literal(value)
}

/** Texts with half a surrogate pair, which RDF cannot hold: it has a replacement character there. */
function changedParts({ imageUri, description, metadata }: ImageRecord): string[] {
  const parts: [string, string][] = [
    ['image_uri', imageUri],
    ['description', description ?? ''],
    ...flatten(metadata, '').map(([key, value]): [string, string] => [
      `metadata ${JSON.stringify(key)}`,
      key + String(value),
    ]),
  ]
  return parts.flatMap(([name, text]) => (text.isWellFormed() ? [] : [name]))
}

function nameOf({ imageUri, metadata }: ImageRecord): string {
  if (typeof metadata['name'] === 'string') return metadata['name']
  const last = imageUri
    .replace(/[?#].*$/, '')
    .split(/[/:]/)
    .findLast(Boolean)
  return last ?? imageUri
}
