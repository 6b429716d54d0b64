import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { buildPage } from '../build.ts'
import { openPage, phone, violations } from './support/opened-page.ts'

const key = 'a key that is long enough to be one'
let browser: Browser
let server: TestServer
let opened: Awaited<ReturnType<typeof openPage>>

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  server = await startServer({ API_KEYS: key })
  const headers = { authorization: `Bearer ${key}` }
  for (let seed = 0; seed < 6; seed++)
    await server.index(await jpeg(seed), { description: 'A pattern' }, { headers })
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})
afterEach(() => opened.close())

const cells = (page: Page) => page.getByRole('gridcell')
const kept = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys()
    const count = async (prefix: string) => {
      const found = names.filter((name) => name.startsWith(prefix))
      const lists = await Promise.all(found.map(async (name) => (await caches.open(name)).keys()))
      return lists.flat().length
    }
    return { shell: await count('lookalike-shell-'), answers: await count('lookalike-answers-') }
  })
const drawn = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLImageElement>('[role=gridcell] img')].every(
      (image) => image.complete && image.naturalWidth > 0,
    ),
  )

test('what was seen can be seen without the server, until somebody signs out', async () => {
  opened = await openPage(browser, { ...phone, serviceWorkers: 'allow' })
  const { page } = opened
  const { context } = opened
  const asked = `${server.url}/?q=bird`
  await page.goto(asked)
  await page.getByLabel('API key').fill(key)
  await page.keyboard.press('Enter')
  const results = page.locator('.results a[data-picture]')
  await results.first().waitFor()
  await page.getByRole('link', { name: 'Library' }).click()
  await cells(page).nth(5).waitFor()
  await expect.poll(() => drawn(page)).toBe(true)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await expect.poll(async () => (await kept(page)).shell).toBeGreaterThan(10)

  await context.setOffline(true)
  await page.reload()
  await cells(page).nth(5).waitFor()
  await page.getByText('Offline. This is what was kept').waitFor()
  await expect.poll(() => drawn(page)).toBe(true)
  expect(await violations(page)).toEqual([])
  await page.goto(asked)
  await results.first().waitFor()
  // A view that was not opened before is there, and says what it lacks.
  await page.getByRole('link', { name: 'Duplicates' }).click()
  await page.getByText('Lookalike cannot be reached', { exact: false }).waitFor()

  await context.setOffline(false)
  await page.getByText('Offline.').waitFor({ state: 'detached' })
  await page.getByText('No picture is here more than once.').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('API key').waitFor()
  expect((await kept(page)).answers).toBe(0)
  await context.setOffline(true)
  await page.goto(`${server.url}/library`)
  await page.getByText('Lookalike cannot be reached', { exact: false }).waitFor()
  expect(await cells(page).count()).toBe(0)
})
