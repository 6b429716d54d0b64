import { useState } from 'react'
import { Icon } from './icon.tsx'

interface PictureProps {
  src: string | null
  alt: string
  /** Said instead of the picture when there is none or it does not load. */
  missing?: string
  onSize?: (width: number, height: number) => void
}

/** An image that says so when it cannot be shown, instead of leaving a broken frame. */
export function Picture({ src, alt, missing = 'No picture to show', onSize }: PictureProps) {
  const [broken, setBroken] = useState<string | null>(null)
  if (!src || broken === src) {
    return (
      <span
        className="picture-missing"
        role="img"
        aria-label={alt ? `${missing}: ${alt}` : missing}
      >
        <Icon name="unavailable" />
        {missing}
      </span>
    )
  }
  return (
    <img
      src={src}
      alt={alt}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(src)}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
        onSize?.(naturalWidth, naturalHeight)
      }
    />
  )
}
