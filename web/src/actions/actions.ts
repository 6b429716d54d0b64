import { useEffect, useId, useSyncExternalStore } from 'react'

/** Something a person can do: listed in the command palette and, if it has keys, in the help sheet. */
export interface Action {
  name: string
  /** `?`, `Escape`, `mod+k` (Ctrl, on a Mac Command), or one key after another: `g l`. */
  keys?: string
  run: () => void
}

/** Where something can be done: in a view, over it while that lies under a dialog, or in either case. */
type Place = 'view' | 'over' | 'everywhere'

export interface ActionGroup {
  title: string
  actions: Action[]
  place: Place
}

let groups: ReadonlyMap<string, ActionGroup> = new Map()
let current: readonly ActionGroup[] = []
const listeners = new Set<() => void>()

/**
 * Declares what can be done while the component that calls this is there. Later components come first, and
 * their keys win. What is done in a view is not done while something lies over it: nobody would see it.
 */
export function useActions(title: string, actions: Action[], place: Place = 'view'): void {
  const id = useId()
  // After every render, because what an action does closes over what was rendered.
  useEffect(() => change((all) => all.set(id, { title, actions, place })))
  useEffect(() => () => change((all) => all.delete(id)), [id])
}

export function useActionGroups(): readonly ActionGroup[] {
  return useSyncExternalStore(subscribe, () => current)
}

/** All that can be done now; of two with the same keys the first is meant. */
export function currentActions(): Action[] {
  return current.flatMap(({ actions }) => actions)
}

function change(edit: (all: Map<string, ActionGroup>) => void): void {
  const next = new Map(groups)
  edit(next)
  groups = next
  const all = [...next.values()].filter(({ actions }) => actions.length > 0).reverse()
  const isCovered = all.some(({ place }) => place === 'over')
  current = isCovered ? all.filter(({ place }) => place !== 'view') : all
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
