import type { ContextDefinition, PatternBgp, Quads, TermIri } from '@traqula/rules-sparql-1-1'
import { LookalikeError } from '../errors.ts'
import { span } from './edits.ts'

/** The graphs of a store, by name. */
export interface Graphs {
  /** The only one that may change. */
  readonly writable: string
  /** Those that patterns see when an update does not say; in parts that say WITH, the writable one is the default. */
  readonly all: readonly string[]
}

/** What names and places in the text mean where an operation stands. */
export class Scope {
  readonly source: (node: Parameters<typeof span>[0]) => string
  readonly writable: string
  readonly #all: readonly string[]
  readonly #prefixes = new Map<string, string>()

  constructor(source: Scope['source'], { writable, all }: Graphs) {
    this.source = source
    this.writable = writable
    this.#all = all
  }

  declare(context: readonly ContextDefinition[]): void {
    for (const one of context) {
      if (one.subType === 'prefix') this.#prefixes.set(one.key, one.value.value)
    }
  }

  nameOf(term: TermIri): string {
    const prefix = 'prefix' in term ? term.prefix : undefined
    return prefix === undefined ? term.value : (this.#prefixes.get(prefix) ?? '') + term.value
  }

  /** What is seen: all graphs by name, and as the default graph all of them, merged, or the writable one. */
  seen(onlyWritable = false): string[] {
    const merged = onlyWritable ? [this.writable] : this.#all
    return [...merged.map((name) => `<${name}>`), ...this.#all.map((name) => `NAMED <${name}>`)]
  }

  within(triples: string): string {
    return within(this.writable, triples)
  }

  refuse(name: string): never {
    throw refused(`The graph ${name} cannot be written.`, this.writable)
  }

  /** The triples of templates that are for the writable graph, without the name of the graph. */
  template(all: Quads[]): string {
    const parts = all.flatMap((quads) => {
      if (quads.type !== 'graph') return [quads]
      const { graph } = quads
      if (graph.subType !== 'namedNode') return this.refuse(`?${graph.value}`)
      if (this.nameOf(graph) !== this.writable) return this.refuse(this.nameOf(graph))
      return [quads.triples]
    })
    return parts
      .filter(({ triples }) => triples.length > 0)
      .map((block) => this.source({ loc: wholeBlock(block) }).replace(/\.\s*$/, ''))
      .join(' .\n')
  }
}

/** The parser ends a block of triples at its last full stop, which need not stand behind the last triple. */
function wholeBlock({ loc, triples }: PatternBgp): PatternBgp['loc'] {
  if (loc.sourceLocationType !== 'source') return loc
  const ends = triples.map((triple) => span(triple)[1])
  return { ...loc, end: Math.max(loc.end, ...ends) }
}

export function within(graph: string, triples: string): string {
  return triples === '' ? '' : `GRAPH <${graph}> { ${triples}\n}`
}

export function refused(what: string, writable: string): LookalikeError {
  return new LookalikeError(
    'query_refused',
    `${what} An update may INSERT, DELETE and CLEAR in <${writable}>, which is also where statements ` +
      'without a graph go; files are sent to POST /api/kg/import.',
  )
}
