import { useState } from 'react'
import type { Client } from '@lookalike/sdk'
import { explain, isUnauthorized } from '../../components/failure.tsx'
import './sign-in.css'

interface SignInProps {
  client: Client
  onSignedIn: () => void
}

/** Asks for an API key when the server wants one; the key becomes a cookie that scripts cannot read. */
export function SignIn({ client, onSignedIn }: SignInProps) {
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)

  async function submit(key: string) {
    setBusy(true)
    setProblem('')
    try {
      await client.signIn(key)
      onSignedIn()
    } catch (error) {
      setProblem(
        isUnauthorized(error) ? 'That key is not one of this server’s.' : explain(error).detail,
      )
    } finally {
      setBusy(false)
    }
  }

  return (
    <section className="sign-in">
      <h2 className="sign-in__title">This library is private.</h2>
      <p>
        Sign in with one of this server’s keys: one of its <code>API_KEYS</code>, or one that{' '}
        <code>lookalike keys add</code> made.
      </p>
      <form
        aria-busy={busy}
        onSubmit={(event) => {
          event.preventDefault()
          void submit(String(new FormData(event.currentTarget).get('key')).trim())
        }}
      >
        <label htmlFor="api-key">API key</label>
        <div className="sign-in__row">
          <input
            id="api-key"
            name="key"
            type="password"
            autoComplete="current-password"
            required
            aria-invalid={problem !== ''}
            aria-describedby="sign-in-problem"
          />
          <button type="submit" className="button button--primary">
            Sign in
          </button>
        </div>
        <p className="sign-in__problem" id="sign-in-problem" role="alert">
          {problem}
        </p>
      </form>
    </section>
  )
}
