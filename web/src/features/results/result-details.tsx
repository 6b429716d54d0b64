import type { Json, Metadata, SearchResult } from '@lookalike/sdk'
import { useStrings } from '../../strings/strings.ts'

const shownTags = 3

/** The first few plain metadata values; the rest is in the details. */
export function Tags({ metadata }: { metadata: Metadata }) {
  const plain = Object.entries(metadata).filter(([, value]) => isShort(value))
  if (plain.length === 0) return null
  return (
    <dl className="tags">
      {plain.slice(0, shownTags).map(([key, value]) => (
        <Detail key={key} term={key}>
          {String(value)}
        </Detail>
      ))}
    </dl>
  )
}

interface ResultDetailsProps {
  id: string
  hidden: boolean
  result: SearchResult
}

/** Everything known of a result, the whole URI included. */
export function ResultDetails({ id, hidden, result }: ResultDetailsProps) {
  const t = useStrings().results
  const { image_uri, description, tags, width, height, metadata } = result
  return (
    <dl className="details" id={id} hidden={hidden}>
      <Detail term={t.uri}>{image_uri}</Detail>
      {description && <Detail term={t.description}>{description}</Detail>}
      {tags.length > 0 && <Detail term={t.shows}>{tags.join(', ')}</Detail>}
      {width && height && <Detail term={t.size}>{t.dimensions(width, height)}</Detail>}
      {Object.entries(metadata).map(([key, value]) => (
        <Detail key={key} term={key}>
          <Value value={value} />
        </Detail>
      ))}
    </dl>
  )
}

function Detail({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Value({ value }: { value: Json }) {
  return typeof value === 'object' && value !== null ? (
    <pre>{JSON.stringify(value, null, 2)}</pre>
  ) : (
    String(value)
  )
}

function isShort(value: Json): boolean {
  return value !== null && typeof value !== 'object' && String(value).length <= 24
}
