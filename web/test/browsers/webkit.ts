import { createServer, type AddressInfo } from 'node:net'
import { started } from './started.ts'
import type { Driver } from './tab.ts'

/** What WebKitGTK's tests use, over WebDriver; on a screen of its own, for it has no other way to be without one. */
export async function openWebKit(programs: Programs): Promise<Driver> {
  const screen = await started(
    programs.screen,
    ['-displayfd', '2', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
    /^(\d+)$/,
  )
  const port = await freePort()
  const driver = await started(
    'bash',
    ['-c', `echo ready; exec "$0" --host=127.0.0.1 --port=${port}`, programs.driver],
    /ready/,
    { DISPLAY: `:${screen.match[1]}`, WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
  )
  async function stop() {
    await driver.stop()
    await screen.stop()
  }
  try {
    return await begin(`http://127.0.0.1:${port}`, programs.browser, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

export interface Programs {
  screen: string
  driver: string
  browser: string
}

async function begin(root: string, binary: string, stop: () => Promise<void>): Promise<Driver> {
  const send = async <Value>(method: string, path: string, body?: object): Promise<Value> => {
    const response = await fetch(root + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const { value } = (await response.json()) as { value: Value & { message?: string } }
    if (!response.ok) throw new Error(`${path}: ${value.message}`)
    return value
  }
  await listening(root)
  const { sessionId, capabilities } = await send<Session>('POST', '/session', {
    capabilities: {
      alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } },
    },
  })
  const session = `/session/${sessionId}`
  await send('POST', `${session}/window/rect`, { width: 1200, height: 850 })
  return {
    version: `WebKitGTK ${capabilities.browserVersion}`,
    async navigate(url) {
      await send('POST', `${session}/url`, { url })
    },
    evaluate: (expression) =>
      send('POST', `${session}/execute/sync`, { script: `return ${expression}`, args: [] }),
    async act(actions) {
      await send('POST', `${session}/actions`, { actions })
    },
    async close() {
      await send('DELETE', session).catch(() => {})
      await stop()
    },
  }
}

interface Session {
  sessionId: string
  capabilities: { browserVersion: string }
}

async function listening(root: string): Promise<void> {
  for (let tries = 100; ; tries--) {
    try {
      await fetch(`${root}/status`)
      return
    } catch (error) {
      if (tries === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
