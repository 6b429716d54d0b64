import { readFileSync } from 'node:fs'

/** What a name is the name of: of each sort a picture has a few, and they do not compete with each other. */
export const sorts = ['thing', 'scene', 'light', 'mood', 'style', 'colour'] as const
export type Sort = (typeof sorts)[number]

/** Something that has names. */
export interface KnownName {
  /** Everyday English, the first of its names; what tags say. */
  readonly name: string
  readonly english: readonly string[]
  readonly german: readonly string[]
  /** Names of the kinds that it belongs to, the nearest first. */
  readonly kinds: readonly string[]
  /** Whether it is a kind, of other things that have names. */
  readonly isKind: boolean
}

/** A class that is told apart from the others, or a kind of such classes. */
export interface Entry extends KnownName {
  readonly sort: Sort
  /** Classes that it covers, by index: one of a class, several of a kind; its own first, where kinds have one. */
  readonly classes: readonly number[]
}

/** The classes in their order, then the kinds. */
export type Vocabulary = readonly Entry[]

interface Line {
  readonly english: string[]
  readonly german: string[]
  readonly parents: string[]
  readonly sort: Sort
}

let ofNetwork: Vocabulary | undefined
let whole: Vocabulary | undefined

/**
 * What the built-in eye tells apart, in its network's order, from `classes.txt` and `kinds.txt`: a line each,
 * `English, synonyms|German, synonyms|kinds`.
 */
export function networkVocabulary(): Vocabulary {
  return (ofNetwork ??= compose(linesOf(read('classes.txt')), linesOf(read('kinds.txt'))))
}

/**
 * All that has a name: the same, and behind it `further.txt`, where a line `# sort: kind` says what those below it are, and
 * `# kinds` stands before kinds of its own.
 */
export function wholeVocabulary(): Vocabulary {
  if (whole) return whole
  const { classes, kinds } = furtherLines(read('further.txt'))
  const all = compose(
    [...linesOf(read('classes.txt')), ...classes],
    [...linesOf(read('kinds.txt')), ...kinds],
  )
  return (whole = withKindsAsClasses(all))
}

/** For whoever knows what kinds are called: each is a class as well, its place in the list, for what is none of its others. */
export function withKindsAsClasses(vocabulary: Vocabulary): Vocabulary {
  const below = new Map<string, number[]>()
  for (const [at, { isKind, kinds }] of vocabulary.entries()) {
    for (const kind of isKind ? kinds : []) below.set(kind, [...(below.get(kind) ?? []), at])
  }
  return vocabulary.map((entry, at) =>
    entry.isKind
      ? { ...entry, classes: [at, ...entry.classes, ...(below.get(entry.name) ?? [])] }
      : entry,
  )
}

function read(file: string): string[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
}

function linesOf(lines: readonly string[], sort: Sort = 'thing', parents?: string[]): Line[] {
  return lines.map((line) => {
    const [english, german, above] = line.split('|')
    return { english: list(english), german: list(german), parents: parents ?? list(above), sort }
  })
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function furtherLines(lines: readonly string[]): { classes: Line[]; kinds: Line[] } {
  const classes: Line[] = []
  const kinds: Line[] = []
  let add: (line: string) => void = () => {}
  for (const line of lines) {
    if (!line.startsWith('# ')) {
      add(line)
      continue
    }
    const [title = '', above] = line.slice(2).split(':')
    const sort = sorts.find((each) => each === title)
    if (!sort && title !== 'kinds') throw new Error(`The vocabulary has no sort of name ${title}.`)
    add = sort
      ? (each) => classes.push(...linesOf([each], sort, list(above)))
      : (each) => kinds.push(...linesOf([each]))
  }
  return { classes, kinds }
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
  const classEntries = classes.map(({ english, german, parents, sort }, index): Entry => {
    const above = ancestors(parents)
    for (const kind of above) members.get(kind)!.push(index)
    const name = english[0]!
    return { name, english, german, sort, classes: [index], kinds: above, isKind: false }
  })
  const kindEntries = kinds.map(({ english, german, parents }): Entry => {
    const inside = members.get(english[0]!)!
    return {
      name: english[0]!,
      english,
      german,
      sort: classEntries[inside[0]!]?.sort ?? 'thing',
      classes: inside,
      kinds: ancestors(parents),
      isKind: true,
    }
  })
  return [...classEntries, ...kindEntries]
}
