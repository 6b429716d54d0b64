import { memo } from 'react'
import type { ImageRecord } from '@lookalike/sdk'
import { Icon } from '../../../components/icon.tsx'
import { nameOf } from '../../../components/name-of.ts'
import { PictureOf } from '../../../components/picture.tsx'
import { useStrings } from '../../../strings/strings.ts'
import type { Outlined } from '../pictures.ts'

interface CellProps {
  picture: Outlined
  record: ImageRecord | undefined
  index: number
  column: number
  width: number
  height: number
  href: string
  selected: boolean
  /** Reached by Tab. */
  current: boolean
}

/** One picture of the wall. What is done with it is heard of by the wall. */
export const Cell = memo(function Cell({
  picture,
  record,
  index,
  column,
  width,
  height,
  href,
  selected,
  current,
}: CellProps) {
  const { library: t, format } = useStrings()
  const name = record ? nameOf(record.image_uri) : t.pictureNumber(format.number(index + 1))
  return (
    <div
      className="wall__cell"
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={selected}
      data-index={index}
      style={{ '--width': `${width}px`, '--height': `${height}px` }}
    >
      <a
        className="wall__picture"
        href={href}
        data-picture={picture.id}
        draggable={false}
        tabIndex={current ? 0 : -1}
        title={record && name}
      >
        <PictureOf
          record={picture.thumbnail_url || !record ? picture : record}
          alt={record ? `${name}. ${record.description}` : name}
          across={width}
        />
      </a>
      <button type="button" className="wall__check" tabIndex={-1} aria-pressed={selected}>
        <span className="wall__mark">
          <Icon name="check" />
        </span>
        <span className="visually-hidden">{t.select(name)}</span>
      </button>
    </div>
  )
})
