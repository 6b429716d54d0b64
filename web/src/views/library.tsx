import { useEffect } from 'react'
import { Failure } from '../components/failure.tsx'
import { EmptyLibrary } from '../features/library/empty-library.tsx'
import { PictureWall } from '../features/library/picture-wall.tsx'
import { usePages } from '../features/library/use-pages.ts'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import '../features/library/start.css'

/** All of the library, as far down as one scrolls. */
export default function LibraryView() {
  const t = useStrings().library
  const { client, library, reload, refuse } = useServer()
  const [{ images, state, error }, loadMore] = usePages(client)
  useTitle(t.title)
  useEffect(() => refuse(error), [refuse, error])
  const first = state === 'loading' && images.length === 0
  return (
    <div className="view" aria-busy={first}>
      <h2 className="view__title">{t.title}</h2>
      <PictureWall
        images={images}
        total={library.info?.images ?? null}
        onNearEnd={() => {
          if (state === 'more') loadMore()
        }}
      />
      {state === 'all' && images.length === 0 && <EmptyLibrary onReload={reload} />}
      {state === 'failed' && <Failure error={error} titled onRetry={loadMore} />}
      <p className="visually-hidden" role="status">
        {state === 'loading' && !first && t.loading}
        {state === 'all' && images.length > 0 && t.all}
      </p>
    </div>
  )
}
