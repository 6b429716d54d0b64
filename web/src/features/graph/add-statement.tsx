import { useId, useState } from 'react'
import type { Client } from '@lookalike/sdk'
import { explain } from '../../components/failure.tsx'
import { useStrings } from '../../strings/strings.ts'
import { isWebAddress } from './short-name.ts'

const suggestions = ['creator', 'about', 'character', 'isPartOf', 'keywords', 'locationCreated']

interface AddStatementProps {
  client: Client
  id: string
  onAdded: () => void
}

/** Two fields: what is said, and its value. A plain word is a term of schema.org, a web address a link. */
export function AddStatement({ client, id, onAdded }: AddStatementProps) {
  const { frame, graph: t } = useStrings()
  const listId = useId()
  const [property, setProperty] = useState('')
  const [value, setValue] = useState('')
  const [trouble, setTrouble] = useState('')

  async function add(event: React.FormEvent) {
    event.preventDefault()
    const predicate = /^\w+$/.test(property.trim())
      ? `https://schema.org/${property.trim()}`
      : property
    const type = isWebAddress(value.trim()) ? 'uri' : 'literal'
    try {
      await client.addStatement(id, { predicate, value: { type, value } })
      setProperty('')
      setValue('')
      setTrouble('')
      onAdded()
    } catch (error) {
      setTrouble(explain(error, frame).detail)
    }
  }

  return (
    <form className="add-statement" onSubmit={(event) => void add(event)}>
      <input
        aria-label={t.property}
        placeholder={t.property}
        list={listId}
        required
        value={property}
        onChange={(event) => setProperty(event.target.value)}
      />
      <datalist id={listId}>
        {suggestions.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      <input
        aria-label={t.value}
        placeholder={t.valueHint}
        required
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="button button--quiet">
        {t.add}
      </button>
      {trouble && <p role="alert">{trouble}</p>}
    </form>
  )
}
