import { useMemo, type MouseEvent } from 'react'
import { placeholderOf } from '../../components/placeholder.ts'
import type { Outlined } from '../library/pictures.ts'
import type { Point, Size } from './camera.ts'
import { colourClass } from './palette.tsx'

interface Shown {
  id: string
  version: string | null
  outline: Outlined | undefined
  name: string
}

interface MapPictureProps extends Shown {
  index: number
  /** Index of the palette. */
  colour: number
  chosen: boolean
  href: string
  onOpen: (id: string) => void
  onFocus: () => void
  onBlur: () => void
  onElement: (element: HTMLElement | null) => void
}

/** A picture at its place on the map; who holds the map moves it. */
export function MapPicture(props: MapPictureProps) {
  const { id, version, outline, name, index, colour, chosen, href, onOpen, onElement } = props
  function open(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    onOpen(id)
  }
  return (
    <a
      ref={onElement}
      className={`map-picture ${colourClass(colour)}`}
      href={href}
      data-index={index}
      data-picture={id}
      data-chosen={chosen || undefined}
      draggable={false}
      onClick={open}
      onFocus={props.onFocus}
      onBlur={props.onBlur}
    >
      <Thumbnail id={id} version={version} outline={outline} name={name} />
    </a>
  )
}

interface PreviewProps extends Shown {
  /** Whether the picture itself is to be seen here, because it is not on the map. */
  pictured: boolean
  at: Point
  within: Size
}

/** What is pointed at, beside it. */
export function Preview({ at, within, pictured, ...shown }: PreviewProps) {
  const isLow = at.y > within.height / 2
  const isRight = at.x > within.width / 2
  return (
    <div
      className="map-preview"
      aria-hidden="true"
      style={{
        translate: `calc(${at.x}px + ${isRight ? '-100% - 0.75rem' : '0.75rem'}) calc(${at.y}px + ${isLow ? '-100% - 0.75rem' : '0.75rem'})`,
      }}
    >
      {pictured && shown.version !== null && <Thumbnail {...shown} name="" />}
      <span>{shown.name}</span>
    </div>
  )
}

function Thumbnail({ id, version, outline, name }: Shown) {
  const thumbhash = outline?.thumbhash ?? null
  const placeholder = useMemo(() => placeholderOf(thumbhash), [thumbhash])
  return (
    <img
      src={`./api/images/${id}/thumbnail?v=${version}`}
      alt={name}
      style={placeholder ? { backgroundImage: `url(${placeholder})` } : {}}
      decoding="async"
      draggable={false}
    />
  )
}
