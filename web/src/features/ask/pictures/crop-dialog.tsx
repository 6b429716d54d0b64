import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useStrings } from '../../../strings/strings.ts'
import { cutOut, type Part } from './cut-out.ts'
import './crop-dialog.css'

interface CropDialogProps {
  file: File
  onPart: (part: File) => void
  onClose: () => void
}

type Corner = 'start' | 'end'
/** In shares of the picture's width and height. */
type Place = readonly [x: number, y: number]
const least = 0.05
const step = 0.02

/** Lets a person choose a part of a picture to search for, by mouse, finger or keys. */
export default function CropDialog({ file, onPart, onClose }: CropDialogProps) {
  const t = useStrings().ask
  const [part, setPart] = useState<Part>({ left: 0.15, top: 0.15, right: 0.85, bottom: 0.85 })
  const [url, setUrl] = useState<string>()
  const dialog = useRef<HTMLDialogElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const pull = useRef<((to: Place) => Part) | null>(null)

  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    dialog.current?.showModal()
    return () => URL.revokeObjectURL(made)
  }, [file])

  const move = (corner: Corner, x: number, y: number) =>
    setPart((part) =>
      corner === 'start'
        ? {
            ...part,
            left: between(0, x, part.right - least),
            top: between(0, y, part.bottom - least),
          }
        : {
            ...part,
            right: between(part.left + least, x, 1),
            bottom: between(part.top + least, y, 1),
          },
    )

  function placeOf({ clientX, clientY }: PointerEvent): Place {
    const { left, top, width, height } = picture.current!.getBoundingClientRect()
    return [between(0, (clientX - left) / width, 1), between(0, (clientY - top) / height, 1)]
  }

  function drag(corner: Corner, event: PointerEvent) {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) move(corner, ...placeOf(event))
  }

  /** What a pointer that came down beside the corners does: it moves the frame it is in, or draws another. */
  function take(event: PointerEvent) {
    if (event.target instanceof HTMLButtonElement) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const from = placeOf(event)
    pull.current = isWithin(part, from) ? (to) => movedBy(part, from, to) : (to) => around(from, to)
  }

  function press(corner: Corner, event: KeyboardEvent) {
    const [right, down] = arrows[event.key] ?? []
    if (right === undefined || down === undefined) return
    event.preventDefault()
    const [x, y] = corner === 'start' ? [part.left, part.top] : [part.right, part.bottom]
    move(corner, x + right * step, y + down * step)
  }

  const handle = (corner: Corner, label: string) => (
    <button
      type="button"
      className={`crop__handle crop__handle--${corner}`}
      aria-label={label}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => drag(corner, event)}
      onKeyDown={(event) => press(corner, event)}
    />
  )

  return (
    <dialog className="crop" ref={dialog} aria-labelledby="crop-title" onClose={onClose}>
      <h2 id="crop-title">{t.crop.title}</h2>
      <p>{t.crop.lead}</p>
      <div
        className="crop__picture"
        ref={picture}
        onPointerDown={take}
        onPointerMove={(event) => {
          if (pull.current) setPart(pull.current(placeOf(event)))
        }}
        onLostPointerCapture={() => {
          pull.current = null
        }}
      >
        {url && <img src={url} alt={t.previewOf(file.name)} draggable={false} />}
        <div
          className="crop__part"
          style={{
            '--left': part.left,
            '--top': part.top,
            '--right': part.right,
            '--bottom': part.bottom,
          }}
        >
          {handle('start', t.crop.start)}
          {handle('end', t.crop.end)}
        </div>
      </div>
      <div className="crop__actions">
        <button
          type="button"
          className="button button--primary"
          onClick={() => void cutOut(file, part, t.crop.partOf(file.name)).then(onPart)}
        >
          {t.crop.search}
        </button>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {t.cancel}
        </button>
      </div>
    </dialog>
  )
}

const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

function isWithin({ left, top, right, bottom }: Part, [x, y]: Place): boolean {
  return x > left && x < right && y > top && y < bottom
}

/** The frame as it is moved, which ends at the edges of the picture. */
function movedBy({ left, top, right, bottom }: Part, from: Place, to: Place): Part {
  const x = between(-left, to[0] - from[0], 1 - right)
  const y = between(-top, to[1] - from[1], 1 - bottom)
  return { left: left + x, top: top + y, right: right + x, bottom: bottom + y }
}

/** The frame between two places, as small as a part may be where they are the same. */
function around(from: Place, to: Place): Part {
  const left = Math.min(from[0], to[0], 1 - least)
  const top = Math.min(from[1], to[1], 1 - least)
  return {
    left,
    top,
    right: Math.max(from[0], to[0], left + least),
    bottom: Math.max(from[1], to[1], top + least),
  }
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
