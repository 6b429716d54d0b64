import { useEffect, useId, useState } from 'react'
import type { Client, Info } from '@lookalike/sdk'
import { useStrings } from '../../strings/strings.ts'
import './word-search.css'

interface WordSearchProps {
  client: Client
  /** What the embedder of the library understands. */
  understands: Info['embedder']['text']
  /** Those that are searched for now. */
  words: string
  onSearch: (text: string) => void
}

/** A line for words instead of a picture; where only names are understood, it completes them. */
export function WordSearch({ client, understands, words, onSearch }: WordSearchProps) {
  const [text, setText] = useState(words)
  const [used, setUsed] = useState(false)
  const names = useNames(client, used && understands === 'names')
  const id = useId()
  const t = useStrings().ask
  if (understands === 'none') return null
  return (
    <form
      className="word-search"
      role="search"
      aria-label={t.byWords}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onSearch(text.trim())
      }}
    >
      <label htmlFor={id}>
        {t.byWords}
        <span className="word-search__hint">{understands === 'names' ? t.names : t.anyWords}</span>
      </label>
      <div className="word-search__line">
        <input
          id={id}
          type="search"
          value={text}
          maxLength={2000}
          autoComplete="off"
          // The names are more than all else that the page begins with: they come when they are needed.
          onFocus={() => setUsed(true)}
          list={names.length > 0 ? `${id}-names` : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button">
          {t.find}
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
function useNames(client: Client, wanted: boolean): string[] {
  const [names, setNames] = useState<string[]>([])
  useEffect(() => {
    if (!wanted) return
    const leaving = new AbortController()
    client
      .vocabulary({ signal: leaving.signal })
      .then((vocabulary) => {
        const firsts = vocabulary.names.flatMap(({ english, german }) => [english[0], german[0]])
        setNames([...new Set(firsts.filter((name) => name !== undefined))].sort())
      })
      .catch(() => {})
    return () => leaving.abort()
  }, [client, wanted])
  return names
}
