import { useState, type KeyboardEvent } from 'react'
import { useStrings } from '../../strings/strings.ts'
import { takeFocus } from '../../components/take-focus.ts'
import './description-editor.css'

/** The most that the server takes. */
const maxLength = 8000

interface DescriptionEditorProps {
  description: string
  onSearch: (text: string) => void
  onCancel: () => void
}

/** Lets a person say better than the model what they are looking for. */
export default function DescriptionEditor({
  description,
  onSearch,
  onCancel,
}: DescriptionEditorProps) {
  const [text, setText] = useState(description)
  const words = text.trim()
  const { ask, results: t } = useStrings()

  // A description is one paragraph: Enter sends it, as in a search field.
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === 'Escape') onCancel()
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    event.currentTarget.form?.requestSubmit()
  }

  return (
    <form
      className="description-editor"
      onSubmit={(event) => {
        event.preventDefault()
        if (words) onSearch(words)
      }}
    >
      <textarea
        className="description-editor__text description__text"
        aria-label={t.description}
        maxLength={maxLength}
        rows={4}
        value={text}
        ref={takeFocus}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className="description-editor__actions">
        <button type="submit" className="button button--primary" aria-disabled={!words}>
          {t.searchDescription}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {ask.cancel}
        </button>
      </div>
    </form>
  )
}
