import { useEffect, useId, useState, type KeyboardEvent } from 'react'
import { useStrings } from '../strings/strings.ts'
import { useActionGroups, type Action } from './actions.ts'
import { Caps } from './caps.tsx'
import { Sheet } from './sheet.tsx'

/** Finds an action by its words, and does it. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useStrings().frame.actions
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const actions = useActionGroups().flatMap((group) => group.actions)
  const found = actions.filter(({ name }) => hasWords(name, words))
  const chosen = found[Math.min(at, found.length - 1)]
  const optionId = (action: Action) => `${id}-${found.indexOf(action)}`

  useEffect(() => {
    if (chosen)
      document
        .getElementById(`${id}-${found.indexOf(chosen)}`)
        ?.scrollIntoView({ block: 'nearest' })
  })

  // Once the dialog is gone and the focus is back, because an action may move it.
  function run(action: Action | undefined) {
    if (!action) return
    onClose()
    setTimeout(action.run)
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.length > 0)
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length)
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) run(chosen)
    else return
    event.preventDefault()
  }

  return (
    <Sheet label={t.commands} onClose={onClose}>
      <input
        className="palette__input"
        role="combobox"
        aria-label={t.find}
        placeholder={t.find}
        aria-expanded={found.length > 0}
        aria-controls={id}
        aria-activedescendant={chosen && optionId(chosen)}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      {found.length > 0 ? (
        <div className="palette__list" role="listbox" id={id} aria-label={t.commands}>
          {found.map((action, index) => (
            <button
              type="button"
              tabIndex={-1}
              key={action.name}
              id={optionId(action)}
              role="option"
              aria-selected={action === chosen}
              onPointerMove={() => setAt(index)}
              onClick={() => run(action)}
            >
              {action.name}
              {action.keys && <Caps keys={action.keys} />}
            </button>
          ))}
        </div>
      ) : (
        <p className="palette__nothing" role="status">
          {t.nothing}
        </p>
      )}
    </Sheet>
  )
}

function hasWords(name: string, words: string): boolean {
  const inName = name.toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => inName.includes(word))
}
