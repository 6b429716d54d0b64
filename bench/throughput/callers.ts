/** What came of asking for a while, as so many callers at once. */
export interface Asked {
  readonly answers: number
  /** Answers that said to come back later. */
  readonly refused: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

const warmUpMs = 500

/**
 * Asks without a pause, each caller for its next answer once it has one. What the first half second takes is left out.
 *
 * @param ask resolves with whether it was answered; false means refused
 */
export async function askedBy(
  callers: number,
  seconds: number,
  ask: (number: number) => Promise<boolean>,
  onBegin: () => void = () => {},
): Promise<Asked> {
  const times: number[] = []
  let refused = 0
  let number = 0
  const begin = performance.now() + warmUpMs
  const end = begin + 1000 * seconds
  const caller = async () => {
    for (;;) {
      const asked = performance.now()
      if (asked >= end) return
      const isAnswered = await ask(number++)
      const answered = performance.now()
      if (answered < begin || answered > end) continue
      if (isAnswered) times.push(answered - asked)
      else refused++
    }
  }
  setTimeout(onBegin, warmUpMs)
  await Promise.all(Array.from({ length: callers }, caller))
  const sorted = Float64Array.from(times).sort()
  const quantile = (share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN
  const answers = times.length
  return {
    answers,
    refused,
    perSecond: answers / seconds,
    p50: quantile(0.5),
    p99: quantile(0.99),
  }
}
