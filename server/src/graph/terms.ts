import { isIri } from '../sparql-text/iri.ts'
import { namespaces } from './vocabulary.ts'

/** An RDF term in N-Triples, ready to stand in a statement or a query: no value can break out of it. */
export type Term = string & { readonly term: unique symbol }

/** @throws TypeError for a text that is no IRI */
export function iri(text: string): Term {
  if (!isIri(text)) throw new TypeError(`${JSON.stringify(text)} is not an IRI`)
  return `<${text}>` as Term
}

const escapes: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** @param type local name in XML Schema; a plain string when absent */
export function literal(value: string | number | boolean, type?: string): Term {
  const text = String(value)
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- control characters are what is escaped
    .replace(/["\\\u0000-\u001f\u007f]/g, (character) => escapes[character] ?? escaped(character))
  return `"${text}"${type ? `^^<${namespaces.xsd}${type}>` : ''}` as Term
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** One line of N-Triples. */
export function statement(subject: Term, predicate: Term, object: Term): string {
  return `${subject} ${predicate} ${object} .`
}
