import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { SearchMatch } from '@lookalike/sdk'
import { Failure } from '../components/failure.tsx'
import { refreshNews, useNews } from '../features/bell/news.ts'
import { StandingSearch } from '../features/bell/standing-search.tsx'
import { Show } from '../features/lightbox/show.tsx'
import { useShow } from '../features/lightbox/use-show.ts'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'

/** The searches that stand, those with something new first, and what they have found. */
export default function SearchesView() {
  const t = useStrings().searches
  const { client, refuse } = useServer()
  const [, navigate] = useLocation()
  const news = useNews()
  const show = useShow()
  const [error, setError] = useState<unknown>(null)
  const [looked, setLooked] = useState<readonly SearchMatch[]>([])
  useTitle(t.title)

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    setError(null)
    try {
      await work()
      await refreshNews(client)
      return true
    } catch (failed) {
      refuse(failed)
      setError(failed)
      return false
    }
  }
  useEffect(() => {
    refreshNews(client).catch((failed: unknown) => {
      refuse(failed)
      setError(failed)
    })
  }, [client, refuse])

  const searches = (news?.searches ?? []).toSorted(
    (a, b) =>
      Number(b.unseen > 0) - Number(a.unseen > 0) ||
      (b.newest_at ?? b.created_at).localeCompare(a.newest_at ?? a.created_at),
  )
  const pictures = looked.flatMap(({ image }) => image ?? [])
  return (
    <div className="view" aria-busy={news === null && error === null}>
      <h2 className="view__title">{t.title}</h2>
      <p className="view__lead">{news?.searches.length === 0 ? t.how : t.lead}</p>
      {error !== null && (
        <Failure error={error} titled onRetry={() => void attempt(async () => {})} />
      )}
      <div>
        {searches.map((search) => (
          <StandingSearch
            key={search.id}
            search={search}
            hrefOf={show.hrefOf}
            onOpen={(matches, id) => {
              setLooked(matches)
              show.open(id)
            }}
            onChange={attempt}
          />
        ))}
      </div>
      <Show
        pictures={pictures}
        total={pictures.length}
        query={null}
        onFindSimilar={(id) => navigate(`/?like=${id}`)}
      />
    </div>
  )
}
