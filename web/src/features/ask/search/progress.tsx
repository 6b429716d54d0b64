import { useEffect, useState } from 'react'
import { useStrings } from '../../../strings/strings.ts'
import type { Searching } from './use-search.ts'
import './progress.css'

interface ProgressProps {
  search: Searching
  onCancel: () => void
}

/** What a running search does now and for how long, in one line. The live region says the stages; this shows them. */
export function Progress({ search, onCancel }: ProgressProps) {
  const { ask: t, format } = useStrings()
  const seconds = useSeconds()
  const { stage, sent } = search
  const isUploading = stage === 'receive' && sent < 1
  return (
    <p className="progress" aria-label={t.progress}>
      <span className="progress__sign" />
      <span className="progress__stage">{t.stages[stage]}</span>
      <span className="progress__time">
        {isUploading ? format.percent(sent) : t.seconds(format.number(seconds))}
      </span>
      <button type="button" className="button button--small" onClick={onCancel}>
        {t.cancel}
        <kbd className="by-mouse">Esc</kbd>
      </button>
    </p>
  )
}

function useSeconds(): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const begun = performance.now()
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - begun) / 1000)), 250)
    return () => clearInterval(timer)
  }, [])
  return seconds
}
