import './styles/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createClient } from '@lookalike/sdk'
import { App } from './app.tsx'

// The API lies beside the page, which may be served below a path.
const client = createClient({ baseUrl: new URL('.', location.href).href })

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App client={client} />
  </StrictMode>,
)
