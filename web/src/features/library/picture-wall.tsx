import { useMemo } from 'react'
import { Link } from 'wouter'
import { WindowVirtualizer } from 'virtua'
import type { ListedImage } from '@lookalike/sdk'
import { formatQuestion, noQuestion } from '../../address/question.ts'
import { nameOf } from '../../components/name-of.ts'
import { PictureOf } from '../../components/picture.tsx'
import { packRows, type Row } from '../../components/rows/pack.ts'
import { ratioOf, rowGap, rowHeight } from '../../components/rows/row-height.ts'
import { useWidth } from '../../components/rows/use-width.ts'
import { useStrings } from '../../strings/strings.ts'
import './picture-wall.css'

interface PictureWallProps {
  images: readonly ListedImage[]
  /** How many there are; null where nobody knows. */
  total: number | null
  /** Asked for when the end of what there is comes near. */
  onNearEnd: () => void
}

/** Pictures in rows, of which only those near the window are in the document. */
export function PictureWall({ images, total, onNearEnd }: PictureWallProps) {
  const t = useStrings().library
  const [wall, width] = useWidth<HTMLDivElement>()
  const rows = useMemo(() => {
    if (width === 0) return []
    const height = rowHeight(width)
    return packRows(images.map(ratioOf), { width, height, gap: rowGap })
  }, [images, width])
  return (
    <div ref={wall} role="list" aria-label={t.list}>
      <WindowVirtualizer
        data={rows}
        itemSize={(rows[0]?.height ?? 0) + rowGap}
        onScroll={() => {
          const end = wall.current?.getBoundingClientRect().bottom ?? 0
          if (end < 3 * innerHeight) onNearEnd()
        }}
      >
        {(row) => (
          <WallRow
            key={row.start}
            row={row}
            images={images}
            total={Math.max(total ?? 0, images.length)}
          />
        )}
      </WindowVirtualizer>
    </div>
  )
}

interface WallRowProps {
  row: Row
  images: readonly ListedImage[]
  total: number
}

function WallRow({ row, images, total }: WallRowProps) {
  const t = useStrings().library
  return (
    <div className="wall__row" role="presentation">
      {images.slice(row.start, row.end).map((image, index) => (
        <div
          key={image.id}
          className="wall__cell"
          role="listitem"
          aria-setsize={total}
          aria-posinset={row.start + index + 1}
          style={{ '--width': `${row.widths[index]}px`, '--height': `${row.height}px` }}
        >
          <Link
            className="wall__picture"
            href={`/${formatQuestion({ ...noQuestion, like: image.id })}`}
            title={nameOf(image.image_uri)}
          >
            <PictureOf record={image} alt="" across={row.widths[index] ?? 0} />
            <span className="visually-hidden">
              {t.like}
              {nameOf(image.image_uri)}
            </span>
          </Link>
        </div>
      ))}
    </div>
  )
}
