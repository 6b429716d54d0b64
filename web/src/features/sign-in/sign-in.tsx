import { useState } from 'react'
import type { Client } from '@lookalike/sdk'
import { explain, isUnauthorized } from '../../components/failure.tsx'
import { useStrings } from '../../strings/strings.ts'
import './sign-in.css'

interface SignInProps {
  client: Client
  onSignedIn: () => void
}

/** Asks for an API key when the server wants one; the key becomes a cookie that scripts cannot read. */
export function SignIn({ client, onSignedIn }: SignInProps) {
  const { frame, signIn: t } = useStrings()
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)

  async function submit(key: string) {
    setBusy(true)
    setProblem('')
    try {
      await client.signIn(key)
      onSignedIn()
    } catch (error) {
      setProblem(isUnauthorized(error) ? t.wrong : explain(error, frame).detail)
    } finally {
      setBusy(false)
    }
  }

  return (
    <section className="sign-in">
      <h2 className="sign-in__title">{t.title}</h2>
      <p>
        {t.before}
        <code>API_KEYS</code>
        {t.or}
        <code>lookalike keys add</code>
        {t.after}
      </p>
      <form
        aria-busy={busy}
        onSubmit={(event) => {
          event.preventDefault()
          void submit(String(new FormData(event.currentTarget).get('key')).trim())
        }}
      >
        <label htmlFor="api-key">{t.key}</label>
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
            {t.submit}
          </button>
        </div>
        <p className="sign-in__problem" id="sign-in-problem" role="alert">
          {problem}
        </p>
      </form>
    </section>
  )
}
