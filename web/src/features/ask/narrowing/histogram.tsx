import './histogram.css'

const bars = 25

/** How many values lie where between 0 and 1, over a slider that cuts them; those below `from` are pale. */
export function Histogram({ values, from }: { values: readonly number[]; from: number }) {
  if (values.length === 0) return null
  const counts = Array.from({ length: bars }, () => 0)
  for (const value of values) {
    const bar = Math.max(0, Math.min(bars - 1, Math.floor(value * bars)))
    counts[bar]! += 1
  }
  const most = Math.max(...counts)
  return (
    <div className="histogram" aria-hidden="true">
      {counts.map((count, index) => (
        <span
          key={index}
          className={(index + 1) / bars <= from ? 'is-cut' : ''}
          style={{ '--share': count / most }}
        />
      ))}
    </div>
  )
}
