import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import sharp, { type Sharp } from 'sharp'
import { addSamples } from '../../samples/add-samples.ts'
import samples from '../../samples/samples.json' with { type: 'json' }
import { launchBrowser } from '../../server/test/support/browser.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { buildPage } from '../build.ts'
import { desk, phone } from './support/opened-page.ts'

/**
 * `npm run screenshots`: the pictures of the page that README and docs show, of the samples, each on a desk and on a
 * phone, light and dark. The same sources make the same pictures.
 */

const folder = join(import.meta.dirname, '../../docs/screenshots')
const drawings = join(import.meta.dirname, '../../samples/pictures')
const screens = {
  desk: { ...desk, deviceScaleFactor: 1 },
  phone: { ...phone, deviceScaleFactor: 2 },
}
const restMs = 500
/** Of 255. */
const scaling = 80
const schemes = ['light', 'dark'] as const

await buildPage()
await mkdir(folder, { recursive: true })
const server = await startServer({ EMBEDDER: 'visual', STORE: 'embedded' })
const browser = await launchBrowser({ webgl: true })
try {
  await addCopies(server)
  // One after the other: the library shows the newest first.
  await addSamples(server.services.deps, 1)
  await server.groups()
  for (const [screen, size] of Object.entries(screens)) {
    for (const scheme of schemes) await takeAll(browser, `${screen}-${scheme}`, size, scheme)
  }
} finally {
  await browser.close()
  await server.stop()
}

/** Copies of three drawings, as they come about: smaller, mirrored, and cut. */
async function addCopies({ index }: TestServer): Promise<void> {
  const made = {
    lighthouse_sunset: (picture: Sharp) => picture.resize(400),
    fox_watercolour: (picture: Sharp) => picture.flop(),
    steam_train_watercolour: (picture: Sharp) =>
      picture.extract({ left: 60, top: 40, width: 520, height: 400 }),
  }
  for (const [name, change] of Object.entries(made)) {
    const changed = change(sharp(join(drawings, `${name}.webp`)))
    const sample = samples.find(({ file }) => file === `${name}.webp`)!
    await index(await changed.jpeg({ quality: 85 }).toBuffer(), {
      image_uri: `http://example.org/copies/${name}.jpg`,
      metadata: JSON.stringify({ ...sample.metadata, type: 'copy' }),
    })
  }
}

async function takeAll(
  browser: Browser,
  suffix: string,
  screen: (typeof screens)[keyof typeof screens],
  colorScheme: (typeof schemes)[number],
): Promise<void> {
  const options = { ...screen, colorScheme, locale: 'en-US', timezoneId: 'UTC' }
  const context = await browser.newContext({ ...options, serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.route('**/api/**', async (route) => {
    const response = await route.fetch()
    const type = response.headers()['content-type'] ?? ''
    if (!/json|event-stream/.test(type)) return route.fulfill({ response })
    await route.fulfill({ response, body: timeless(await response.text()) })
  })
  const take = async (name: string) => {
    await settled(page)
    const png = await page.screenshot({ animations: 'disabled' })
    await write(join(folder, `${name}-${suffix}.webp`), png)
  }

  await page.goto(server.url)
  await page.getByText('More like this.').waitFor()
  await take('start')

  // A part of a drawing, as if it came from elsewhere.
  const part = sharp(await readFile(join(drawings, 'fox_sunset.webp')))
    .extract({ left: 130, top: 60, width: 400, height: 400 })
    .jpeg({ quality: 90 })
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'fox.jpg', mimeType: 'image/jpeg', buffer: await part.toBuffer() })
  await page.locator('.results a[data-picture]').nth(3).waitFor()
  await take('results')
  await page.locator('.results a[data-picture]').first().click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('c')
  await page.locator('.pane--asked img').waitFor()
  if (screen.viewport.width > 1000) await page.locator('.why__parts').waitFor()
  await take('compare')

  await page.goto(`${server.url}/library`)
  await page.getByRole('gridcell').nth(3).waitFor()
  await take('library')

  await page.goto(`${server.url}/map?colours=category`)
  await page.locator('.map-picture').nth(5).waitFor()
  await page.locator('.map-progress').waitFor({ state: 'detached' })
  await page.locator('.map-legend').waitFor()
  await take('map')

  await page.goto(`${server.url}/duplicates`)
  await page.getByRole('group').nth(1).waitFor()
  await take('duplicates')
  await context.close()
}

/**
 * Chromium scales pictures a little otherwise each time: what differs by less is left as it is. A picture that is
 * deleted before is made anew in any case.
 */
async function write(path: string, png: Buffer): Promise<void> {
  const webp = await sharp(png).webp({ quality: 80, effort: 6 }).toBuffer()
  const before = await readFile(path).catch(() => null)
  if (before) {
    const [one, other] = await Promise.all(
      [before, webp].map((each) => sharp(each).raw().toBuffer()),
    )
    const isSame = one!.every((value, at) => Math.abs(value - other![at]!) <= scaling)
    if (one!.length === other!.length && isSame) return
  }
  await writeFile(path, webp)
}

/** What differs from run to run: when, and how long it took. */
function timeless(body: string): string {
  return body
    .replaceAll(/"indexed_at":"[^"]*"/g, '"indexed_at":"2026-11-26T12:00:00.000Z"')
    .replaceAll(/("timings_ms":\{)([^}]*)\}/g, (_, begin: string, stages: string) => {
      const even = stages
        .replaceAll(/("total":)[\d.]+/g, '$124')
        .replaceAll(/("(?!total)\w+":)[\d.]+/g, '$16')
      return `${begin}${even}}`
    })
}

/** Until all that is in sight is drawn, and drawn well: Chromium scales pictures roughly at first. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.evaluate(async () => {
    await document.fonts.ready
    const inSight = [...document.images].filter((image) => {
      const { top, bottom } = image.getBoundingClientRect()
      return top < innerHeight && bottom > 0
    })
    await Promise.all(inSight.map((image) => image.decode()))
  })
  await setTimeout(restMs)
}
