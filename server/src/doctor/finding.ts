/** What a library is looked at for, in the order in which that is done: each check relies on those before it. */
export const checkNames = [
  'leftovers',
  'databases',
  'settings',
  'records',
  'files',
  'index',
  'graph',
  'caches',
  'disk',
] as const
export type CheckName = (typeof checkNames)[number]

/** One kind of damage, with everything that it was found at. */
export interface Finding {
  /** Names the kind, for programs. */
  readonly code: string
  /** What is the matter; and what to do, where nothing is repaired here. */
  readonly message: string
  /** How many are damaged in this way. */
  readonly count: number
  /** Some of them: ids of records, names of files. */
  readonly items: readonly string[]
  /**
   * Mends all of them and says what was done; absent where that takes a person. May be called again after it was
   * interrupted at any moment.
   *
   * @throws Error when it could not be done; what was done until then is done
   */
  readonly repair?: () => string | Promise<string>
}

/** What a check says while it looks. */
export interface Findings {
  found(finding: Finding): void
  /** What a person may want to know, though nothing is damaged. */
  note(text: string): void
  /** What was looked at, for people: `5 records`. */
  looked(text: string): void
}

const shown = 10

/** The first few, for {@link Finding.items}. */
export function some(items: Iterable<string>): string[] {
  return [...items].slice(0, shown)
}
