import type { Info } from '@lookalike/sdk'
import { fileQuery, type Advice, type FileQuery } from '../query.ts'

export interface Chosen {
  queries: FileQuery[]
  /** Those that are hardly pictures, or too large, with the reason. */
  refused: (FileQuery & { advice: Advice })[]
}

/** Tells files that can be asked about from those that cannot. */
export function chooseFiles(files: readonly File[], limits: Info['limits'] | undefined): Chosen {
  const all = files.map((file) => fileQuery(file, limits))
  const isRefused = (query: FileQuery): query is Chosen['refused'][number] => query.advice !== null
  return { queries: all.filter((query) => !isRefused(query)), refused: all.filter(isRefused) }
}
