import { useRef } from 'react'
import { useStrings } from '../../strings/strings.ts'
import { Slider } from '../../components/slider.tsx'
import { DropZone } from './drop-zone.tsx'
import { Progress } from './progress.tsx'
import type { Settings } from './settings.ts'
import type { PictureQuery } from './query.ts'
import type { SearchState } from './use-search.ts'
import './search-panel.css'

interface SearchPanelProps {
  query: PictureQuery | null
  settings: Settings
  state: SearchState
  onFiles: (files: File[]) => void
  onClear: () => void
  onSettings: (settings: Settings) => void
  onSearch: () => void
  onCancel: () => void
}

/** Everything a person sets before a search, and its progress while it runs. */
export function SearchPanel(props: SearchPanelProps) {
  const { ask: t, format } = useStrings()
  const { query, settings, state } = props
  const advice = query?.kind === 'file' ? (query.advice?.(t, format) ?? null) : null
  const searchButton = useRef<HTMLButtonElement>(null)
  const searching = state.phase === 'searching'
  return (
    <form
      className="search-panel"
      aria-label={t.byImage}
      onSubmit={(event) => {
        event.preventDefault()
        props.onSearch()
      }}
    >
      <DropZone query={query} onFiles={props.onFiles} onClear={props.onClear} />
      {advice && state.phase !== 'failed' && (
        <p className="search-panel__advice" role="alert">
          {advice}
        </p>
      )}
      <Slider
        label={t.results}
        hint={t.resultsHint}
        min={1}
        max={100}
        step={1}
        value={settings.limit}
        onChange={(limit) => props.onSettings({ ...settings, limit })}
      />
      <Slider
        label={t.minimum}
        hint={t.minimumHint}
        min={0}
        max={1}
        step={0.01}
        value={settings.minimum}
        onChange={(minimum) => props.onSettings({ ...settings, minimum })}
        format={format.hundredths}
      />
      <div className="search-panel__actions">
        {/* Never `disabled`: that would drop the keyboard focus of whoever just pressed it. */}
        <button
          type="submit"
          ref={searchButton}
          className="button button--primary"
          aria-disabled={searching || !query}
        >
          {t.search}
        </button>
        {searching && (
          <button
            type="button"
            className="button"
            onClick={() => {
              searchButton.current?.focus()
              props.onCancel()
            }}
          >
            {t.cancel}
          </button>
        )}
      </div>
      {searching && <Progress stages={state.stages} />}
    </form>
  )
}
