import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Route, Switch, useLocation } from 'wouter'
import type { Client } from '@lookalike/sdk'
import { useActions } from './actions/actions.ts'
import { useKeys } from './actions/keys.ts'
import { isUnauthorized } from './components/failure.tsx'
import { useLibrary } from './features/library/use-library.ts'
import { SignIn } from './features/sign-in/sign-in.tsx'
import { Announcer } from './frame/announcer.tsx'
import { copyText } from './frame/copy-text.ts'
import { PageFooter, PageHeader } from './frame/frame.tsx'
import { Tray } from './frame/tray.tsx'
import { themes, useTheme } from './frame/theme.ts'
import { forgetAnswers } from './offline/kept-answers.ts'
import { ServerProvider } from './server.ts'
import { useStrings } from './strings/strings.ts'
import { views } from './views.ts'
import { NotFound } from './views/not-found.tsx'
import './app.css'

const Help = lazy(() => import('./actions/help.tsx'))
const Palette = lazy(() => import('./actions/palette.tsx'))
const pages = views.map(({ path, load }) => ({ path, Page: lazy(load) }))

export function App({ client }: { client: Client }) {
  const t = useStrings().frame
  const [library, reload] = useLibrary(client)
  const [refused, setRefused] = useState(false)
  const [sheet, setSheet] = useState<'help' | 'palette' | null>(null)
  /** Views that show what was kept ask anew. */
  const [returns, setReturns] = useState(0)
  const [, setTheme] = useTheme()
  const [path, navigate] = useLocation()
  const main = useFocusOnChange(path)
  const locked = refused || isUnauthorized(library.error)
  const shown = locked ? [] : views.filter(({ hasContent }) => hasContent(library))

  const refuse = useCallback((error: unknown) => {
    if (isUnauthorized(error)) setRefused(true)
  }, [])
  const server = useMemo(
    () => ({ client, library, reload, refuse }),
    [client, library, reload, refuse],
  )

  // The close of one may be heard of when the other is open already.
  const close = (closed: typeof sheet) => setSheet((open) => (open === closed ? null : open))

  async function signOut() {
    await client.signOut()
    await forgetAnswers()
    navigate('/')
    reload()
  }

  useKeys()
  useActions(
    t.actions.everywhere,
    [
      { name: t.actions.commands, keys: 'mod+k', run: () => setSheet('palette') },
      { name: t.actions.helpTitle, keys: '?', run: () => setSheet('help') },
      ...shown.map(({ name, path, key }) => ({
        name: t.actions.goTo(t.views[name]),
        keys: `g ${key}`,
        run: () => navigate(path),
      })),
      {
        name: t.actions.copyAddress,
        keys: 'y',
        run: () => void copyText(location.href, t.actions.addressCopied),
      },
      ...themes.map((theme) => ({
        name: t.actions.theme(t.themes[theme]),
        run: () => setTheme(theme),
      })),
    ],
    'everywhere',
  )

  return (
    <ServerProvider value={server}>
      <a
        className="skip-link"
        href="#content"
        onClick={(event) => {
          event.preventDefault()
          const target = document.getElementById('outcome') ?? main.current
          target?.focus()
        }}
      >
        {t.skip}
      </a>
      <PageHeader
        info={library.info}
        views={shown}
        onCommands={() => setSheet('palette')}
        onSignOut={() => void signOut()}
      />
      <main id="content" className={locked ? 'page page--locked' : 'page'} tabIndex={-1} ref={main}>
        {locked ? (
          <SignIn
            client={client}
            onSignedIn={() => {
              void forgetAnswers()
              setRefused(false)
              reload()
            }}
          />
        ) : (
          <Suspense>
            <Switch key={returns}>
              {pages.map(({ path, Page }) => (
                <Route key={path} path={path} component={Page} />
              ))}
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        )}
      </main>
      <PageFooter info={library.info} />
      <Tray
        onBack={() => {
          reload()
          setReturns(returns + 1)
        }}
      />
      <Announcer />
      <Suspense>
        {sheet === 'help' && <Help onClose={() => close('help')} />}
        {sheet === 'palette' && <Palette onClose={() => close('palette')} />}
      </Suspense>
    </ServerProvider>
  )
}

/** Moves the focus to the new view, whose link or button may be gone, and not on the first. */
function useFocusOnChange(path: string) {
  const main = useRef<HTMLElement>(null)
  const last = useRef(path)
  const follow = useEffectEvent(() => {
    if (last.current === path) return
    last.current = path
    main.current?.focus({ preventScroll: true })
  })
  useEffect(() => follow(), [path])
  return main
}
