import { openDatabase } from '../sqlite/open.ts'
import { EmbeddingMemory } from './embedding-memory.ts'
import { Arrivals } from './arrivals.ts'
import { Deliveries } from './deliveries.ts'
import { StoredFeedback } from './feedback.ts'
import { InterimWords } from './interim-words.ts'
import { JobNotes } from './job-notes.ts'
import { KeptQuestions } from './kept-questions.ts'
import { Ledger } from './ledger.ts'
import { LearnedModels } from './learned-models.ts'
import { LruTable } from './lru-table.ts'
import { Matches } from './matches.ts'
import { NameVectors } from './name-vectors.ts'
import { RefusedParameters } from './refused-parameters.ts'
import { Sessions } from './sessions.ts'
import { Searches } from './searches.ts'
import { Samples } from './samples.ts'
import { stateFile } from './state-file.ts'

export interface StateOptions {
  readonly dataDir: string
  readonly cacheMegabytes: number
  /** Which of the libraries that may share the file is this server's, by a name of its own. */
  readonly library: string
  /** Dollars in a calendar month; absent means no bound. */
  readonly monthlyBudget: number | undefined
}

/** What outlives a restart beside the library: answers of models, what they cost, who is signed in. */
export interface State {
  readonly memory: EmbeddingMemory
  readonly refusedParameters: RefusedParameters
  readonly ledger: Ledger
  readonly jobs: JobNotes
  readonly sessions: Sessions
  readonly samples: Samples
  readonly questions: KeptQuestions
  readonly searches: Searches
  readonly matches: Matches
  readonly deliveries: Deliveries
  readonly feedback: StoredFeedback
  /** @param server a name of this process among those that share the file */
  arrivals(server: string): Arrivals
  readonly learnedModels: LearnedModels
  readonly nameVectors: NameVectors
  readonly interimWords: InterimWords
  close(): void
}

/** @throws LookalikeError `store_unavailable` when `state.db` cannot be used */
export function openState({
  dataDir,
  cacheMegabytes,
  monthlyBudget,
  library,
}: StateOptions): State {
  const database = openDatabase(dataDir, stateFile)
  const remembered = new LruTable(database, cacheMegabytes * 1e6)
  return {
    memory: new EmbeddingMemory(remembered),
    refusedParameters: new RefusedParameters(remembered),
    ledger: new Ledger(database, monthlyBudget),
    jobs: new JobNotes(database),
    sessions: new Sessions(database),
    samples: new Samples(database, library),
    questions: new KeptQuestions(database, library),
    searches: new Searches(database, library),
    matches: new Matches(database),
    deliveries: new Deliveries(database, library),
    feedback: new StoredFeedback(database, library),
    arrivals: (server) => new Arrivals(database, library, server),
    learnedModels: new LearnedModels(database),
    nameVectors: new NameVectors(database),
    interimWords: new InterimWords(database, library),
    close: () => database.close(),
  }
}
