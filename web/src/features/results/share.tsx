import type { SearchResult } from '@lookalike/sdk'
import { copyText } from '../../frame/copy-text.ts'
import { useStrings } from '../../strings/strings.ts'

/** What was found, to take along: as a file, or as the address that finds it again. */
export function Share({ results }: { results: readonly SearchResult[] }) {
  const { results: t, frame } = useStrings()
  const save = async (as: 'json' | 'csv') => {
    const { saveResults } = await import('./save-results.ts')
    saveResults(results, as)
  }
  return (
    <div className="results__share" role="group" aria-label={t.share}>
      <button type="button" className="button" onClick={() => void save('json')}>
        {t.saveJson}
      </button>
      <button type="button" className="button" onClick={() => void save('csv')}>
        {t.saveCsv}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => void copyText(location.href, frame.actions.addressCopied)}
      >
        {frame.actions.copyAddress}
      </button>
    </div>
  )
}
