import { createClient, type Client } from '@lookalike/sdk'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { until } from '../../server/test/support/until.ts'
import { buildPage } from '../build.ts'
import { desk, layoutShift, openPage, phone, violations } from './support/opened-page.ts'

let browser: Browser
let server: TestServer
let client: Client
beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  server = await startServer()
  client = createClient({ baseUrl: server.url })
  for (let seed = 0; seed < 4; seed++) {
    await server.index(await jpeg(seed), { image_uri: `http://example.org/${seed}.jpg` })
  }
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

test('the bell counts what is new, and leads to it', async () => {
  const sent = [{ image: new File([new Uint8Array(await jpeg(1))], 'asked.jpg') }]
  const { id } = await client.searches.add('Copies', sent, { minMatch: 'near-duplicate' })
  for (const width of [200, 180]) {
    await server.index(await jpeg(1, width, (width * 3) / 4), { image_uri: `urn:copy:${width}` })
  }
  await until(() => client.searches.matches(id), ({ matches }) => matches.length === 2) // prettier-ignore
  const { page, complaints, close } = await openPage(browser, { ...phone, colorScheme: 'dark' })
  await page.goto(server.url)
  await page.getByRole('link', { name: 'New pictures: 2 new pictures' }).click()
  const matches = page.getByRole('list', { name: 'What Copies has found' }).getByRole('listitem')
  await expect.poll(() => matches.count()).toBe(2)
  await page.getByRole('img', { name: 'asked.jpg' }).waitFor()
  expect(await page.title()).toBe('New pictures – Lookalike')
  expect(await layoutShift(page)).toBeLessThan(0.1)
  await page.getByRole('button', { name: 'Settings' }).last().click()
  expect(await violations(page)).toEqual([])
  await matches.getByRole('link').first().click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'All seen' }).click()
  await page.getByRole('link', { name: 'New pictures: none' }).waitFor()
  await page.getByLabel('Webhook: where matches are sent').fill('https://hooks.example.org/x')
  await page.getByRole('button', { name: 'Set', exact: true }).click()
  await page.getByText(/^whsec_/).waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused: new pictures pass by.').waitFor()
  await page.getByRole('button', { name: 'Delete this search' }).click()
  await page.getByText('No search stands yet.').waitFor()
  expect(complaints).toEqual([])
  await close()
})

test('thumbs move a search, are taken back, and are kept where that is wanted; what was asked may stand', async () => {
  const { page, complaints, close } = await openPage(browser, desk)
  const { images } = await client.list({ limit: 1, filter: { must: [{ key: 'image_uri', match: { value: 'http://example.org/0.jpg' } }] } }) // prettier-ignore
  await page.goto(`${server.url}/?like=${images[0]!.id}`)
  const cards = page.getByRole('list', { name: 'Similar images' }).getByRole('listitem')
  await cards.nth(2).waitFor()
  await page.getByRole('button', { name: '3.jpg is right' }).click()
  await page.getByText('Moved by 1 right result.').waitFor()
  await expect.poll(() => page.url()).toContain('right=')
  // Nothing is kept until somebody says so.
  expect(await client.feedback.list()).toMatchObject({ total: 0 })
  await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByLabel('Keep on the server').check()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '2.jpg is wrong' }).click()
  const kept = await until(() => client.feedback.list(), ({ total }) => total > 0) // prettier-ignore
  expect(kept.feedback).toMatchObject([{ judgement: 'irrelevant', parts: [{ id: images[0]!.id }] }])
  await page.getByText('Moved by 1 right result and 1 wrong one.').waitFor()
  await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
  expect(await page.getByRole('button', { name: '2.jpg is wrong' }).getAttribute('aria-pressed')).toBe('true') // prettier-ignore
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: 'Tell me of new ones like these' }).click()
  await page.getByText('From now on the bell tells of new ones:').waitFor()
  const [standing] = (await client.searches.list()).searches
  expect(standing).toMatchObject({ name: 'Like 0.jpg', question: { feedback: { relevant: [expect.anything()] } } }) // prettier-ignore
  await page.getByRole('button', { name: 'As it was' }).click()
  await expect.poll(() => page.url()).not.toContain('right=')
  expect(complaints).toEqual([])
  await close()
})
