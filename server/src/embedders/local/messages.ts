import type { Device, Precision } from './options.ts'

/** A model as the process with the session loads it. */
export interface LoadedModel {
  readonly name: string
  readonly folder: string
  readonly family: 'clip' | 'siglip' | 'pictures'
  readonly maxTokens: number
  readonly padsToMax: boolean
  readonly precision: Precision
  readonly device: Device
  readonly threads: number | undefined
}

export interface LoadRequest {
  readonly kind: 'load'
  /** The library's file. */
  readonly runtime: string
  readonly models: readonly LoadedModel[]
}

export interface PicturesRequest {
  readonly kind: 'pictures'
  /** Which of the models. */
  readonly model: number
  readonly width: number
  readonly height: number
  readonly factor: readonly number[]
  readonly offset: readonly number[]
  /** Bytes of sRGB, row by row. */
  readonly pixels: readonly Uint8Array[]
}

export interface TextsRequest {
  readonly kind: 'texts'
  readonly model: number
  readonly texts: readonly string[]
}

export type Request = LoadRequest | PicturesRequest | TextsRequest

/** To the request of that number. */
export type Answer = { readonly id: number } & (
  | { readonly vectors: readonly Float32Array[] }
  | { readonly error: string }
)
