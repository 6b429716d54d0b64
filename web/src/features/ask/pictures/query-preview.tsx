import { useState } from 'react'
import { nameOf } from '../../../components/name-of.ts'
import { Picture } from '../../../components/picture.tsx'
import { useStrings } from '../../../strings/strings.ts'
import type { PictureQuery } from '../query.ts'
import { useObjectUrl } from './use-object-url.ts'

/** Shows the picture that is asked about, with its name and, for a file, its size. */
export function QueryPreview({ query }: { query: PictureQuery }) {
  const t = useStrings().ask
  if (query.kind === 'file') return <FilePreview key={fileKey(query.file)} file={query.file} />
  // The page asks no other server for anything; this one fetches the picture.
  if (query.kind === 'link') {
    return (
      <figure className="preview">
        <Picture src={null} alt={nameOf(query.url)} missing={t.elsewhereOnTheWeb} />
        <figcaption className="preview__caption">
          <span className="preview__name" title={query.url}>
            {nameOf(query.url)}
          </span>
          <span>{new URL(query.url).host}</span>
        </figcaption>
      </figure>
    )
  }
  return (
    <figure className="preview">
      <Picture src={query.thumbnailUrl} alt={t.previewOf(nameOf(query.uri))} />
      <figcaption className="preview__caption">
        <span className="preview__name">{nameOf(query.uri)}</span>
        <span>{t.fromLibrary}</span>
      </figcaption>
    </figure>
  )
}

function FilePreview({ file }: { file: File }) {
  const { ask: t, format, frame, results } = useStrings()
  const url = useObjectUrl(file)
  const [size, setSize] = useState('')
  return (
    <figure className="preview">
      {url && (
        <Picture
          src={url}
          alt={t.previewOf(file.name)}
          missing={frame.missing.preview}
          onSize={(width, height) => setSize(`${results.dimensions(width, height)} · `)}
        />
      )}
      <figcaption className="preview__caption">
        <span className="preview__name">{file.name}</span>
        <span>
          {size}
          {format.fileSize(file.size)}
        </span>
      </figcaption>
    </figure>
  )
}

function fileKey({ name, size, lastModified }: File): string {
  return `${name} ${size} ${lastModified}`
}
