import type { Json, Metadata, SearchResult } from '@lookalike/sdk'

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
  const { image_uri, description, tags, width, height, metadata } = result
  return (
    <dl className="details" id={id} hidden={hidden}>
      <Detail term="Image URI">{image_uri}</Detail>
      {description && <Detail term="Description">{description}</Detail>}
      {tags.length > 0 && <Detail term="Shows">{tags.join(', ')}</Detail>}
      {width && height && <Detail term="Size">{`${width} × ${height}`}</Detail>}
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
