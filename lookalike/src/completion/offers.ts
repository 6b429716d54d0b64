import type {
  Completed,
  DescribedCommand,
  DescribedOption,
} from '../described/described-command.ts'

/** What can follow a command, for whichever shell. */
export interface Offer {
  /** The command: none, `import`, `keys add`. */
  readonly path: string
  /** Commands below it. */
  readonly words: readonly Word[]
  readonly options: readonly (Word & { readonly completed: Completed | null })[]
  /** Of what is neither command nor option. */
  readonly operands: Completed
}

interface Word {
  readonly word: string
  readonly description: string
}

/** What can follow each command; the program's own options can follow every one. */
export function offersOf(program: DescribedCommand): Offer[] {
  const everywhere = program.options.filter(({ flags }) => !flags.includes('--version'))
  return [program, ...program.commands].map((command) => ({
    path: command.path,
    words: program.commands
      .filter(({ path }) => parentOf(path) === command.path)
      .map(({ path, description }) => ({ word: lastOf(path), description })),
    options: (command === program
      ? program.options
      : [...command.options, ...everywhere.filter((one) => !hasFlagOf(command, one))]
    ).flatMap(({ flags, description, value, completed }) =>
      flags.map((word) => ({ word, description, completed: value === '' ? null : completed })),
    ),
    operands: operandsOf(command),
  }))
}

function operandsOf(command: DescribedCommand): Completed {
  const taken = command.arguments.map(({ completed }) => completed)
  return taken.find((one) => typeof one === 'string') ?? taken.flatMap((one) => one)
}

function hasFlagOf(command: DescribedCommand, option: DescribedOption): boolean {
  return command.options.some(({ flags }) => flags.some((flag) => option.flags.includes(flag)))
}

function parentOf(path: string): string {
  return path.split(' ').slice(0, -1).join(' ')
}

function lastOf(path: string): string {
  return path.split(' ').at(-1)!
}

/** For a shell, in single quotes, as POSIX has it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
