import type { DescribedCommand } from '../described/described-command.ts'
import { bashCompletion } from './bash.ts'
import { fishCompletion } from './fish.ts'
import { offersOf } from './offers.ts'
import { zshCompletion } from './zsh.ts'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

export function completionOf(shell: keyof typeof scripts, program: DescribedCommand): string {
  return scripts[shell](offersOf(program))
}
