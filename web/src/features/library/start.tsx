import { lazy, Suspense, type ReactNode } from 'react'
import type { ImageRecord } from '@lookalike/sdk'
import { Failure } from '../../components/failure.tsx'
import { nameOf } from '../../components/name-of.ts'
import { PictureOf } from '../../components/picture.tsx'
import { useStrings } from '../../strings/strings.ts'
import type { Library } from './use-library.ts'
import './start.css'

const FirstPictures = lazy(() => import('./first-pictures.tsx'))

interface StartProps {
  library: Library
  onPick: (image: ImageRecord) => void
  onReload: () => void
  /** The way to ask, between the words and the pictures. */
  children: ReactNode
}

/** What is seen before the first search: what this is, and pictures to begin with. */
export function Start({ library, onPick, onReload, children }: StartProps) {
  const t = useStrings().library
  const { starters, error, loading } = library
  return (
    <div className="start">
      <h2 className="start__headline">{t.headline}</h2>
      <p className="start__lead">{t.lead}</p>
      {starters?.length !== 0 && children}
      {starters && starters.length > 0 && <Starters images={starters} onPick={onPick} />}
      {starters?.length === 0 && (
        <Suspense>
          <FirstPictures onReload={onReload} />
        </Suspense>
      )}
      {!starters && !loading && error !== null && (
        <Failure error={error} titled onRetry={onReload} />
      )}
    </div>
  )
}

/** At most, in CSS pixels. */
const starterWidth = 240

interface StartersProps {
  images: ImageRecord[]
  onPick: (image: ImageRecord) => void
}

function Starters({ images, onPick }: StartersProps) {
  const t = useStrings().library
  return (
    <section aria-labelledby="starters">
      <h3 className="eyebrow" id="starters">
        {t.starters}
      </h3>
      <ul className="starters" role="list">
        {images.map((image) => (
          <li key={image.id}>
            <button type="button" className="starter" onClick={() => onPick(image)}>
              <PictureOf record={image} alt="" across={starterWidth} />
              <span className="visually-hidden">{t.like}</span>
              <span className="starter__name">{nameOf(image.image_uri)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
