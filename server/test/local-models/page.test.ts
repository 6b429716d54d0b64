import { rm } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPage } from '../../../web/build.ts'
import { desk, openPage } from '../../../web/test/support/opened-page.ts'
import { FakeHub } from '../fakes/model-hub.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { tinyModel } from '../support/tiny-model.ts'
import { folderWithRuntime, haveRuntime } from './runtime.ts'

describe.skipIf(!haveRuntime)('the page over a local model', () => {
  let hub: FakeHub
  let server: TestServer
  let browser: Browser
  let dataDir: string
  beforeAll(async () => {
    await buildPage()
    dataDir = await folderWithRuntime()
    hub = await new FakeHub({
      'tiny/dino': tinyModel('dinov2'),
      'tiny/siglip': tinyModel('siglip'),
    }).start()
    server = await startServer({
      DATA_DIR: dataDir,
      EMBEDDER: 'local',
      LOCAL_MODEL: 'tiny/dino+tiny/siglip',
      NAMES_BY_MODEL: 'false',
      HF_ENDPOINT: hub.origin,
    })
    for (const [name, background] of Object.entries({ red: '#f00', green: '#0f0', blue: '#00f' })) {
      const picture = sharp({ create: { width: 300, height: 200, channels: 3, background } }).png()
      await server.index(await picture.toBuffer(), { image_uri: `http://example.org/${name}.png` })
    }
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await hub?.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  test('any words find pictures, and a picture finds its like', async () => {
    const { page, complaints, close } = await openPage(browser, desk)
    await page.goto(server.url)
    const results = page.getByRole('list', { name: 'Similar images' }).getByRole('listitem')
    // None of these is a name that the built-in embedder knows.
    await page.getByRole('searchbox').fill('something greenish but green')
    await page.keyboard.press('Enter')
    await expect.poll(() => results.count()).toBe(3)
    await expect
      .poll(() => results.first().getByRole('img').first().getAttribute('alt'))
      .toMatch(/all light green/)
    await page.goto(`${server.url}/?q=${encodeURIComponent('A RED SQUARE')}`)
    await expect
      .poll(() => results.first().getByRole('img').first().getAttribute('alt'))
      .toMatch(/ red \(100/)
    const shot = process.env['LOCAL_SCREENSHOT']
    if (shot) await page.screenshot({ path: shot })
    await page.goto(`${server.url}/status`)
    await page.getByText(/models are loaded/).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
