import type { Filter } from '@lookalike/sdk'
import { interruptible, type Interrupt } from '../interrupt.ts'
import { openExportFile, type ExportFile } from '../moving/export-file.ts'
import { RetryPolicy } from '../retry-policy.ts'
import { withHowToResume } from '../resuming.ts'
import type { Session } from '../session.ts'
import { counted } from '../terminal/format.ts'
import { startProgressBar } from '../terminal/progress-bar.ts'

const howToResume = 'Run the same command again to go on where it broke off.'

/**
 * Writes the library to a file; one that broke off is taken up after its last checkpoint. Standard
 * output cannot be taken up again, so there nothing is tried twice.
 */
export async function exportLibrary(
  session: Session,
  path: string,
  { filter }: { filter?: Filter },
): Promise<void> {
  if (path === '-') return exportToStdout(session, filter)
  const { client, terminal, json } = session
  const { images } = await client.info()
  const file = await openExportFile(path, filter)
  const onStopping = () => terminal.err('\nStopping.\n')
  await interruptible(async (interrupt) => {
    const bar = startProgressBar(terminal, images ?? 0)
    try {
      await download(session, file, filter, interrupt, (done) => bar.update(done, ''))
    } catch (error) {
      throw withHowToResume(error, howToResume)
    } finally {
      bar.stop()
      await file.close()
    }
  }, onStopping)
  await file.complete()
  await terminal.out(
    json
      ? `${JSON.stringify({ file: path, records: file.records })}\n`
      : `${counted(file.records, 'record')} in ${path}.\n`,
  )
}

async function download(
  { client }: Session,
  file: ExportFile,
  filter: Filter | undefined,
  { stopping, leaving }: Interrupt,
  onRecords: (done: number) => void,
): Promise<void> {
  // Every page is kept as it comes, so stopping need not wait for anything.
  const retry = new RetryPolicy({ stopping, leaving: AbortSignal.any([stopping, leaving]) })
  while (file.cursor !== null) {
    await retry.run(async (signal) => {
      await file.rewind()
      const from = { signal, ...(file.cursor ? { cursor: file.cursor } : {}) }
      for await (const line of client.export({ ...from, ...(filter ? { filter } : {}) })) {
        await file.write(line)
        if ('checkpoint' in line) onRecords(file.records)
      }
    })
  }
}

async function exportToStdout({ client, terminal }: Session, filter?: Filter): Promise<void> {
  for await (const line of client.export(filter ? { filter } : {})) {
    await terminal.out(`${JSON.stringify(line)}\n`)
  }
}
