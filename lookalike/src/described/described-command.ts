import type { Command } from 'commander'

/** A command as its help tells of it. */
export interface DescribedCommand {
  /** The words that name it behind the program's own: none, `import`, `keys add`. */
  readonly path: string
  readonly description: string
  /** As in its usage: `[options] <file>`. */
  readonly usage: string
  readonly arguments: readonly DescribedArgument[]
  readonly options: readonly DescribedOption[]
  /** All below it, however deep; each before its own. */
  readonly commands: readonly DescribedCommand[]
  /** What its help ends with. */
  readonly after: string
}

export interface DescribedArgument {
  /** As in the usage: `[sources...]`. */
  readonly term: string
  readonly description: string
  readonly completed: Completed
}

export interface DescribedOption {
  /** As typed: `--limit`. */
  readonly flags: readonly string[]
  /** As in the help: `<n>`, `[true|false]`, or nothing. */
  readonly value: string
  readonly description: string
  /** The description with its default and what there is to choose from. */
  readonly told: string
  /** Heading in the help; empty for the usual one. */
  readonly group: string
  readonly completed: Completed
}

/** What a shell can complete a value with: words, the names of files or folders, or nothing. */
export type Completed = readonly string[] | 'files' | 'folders'

/** Reads the tree of commands, from which help is written as well. */
export function describeCommand(command: Command, path = ''): DescribedCommand {
  const help = Object.assign(command.createHelp(), command.configureHelp())
  const below = (child: Command) => `${path} ${child.name()}`.trim()
  const commands = help.visibleCommands(command).flatMap((child) => {
    const one = describeCommand(child, below(child))
    return [one, ...one.commands]
  })
  return {
    path,
    description: command.description(),
    usage: command.usage(),
    arguments: help.visibleArguments(command).map((argument) => ({
      term: help.argumentTerm(argument),
      description: help.argumentDescription(argument),
      completed: argument.argChoices ?? filesIn(`${argument.name()} ${argument.description}`),
    })),
    options: help.visibleOptions(command).map((option) => ({
      flags: option.flags.split(/[ ,]+/).filter((word) => word.startsWith('-')),
      value: /[<[].*$/.exec(option.flags)?.[0] ?? '',
      description: option.description,
      told: help.optionDescription(option).replace(' (default: [])', ''),
      group: option.helpGroupHeading ?? '',
      completed: option.argChoices ?? completedBy(option.flags),
    })),
    commands,
    after: textAfter(command),
  }
}

/** Shells offer what the placeholder says: `<file>`, `<folder>`, `[true|false]`. */
function completedBy(flags: string): Completed {
  const [, value = ''] = /[<[](.*)[\]>]$/.exec(flags) ?? []
  if (value === 'folder') return 'folders'
  return value.includes('|') ? value.split('|') : filesIn(value)
}

function filesIn(text: string): Completed {
  return /\b(files?|picture)\b/.test(text) ? 'files' : []
}

/** Commander tells nobody what `addHelpText` was given: it is what the help has beyond the rest. */
function textAfter(command: Command): string {
  const output = { ...command.configureOutput() }
  let text = ''
  command.configureOutput({ writeOut: (more) => void (text += more) })
  command.outputHelp()
  command.configureOutput(output)
  return text.slice(command.helpInformation().length).trim()
}
