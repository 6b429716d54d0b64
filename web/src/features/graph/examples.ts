import type { Strings } from '../../strings/strings.ts'

/** Questions to begin with; they answer something in any library, and more in the sample library. */
export const examples: { title: keyof Strings['graph']['examples']; query: string }[] = [
  {
    title: 'newest',
    query: `PREFIX schema: <https://schema.org/>
SELECT ?image ?name ?indexed {
  ?image a schema:ImageObject ; schema:name ?name ; schema:dateCreated ?indexed
} ORDER BY DESC(?indexed) LIMIT 12`,
  },
  {
    title: 'categories',
    query: `PREFIX schema: <https://schema.org/>
SELECT ?category (COUNT(?image) AS ?pictures) (SAMPLE(?image) AS ?one) {
  ?image a schema:ImageObject ; schema:category ?category
} GROUP BY ?category ORDER BY DESC(?pictures)`,
  },
  {
    title: 'derived',
    query: `PREFIX schema: <https://schema.org/>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?output ?input {
  ?output a schema:ImageObject ; prov:wasDerivedFrom ?input
} LIMIT 12`,
  },
  {
    title: 'illustrators',
    query: `PREFIX schema: <https://schema.org/>
SELECT ?name ?born (COUNT(?image) AS ?pictures) (SAMPLE(?image) AS ?one) {
  ?image schema:illustrator ?person .
  ?person schema:name ?name ; schema:birthDate ?born
} GROUP BY ?name ?born ORDER BY ?born`,
  },
]
