import type { ImageRecord } from '@lookalike/sdk'
import { Failure } from '../../components/failure.tsx'
import { nameOf } from '../../components/format.ts'
import { Picture } from '../../components/picture.tsx'
import { EmptyLibrary } from './empty-library.tsx'
import type { Library } from './use-library.ts'
import './start.css'

interface StartProps {
  library: Library
  onPick: (image: ImageRecord) => void
  onReload: () => void
}

/** What is seen before the first search: what this is, and pictures to begin with. */
export function Start({ library, onPick, onReload }: StartProps) {
  const { starters, error, loading } = library
  return (
    <div className="start">
      <h2 className="start__headline">More like this.</h2>
      <p className="start__lead">
        Show Lookalike a picture, and it finds the ones in your library that resemble it most.
      </p>
      {starters && starters.length > 0 && <Starters images={starters} onPick={onPick} />}
      {starters?.length === 0 && <EmptyLibrary onReload={onReload} />}
      {!starters && !loading && error !== null && (
        <Failure error={error} titled onRetry={onReload} />
      )}
    </div>
  )
}

interface StartersProps {
  images: ImageRecord[]
  onPick: (image: ImageRecord) => void
}

function Starters({ images, onPick }: StartersProps) {
  return (
    <section aria-labelledby="starters">
      <h3 className="eyebrow" id="starters">
        Or begin with one of these
      </h3>
      <ul className="starters" role="list">
        {images.map((image) => (
          <li key={image.id}>
            <button type="button" className="starter" onClick={() => onPick(image)}>
              <Picture src={image.thumbnail_url} alt="" />
              <span className="visually-hidden">Find pictures like </span>
              <span className="starter__name">{nameOf(image.image_uri)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
