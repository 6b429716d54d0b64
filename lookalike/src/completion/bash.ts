import type { Completed } from '../described/described-command.ts'
import { quoted, type Offer } from './offers.ts'

/** A script for bash 3.2 (that of macOS) and newer, which needs nothing beside it. */
export function bashCompletion(offers: readonly Offer[]): string {
  const paths = offers.flatMap(({ path, words }) =>
    words.map(({ word }) => quoted(`${path} ${word}`)),
  )
  const values = offers.flatMap(({ path, options }) =>
    options.flatMap(({ word, completed }) =>
      completed === null ? [] : [`${quoted(`${path} ${word}`)}) offered=${kindOf(completed)} ;;`],
    ),
  )
  const options = offers.map(
    ({ path, options: all }) =>
      `${quoted(path)}) offered=${kindOf(all.map(({ word }) => word))} ;;`,
  )
  const operands = offers.map(({ path, words, operands: taken }) => {
    const offered = words.length > 0 ? words.map(({ word }) => word) : taken
    return `${quoted(path)}) offered=${kindOf(offered)} ;;`
  })
  return `# Completes the words of lookalike in bash: see lookalike completion --help
_lookalike() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} at='' offered='' word
  # --option=value comes as three words.
  if [[ $current == '=' ]]; then current=''
  elif [[ $previous == '=' ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${paths.join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  if [[ $current == -* ]]; then
    case "$at" in
      ${options.join('\n      ')}
    esac
  else
    case "$at $previous" in
      ${values.join('\n      ')}
      *) case "$at" in
        ${operands.join('\n        ')}
      esac ;;
    esac
  fi
  COMPREPLY=()
  case "$offered" in
    files|folders)
      compopt -o filenames 2>/dev/null
      [[ $offered == files ]] && offered=-f || offered=-d
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$offered" -- "$current") ;;
    *) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "\${offered# }" -- "$current") ;;
  esac
}
complete -F _lookalike lookalike
`
}

/** Words begin with a space, so that none of them is taken for a kind. */
function kindOf(completed: Completed): string {
  return typeof completed === 'string' ? completed : quoted(` ${completed.join(' ')}`)
}
