import type { UpdateStep } from '../sparql-text/update.ts'

/** What the engine's thread can be asked to do. Statements are lines of N-Triples. */
export type EngineTask =
  | { do: 'load'; graph: 'library' | 'people'; statements: string[] }
  | { do: 'put'; ids: string[]; statements: string[] }
  | { do: 'remove'; ids: string[] }
  | {
      do: 'query'
      text: string
      format: string
      defaultGraphs: string[] | undefined
      namedGraphs: string[] | undefined
      maxBytes: number
    }
  | { do: 'update'; steps: UpdateStep[]; maxChanges: number }
  | { do: 'add'; document: string; format: string }
  | { do: 'dump'; format: string }

/** A statement of the people's graph that came or went. */
export interface StatementChange {
  readonly change: 'add' | 'remove'
  readonly statement: string
}

/** What each task results in; null where a limit was passed. */
export interface EngineResults {
  /** How many statements could not be taken. */
  load: number
  put: number
  remove: void
  query: string | null
  update: StatementChange[] | null
  add: string[]
  dump: string
}

export interface EngineLimits {
  /** Longest that a task may wait and run together, in milliseconds. */
  readonly deadlineMs: number
  /** Most memory of the engine, the statements included, in bytes. */
  readonly memoryBytes: number
}

export interface EngineRequest {
  readonly number: number
  readonly task: EngineTask
}

/** `isStale` once more statements were taken away than are left: what they took is not given back. */
export type EngineReply =
  | { readonly number: number; readonly result: unknown; readonly isStale: boolean }
  | { readonly number: number; readonly error: string; readonly fatal: boolean }
