import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { buildPage } from '../build.ts'
import { desk, layoutShift, openPage, phone, violations } from './support/opened-page.ts'

let browser: Browser
let server: TestServer
let opened: Awaited<ReturnType<typeof openPage>>

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  server = await startServer()
  for (let seed = 0; seed < 6; seed++) {
    await server.index(await jpeg(seed), { image_uri: `http://example.org/${seed}.jpg` })
  }
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})
afterEach(async () => {
  expect(opened.complaints).toEqual([])
  await opened.close()
})

async function open(path: string, options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  opened = await openPage(browser, options)
  await opened.page.goto(`${server.url}${path}`)
  return opened.page
}

const cards = (page: Page) =>
  page.getByRole('list', { name: 'Similar images' }).getByRole('listitem')

describe.each([
  ['a phone', phone, 'dark'],
  ['a desk', desk, 'light'],
] as const)('on %s', (_name, screen, colorScheme) => {
  test('every view is open to everybody, fits the screen, and moves nothing', async () => {
    const page = await open('/', { ...screen, colorScheme })
    for (const [path, title] of [
      ['/', 'Lookalike'],
      ['/library', 'Library – Lookalike'],
      ['/duplicates', 'Duplicates – Lookalike'],
      ['/status', 'Server – Lookalike'],
      ['/searches', 'New pictures – Lookalike'],
      ['/map', 'Map – Lookalike'],
      ['/graph', 'Graph – Lookalike'],
      ['/?q=animal', 'animal – Lookalike'],
    ]) {
      await page.goto(`${server.url}${path}`)
      await expect.poll(() => page.title()).toBe(title)
      await page.waitForLoadState('load')
      expect(await violations(page), path).toEqual([])
      expect(await layoutShift(page), path).toBeLessThan(0.01)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, path).toBe(0)
    }
  })
})

test('a search is in the address: it is there for whoever opens that, and Back and Forward find it', async () => {
  const page = await open('/', desk)
  await page.getByRole('button', { name: 'Find pictures like 0.jpg' }).click()
  await cards(page).nth(4).waitFor()
  await page.getByRole('slider', { name: 'Minimum similarity' }).fill('0.01')
  await expect.poll(() => page.url()).toMatch(/\?like=[0-9a-f-]{36}&min=0\.01$/)
  expect(await page.title()).toBe('Like 0.jpg – Lookalike')
  const [first, searches] = [page.url(), [] as string[]]
  page.on('request', (request) => {
    if (request.url().includes('/similar')) searches.push(request.url())
  })

  const answered = page.waitForResponse((response) => response.url().includes('/similar'))
  await cards(page)
    .first()
    .getByRole('button', { name: /similar/i })
    .click()
  await (await answered).finished()
  await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
  expect(await page.title()).not.toBe('Like 0.jpg – Lookalike')
  expect(searches).toHaveLength(1)
  await page.goBack()
  await expect.poll(() => page.title()).toBe('Like 0.jpg – Lookalike')
  expect(page.url()).toBe(first)
  await page.goForward()
  await expect.poll(() => page.title()).not.toBe('Like 0.jpg – Lookalike')
  expect(searches).toHaveLength(1)

  await page.goto(first)
  await cards(page).first().waitFor()
  expect(await page.getByRole('slider', { name: 'Minimum similarity' }).inputValue()).toBe('0.01')
  await page.goto(`${server.url}/?picture=${'0'.repeat(64)}`)
  await page.getByText('This picture is not here').waitFor()
})

test('a picture that was chosen can be opened elsewhere if the library has it', async () => {
  const page = await open('/')
  await page
    .getByLabel('Image file')
    .setInputFiles({ name: 'mine.jpg', mimeType: 'image/jpeg', buffer: await jpeg(2) })
  await cards(page).nth(5).waitFor()
  const address = page.url()
  expect(address).toMatch(/\?picture=[0-9a-f]{64}$/)
  await opened.close()
  const other = await open(address.slice(server.url.length))
  await cards(other).nth(4).waitFor()
  expect(await other.title()).toBe('Like 2.jpg – Lookalike')
})

test('keys lead everywhere, and the focus goes along', async () => {
  const page = await open('/', desk)
  await page.getByRole('link', { name: 'Library' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await page.getByRole('heading', { name: 'Library' }).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content')

  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await help.getByText('Go to Graph').waitFor()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Find a command' })
  await field.fill('dark')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark')
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.getByText('More like this.').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('?g l')
  expect(await page.getByLabel('Search by words').inputValue()).toBe('?g l')
})

test('the page speaks the language of its reader, or the one that was chosen', async () => {
  const page = await open('/', { locale: 'de-AT' })
  await page.getByRole('heading', { name: 'Mehr davon.' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
  // What the server says in English is told by its kind, and what it says itself stands beside.
  await page.goto(`${server.url}/?q=qwxyzq`)
  await page.getByText('Diese Worte sind hier nicht alle bekannt').waitFor()
  await page.getByText('Nicht darunter: „qwxyzq“').waitFor()
  await page.goto(`${server.url}/?picture=http://127.0.0.1/a.jpg`)
  await page.getByText('Der Server sagt').waitFor()
  expect(await violations(page)).toEqual([])
  opened.complaints.length = 0
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Einstellungen' }).click()
  await page.getByRole('radio', { name: 'English' }).check()
  await page.getByRole('heading', { name: 'More like this.' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.reload()
  await page.getByRole('heading', { name: 'More like this.' }).waitFor()
})

test('an address of nothing says so', async () => {
  const page = await open('/')
  await page.evaluate(() => history.pushState(null, '', '/nowhere'))
  await page.getByRole('heading', { name: 'Nothing is at this address' }).waitFor()
  await page.getByRole('link', { name: 'Go to the search' }).click()
  await page.getByText('More like this.').waitFor()
})

test('the first load is less than 120 kB on the wire, and nothing comes from elsewhere', async () => {
  opened = await openPage(browser)
  const { page } = opened
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  const types = new Map<string, string>()
  const foreign: string[] = []
  let bytes = 0
  devtools.on('Network.requestWillBeSent', ({ requestId, type, request }) => {
    types.set(requestId, type ?? '')
    if (!request.url.startsWith(server.url) && !request.url.startsWith('data:')) {
      foreign.push(request.url)
    }
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    // Pictures are the library's own.
    if (types.get(requestId) !== 'Image') bytes += encodedDataLength
  })
  await page.goto(server.url)
  await page.getByText('More like this.').waitFor()
  await page.waitForLoadState('networkidle')
  expect(foreign).toEqual([])
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(120_000)
})
