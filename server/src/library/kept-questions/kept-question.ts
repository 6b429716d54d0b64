import type { FileFacts } from '../../records/record.ts'
import type { Region } from '../../images/crop.ts'
import type { StoredQuestion } from '../../state/kept-questions.ts'

/** A part of a question without its file. */
export interface KeptPart {
  /** Of an image of the library. */
  readonly id: string | null
  /** Words. */
  readonly text: string | null
  readonly weight: number
  readonly description: string
  readonly filename: string | null
  readonly file: FileFacts | null
  readonly region: Region | null
  /** Whether its picture, or what was cut out of it, is kept small. */
  readonly hasThumbnail: boolean
}

/** A question of which everything that was sent may be thrown away. */
export interface KeptQuestion {
  readonly id: string
  readonly embedderId: string
  /** As it was asked. */
  readonly asked: unknown
  readonly parts: readonly KeptPart[]
  /** One for each part. */
  readonly vectors: readonly Float32Array[]
}

export function toKept(stored: StoredQuestion): KeptQuestion {
  return { ...stored, parts: stored.parts as readonly KeptPart[] }
}
