import { EventLoop } from './event-loop.ts'
import { Gate, type GateFigures, type GateOptions } from './gate.ts'

/** Kinds of calls, each with a gate of its own: none takes the turns of another. */
export type CallKind = 'upload' | 'search' | 'graph' | 'export' | 'import' | 'tool'

/**
 * How many calls of a kind are under way at once. An upload under way holds little more than a piece of its file; an
 * import or the call of a tool its body; an export pages of vectors; what the graph is asked waits once more for its only thread.
 */
const calls: Record<CallKind, GateOptions> = {
  upload: {
    capacity: 256,
    maxWaiting: 64,
    maxWaitMs: 5_000,
    refusal: 'Too many pictures are being sent at once.',
  },
  search: {
    capacity: 128,
    maxWaiting: 256,
    maxWaitMs: 5_000,
    refusal: 'Too many searches are under way at once.',
  },
  graph: {
    capacity: 32,
    maxWaiting: 0,
    maxWaitMs: 0,
    refusal: 'The graph is asked too much at once.',
  },
  export: {
    capacity: 4,
    maxWaiting: 4,
    maxWaitMs: 5_000,
    refusal: 'Too many exports are under way at once.',
  },
  import: {
    capacity: 4,
    maxWaiting: 16,
    maxWaitMs: 10_000,
    refusal: 'Too many imports are under way at once.',
  },
  tool: {
    capacity: 16,
    maxWaiting: 64,
    maxWaitMs: 10_000,
    refusal: 'Too many tools are called at once.',
  },
}

/** What the server works on, and what it turned away: for admission, and for whoever watches it. */
export interface Load {
  /** Through which calls come in. */
  readonly calls: Readonly<Record<CallKind, Gate>>
  /** Every gate there is, by what it admits; of `decode`, the capacity is in bytes. */
  readonly gates: Readonly<Record<string, GateFigures>>
  readonly eventLoop: EventLoop
}

/** @param within the gates that lie further in, by what they admit */
export function openLoad(within: Readonly<Record<string, GateFigures>>): Load {
  const opened = Object.fromEntries(
    Object.entries(calls).map(([kind, options]) => [kind, new Gate(options)]),
  ) as Record<CallKind, Gate>
  return { calls: opened, gates: { ...opened, ...within }, eventLoop: new EventLoop() }
}
