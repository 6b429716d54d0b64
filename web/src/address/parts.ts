/** One of the things that are asked for, as the address holds it. */
export interface Part {
  kind: 'words' | 'stored' | 'picture'
  /**
   * Words; the id of a picture of the library; or of a picture from outside its address, the SHA-256 of its bytes, or the
   * name that this window gave it, see `chosen-files.ts`.
   */
  value: string
  /** Results are to be unlike it. */
  less: boolean
}

/** As many as the API takes. */
const mostParts = 10

const longest = { words: 8000, stored: 100, picture: 2000 } as const
const parameters = { words: 'q', stored: 'like', picture: 'picture' } as const
const kinds = new Map<string, Part['kind']>(
  Object.entries(parameters).map(([kind, parameter]) => [parameter, kind as Part['kind']]),
)

/** The parts that a query string names, in its order. */
export function readParts(search: URLSearchParams): Part[] {
  return [...search].reduce<Part[]>((parts, [parameter, text]) => {
    const less = parameter === 'not' || parameter === 'unlike'
    const kind = parameter === 'not' ? 'words' : less ? kindOf(text.trim()) : kinds.get(parameter)
    if (!kind) return parts
    const value = text.trim().slice(0, longest[kind]).trim()
    return value === '' ? parts : withPart(parts, { kind, value, less })
  }, [])
}

export function writeParts(search: URLSearchParams, parts: readonly Part[]): void {
  for (const { kind, value, less } of parts) {
    const unlike = kind === 'words' ? 'not' : 'unlike'
    search.append(less ? unlike : parameters[kind], value)
  }
}

/** The same parts and one more; a part that is there already keeps its place and takes the sign of the new one. */
export function withPart(parts: readonly Part[], part: Part): Part[] {
  if (parts.some((each) => isSame(each, part))) {
    return parts.map((each) => (isSame(each, part) ? part : each))
  }
  return parts.length < mostParts ? [...parts, part] : [...parts]
}

export function withoutPart(parts: readonly Part[], part: Part): Part[] {
  return parts.filter((each) => !isSame(each, part))
}

/** The same with other words to look for in the place of the first, or with none; the rest stays. */
export function withWords(parts: readonly Part[], words: string): Part[] {
  const value = words.trim()
  const at = parts.findIndex(isWanted)
  if (value === '') return parts.filter((_, each) => each !== at)
  const part: Part = { kind: 'words', value, less: false }
  if (at === -1) return withPart(parts, part)
  return parts.flatMap((each, place) => (place === at ? part : isSame(each, part) ? [] : each))
}

/** The words to look for; empty where there are none. */
export function wordsOf(parts: readonly Part[]): string {
  return parts.find(isWanted)?.value ?? ''
}

/** Whether there is something that results are to be like. */
export function asksSomething(parts: readonly Part[]): boolean {
  return parts.some(({ less }) => !less)
}

/** Whether results can be like each of several things, which is another question than like all together. */
export function asksSeveral(parts: readonly Part[]): boolean {
  return parts.filter(({ less }) => !less).length > 1
}

export function keyOf({ kind, value }: Part): string {
  return `${kind} ${value}`
}

function isWanted({ kind, less }: Part): boolean {
  return kind === 'words' && !less
}

function isSame(one: Part, other: Part): boolean {
  return keyOf(one) === keyOf(other)
}

/** Ids are UUIDs; no hash, address or name of a window looks like one. */
function kindOf(value: string): Part['kind'] {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? 'stored' : 'picture'
}
