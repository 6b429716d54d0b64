import type { Proxies } from '../../providers/proxies.ts'
import type { State } from '../../state/state.ts'

export const precisions = ['q8', 'fp16', 'fp32'] as const
export type Precision = (typeof precisions)[number]

export const devices = ['cpu', 'webgpu', 'cuda'] as const
export type Device = (typeof devices)[number]

/** Where model files come from. */
export interface HubOptions {
  /** Of a server that answers as huggingface.co does. */
  readonly endpoint: string
  readonly token: string | undefined
  /** Whether nothing may be fetched. */
  readonly offline: boolean
  readonly proxies: Proxies
}

export interface LocalOptions {
  /** One model or two, joined by `+`: names, repositories, with `@` a revision, or folders. */
  readonly model: string
  readonly precision: Precision
  readonly device: Device
  /** Undefined: as many as ONNX Runtime chooses. */
  readonly threads: number | undefined
  /** How much of a pair's score is the first one's, 0 to 1. */
  readonly share: number
  readonly hub: HubOptions
  readonly dataDir: string
  /** Whether pictures are described by the names nearest to them. */
  readonly names: boolean
  readonly state: State
  /** Tells whoever waits for the start what takes so long. */
  readonly say: (line: string) => void
}
