import { useId, type ReactNode } from 'react'
import './slider.css'

interface SliderProps {
  label: string
  hint: string
  min: number
  max: number
  step: number
  value: number
  onChange: (value: number) => void
  format?: (value: number) => string
  /** Lies over the track, from end to end. */
  children?: ReactNode
}

export function Slider(props: SliderProps) {
  const { label, hint, value, onChange, format = String, children, ...range } = props
  const id = useId()
  const fill = ((value - range.min) / (range.max - range.min)) * 100
  return (
    <div className="slider">
      <label className="slider__label" htmlFor={id}>
        {label}
      </label>
      {/* The slider says its value itself; an <output> would be one more live region. */}
      <span className="slider__value" aria-hidden="true">
        {format(value)}
      </span>
      {children && <div className="slider__over">{children}</div>}
      <input
        id={id}
        className="slider__input"
        type="range"
        {...range}
        value={value}
        aria-describedby={`${id}-hint`}
        aria-valuetext={format(value)}
        style={{ '--fill': `${fill}%` }}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <p className="slider__hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  )
}
