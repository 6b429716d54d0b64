import type { Arrivals } from '../../state/arrivals.ts'
import type { State } from '../../state/state.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import type { LibraryDeps } from '../deps.ts'
import { forwardedStore } from '../in-use/forwarded-store.ts'
import { Messages } from './messages.ts'
import { Others } from './others.ts'
import { Renewal } from './renewal.ts'
import { StandingSearches } from './standing-searches.ts'
import { Watch } from './watch.ts'

/** How often it is looked whether another server left pictures behind. */
const adoptEveryMs = 60_000

interface StandingOptions {
  readonly library: LibraryDeps
  readonly state: State
  readonly arrivals: Arrivals
  /** A name of this server. */
  readonly server: string
  /** Servers that run and may share the state. */
  readonly running: () => ReadonlySet<string>
  /** Messages may wait to be sent. */
  readonly wakeSender: () => void
}

export interface Standing {
  readonly searches: StandingSearches
  readonly watch: Watch
  /** Goes on where an earlier run of the server was. */
  begin(): void
  close(): Promise<void>
}

/** Questions that stand, and what compares pictures with them. */
export function openStanding(options: StandingOptions): Standing {
  const { library, state, arrivals, server, running, wakeSender } = options
  const { searches, matches, questions, deliveries } = state
  const watch = new Watch({
    library,
    arrivals,
    searches,
    matches,
    messages: new Messages(deliveries, wakeSender),
    renewal: new Renewal(library, searches, questions),
  })
  const others = new Others({
    store: library.store,
    jobs: state.jobs,
    areAny: () => searches.areAny,
    onFound: (ids) => watch.note(ids),
    library: searches.library,
  })
  const adopt = () => {
    try {
      const alive = running()
      searches.releaseDead(alive)
      arrivals.adopt(alive)
      watch.wake(0)
    } catch {
      // A disk that is full says so by itself; the next time does it.
    }
  }
  let timer: NodeJS.Timeout | undefined
  return {
    searches: new StandingSearches({ library, questions, searches, matches, arrivals, deliveries, watch, server }), // prettier-ignore
    watch,
    begin() {
      adopt()
      others.begin()
      timer = setInterval(adopt, adoptEveryMs).unref()
    },
    async close() {
      clearInterval(timer)
      await others.close()
      await watch.close()
    },
  }
}

/** A store of which every picture that comes is compared with what stands; metadata apart. */
export function watchedStore(store: ImageStore, watch: () => Watch): ImageStore {
  return {
    ...forwardedStore(store),
    upsert: (records) =>
      watch().arriving(
        records.map(({ id }) => id),
        () => store.upsert(records),
      ),
  }
}
