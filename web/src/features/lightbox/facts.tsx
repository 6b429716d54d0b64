import type { ImageRecord, Json } from '@lookalike/sdk'
import { Icon } from '../../components/icon.tsx'
import { copyText } from '../../frame/copy-text.ts'
import { Described } from './described.tsx'
import { useStrings } from '../../strings/strings.ts'

interface FactsProps {
  record: ImageRecord
  onEdit: () => void
  onChanged: () => void
}

/** All that is known of a picture. */
export function Facts({ record, onEdit, onChanged }: FactsProps) {
  const { lightbox: t, format, library } = useStrings()
  const { image_uri, tags, metadata, width, height, bytes } = record
  const keys = Object.keys(metadata)
  const file = [
    width && height ? t.dimensions(format.number(width), format.number(height)) : null,
    record.format?.toUpperCase(),
    bytes && format.fileSize(bytes),
  ].filter(Boolean)
  return (
    <>
      <section className="panel__part" aria-label={t.about}>
        <Described record={record} onSaved={onChanged} />
        <dl className="panel__facts">
          {tags.length > 0 && <Fact term={t.shows}>{tags.join(', ')}</Fact>}
          {file.length > 0 && <Fact term={t.file}>{file.join(' · ')}</Fact>}
          {record.indexed_at && <Fact term={t.added}>{format.date(record.indexed_at)}</Fact>}
          <Fact term={t.uri}>
            <span className="panel__uri">
              {image_uri}
              <button
                type="button"
                className="button button--icon"
                aria-label={t.copyUri}
                title={t.copyUri}
                onClick={() => void copyText(image_uri, t.uriCopied)}
              >
                <Icon name="copies" />
              </button>
            </span>
          </Fact>
        </dl>
      </section>
      <section className="panel__part" aria-label={t.metadata}>
        <div className="panel__head">
          <h3 className="eyebrow">{t.metadata}</h3>
          <button type="button" className="button button--quiet" onClick={onEdit}>
            {library.edit.action}
          </button>
        </div>
        {keys.length === 0 ? (
          <p className="why__note">{t.noMetadata}</p>
        ) : (
          <dl className="panel__facts">
            {keys.map((key) => (
              <Fact key={key} term={key}>
                <Value value={metadata[key]!} />
              </Fact>
            ))}
          </dl>
        )}
      </section>
    </>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
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
