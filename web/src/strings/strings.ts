import { useSyncExternalStore } from 'react'
import { english } from './english/index.ts'

export type Strings = typeof english

/** The languages that the page speaks, by their own names. The first is for everybody else. */
export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

/** Those written from right to left; the layout follows `dir`, as all of its lengths are logical. */
const rightToLeft: readonly string[] = ['ar', 'fa', 'he', 'ur']

const storageKey = 'lookalike-language'
const listeners = new Set<() => void>()
let language: Language = 'en'
let strings: Strings = english

/** The words of the page in the language of its reader; who calls it is drawn again when that changes. */
export function useStrings(): Strings {
  return useSyncExternalStore(subscribe, () => strings)
}

export function useLanguage(): [Language, (language: Language) => void] {
  const current = useSyncExternalStore(subscribe, () => language)
  return [
    current,
    (chosen) => {
      void speak(chosen)
      try {
        localStorage.setItem(storageKey, chosen)
      } catch {
        // Storage is blocked: the choice lasts as long as the page.
      }
    },
  ]
}

/** The language that was chosen here before, else the first of the browser's that the page speaks. */
export function preferredLanguage(): Language {
  let chosen: string | null = null
  try {
    chosen = localStorage.getItem(storageKey)
  } catch {
    // Storage is blocked: the browser's languages decide.
  }
  const wanted = [chosen, ...navigator.languages].map((tag) => tag?.split('-')[0])
  return wanted.find(isLanguage) ?? 'en'
}

/** Makes the page speak a language; one that is not here yet is fetched first. */
export async function speak(chosen: Language): Promise<void> {
  const spoken = chosen === 'de' ? (await import('./german/index.ts')).german : english
  language = chosen
  strings = spoken
  document.documentElement.lang = chosen
  document.documentElement.dir = rightToLeft.includes(chosen) ? 'rtl' : 'ltr'
  for (const listener of listeners) listener()
}

function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && Object.hasOwn(languages, tag)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
