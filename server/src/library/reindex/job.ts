/** A record that could not be re-embedded, and why. */
export interface ReindexFailure {
  readonly id: string
  readonly imageUri: string
  readonly reason: string
}

export interface ReindexCounts {
  /** Records of the library. */
  readonly total: number
  /** Of those, how many are in the new one. */
  readonly done: number
  /** Brought over in this job without asking a model: the answers were remembered. */
  readonly cached: number
  readonly described: number
  /** Embedded again, those that were described included. */
  readonly embedded: number
  /** Embedded by their description because their file is not there. */
  readonly fromDescription: number
  readonly failed: number
}

/** How a sampled record's neighbours changed. */
export interface OverlapSample {
  readonly id: string
  readonly imageUri: string
  /** How many of its first ten neighbours are among the new first ten. */
  readonly shared: number
  /** Of how many. */
  readonly compared: number
  readonly nearestBefore: string | null
  readonly nearestAfter: string | null
}

export interface NeighbourOverlap {
  readonly sampled: number
  /** Share of the first ten neighbours that stayed, 0 to 1, averaged over the samples. */
  readonly mean: number
  /** How many samples kept their nearest neighbour. */
  readonly sameNearest: number
  /** Those that changed most, most first. */
  readonly lowest: OverlapSample[]
}

export interface ReindexOptions {
  /** Describe every picture as the settings do now, also where its description could be kept. */
  readonly describeAgain: boolean
  /** Go on to the cutover without the records that cannot be re-embedded, which deletes them. */
  readonly dropFailed: boolean
}

/** One re-index, from its beginning to the cutover; kept in `state.db`. */
export interface ReindexJob extends ReindexOptions {
  readonly state: 'running' | 'stopped' | 'failed' | 'complete'
  /** Ids of the embedders. */
  readonly previousEmbedder: string
  readonly targetEmbedder: string
  readonly counts: ReindexCounts
  /** The first of them. */
  readonly failures: ReindexFailure[]
  /** Why it is not running, and what to do; null while it is, and when all went well. */
  readonly reason: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly neighbourOverlap: NeighbourOverlap | null
  /** Where the previous library still is; null when it is gone. */
  readonly previousLibrary: string | null
}

export const noCounts: ReindexCounts = {
  total: 0,
  done: 0,
  cached: 0,
  described: 0,
  embedded: 0,
  fromDescription: 0,
  failed: 0,
}

/** What there is to say of a server that never had one. */
export function noJob(previousEmbedder: string, targetEmbedder: string) {
  return {
    state: 'none' as const,
    previousEmbedder,
    targetEmbedder,
    describeAgain: false,
    dropFailed: false,
    counts: noCounts,
    failures: [],
    reason: null,
    startedAt: null,
    finishedAt: null,
    neighbourOverlap: null,
    previousLibrary: null,
  }
}
