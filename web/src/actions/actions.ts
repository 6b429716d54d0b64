import { useEffect, useId, useSyncExternalStore } from 'react'

/** Something a person can do: listed in the command palette and, if it has keys, in the help sheet. */
export interface Action {
  name: string
  /** `?`, `Escape`, `mod+k` (Ctrl, on a Mac Command), or one key after another: `g l`. */
  keys?: string
  run: () => void
}

export interface ActionGroup {
  title: string
  actions: Action[]
}

let groups: ReadonlyMap<string, ActionGroup> = new Map()
const listeners = new Set<() => void>()

/**
 * Declares what can be done while the component that calls this is there. Later components come first, and
 * their keys win.
 */
export function useActions(title: string, actions: Action[]): void {
  const id = useId()
  // After every render, because what an action does closes over what was rendered.
  useEffect(() => change((all) => all.set(id, { title, actions })))
  useEffect(() => () => change((all) => all.delete(id)), [id])
}

export function useActionGroups(): ActionGroup[] {
  const current = useSyncExternalStore(subscribe, () => groups)
  return [...current.values()].filter(({ actions }) => actions.length > 0).reverse()
}

/** All that can be done now; of two with the same keys the first is meant. */
export function currentActions(): Action[] {
  return [...groups.values()].reverse().flatMap(({ actions }) => actions)
}

function change(edit: (all: Map<string, ActionGroup>) => void): void {
  const next = new Map(groups)
  edit(next)
  groups = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
