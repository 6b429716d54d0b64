import { lazy, Suspense } from 'react'
import { LookalikeApiError } from '@lookalike/sdk'
import { Failure } from '../../../components/failure.tsx'
import { useStrings } from '../../../strings/strings.ts'
import { nameOfQuery, PictureElsewhere, type Query } from '../query.ts'
import { useReturn } from './use-return.ts'

// A server that says so is there to ask for it; of one that is away nothing could be loaded.
const UnknownWords = lazy(() => import('./unknown-words.tsx'))

interface SearchFailureProps {
  error: unknown
  /** The parts that it is about; null for one that is not known. */
  bad: readonly (Query | null)[]
  /** The question without those; absent where nothing would be left to ask. */
  onWithout?: (() => void) | undefined
  onRetry: () => void
  /** Asks with another name in the place of a word that is not known. */
  onInstead: (word: string, name: string) => void
}

/** Why a search failed, and what can be done about it. */
export function SearchFailure({ error, bad, onWithout, onRetry, onInstead }: SearchFailureProps) {
  const { ask: t, format } = useStrings()
  const waiting = useReturn(error, onRetry)
  const names = bad.map((query) => (query ? nameOfQuery(query) : t.aPicture))
  return (
    <>
      {error instanceof LookalikeApiError && error.problem.words ? (
        <Suspense>
          <UnknownWords words={error.problem.words} onInstead={onInstead} />
        </Suspense>
      ) : error instanceof PictureElsewhere ? (
        <p role="alert">{t.elsewhereDetail}</p>
      ) : (
        <Failure error={error} titled={false} onRetry={onRetry} />
      )}
      {onWithout && names.length > 0 && (
        <p className="search-view__without">
          <button type="button" className="button" onClick={onWithout}>
            {t.without(format.list(names))}
          </button>
        </p>
      )}
      {waiting && <p className="search-view__waiting">{t.waiting}</p>}
    </>
  )
}
