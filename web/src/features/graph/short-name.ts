const prefixes: [string, string][] = [
  ['https://schema.org/', ''],
  ['http://www.w3.org/ns/prov#', 'prov:'],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns#', ''],
  ['urn:lookalike:metadata:', ''],
  ['urn:lookalike:term:', ''],
]

/** An IRI as people would say it: without the part that all terms of a vocabulary share. */
export function shortName(iri: string): string {
  for (const [start, prefix] of prefixes) {
    if (iri.startsWith(start)) return prefix + iri.slice(start.length)
  }
  const last = iri.split(/[/#]/).findLast(Boolean)
  return last ?? iri
}

/** Whether a browser can open it. */
export function isWebAddress(iri: string): boolean {
  return /^https?:\/\//.test(iri)
}
