import { Icon } from '../../../components/icon.tsx'
import { useObjectUrl } from './use-object-url.ts'
import type { Query } from '../query.ts'

/** A part of a question, as small as a letter box; what it is called stands beside it. */
export function PartThumb({ query }: { query: Query | null }) {
  switch (query?.kind) {
    case 'file':
      return <FileThumb file={query.file} />
    case 'stored':
      return query.thumbnailUrl ? <Thumb src={query.thumbnailUrl} /> : <NoThumb />
    case 'text':
      return null
    default:
      return <NoThumb />
  }
}

function FileThumb({ file }: { file: File }) {
  const url = useObjectUrl(file)
  return url ? <Thumb src={url} /> : <NoThumb />
}

function Thumb({ src }: { src: string }) {
  return (
    <span className="part__thumb">
      <Icon name="picture" />
      {/* Over the drawing, which is what is seen of a format that browsers do not show. */}
      <img src={src} alt="" onError={({ currentTarget }) => currentTarget.remove()} />
    </span>
  )
}

function NoThumb() {
  return (
    <span className="part__thumb">
      <Icon name="picture" />
    </span>
  )
}
