import './styles/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { createClient } from '@lookalike/sdk'
import { App } from './app.tsx'
import { preferredLanguage, speak } from './strings/strings.ts'
import { views } from './views.ts'

// The API lies beside the page, which may be served below a path.
const base = new URL('.', location.href)
const client = createClient({ baseUrl: base.href })

// What will be drawn first comes at once with the words for it, rather than after a first empty page.
const opened = views.find(({ path }) => new URL(path.slice(1), base).pathname === location.pathname)
await Promise.allSettled([speak(preferredLanguage()), opened?.load()])

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Router base={base.pathname.replace(/\/$/, '')}>
      <App client={client} />
    </Router>
  </StrictMode>,
)
