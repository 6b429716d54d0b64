import { useEffect, useMemo, useState } from 'react'
import { thumbnailSrcSet } from '@lookalike/sdk'
import { Picture } from '../../components/picture.tsx'
import { placeholderOf } from '../../components/placeholder.ts'
import { Heat } from './heat.tsx'
import type { Drawn } from './looked.ts'
import type { Zoom } from './zoom.ts'

/** A picture of the library, or a file of this computer. */
export type Source = { kind: 'stored'; picture: Drawn } | { kind: 'file'; file: File }

interface PaneProps {
  source: Source
  alt: string
  zoom: Zoom
  heat: { edge: number; places: readonly number[] } | null
  className?: string
  caption?: string
}

/** One picture, as large as its pane lets it be and as it is magnified. */
export function Pane({ source, alt, zoom, heat, className = '', caption }: PaneProps) {
  const known = source.kind === 'stored' ? source.picture : null
  const [natural, setNatural] = useState<number | null>(null)
  const ratio = known?.width && known.height ? known.width / known.height : (natural ?? 1)
  return (
    <figure className={`pane ${className}`}>
      <div
        className={zoom.scale === 1 ? 'pane__frame' : 'pane__frame is-zoomed'}
        style={{
          '--ratio': String(ratio),
          '--zoom': `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`,
        }}
      >
        {source.kind === 'stored' ? (
          <Stored
            key={source.picture.id}
            picture={source.picture}
            alt={alt}
            across={Math.ceil(Math.min(innerWidth, innerHeight * ratio))}
            closely={zoom.scale > 1}
            onSize={(width, height) => setNatural(width / height)}
          />
        ) : (
          <Chosen
            file={source.file}
            alt={alt}
            onSize={(width, height) => setNatural(width / height)}
          />
        )}
        {heat && <Heat {...heat} />}
      </div>
      {caption && <figcaption className="pane__caption">{caption}</figcaption>}
    </figure>
  )
}

interface StoredProps {
  picture: Drawn
  alt: string
  across: number
  /** The thumbnails are too coarse: the original is wanted too. */
  closely: boolean
  onSize: (width: number, height: number) => void
}

function Stored({ picture, alt, across, closely, onSize }: StoredProps) {
  const { id, thumbnail_url, width, height, thumbhash } = picture
  const placeholder = useMemo(() => placeholderOf(thumbhash), [thumbhash])
  const srcSet = thumbnailSrcSet(picture)
  const [wanted, setWanted] = useState(closely)
  const [original, setOriginal] = useState<'coming' | 'there' | 'unreadable'>('coming')
  if (closely && !wanted) setWanted(true)
  return (
    <>
      <Picture
        src={thumbnail_url}
        alt={alt}
        {...(placeholder ? { placeholder } : {})}
        {...(width && height ? { width, height } : {})}
        {...(srcSet ? { srcSet, sizes: `${across}px` } : {})}
        onSize={onSize}
      />
      {/* Browsers cannot read every original; then the thumbnail stays. */}
      {wanted && thumbnail_url && original !== 'unreadable' && (
        <img
          className="pane__original"
          src={`./api/images/${id}/file`}
          alt=""
          hidden={original === 'coming'}
          onLoad={() => setOriginal('there')}
          onError={() => setOriginal('unreadable')}
        />
      )}
    </>
  )
}

interface ChosenProps {
  file: File
  alt: string
  onSize: (width: number, height: number) => void
}

function Chosen({ file, alt, onSize }: ChosenProps) {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const created = URL.createObjectURL(file)
    setUrl(created)
    return () => URL.revokeObjectURL(created)
  }, [file])
  return url && <Picture src={url} alt={alt} onSize={onSize} />
}
