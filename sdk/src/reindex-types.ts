/** What making the library over for the embedder of the settings would take. */
export interface ReindexPlan {
  records: number
  /** Records to be described and, as a rule, embedded. */
  describe: number
  /** Records of which only a vector is to be made. */
  embed: number
  /** Records whose answers are remembered. */
  nothing: number
  /** Records whose file is not there, and whose description will do. */
  from_description: number
  /** Records that have neither. */
  impossible: number
  /** Dollars; null when the price of a model is not known. */
  estimated_usd: number | null
  estimated_minutes: number
  basis: 'measured' | 'typical'
}

export interface ReindexFailure {
  id: string
  image_uri: string
  reason: string
}

export interface ReindexStatus {
  state: 'none' | 'running' | 'stopped' | 'failed' | 'complete'
  /** Embedder ids. */
  from: string
  to: string
  describe_again: boolean
  leave_out_failed: boolean
  counts: {
    total: number
    /** In the new library. */
    done: number
    /** Made over without asking a model. */
    reused: number
    described: number
    embedded: number
    /** Made over from their description because their file is not there. */
    from_description: number
    failed: number
  }
  /** The first hundred. */
  failures: ReindexFailure[]
  /** Why it is not running, and what to do. */
  reason: string | null
  started_at: string | null
  finished_at: string | null
  /** Records a second; null while it is not running. */
  rate: number | null
  /** How the neighbours of sampled records moved. */
  report: {
    sampled: number
    /** Share of the first ten neighbours that stayed, averaged over the samples. */
    mean_overlap: number
    /** Samples whose nearest neighbour stayed. */
    same_first: number
    most_moved: {
      id: string
      image_uri: string
      kept: number
      of: number
      first_before: string | null
      first_after: string | null
    }[]
  } | null
  /** Where the former library still is; null when it is gone. */
  kept: string | null
}
