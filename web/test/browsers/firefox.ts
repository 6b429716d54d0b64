import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { started } from './started.ts'
import type { Driver } from './tab.ts'

/** Firefox as it is installed, over WebDriver BiDi, which it speaks itself. */
export async function openFirefox(program: string): Promise<Driver> {
  const profile = await mkdtemp(join(tmpdir(), 'lookalike-firefox-'))
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0']
  const browser = await started(program, args, /WebDriver BiDi listening on (ws:\S+)/)
  const socket = new WebSocket(`${browser.match[1]}/session`)
  const waiting = new Map<number, (answer: Answer) => void>()
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(data as string) as Answer
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  let last = 0
  async function send<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++last
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve)
      socket.send(JSON.stringify({ id, method, params }))
    })
    if (answer.type === 'error') throw new Error(`${method}: ${answer.message}`)
    return answer.result as Result
  }

  const { capabilities } = await send<{ capabilities: { browserVersion: string } }>('session.new', {
    capabilities: {},
  })
  const { context } = await send<{ context: string }>('browsingContext.create', { type: 'tab' })
  await send('browsingContext.setViewport', { context, viewport: { width: 1200, height: 800 } })
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    async navigate(url) {
      await send('browsingContext.navigate', { context, url, wait: 'complete' })
    },
    async evaluate(expression) {
      // As text: BiDi has a form of its own for every value.
      const { result, exceptionDetails } = await send<Evaluated>('script.evaluate', {
        expression: `JSON.stringify(${expression})`,
        target: { context },
        awaitPromise: true,
      })
      if (exceptionDetails) throw new Error(exceptionDetails.text)
      return result?.value === undefined ? undefined : (JSON.parse(result.value) as unknown)
    },
    async act(actions) {
      await send('input.performActions', { context, actions })
    },
    async close() {
      await send('browser.close').catch(() => {})
      await browser.stop()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

type Answer = { id: number } & (
  | { type: 'success'; result: unknown }
  | { type: 'error'; message: string }
)

interface Evaluated {
  result?: { value?: string }
  exceptionDetails?: { text: string }
}
