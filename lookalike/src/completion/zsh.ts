import type { Completed } from '../described/described-command.ts'
import { quoted, type Offer } from './offers.ts'

/** A script for zsh: a file `_lookalike` in a folder of `$fpath`, or to be sourced after `compinit`. */
export function zshCompletion(offers: readonly Offer[]): string {
  const paths = offers.flatMap(({ path, words }) =>
    words.map(({ word }) => quoted(`${path} ${word}`)),
  )
  const values = offers.flatMap(({ path, options }) =>
    options.flatMap(({ word, completed }) =>
      completed === null ? [] : [`${quoted(`${path} ${word}`)}) ${complete(completed)} ;;`],
    ),
  )
  const options = offers.map(
    ({ path, options: all }) => `${quoted(path)}) offered=(${all.map(described).join(' ')}) ;;`,
  )
  const operands = offers.map(({ path, words, operands: taken }) =>
    words.length > 0
      ? `${quoted(path)}) offered=(${words.map(described).join(' ')}); _describe command offered ;;`
      : `${quoted(path)}) ${complete(taken)} ;;`,
  )
  return `#compdef lookalike
# Completes the words of lookalike in zsh: see lookalike completion --help
_lookalike() {
  local at='' previous=\${words[CURRENT-1]} word
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      ${paths.join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  if [[ $PREFIX == --*=* ]]; then
    previous=\${PREFIX%%=*}
    compset -P '*='
  elif [[ $PREFIX == -* ]]; then
    case "$at" in
      ${options.join('\n      ')}
    esac
    _describe -o option offered
    return
  fi
  case "$at $previous" in
    ${values.join('\n    ')}
    *) case "$at" in
      ${operands.join('\n      ')}
    esac ;;
  esac
}
if [[ $funcstack[1] == _lookalike ]]; then _lookalike "$@"; else compdef _lookalike lookalike; fi
`
}

function complete(completed: Completed): string {
  if (completed === 'files') return '_files'
  if (completed === 'folders') return '_files -/'
  return completed.length === 0 ? '_message value' : `compadd -- ${completed.map(quoted).join(' ')}`
}

function described({ word, description }: { word: string; description: string }): string {
  return quoted(`${word}:${description}`)
}
