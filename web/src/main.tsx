import './styles/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { App } from './app.tsx'
import { base, connect } from './connect.ts'
import { keepPage } from './offline/register.ts'
import { preferredLanguage, speak } from './strings/strings.ts'
import { views } from './views.ts'

const client = connect()
keepPage()

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
