import { useRef } from 'react'
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
  const { query, settings, state } = props
  const searchButton = useRef<HTMLButtonElement>(null)
  const searching = state.phase === 'searching'
  return (
    <form
      className="search-panel"
      aria-label="Search by image"
      onSubmit={(event) => {
        event.preventDefault()
        props.onSearch()
      }}
    >
      <DropZone query={query} onFiles={props.onFiles} onClear={props.onClear} />
      {query?.kind === 'file' && query.advice && state.phase !== 'failed' && (
        <p className="search-panel__advice" role="alert">
          {query.advice}
        </p>
      )}
      <Slider
        label="Results"
        hint="How many to find at most"
        min={1}
        max={100}
        step={1}
        value={settings.limit}
        onChange={(limit) => props.onSettings({ ...settings, limit })}
      />
      <Slider
        label="Minimum similarity"
        hint="Hides what is less alike than this"
        min={0}
        max={1}
        step={0.01}
        value={settings.minimum}
        onChange={(minimum) => props.onSettings({ ...settings, minimum })}
        format={(value) => value.toFixed(2)}
      />
      <div className="search-panel__actions">
        {/* Never `disabled`: that would drop the keyboard focus of whoever just pressed it. */}
        <button
          type="submit"
          ref={searchButton}
          className="button button--primary"
          aria-disabled={searching || !query}
        >
          Search
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
            Cancel
          </button>
        )}
      </div>
      {searching && <Progress stages={state.stages} />}
    </form>
  )
}
