import { useStrings } from '../../strings/strings.ts'
import { colourClass } from './palette.tsx'
import { otherColour, type Colours } from './use-colours.ts'

/** Which colour stands for what. */
export function Legend({ colours, total }: { colours: Colours; total: number }) {
  const { map: t, format } = useStrings()
  const others = colours.of.reduce((sum, colour) => sum + Number(colour === otherColour), 0)
  const lines = [
    ...colours.values.map(({ value, count }, at) => ({
      name: String(value),
      count: Math.min(count, total),
      colour: at + 1,
    })),
    ...(others > 0 ? [{ name: t.others, count: others, colour: otherColour }] : []),
  ]
  return (
    <ul className="map-legend" role="list" aria-label={t.legend}>
      {lines.map(({ name, count, colour }) => (
        <li key={colour}>
          <span className={`map-legend__dot ${colourClass(colour)}`} />
          {name}
          <span className="map-legend__count">{format.number(count)}</span>
        </li>
      ))}
    </ul>
  )
}
