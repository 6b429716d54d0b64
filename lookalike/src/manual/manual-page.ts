import { buildProgram, packageVersion, processTerminal } from '@lookalike/cli'
import {
  describeCommand,
  type DescribedCommand,
  type DescribedOption,
} from '../described/described-command.ts'
import { serverCommands } from '../program.ts'

/** Where libraries lie on any machine: a page is written once, for all. */
const folders = {
  library: '~/.local/share/lookalike; on macOS ~/Library/Application Support/lookalike',
  demo: '~/.local/share/lookalike-demo; on macOS ~/Library/Application Support/lookalike-demo',
}

/** `lookalike.1`: what the help of every command says, as one page in the macros of man(7). */
export async function manualPage(): Promise<string> {
  const terminal = processTerminal()
  const program = buildProgram(terminal, () => {
    throw new Error('No command is run here.')
  })
  const add = await serverCommands(['serve'], folders)
  add(program, { terminal, fail: () => {} })
  const described = describeCommand(program)
  const commands = described.commands.filter(({ path }) => !/\bhelp$/.test(path))
  return [
    `.TH LOOKALIKE 1 "" "lookalike ${packageVersion()}" "User Commands"`,
    '.SH NAME',
    `lookalike \\- ${text(asClause(described.description))}`,
    '.SH SYNOPSIS',
    '.B lookalike',
    text(described.usage),
    '.SH DESCRIPTION',
    text(described.description),
    'Options that begin the page are those of every command.',
    '.SH OPTIONS',
    ...described.options.flatMap(optionLines),
    '.SH COMMANDS',
    ...commands.flatMap((command, at) => commandLines(command, commands.slice(0, at))),
    ...afterLines(described.after, (heading) => [`.SH ${text(heading.toUpperCase())}`]),
    '',
  ].join('\n')
}

/** @param before those that the page has told of already */
function commandLines(command: DescribedCommand, before: readonly DescribedCommand[]): string[] {
  const own = command.options.filter(({ flags }) => !flags.includes('--help'))
  const twin = before.find((one) => one.options.length > 5 && hasAllOf(command, one))
  const told = own.filter((option) => !twin || !has(twin, option))
  const groups = Map.groupBy(told, ({ group }) => group)
  return [
    `.SS ${text(`${command.path} ${command.usage}`)}`,
    `${text(sentence(command.description))}`,
    ...command.arguments.flatMap(({ term, description }) => item(`.I ${text(term)}`, description)),
    ...[...groups].flatMap(([group, options]) => [
      ...(group ? ['.PP', text(group)] : []),
      ...options.flatMap(optionLines),
    ]),
    ...(twin ? ['.PP', `The options of ${text(twin.path)} are its options too.`] : []),
    ...afterLines(command.after, (heading) => ['.PP', `${text(heading)}:`]),
  ]
}

function hasAllOf(command: DescribedCommand, other: DescribedCommand): boolean {
  return other.options.every((option) => has(command, option))
}

function has(command: DescribedCommand, { flags }: DescribedOption): boolean {
  return command.options.some((option) => option.flags.join() === flags.join())
}

function optionLines({ flags, value, told }: DescribedOption): string[] {
  const names = flags.map((flag) => `\\fB${text(flag)}\\fR`).join(', ')
  return item(value ? `${names} \\fI${text(value)}\\fR` : names, told)
}

function item(term: string, description: string): string[] {
  return ['.TP', term, text(description)]
}

/** Of help, `Heading:` and `  name  what it is` under it; what is neither is a paragraph. */
function afterLines(after: string, headed: (heading: string) => string[]): string[] {
  const blocks = after.split('\n').map((line) => {
    const [, heading] = /^(\S.*):$/.exec(line) ?? []
    if (heading) return headed(heading)
    const [, name, description] = /^ {2}(\S+) {2,}(.+)$/.exec(line) ?? []
    if (name && description) return item(`.B ${text(name)}`, description)
    return line.trim() === '' ? [] : [text(line.trim())]
  })
  // Lines that follow each other are one paragraph.
  const isPlain = (block?: string[]) => block?.length === 1 && !block[0]!.startsWith('.')
  return blocks.flatMap((block, at) =>
    isPlain(block) && !isPlain(blocks[at - 1]) && !blocks[at - 1]?.[0]?.startsWith('.SH')
      ? ['.PP', ...block]
      : block,
  )
}

function sentence(clause: string): string {
  const capital = clause.charAt(0).toUpperCase() + clause.slice(1)
  return capital.endsWith('.') ? capital : `${capital}.`
}

function asClause(described: string): string {
  return described.charAt(0).toLowerCase() + described.slice(1).replace(/\.$/, '')
}

/** A hyphen that can be copied as one, and nothing that begins a request or an escape. */
function text(plain: string): string {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1')
    .replaceAll('"', '\\(dq')
}
