import { useEffect } from 'react'
import { currentActions } from './actions.ts'

/** Between the keys of a sequence. */
const patienceMs = 1200

const typing =
  'input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]'

/** What a field does with a text itself. */
const writing = new Set(['a', 'c', 'v', 'x', 'y', 'z'].map((key) => `mod+${key}`))

/**
 * Runs the actions whose keys are pressed, wherever the focus is, but where it writes or in a dialog, unless that
 * is a place of its own with actions of its own (`data-keys`).
 */
export function useKeys(): void {
  useEffect(() => {
    let before = ''
    let beforeAt = 0
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const target = event.target instanceof Element ? event.target : document.body
      const key = nameOfKey(event)
      if (target.closest('dialog')?.matches(':not([data-keys])')) return
      if (target.closest(typing) && (!key.startsWith('mod+') || writing.has(key))) return
      const sequence = event.timeStamp - beforeAt < patienceMs && before ? `${before} ${key}` : key
      const actions = currentActions()
      const action =
        actions.find(({ keys }) => keys === sequence) ?? actions.find(({ keys }) => keys === key)
      before = action || key.includes('+') ? '' : key
      beforeAt = event.timeStamp
      if (!action) return
      event.preventDefault()
      action.run()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

function nameOfKey({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string {
  if (ctrlKey || metaKey) return `mod+${key.toLowerCase()}`
  return altKey ? `alt+${key.toLowerCase()}` : key
}

const signs: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  ' ': '␣',
  ...(/Mac|iPhone|iPad/.test(navigator.userAgent) && { mod: '⌘' }),
}

/**
 * The caps of keys, as they are written on a keyboard, for each key of a sequence.
 *
 * @param names of the keys that are named in each language
 */
export function caps(keys: string, names: Record<string, string>): string[][] {
  return keys
    .split(/(?<=.) /)
    .map((chord) =>
      chord
        .split(/(?<=.)\+/)
        .map((key) => signs[key] ?? names[key] ?? (key.length === 1 ? key.toUpperCase() : key)),
    )
}
