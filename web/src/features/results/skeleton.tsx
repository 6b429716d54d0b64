import './skeleton.css'

const atMost = 12

/** Empty frames where the first results will hang. */
export function Skeleton({ count }: { count: number }) {
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: Math.min(count, atMost) }, (_, index) => (
        <div key={index} className="skeleton__frame" />
      ))}
    </div>
  )
}
