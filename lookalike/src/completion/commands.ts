import type { Extension } from '@lookalike/cli'
import { Argument, type Command } from 'commander'
import { describeCommand } from '../described/described-command.ts'

const shells = ['bash', 'zsh', 'fish'] as const

export function addCompletionCommand(program: Command, { terminal }: Extension): void {
  program
    .command('completion')
    .description('print what completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'which').choices(shells))
    .addHelpText('after', afterHelp)
    .action(async (shell: (typeof shells)[number]) => {
      const { completionOf } = await import('./scripts.ts')
      await terminal.out(completionOf(shell, describeCommand(program)))
    })
}

const afterHelp = `
Where it goes (again after an upgrade):
  bash  lookalike completion bash > ~/.local/share/bash-completion/completions/lookalike
  zsh   lookalike completion zsh > ~/.zfunc/_lookalike; in ~/.zshrc, before compinit: fpath+=~/.zfunc
  fish  lookalike completion fish > ~/.config/fish/completions/lookalike.fish

Make the folder first. Where bash has no package bash-completion, source the file in ~/.bashrc.`
