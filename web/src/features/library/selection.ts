import { useCallback, useMemo, useState } from 'react'
import type { Outlined } from './pictures.ts'

export interface Selection {
  readonly ids: ReadonlySet<string>
  toggle: (index: number) => void
  /** From where the last one was chosen up to this one. */
  extend: (index: number) => void
  /** These, and what was chosen `before`. */
  replace: (indices: Iterable<number>, before?: ReadonlySet<string>) => void
  all: (pictures: readonly Outlined[]) => void
  clear: () => void
}

const none: ReadonlySet<string> = new Set()

/** Which of the pictures are chosen, by id: they stay so when others come or go. */
export function useSelection(pictures: readonly Outlined[]): Selection {
  const [{ ids, anchor }, set] = useState<{ ids: ReadonlySet<string>; anchor: string | null }>({
    ids: none,
    anchor: null,
  })

  const toggle = (index: number) => {
    const id = pictures[index]?.id
    if (id === undefined) return
    const next = new Set(ids)
    if (!next.delete(id)) next.add(id)
    set({ ids: next, anchor: id })
  }

  const extend = (index: number) => {
    const from = pictures.findIndex(({ id }) => id === anchor)
    if (from === -1) return toggle(index)
    const next = new Set(ids)
    for (let at = Math.min(from, index); at <= Math.max(from, index); at++) {
      next.add(pictures[at]!.id)
    }
    set({ ids: next, anchor })
  }

  const replace = (indices: Iterable<number>, before: ReadonlySet<string> = none) => {
    const next = new Set(before)
    for (const index of indices) next.add(pictures[index]!.id)
    set({ ids: next, anchor })
  }

  return {
    ids,
    toggle,
    extend,
    replace,
    all: useCallback(
      (all) => set({ ids: new Set(all.map(({ id }) => id)), anchor: all[0]?.id ?? null }),
      [],
    ),
    clear: useCallback(() => set({ ids: none, anchor: null }), []),
  }
}

/** Of the chosen ones those that are there still, in the order of the list. */
export function useChosen(
  pictures: readonly Outlined[],
  ids: ReadonlySet<string>,
): readonly Outlined[] {
  return useMemo(
    () => (ids.size === 0 ? [] : pictures.filter(({ id }) => ids.has(id))),
    [pictures, ids],
  )
}
