import { useState } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

// `public/theme.js` reads the same key before the first paint.
const storageKey = 'lookalike-theme'

/** The theme that was chosen and a way to choose another; `system` is what the browser's preference says. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => {
    const chosen = document.documentElement.dataset.theme
    return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
  })
  return [
    theme,
    (chosen) => {
      setTheme(chosen)
      if (chosen === 'system') delete document.documentElement.dataset.theme
      else document.documentElement.dataset.theme = chosen
      try {
        if (chosen === 'system') localStorage.removeItem(storageKey)
        else localStorage.setItem(storageKey, chosen)
      } catch {
        // Storage is blocked: the choice lasts as long as the page.
      }
    },
  ]
}
