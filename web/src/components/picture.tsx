import { useState } from 'react'
import { useStrings } from '../strings/strings.ts'
import { Icon } from './icon.tsx'
import './picture.css'

interface PictureProps {
  src: string | null
  alt: string
  /** Said instead of the picture when there is none or it does not load. */
  missing?: string
  /** In pixels, where it is known: the picture then has its shape before it has loaded. */
  size?: { width: number | null; height: number | null }
  onSize?: (width: number, height: number) => void
}

/** An image that says so when it cannot be shown, instead of leaving a broken frame. */
export function Picture({ src, alt, size, missing, onSize }: PictureProps) {
  const t = useStrings().frame.missing
  const [broken, setBroken] = useState<string | null>(null)
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
      src={src}
      alt={alt}
      className="picture"
      {...(size?.width && size.height ? { width: size.width, height: size.height } : {})}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(src)}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
        onSize?.(naturalWidth, naturalHeight)
      }
    />
  )
}
