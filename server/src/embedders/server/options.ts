import type { Proxies } from '../../providers/proxies.ts'
import type { State } from '../../state/state.ts'

export const dialectNames = ['vllm', 'infinity', 'llamacpp'] as const
export type DialectName = (typeof dialectNames)[number]

export interface EmbeddingServerOptions {
  readonly url: string
  readonly dialect: DialectName
  readonly apiKey: string | undefined
  readonly model: string
  readonly revision: string | undefined
  /** Undefined: to be found out. */
  readonly dimensions: number | undefined
  readonly timeoutMs: number
  readonly maxConcurrency: number
  /** Longest edge of the copy that is sent, in pixels. */
  readonly edge: number
  /** Dollars per million tokens. */
  readonly price: number
  readonly proxies: Proxies
  /** Whether pictures are described by the names nearest to them. */
  readonly names: boolean
  readonly state: State
}
