import { useEffect, useState } from 'react'
import { fileSize, nameOf } from '../../components/format.ts'
import { Picture } from '../../components/picture.tsx'
import type { PictureQuery } from './query.ts'

/** Shows the picture that is asked about, with its name and, for a file, its size. */
export function QueryPreview({ query }: { query: PictureQuery }) {
  return query.kind === 'file' ? (
    <FilePreview key={fileKey(query.file)} file={query.file} />
  ) : (
    <figure className="preview">
      <Picture src={query.thumbnailUrl} alt={`Preview of ${nameOf(query.uri)}`} />
      <figcaption className="preview__caption">
        <span className="preview__name">{nameOf(query.uri)}</span>
        <span>from the library</span>
      </figcaption>
    </figure>
  )
}

function FilePreview({ file }: { file: File }) {
  const url = useObjectUrl(file)
  const [size, setSize] = useState('')
  return (
    <figure className="preview">
      {url && (
        <Picture
          src={url}
          alt={`Preview of ${file.name}`}
          missing="No preview"
          onSize={(width, height) => setSize(`${width} × ${height} · `)}
        />
      )}
      <figcaption className="preview__caption">
        <span className="preview__name">{file.name}</span>
        <span>
          {size}
          {fileSize(file.size)}
        </span>
      </figcaption>
    </figure>
  )
}

function useObjectUrl(file: File): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const created = URL.createObjectURL(file)
    setUrl(created)
    return () => URL.revokeObjectURL(created)
  }, [file])
  return url
}

function fileKey({ name, size, lastModified }: File): string {
  return `${name} ${size} ${lastModified}`
}
