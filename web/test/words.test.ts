import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { buildPage } from '../build.ts'
import { violations } from './support/opened-page.ts'

const drawings = join(import.meta.dirname, '../../samples/pictures')
const subjects = ['duck', 'lighthouse', 'teapot'].flatMap((subject) => [
  `${subject}_flat`,
  `${subject}_night`,
])

let browser: Browser
let server: TestServer
let page: Page
beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  server = await startServer()
  for (const file of await readdir(drawings)) {
    if (!subjects.some((subject) => file.startsWith(subject))) continue
    await server.index(await readFile(join(drawings, file)), { image_uri: `urn:drawing:${file}` })
  }
  page = await browser.newPage()
  await page.goto(server.url)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const results = () => page.getByRole('list', { name: 'Similar images' }).getByRole('listitem')

/** A search box, which completes names once it has been used. */
const field = () => page.getByLabel('Search by words')

async function find(words: string): Promise<void> {
  await field().fill(words)
  await page.getByRole('button', { name: 'Search', exact: true }).click()
}

test('names are completed, in both languages', async () => {
  await field().focus()
  const names = page.locator('datalist option')
  await names.first().waitFor({ state: 'attached' })
  const all = await names.allTextContents()
  expect(all).toEqual(expect.arrayContaining(['duck', 'Ente', 'lighthouse', 'Leuchtturm']))
})

test.each([
  ['teapots', 'teapot'],
  ['Leuchtturm', 'lighthouse'],
])('%s finds a %s first', async (words, subject) => {
  await find(words)
  // What was found before stays until the new is there.
  await expect
    .poll(async () => (await results().first().textContent())?.includes(`urn:drawing:${subject}`))
    .toBe(true)
})

test('a drawn duck is named so, though nobody sees it', async () => {
  await find('Enten')
  await expect
    .poll(async () =>
      (await results().allTextContents()).filter((text) => /By its name/.test(text)),
    )
    .toEqual([expect.stringContaining('duck_'), expect.stringContaining('duck_')])
})

test('what is no name is answered honestly', async () => {
  await find('umbrrela not duck')
  await page
    .getByRole('alert')
    .filter({ hasText: /Not among them: “umbrrela”/ })
    .waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Search for umbrella instead' }).click()
  await results().first().waitFor()
  expect(await field().inputValue()).toBe('umbrella not duck')
  // Whoever asks by keys asks on by keys.
  await field().fill('duck')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.title()).toBe('duck – Lookalike')
  expect(await field().evaluate((one) => one === document.activeElement)).toBe(true)
})
