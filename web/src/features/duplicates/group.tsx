import type { DuplicateGroup, ImageRecord } from '@lookalike/sdk'
import { nameOf } from '../../components/name-of.ts'
import { PictureOf } from '../../components/picture.tsx'
import { ratioOf } from '../../components/rows/row-height.ts'
import { useStrings } from '../../strings/strings.ts'
import './group.css'

type Changes = DuplicateGroup['duplicates'][number]['changes']

/** One of the pictures that are the same; `likeness` null: the one that the server would keep. */
interface Copy {
  image: ImageRecord
  likeness: { kind: 'identical' | 'near_duplicate'; changes: Changes } | null
}

export function copiesOf({ keeper, duplicates }: DuplicateGroup): Copy[] {
  return [
    { image: keeper, likeness: null },
    ...duplicates.map(({ image, ...likeness }) => ({ image, likeness })),
  ]
}

interface GroupProps {
  /** Two or more. */
  copies: readonly Copy[]
  /** Id of the one that stays. */
  kept: string
  /** Of the address that shows one by itself. */
  hrefOf: (id: string) => string
  onOpen: (id: string) => void
  onKeep: (id: string) => void
  onDelete: () => void
}

const height = 190

/** The same picture several times: which one stays, and what is done with the others. */
export function Group({ copies, kept, hrefOf, onOpen, onKeep, onDelete }: GroupProps) {
  const { duplicates: t, format } = useStrings()
  const first = copies[0]!.image
  return (
    <div
      className="group"
      role="group"
      aria-label={t.group(copies.length, nameOf(first.image_uri))}
    >
      <ul className="group__copies" role="list">
        {copies.map(({ image, likeness }) => {
          const { id, width, height: tall, bytes, image_uri: uri } = image
          const across = Math.round(Math.min(2.4, Math.max(0.6, ratioOf(image))) * height)
          return (
            <li
              key={id}
              className="copy"
              data-kept={id === kept || undefined}
              style={{ '--width': `${across}px` }}
            >
              <a
                className="copy__picture"
                href={hrefOf(id)}
                data-picture={id}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return
                  event.preventDefault()
                  onOpen(id)
                }}
              >
                <PictureOf
                  record={image}
                  alt={`${nameOf(uri)}. ${image.description}`}
                  across={across}
                />
              </a>
              <label className="copy__choice">
                <input
                  type="radio"
                  name={`keep-${first.id}`}
                  checked={id === kept}
                  onChange={() => onKeep(id)}
                />
                {id === kept ? t.keeps : t.goes}
                <span className="visually-hidden">: {nameOf(uri)}</span>
              </label>
              <p className="copy__facts">
                <span className="copy__name" title={uri}>
                  {nameOf(uri)}
                </span>
                <span>
                  {width && tall ? `${width} × ${tall}` : ''}
                  {bytes ? `, ${format.fileSize(bytes)}` : ''}
                </span>
                <span>{likeness ? changeOf(likeness, t) : t.best}</span>
              </p>
            </li>
          )
        })}
      </ul>
      <button type="button" className="button" onClick={onDelete}>
        {t.deleteOthers(copies.length - 1)}
      </button>
    </div>
  )
}

type Words = ReturnType<typeof useStrings>['duplicates']

function changeOf({ kind, changes }: NonNullable<Copy['likeness']>, t: Words): string {
  if (kind === 'identical') return t.identical
  return changes.map(({ kind, amount }) => t.changes[kind](amount ?? 0)).join(', ') || t.similar
}
