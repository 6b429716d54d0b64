import type { JobNotes } from '../../state/job-notes.ts'
import type { ImageStore } from '../../stores/image-store.ts'

const everyMs = 20_000
/** How far clocks of servers may be apart, and how long a picture takes from its time to its place in the store. */
const overlapMs = 5 * 60_000
const pageSize = 500
const note = 'pictures of other servers'

interface OthersDeps {
  readonly store: ImageStore
  readonly jobs: JobNotes
  /** Whether anybody asks. */
  readonly areAny: () => boolean
  /** Told of records that came. */
  readonly onFound: (ids: string[]) => void
  /** Which of the libraries that may share the file of notes. */
  readonly library: string
}

/**
 * Looks for pictures that other servers wrote into a store that they share, by when they were indexed: this server marks only its
 * own. It goes on from where it was before a restart. What comes with a time of long ago, as the records of an export do,
 * is marked by the server that takes it, and by no other.
 */
export class Others {
  readonly #deps: OthersDeps
  /** Those of the last minutes, by id, with their time: they are met at every look. */
  readonly #met = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #closed = false

  constructor(deps: OthersDeps) {
    this.#deps = deps
  }

  begin(): void {
    if (!this.#deps.store.shared) return
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.look().finally(() => (this.#looking = undefined))
    }, everyMs).unref()
  }

  /** Never throws: a store that cannot be read now says so by itself. */
  async look(): Promise<void> {
    const { store, jobs, areAny, onFound, library } = this.#deps
    const name = `${note} ${library}`
    const now = Date.now()
    try {
      if (!areAny()) return
      const last = jobs.read<{ at: number }>(name)?.at ?? now
      const since = new Date(last - overlapMs).toISOString()
      let cursor: string | undefined
      for (;;) {
        const from = cursor === undefined ? {} : { cursor }
        const page = await store.list({ order: 'newest', limit: pageSize, ...from })
        const recent = page.records.filter(
          ({ indexedAt }) => indexedAt !== null && indexedAt >= since,
        )
        const unmet = recent.filter(({ id, indexedAt }) => this.#met.get(id) !== indexedAt)
        if (this.#closed) return
        if (unmet.length > 0) onFound(unmet.map(({ id }) => id))
        for (const { id, indexedAt } of unmet) this.#met.set(id, indexedAt!)
        if (recent.length < page.records.length || page.nextCursor === null) break
        cursor = page.nextCursor
      }
      jobs.write(name, { at: now })
      const old = new Date(now - 2 * overlapMs).toISOString()
      for (const [id, time] of this.#met) if (time < old) this.#met.delete(id)
    } catch {
      // The next look begins where this one did.
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#looking
  }
}
