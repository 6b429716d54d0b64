import { useMemo, useState } from 'react'
import { thumbnailSrcSet } from '@lookalike/sdk'
import { useStrings } from '../strings/strings.ts'
import { Icon } from './icon.tsx'
import { placeholderOf } from './placeholder.ts'
import './picture.css'

/** What a record says of its picture. */
interface Pictured {
  id: string
  thumbnail_url: string | null
  width: number | null
  height: number | null
  thumbhash: string | null
}

interface PictureOfProps {
  record: Pictured
  alt: string
  /** How wide it is shown, in CSS pixels: the thumbnail that is enough for that is fetched. */
  across: number
}

/** A picture of the library: in its shape and blurred until it is there, no larger than it is shown. */
export function PictureOf({ record, alt, across }: PictureOfProps) {
  const { thumbnail_url, width, height, thumbhash } = record
  const srcSet = thumbnailSrcSet(record)
  const placeholder = useMemo(() => placeholderOf(thumbhash), [thumbhash])
  return (
    <Picture
      src={thumbnail_url}
      alt={alt}
      {...(placeholder ? { placeholder } : {})}
      {...(width && height ? { width, height } : {})}
      {...(srcSet ? { srcSet, sizes: `${Math.ceil(across)}px` } : {})}
    />
  )
}

interface PictureProps {
  src: string | null
  alt: string
  srcSet?: string
  sizes?: string
  /** In pixels: the picture has its shape before it has loaded. */
  width?: number
  height?: number
  /** URL of what is seen until then. */
  placeholder?: string
  /** Said instead of the picture when there is none or it does not load. */
  missing?: string
  onSize?: (width: number, height: number) => void
}

/** An image that says so when it cannot be shown, instead of leaving a broken frame. */
export function Picture({ src, alt, placeholder, missing, onSize, ...shape }: PictureProps) {
  const t = useStrings().frame.missing
  const [broken, setBroken] = useState<string | null>(null)
  const [loaded, setLoaded] = useState<string | null>(null)
  if (!src || broken === src) {
    const said = missing ?? t.picture
    return (
      <span className="picture-missing" role="img" aria-label={alt ? t.named(said, alt) : said}>
        <Icon name="unavailable" />
        {said}
      </span>
    )
  }
  return (
    <img
      {...shape}
      src={src}
      alt={alt}
      className={loaded === src ? 'picture is-loaded' : 'picture'}
      style={placeholder && loaded !== src ? { backgroundImage: `url(${placeholder})` } : {}}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(src)}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
        setLoaded(src)
        onSize?.(naturalWidth, naturalHeight)
      }}
    />
  )
}
