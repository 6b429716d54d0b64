import { useState, type RefObject } from 'react'
import { useStrings } from '../../strings/strings.ts'
import type { Against } from './looked.ts'
import { Pane, type Source } from './pane.tsx'
import type { Zoom } from './zoom.ts'

/** `alone`, or with the picture that was asked about: beside it, or over it with a slider between them. */
export type Arrangement = 'alone' | 'beside' | 'over'

interface StageProps {
  stage: RefObject<HTMLDivElement | null>
  found: Source
  alt: string
  asked: { source: Source; name: string } | null
  against: Against
  arrangement: Arrangement
  zoom: Zoom
  heat: { edge: number; one: readonly number[]; other: readonly number[] } | null
  children: React.ReactNode
}

/** Where pictures are looked at. `heat.one` is of the picture that was asked about. */
export function Stage(props: StageProps) {
  const { stage, found, alt, asked, against, arrangement, zoom, heat } = props
  const words = useStrings().lightbox.against[against]
  const [split, setSplit] = useState(50)
  const together = asked !== null && arrangement !== 'alone'
  const over = together && arrangement === 'over'
  return (
    <div
      className={over ? 'stage stage--over' : 'stage'}
      ref={stage}
      style={{ '--split': `${split}%` }}
    >
      <div className="stage__panes">
        {together && (
          <Pane
            source={asked.source}
            alt={words.named(asked.name)}
            zoom={zoom}
            heat={heat && { edge: heat.edge, places: heat.one }}
            className="pane--asked"
            caption={words.yours}
          />
        )}
        <Pane
          source={found}
          alt={alt}
          zoom={zoom}
          heat={heat && { edge: heat.edge, places: heat.other }}
          className="pane--found"
          {...(together ? { caption: words.found } : {})}
        />
        {over && (
          <>
            <span className="stage__line" aria-hidden="true" />
            <input
              className="stage__split"
              type="range"
              min={0}
              max={100}
              step={1}
              value={split}
              aria-label={words.split}
              aria-valuetext={words.splitAt(split)}
              // They move it, and do not turn to the next picture.
              onKeyDown={(event) => {
                if (event.key.startsWith('Arrow')) event.stopPropagation()
              }}
              onChange={({ currentTarget }) => setSplit(currentTarget.valueAsNumber)}
            />
          </>
        )}
      </div>
      {props.children}
    </div>
  )
}
