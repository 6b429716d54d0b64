import { useState } from 'react'
import type { SearchResult } from '@lookalike/sdk'
import { packRows } from '../../components/rows/pack.ts'
import { ratioOf, rowGap, rowHeight } from '../../components/rows/row-height.ts'
import { useStable } from '../../components/use-stable.ts'
import { useShow } from '../lightbox/use-show.ts'
import type { AskOn } from './picture-actions.tsx'
import { ResultCard } from './result-card.tsx'
import type { Stack } from './shown-results.ts'

interface RowsProps {
  stacks: Stack[]
  label: string
  /** Of the wall, in CSS pixels; 0 until it has been measured. */
  width: number
  askOn: AskOn
}

/** Rows of pictures that use the width; copies lie under the best of them until they are asked for. */
export function Rows({ stacks, label, width, askOn }: RowsProps) {
  const { hrefOf, open } = useShow()
  const [opened, setOpened] = useState<readonly string[]>([])
  const shown = stacks.flatMap(({ top, copies }) =>
    opened.includes(top.id) ? [top, ...copies] : [top],
  )
  const copiesOf = new Map(stacks.map(({ top, copies }) => [top.id, copies.length]))
  const cells = cellsOf(shown, width)
  const toggle = (id: string) =>
    setOpened((opened) =>
      opened.includes(id) ? opened.filter((other) => other !== id) : [...opened, id],
    )
  const card = useStable({ ...askOn, open, toggle })
  return (
    <ul className="results__rows" role="list" aria-label={label}>
      {shown.map((result, index) => (
        <ResultCard
          key={result.id}
          result={result}
          position={index}
          width={cells[index]?.width}
          height={cells[index]?.height}
          copies={copiesOf.get(result.id) ?? 0}
          unfolded={opened.includes(result.id)}
          onCopies={card.toggle}
          askOn={card}
          href={hrefOf(result.id)}
          onOpen={card.open}
        />
      ))}
    </ul>
  )
}

/** The captions need some room, however narrow the picture. */
const narrowest = 0.8

/** Width and height of each picture, so that rows of them fill the wall. */
function cellsOf(results: readonly SearchResult[], width: number) {
  if (width === 0) return []
  const ratios = results.map((result) => Math.max(narrowest, ratioOf(result)))
  const rows = packRows(ratios, { width, height: rowHeight(width), gap: rowGap })
  return rows.flatMap(({ widths, height }) => widths.map((width) => ({ width, height })))
}
