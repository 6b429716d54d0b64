/** The subject of what is said about the vector and description of the record with that id. */
export function embeddingIri(id: string): string {
  return `urn:lookalike:embedding:${id}`
}
