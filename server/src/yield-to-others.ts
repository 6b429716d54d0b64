import { AsyncLocalStorage } from 'node:async_hooks'

/** So long a slice of work waits for calls that are under way; they may never end. */
const patienceMs = 25
/** What takes longer waits for a model, a disk or its caller, and is in nobody's way. */
const briefMs = 100

const longTurnMs = 10

const waiting: (() => void)[] = []
/** Calls that somebody waits for, and when they came: the oldest first. */
const underWay = new Map<object, number>()
const ownCall = new AsyncLocalStorage<object>()
let patience: NodeJS.Timeout | undefined
let turnBegan: number | undefined

/**
 * Lets other requests run in between synchronous work, which calls this every few milliseconds. Of all that works in such
 * slices one goes on in each turn of the event loop, in the order in which they came: together they hold up others no
 * longer than one of them does. A call that was begun by `goFirst` has all the turns that it needs before the next of them.
 *
 * @throws the signal's reason once aborted
 */
export async function yieldToOthers(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const call = ownCall.getStore()
  if (call) answered(call)
  await new Promise<void>((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) nextTurn()
  })
  signal?.throwIfAborted()
}

/**
 * Runs the beginning of a call that goes before work in slices, until it is `answered`, has taken longer than
 * somebody waits for, or turns out to be such work itself.
 */
export function goFirst(call: object, work: () => void): void {
  underWay.set(call, performance.now())
  ownCall.run(call, work)
}

/** Nobody waits for the call any longer. */
export function answered(call: object): void {
  if (!underWay.delete(call) || !patience || isAnyUnderWay()) return
  clearTimeout(patience)
  patience = undefined
  setImmediate(goOn)
}

/** What runs because something was read has the next `setImmediate` in the same turn: only a second one is sure to come after it. */
function nextTurn(): void {
  setImmediate(() => setImmediate(goOnInTurn))
}

function goOnInTurn(): void {
  if (isAnyUnderWay()) patience = setTimeout(goOn, patienceMs)
  else goOn()
}

function goOn(): void {
  patience = undefined
  waiting.shift()!()
  if (waiting.length > 0) nextTurn()
}

/**
 * For what is called again and again, and may answer without waiting for anything: whether this turn of the event loop
 * has become so long, since it was first asked in it, that the next answer should come in another.
 */
export function isTurnLong(): boolean {
  const now = performance.now()
  if (turnBegan === undefined) {
    turnBegan = now
    setImmediate(() => (turnBegan = undefined))
  }
  return now - turnBegan > longTurnMs
}

function isAnyUnderWay(): boolean {
  const oldest = performance.now() - briefMs
  for (const [call, since] of underWay) {
    if (since > oldest) return true
    underWay.delete(call)
  }
  return false
}
