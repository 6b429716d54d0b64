/** Media types of SELECT and ASK answers, the preferred one first. */
export const resultFormats = [
  'application/sparql-results+json',
  'application/sparql-results+xml',
  'text/csv',
  'text/tab-separated-values',
] as const
export type ResultFormat = (typeof resultFormats)[number]

/** Media types of statements, the preferred one first. */
export const graphFormats = [
  'text/turtle',
  'application/n-triples',
  'application/ld+json',
  'application/n-quads',
  'application/rdf+xml',
] as const
export type GraphFormat = (typeof graphFormats)[number]

/** Those of them that can say which graph a statement is in. */
export const datasetFormats = ['application/n-quads', 'application/ld+json'] as const
