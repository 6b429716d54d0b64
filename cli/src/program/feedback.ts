import type { Command } from 'commander'
import { listFeedback, removeFeedback } from '../commands/feedback.ts'
import type { Session } from '../session.ts'
import { positive } from './options.ts'

/** Judgements of results that were kept. */
export function feedbackCommands(program: Command, session: () => Session): void {
  const feedback = program
    .command('feedback')
    .description('judgements of results that were kept, by which results are measured')
  feedback
    .command('list')
    .description('list them, newest first')
    .option('--limit <n>', 'the maximum number', positive, 50)
    .action((options) => listFeedback(session(), options))
  feedback
    .command('remove')
    .description('forget one of them')
    .argument('[number]', 'as the list has it', positive)
    .option('--all', 'forget all of them')
    .option('--yes', 'without asking')
    .action((number: number | undefined, options) => removeFeedback(session(), number, options))
}
