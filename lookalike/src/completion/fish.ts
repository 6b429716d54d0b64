import type { Offer } from './offers.ts'

/** A script for fish 3 and newer. */
export function fishCompletion(offers: readonly Offer[]): string {
  const paths = offers.flatMap(({ path, words }) =>
    words.map(({ word }) => quoted(`${path} ${word}`)),
  )
  const lines = offers.flatMap(({ path, words, options, operands }) => {
    const here = `complete -c lookalike -n ${quoted(`__lookalike_at ${path}`.trim())}`
    return [
      ...words.map((each) => `${here} -a ${each.word} -d ${quoted(each.description)}`),
      ...options.map(({ word, description, completed }) => {
        const flag = word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`
        return `${here} ${flag} ${valueOf(completed)} -d ${quoted(description)}`
      }),
      ...(operands === 'files' ? [`${here} -F`] : []),
      ...(typeof operands === 'string' || operands.length === 0
        ? []
        : [`${here} -a ${quoted(operands.join(' '))}`]),
    ]
  })
  return `# Completes the words of lookalike in fish: see lookalike completion --help
function __lookalike_at
    set -l at
    for word in (commandline -opc)[2..]
        switch "$at $word"
            case ${paths.join(' ')}
                set -a at $word
        end
    end
    test "$at" = "$argv"
end
complete -c lookalike -f
${lines.join('\n')}
`
}

function valueOf(completed: Offer['options'][number]['completed']): string {
  if (completed === null) return ''
  if (completed === 'files') return '-r -F'
  if (completed === 'folders') return "-x -a '(__fish_complete_directories)'"
  return completed.length === 0 ? '-x' : `-x -a ${quoted(completed.join(' '))}`
}

/** Fish knows two escapes between single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}
