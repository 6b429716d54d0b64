import type { ErrorCode, LookalikeError } from '../errors.ts'

/** What a server is made of, as far as health tells. */
export type Part = 'store' | 'files' | 'disk' | 'embedder' | 'graph'

export interface LastError {
  readonly code: ErrorCode
  readonly detail: string
  /** ISO 8601, UTC. */
  readonly at: string
}

const partOf: { readonly [code in ErrorCode]?: Part } = {
  store_unavailable: 'store',
  files_unavailable: 'files',
  storage_full: 'disk',
  provider_timeout: 'embedder',
  provider_rejected: 'embedder',
  provider_unavailable: 'embedder',
  budget_exhausted: 'embedder',
  graph_unavailable: 'graph',
}

/** The last time that each part failed a caller: it may work again by now, and whoever is asked why wants to know. */
export class LastErrors {
  readonly #last = new Map<Part, LastError>()

  note({ code, message }: LookalikeError): void {
    const part = partOf[code]
    if (part) this.#last.set(part, { code, detail: message, at: new Date().toISOString() })
  }

  of(part: Part): LastError | undefined {
    return this.#last.get(part)
  }

  get all(): ReadonlyMap<Part, LastError> {
    return this.#last
  }
}
