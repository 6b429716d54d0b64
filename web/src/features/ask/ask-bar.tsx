import { useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import type { Client, Info } from '@lookalike/sdk'
import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import { FileInput } from './pictures/file-input.tsx'
import './ask-bar.css'

interface AskBarProps {
  client: Client
  /** What the embedder of the library understands. */
  understands: Info['embedder']['text']
  /** Those that are searched for now. */
  words: string
  /** Searched for where no words are given: the picture that is there already. */
  hasPicture: boolean
  /** Of the file input, which a larger target may open too. */
  inputId: string
  onWords: (text: string) => void
  onFiles: (files: File[]) => void
  onPicture: () => void
}

/** The one line that takes every question: words, the address of a picture, or a picture. */
export function AskBar(props: AskBarProps) {
  const t = useStrings().ask
  const { understands } = props
  const [text, setText] = useState(props.words)
  const [used, setUsed] = useState(false)
  // Whoever asked keeps the focus where it is, to ask otherwise.
  const follow = useEffectEvent(() => setText(props.words))
  useEffect(() => follow(), [props.words])
  const names = useNames(props.client, used && understands === 'names')
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const asked = text.trim()
  return (
    <form
      className="ask-bar"
      role="search"
      aria-label={t.search}
      onSubmit={(event) => {
        event.preventDefault()
        // A keyboard on the screen would lie over what is found.
        if (matchMedia('(hover: none)').matches) field.current?.blur()
        if (asked || props.words) props.onWords(asked)
        else props.onPicture()
      }}
    >
      <label
        className="ask-bar__file takes-files button button--icon"
        title={t.choose}
        htmlFor={props.inputId}
      >
        <Icon name="picture" />
        <FileInput id={props.inputId} label={t.imageFile} onFiles={props.onFiles} />
      </label>
      <input
        ref={field}
        className="ask-bar__words"
        type="search"
        enterKeyHint="search"
        value={text}
        maxLength={2000}
        autoComplete="off"
        aria-label={understands === 'none' ? t.address : t.byWords}
        placeholder={t.placeholder[understands]}
        // The names are more than all else that the page begins with: they come when they are needed.
        onFocus={() => setUsed(true)}
        list={names.length > 0 ? id : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      {/* Never `disabled`: that would drop the keyboard focus of whoever just pressed it. */}
      <button
        type="submit"
        className="button button--primary"
        aria-label={t.search}
        aria-disabled={!asked && !props.hasPicture}
      >
        <Icon name="find" />
        <span className="ask-bar__verb">{t.search}</span>
      </button>
      {names.length > 0 && (
        <datalist id={id}>
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
