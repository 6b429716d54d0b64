/** An answer other than success, in Qdrant's words. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Qdrant would have answered, with a part of the neighbours and without a word; no test may take that. */
export class SilentMiss extends Refusal {
  constructor(why: string) {
    super(400, `The fake refuses a search that would miss neighbours: ${why}`)
  }
}
