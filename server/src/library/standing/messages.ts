import { randomUUID } from 'node:crypto'
import type { Deliveries } from '../../state/deliveries.ts'
import type { NewMatch } from '../../state/matches.ts'
import type { StoredSearch } from '../../state/searches.ts'
import type { ImageRecord } from '../../records/record.ts'

/** Matches in one message: with addresses of usual length it stays below the 20 kB that receivers are to expect. */
const inOneMessage = 50
const longestUri = 300

/** What is sent to whoever is to be told: thin, so that nothing of the library is in it but names. */
export class Messages {
  readonly #deliveries: Deliveries
  readonly #wakeSender: () => void

  constructor(deliveries: Deliveries, wakeSender: () => void) {
    this.#deliveries = deliveries
    this.#wakeSender = wakeSender
  }

  /** Keeps messages of new matches, inside the transaction that keeps these. */
  tell(
    { id, name }: StoredSearch,
    matches: readonly NewMatch[],
    records: readonly ImageRecord[],
    at: string,
  ): void {
    const uris = new Map(records.map((record) => [record.id, record.imageUri]))
    for (let from = 0; from < matches.length; from += inOneMessage) {
      const data = {
        search: { id, name },
        matches: matches.slice(from, from + inOneMessage).map(({ image, ...found }) => ({
          id: image,
          image_uri: uris.get(image)?.slice(0, longestUri) ?? null,
          ...found,
        })),
      }
      const body = JSON.stringify({ type: 'search.matched', timestamp: at, data })
      this.#deliveries.add(`msg_${randomUUID()}`, id, body)
    }
  }

  /** Some may wait to be sent. */
  wake(): void {
    this.#wakeSender()
  }
}
