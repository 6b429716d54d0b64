import { jsonBody, readJson, type Cancellable, type Http } from '../http.ts'
import type { GraphTable, GraphValue, StatementList } from '../contract.ts'
import { imagePath } from './images.ts'

const idProperty = 'urn:lookalike:term:id'

/** The calls that are about the knowledge graph. */
export function graphCalls(http: Http) {
  /** Asks a SPARQL SELECT or ASK. */
  async function ask(query: string, { signal }: Cancellable = {}): Promise<GraphTable> {
    const response = await http('/api/kg/sparql', {
      method: 'POST',
      headers: {
        'content-type': 'application/sparql-query',
        accept: 'application/sparql-results+json',
      },
      body: query,
      signal,
    })
    return readJson(response, signal)
  }

  return {
    ask,

    /** The record ids of those URIs that are images of the library, by URI. */
    async imageIds(uris: string[], options: Cancellable = {}): Promise<Map<string, string>> {
      const terms = uris.filter(isIri).map((uri) => `<${uri}>`)
      if (terms.length === 0) return new Map()
      const query = `SELECT ?image ?id { VALUES ?image { ${terms.join(' ')} } ?image <${idProperty}> ?id }`
      const { results } = await ask(query, options)
      return new Map(results!.bindings.map(({ image, id }) => [image!.value, id!.value]))
    },

    /** What the graph says of an image. */
    async statements(id: string, { signal }: Cancellable = {}): Promise<StatementList> {
      return readJson(await http(statementsPath(id), { signal }), signal)
    },

    /** Adds a statement about an image to what people say. */
    async addStatement(
      id: string,
      statement: { predicate: string; value: GraphValue },
      { signal }: Cancellable = {},
    ): Promise<void> {
      await http(statementsPath(id), {
        method: 'POST',
        ...jsonBody(statement),
        signal,
      })
    },
  }
}

function statementsPath(id: string): string {
  return `${imagePath(id)}/statements`
}

/** Whether a text can stand between < and > in a query, and cannot break out of them. */
function isIri(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\u0000-\u0020<>"{}|^`\\]*$/.test(text)
}
