import { useState } from 'react'
import type { StandingSearch } from '@lookalike/sdk'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'

interface SearchSettingsProps {
  search: StandingSearch
  onChange: (change: () => Promise<unknown>) => Promise<boolean>
}

/** Its name, where matches are sent, and its end. */
export function SearchSettings({ search, onChange }: SearchSettingsProps) {
  const t = useStrings().searches
  const { client } = useServer()
  const { id, name, webhook } = search
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <div className="standing__settings">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const typed = String(new FormData(event.currentTarget).get('name')).trim()
          if (typed && typed !== name)
            void onChange(() => client.searches.change(id, { name: typed }))
        }}
      >
        <label>
          <span className="eyebrow">{t.name}</span>
          <input name="name" defaultValue={name} maxLength={200} required autoComplete="off" />
        </label>
        <button type="submit" className="button">
          {t.rename}
        </button>
      </form>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const url = String(new FormData(event.currentTarget).get('webhook')).trim()
          void onChange(async () => {
            const made = await client.searches.change(id, { webhook: url })
            setSecret(made.webhook_secret)
          })
        }}
      >
        <label>
          <span className="eyebrow">{t.webhook}</span>
          <input
            name="webhook"
            type="url"
            required
            placeholder={webhook ? webhook.origin : 'https://'}
            autoComplete="off"
          />
        </label>
        <button type="submit" className="button">
          {t.setWebhook}
        </button>
        {webhook && (
          <button
            type="button"
            className="button"
            onClick={() => void onChange(() => client.searches.change(id, { webhook: null }))}
          >
            {t.noWebhook}
          </button>
        )}
      </form>
      {webhook && (
        <p>
          {t.webhookStates[webhook.status]} {webhook.detail}
        </p>
      )}
      {secret !== null && (
        <p role="status">
          {t.secret} <code>{secret}</code>
        </p>
      )}
      <p>
        {search.min_match || search.score_threshold !== null
          ? t.least(search.min_match, search.score_threshold)
          : null}
      </p>
      <button
        type="button"
        className="button standing__remove"
        onClick={() => void onChange(() => client.searches.remove(id))}
      >
        {t.remove}
      </button>
    </div>
  )
}
