import { useEffect, useState } from 'react'

export type Theme = 'light' | 'dark'

// `public/theme.js` reads the same key before the first paint.
const storageKey = 'lookalike-theme'
const systemDark = '(prefers-color-scheme: dark)'

function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia(systemDark).matches ? 'dark' : 'light'
}

/** The theme on show and a way to choose the other; follows the system until a choice is made. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(currentTheme)

  useEffect(() => {
    const system = matchMedia(systemDark)
    const follow = () => setTheme(currentTheme())
    system.addEventListener('change', follow)
    return () => system.removeEventListener('change', follow)
  }, [])

  return [
    theme,
    (chosen) => {
      document.documentElement.dataset.theme = chosen
      setTheme(chosen)
      try {
        localStorage.setItem(storageKey, chosen)
      } catch {
        // Storage is blocked: the choice lasts as long as the page.
      }
    },
  ]
}
