import { createContext, useContext } from 'react'
import type { Judgement } from './judged.ts'

/** How results of the search around are judged. */
export interface Judging {
  of: (id: string) => Judgement | null
  /** Null takes it back. */
  judge: (id: string, judgement: Judgement | null) => void
}

const Context = createContext<Judging | null>(null)

export const JudgingProvider = Context.Provider

/** Null where nothing is searched for. */
export function useJudging(): Judging | null {
  return useContext(Context)
}
