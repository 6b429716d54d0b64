import { useState } from 'react'
import { Link } from 'wouter'
import { Icon } from '../../components/icon.tsx'
import { explain } from '../../components/failure.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { combinedAs, partsOf } from '../ask/search/ask.ts'
import { titleOf } from '../ask/search/title.ts'
import type { Found } from '../ask/search/use-search.ts'
import { refreshNews } from './news.ts'
import './tell-me.css'

type State = 'idle' | 'asking' | 'told' | { error: unknown }

/** Lets the question of what was found stand, so that the bell tells of new pictures. */
export function TellMe({ found }: { found: Found }) {
  const strings = useStrings()
  const { searches: t, frame } = strings
  const { client, refuse } = useServer()
  const [state, setState] = useState<State>('idle')

  async function stand() {
    setState('asking')
    const { question, queries } = found
    const { signal } = new AbortController()
    try {
      await client.searches.add(
        titleOf(found, strings).slice(0, 200),
        await partsOf({ client, question, queries, signal }),
        {
          ...(question.filter ? { filter: question.filter } : {}),
          ...(question.minimum > 0 ? { scoreThreshold: question.minimum } : {}),
          ...combinedAs(question),
        },
      )
      setState('told')
      await refreshNews(client)
    } catch (error) {
      refuse(error)
      setState({ error })
    }
  }

  if (state === 'told') {
    return (
      <p className="tell-me" role="status">
        <Icon name="bell" />
        {t.told} <Link href="/searches">{t.title}</Link>
      </p>
    )
  }
  return (
    <p className="tell-me">
      <button
        type="button"
        className="button button--small"
        aria-disabled={state === 'asking'}
        onClick={() => {
          if (state !== 'asking') void stand()
        }}
      >
        <Icon name="bell" />
        {t.tellMe}
      </button>
      {typeof state === 'object' && <span role="alert"> {explain(state.error, frame).detail}</span>}
    </p>
  )
}
