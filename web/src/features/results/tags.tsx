import type { Json, Metadata } from '@lookalike/sdk'

const shownTags = 3

/** The first few plain metadata values; who looks at the picture sees the rest. */
export function Tags({ metadata }: { metadata: Metadata }) {
  const plain = Object.entries(metadata).filter(([, value]) => isShort(value))
  if (plain.length === 0) return null
  return (
    <dl className="tags">
      {plain.slice(0, shownTags).map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function isShort(value: Json): boolean {
  return value !== null && typeof value !== 'object' && String(value).length <= 24
}
