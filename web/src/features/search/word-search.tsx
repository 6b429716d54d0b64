import { useEffect, useId, useState } from 'react'
import type { Client, Info } from '@lookalike/sdk'
import './word-search.css'

interface WordSearchProps {
  client: Client
  /** What the embedder of the library understands. */
  understands: Info['embedder']['text']
  onSearch: (text: string) => void
}

/** A line for words instead of a picture; where only names are understood, it completes them. */
export function WordSearch({ client, understands, onSearch }: WordSearchProps) {
  const [text, setText] = useState('')
  const names = useNames(client, understands)
  const id = useId()
  if (understands === 'none') return null
  return (
    <form
      className="word-search"
      role="search"
      aria-label="Search by words"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onSearch(text.trim())
      }}
    >
      <label htmlFor={id}>
        Search by words
        <span className="word-search__hint">
          {understands === 'names'
            ? 'Names of things, English or German: teapot, Leuchtturm, dog not poodle'
            : 'What the pictures should show'}
        </span>
      </label>
      <div className="word-search__line">
        <input
          id={id}
          type="search"
          value={text}
          maxLength={2000}
          autoComplete="off"
          list={names.length > 0 ? `${id}-names` : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button">
          Find
        </button>
      </div>
      {names.length > 0 && (
        <datalist id={`${id}-names`}>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </datalist>
      )}
    </form>
  )
}

/** Each thing's first name in both languages; none while they are not there, which nothing depends on. */
function useNames(client: Client, understands: Info['embedder']['text']): string[] {
  const [names, setNames] = useState<string[]>([])
  useEffect(() => {
    if (understands !== 'names') return
    const leaving = new AbortController()
    client
      .vocabulary({ signal: leaving.signal })
      .then((vocabulary) => {
        const firsts = vocabulary.names.flatMap(({ english, german }) => [english[0], german[0]])
        setNames([...new Set(firsts.filter((name) => name !== undefined))].sort())
      })
      .catch(() => {})
    return () => leaving.abort()
  }, [client, understands])
  return names
}
