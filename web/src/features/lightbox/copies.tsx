import type { SearchResult } from '@lookalike/sdk'
import { PictureOf } from '../../components/picture.tsx'
import { explain } from '../../components/failure.tsx'
import { nameOf } from '../../components/name-of.ts'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { Changes } from '../../components/changes.tsx'
import { useLoaded } from './use-loaded.ts'
import { useShow } from './use-show.ts'

const most = 12

/** The same picture elsewhere in the library; nothing where there is none. */
export function Copies({ id }: { id: string }) {
  const { client } = useServer()
  const { lightbox, results, frame } = useStrings()
  const t = lightbox.copies
  const { hrefOf, move } = useShow()
  const [loaded] = useLoaded(id, (signal) =>
    client.similarTo(id, { limit: most, minMatch: 'near-duplicate', signal }),
  )
  if (loaded.state === 'failed')
    return <p role="alert">{t.failed(explain(loaded.error, frame).detail)}</p>
  // A library that is too small to tell how alike pictures are cuts none by it.
  const found = loaded.state === 'known' ? loaded.value.results.filter(isCopy) : []
  if (found.length === 0) return null
  return (
    <section className="panel__part" aria-label={t.title}>
      <h3 className="eyebrow">{t.title}</h3>
      <ul className="copies" role="list">
        {found.map((copy) => (
          <li key={copy.id}>
            <a
              className="copies__one"
              href={hrefOf(copy.id)}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return
                event.preventDefault()
                move(copy.id)
              }}
            >
              <PictureOf record={copy} alt="" across={64} />
              <span>
                <span className="copies__name">{nameOf(copy.image_uri)}</span>
                <span className="copies__change">
                  {copy.change !== null ? (
                    <Changes change={copy.change} changes={copy.changes} />
                  ) : (
                    copy.match && results.match[copy.match]
                  )}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function isCopy({ change, match }: SearchResult): boolean {
  return change !== null || match === 'same' || match === 'near-duplicate'
}
