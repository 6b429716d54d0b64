/** A record that could not be made over, and why. */
export interface ReindexFailure {
  readonly id: string
  readonly image_uri: string
  readonly reason: string
}

export interface ReindexCounts {
  /** Records of the library. */
  readonly total: number
  /** Of those, how many are in the new one. */
  readonly done: number
  /** Brought over in this job without asking a model: the answers were remembered. */
  readonly reused: number
  readonly described: number
  /** Embedded anew, those that were described included. */
  readonly embedded: number
  /** Embedded by their description because their file is not there. */
  readonly from_description: number
  readonly failed: number
}

/** How a sampled record's neighbours moved. */
export interface Move {
  readonly id: string
  readonly image_uri: string
  /** How many of its first ten neighbours are among the new first ten. */
  readonly kept: number
  readonly of: number
  readonly first_before: string | null
  readonly first_after: string | null
}

export interface MoveReport {
  readonly sampled: number
  /** Share of the first ten neighbours that stayed, 0 to 1, averaged over the samples. */
  readonly mean_overlap: number
  /** How many samples kept their nearest neighbour. */
  readonly same_first: number
  /** Those that moved most, most first. */
  readonly most_moved: Move[]
}

export interface ReindexOptions {
  /** Describe every picture as the settings do now, also where its description could be kept. */
  readonly describe_again: boolean
  /** Go on to the switch without the records that cannot be made over. */
  readonly leave_out_failed: boolean
}

/** One re-index, from its beginning to the switch; kept in `state.db`. */
export interface ReindexJob extends ReindexOptions {
  readonly state: 'running' | 'stopped' | 'failed' | 'complete'
  /** Ids of the embedders. */
  readonly from: string
  readonly to: string
  readonly counts: ReindexCounts
  /** The first of them. */
  readonly failures: ReindexFailure[]
  /** Why it is not running, and what to do; null while it is, and when all went well. */
  readonly reason: string | null
  readonly started_at: string
  readonly finished_at: string | null
  readonly report: MoveReport | null
  /** Where the former library still is; null when it is gone. */
  readonly kept: string | null
}

export const noCounts: ReindexCounts = {
  total: 0,
  done: 0,
  reused: 0,
  described: 0,
  embedded: 0,
  from_description: 0,
  failed: 0,
}

/** What there is to say of a server that never had one. */
export function noJob(from: string, to: string) {
  return {
    state: 'none' as const,
    from,
    to,
    describe_again: false,
    leave_out_failed: false,
    counts: noCounts,
    failures: [],
    reason: null,
    started_at: null,
    finished_at: null,
    report: null,
    kept: null,
  }
}
