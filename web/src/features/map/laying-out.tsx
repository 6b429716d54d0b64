import { useStrings } from '../../strings/strings.ts'
import { fewest, type MapState } from './use-map.ts'

/** How far the server is with the map, while it is not ready. */
export function LayingOut({ map, onRetry }: { map: MapState; onRetry: () => void }) {
  const { map: t, frame } = useStrings()
  const { phase, detail, placed, images } = map
  if (phase === 'failed') {
    return (
      <div className="map-progress" role="alert">
        <p>{detail ?? t.failed}</p>
        <button type="button" className="button" onClick={onRetry}>
          {frame.failure.again}
        </button>
      </div>
    )
  }
  if ((phase !== 'laying_out' && phase !== 'placing') || images < fewest) return null
  const isPlacing = phase === 'placing' && placed > 0
  return (
    <div className="map-progress">
      <p role="status">
        {phase === 'placing'
          ? t.placing
          : map.places.ids.length > 0
            ? t.layingOutAgain
            : t.layingOut}
      </p>
      <progress
        aria-label={t.progress}
        {...(isPlacing ? { value: placed, max: Math.max(placed, images) } : {})}
      />
      {isPlacing && <p className="map-progress__count">{t.placed(placed, images)}</p>}
    </div>
  )
}
