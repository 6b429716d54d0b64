import { Failure } from '../../../components/failure.tsx'
import { useStrings } from '../../../strings/strings.ts'
import { nameOfQuery, PictureElsewhere, type Query } from '../query.ts'
import { useReturn } from './use-return.ts'

interface SearchFailureProps {
  error: unknown
  /** The parts that it is about; null for one that is not known. */
  bad: readonly (Query | null)[]
  /** The question without those; absent where nothing would be left to ask. */
  onWithout?: (() => void) | undefined
  onRetry: () => void
}

/** Why a search failed, and what can be done about it. */
export function SearchFailure({ error, bad, onWithout, onRetry }: SearchFailureProps) {
  const { ask: t, format } = useStrings()
  const waiting = useReturn(error, onRetry)
  const names = bad.map((query) => (query ? nameOfQuery(query) : t.aPicture))
  return (
    <>
      {error instanceof PictureElsewhere ? (
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
