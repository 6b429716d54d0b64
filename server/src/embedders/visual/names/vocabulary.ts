import { readFileSync } from 'node:fs'
import type { KnownName } from '../../embedder.ts'

/** A class that the network tells apart, or a kind of such classes. */
export interface Entry extends KnownName {
  /** Classes that it covers, by index: one of a class, several of a kind. */
  readonly classes: readonly number[]
}

interface Line {
  readonly english: string[]
  readonly german: string[]
  readonly parents: string[]
}

let read: readonly Entry[] | undefined

/**
 * The classes in the network's order, then the kinds, from `classes.txt` and `kinds.txt`: a line each,
 * `English, synonyms|German, synonyms|kinds`.
 */
export function vocabulary(): readonly Entry[] {
  return (read ??= compose(linesOf('classes.txt'), linesOf('kinds.txt')))
}

function linesOf(file: string): Line[] {
  const list = (text: string | undefined) =>
    (text ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [english, german, parents] = line.split('|')
      return { english: list(english), german: list(german), parents: list(parents) }
    })
}

function compose(classes: readonly Line[], kinds: readonly Line[]): Entry[] {
  const parentsOf = new Map(kinds.map(({ english, parents }) => [english[0]!, parents]))
  /** Breadth first, so that nearer kinds come before farther ones. */
  const ancestors = (parents: readonly string[]): string[] => {
    const found = [...parents]
    for (const kind of found) {
      const above = parentsOf.get(kind)
      if (!above) throw new Error(`The vocabulary lacks the kind ${kind}.`)
      for (const parent of above) if (!found.includes(parent)) found.push(parent)
    }
    return found
  }
  const members = new Map<string, number[]>(kinds.map(({ english }) => [english[0]!, []]))
  const classEntries = classes.map(({ english, german, parents }, index): Entry => {
    const above = ancestors(parents)
    for (const kind of above) members.get(kind)!.push(index)
    return { name: english[0]!, english, german, classes: [index], kinds: above, isKind: false }
  })
  const kindEntries = kinds.map(({ english, german, parents }): Entry => ({
    name: english[0]!,
    english,
    german,
    classes: members.get(english[0]!)!,
    kinds: ancestors(parents),
    isKind: true,
  }))
  return [...classEntries, ...kindEntries]
}
