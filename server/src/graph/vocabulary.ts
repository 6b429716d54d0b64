/** Namespaces of the terms that Lookalike writes; `ontology.ttl` says what each term means. */
export const namespaces = {
  schema: 'https://schema.org/',
  prov: 'http://www.w3.org/ns/prov#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  /** Lookalike's own terms. */
  look: 'urn:lookalike:term:',
  /** Metadata keys that no standard vocabulary has a term for. */
  meta: 'urn:lookalike:metadata:',
} as const

/** What Lookalike writes about its images. */
export const libraryGraph = 'urn:lookalike:graph:library'
/** What people add; Lookalike never writes here by itself. */
export const peopleGraph = 'urn:lookalike:graph:people'
/** What an update may write, and what it sees. */
export const graphs = { writable: peopleGraph, all: [libraryGraph, peopleGraph] }
/** Stands in for blank nodes that people send, so that each can be named and deleted (RDF 1.1, 3.5). */
export const genid = 'urn:lookalike:genid:'

/** Metadata keys with a term in schema.org. GRAPH_PROPERTIES adds to these. */
const knownProperties: Record<string, string> = {
  caption: 'caption',
  category: 'category',
  keywords: 'keywords',
  tags: 'keywords',
  title: 'headline',
  creator: 'creator',
  author: 'author',
  license: 'license',
  copyright: 'copyrightNotice',
  language: 'inLanguage',
}

/** Metadata key -> IRI of the property that says it. */
export type PropertyMap = ReadonlyMap<string, string>

/** @param added pairs of metadata key and property IRI; they win over those known here */
export function propertyMap(added: Record<string, string> = {}): PropertyMap {
  const known = Object.entries(knownProperties).map(
    ([key, term]) => [key, namespaces.schema + term] as const,
  )
  return new Map([...known, ...Object.entries(added)])
}

/** The property that a metadata key is written under; half a surrogate pair in it becomes a replacement character. */
export function propertyOf(key: string, map: PropertyMap): string {
  return map.get(key) ?? namespaces.meta + encodeURIComponent(key.toWellFormed())
}
