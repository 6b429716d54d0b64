import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPage } from '../build.ts'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'

let browser: Browser
let server: TestServer
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  server = await startServer()
  for (let seed = 0; seed < 3; seed++) {
    await server.index(await jpeg(seed), { image_uri: `http://example.org/${seed}.jpg` })
  }
  await fetch(`${server.url}/api/kg/update`, {
    method: 'POST',
    headers: { 'content-type': 'application/sparql-update' },
    body: `PREFIX s: <https://schema.org/> INSERT DATA {
      <http://example.org/1.jpg> s:illustrator <http://example.org/ann> . <http://example.org/ann> s:name "Ann" }`,
  })
  page = await browser.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

test('a person reads what the graph knows of a picture, and adds to it', async () => {
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Find pictures like 0.jpg' }).click()
  await page.getByRole('link', { name: 'Open 1.jpg in full' }).click()
  const known = page.getByRole('region', { name: 'What the graph knows' })
  const link = known.getByRole('link', { name: 'Ann' })
  expect(await link.getAttribute('href')).toBe('http://example.org/ann')

  await known.getByLabel('Property').fill('not a word')
  await known.getByLabel('Value').fill('"} ; CLEAR ALL')
  await known.getByRole('button', { name: 'Add statement' }).click()
  expect(await known.getByRole('alert').textContent()).toContain('is no IRI')
  await known.getByLabel('Property').fill('keywords')
  await known.getByRole('button', { name: 'Add statement' }).click()
  await known.getByText('"} ; CLEAR ALL').waitFor()
  await known.getByRole('button', { name: /^All \d+ statements/ }).click()
  await known.getByText('sha256').waitFor()
  expect(complaints).toEqual([])
})

test('a person asks the graph, and sees the pictures of the answer', async () => {
  await page.goto(server.url)
  await page.getByRole('link', { name: 'Graph' }).click()
  await page.getByRole('button', { name: 'Newest pictures' }).click()
  const rows = page.getByRole('region', { name: 'Answer' }).getByRole('row')
  await rows.nth(3).waitFor()
  const thumbnail = rows.nth(1).locator('img')
  await thumbnail.scrollIntoViewIfNeeded()
  await expect
    .poll(() => thumbnail.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0)

  await page.getByLabel('SPARQL query').fill('SELECT * {')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText(/This is not SPARQL/).waitFor()
  await page.getByLabel('SPARQL query').fill('ASK { ?s ?p "Ann" }')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Yes.').waitFor()
  expect(complaints).toEqual([])
})
