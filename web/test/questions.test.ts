import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { recordId } from '../../server/src/records/record-id.ts'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { buildPage } from '../build.ts'
import { desk, layoutShift, openPage, phone, violations } from './support/opened-page.ts'

let browser: Browser
let server: TestServer
let opened: Awaited<ReturnType<typeof openPage>>
let page: Page

const uri = (seed: number) => `http://example.org/${seed}.jpg`
const idOf = (seed: number) => recordId(uri(seed))
const file = async (seed: number, name: string) => ({
  name,
  mimeType: 'image/jpeg',
  buffer: await jpeg(seed),
})

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  server = await startServer()
  for (let seed = 0; seed < 26; seed++) {
    const metadata = JSON.stringify({ album: seed % 2 ? 'odd' : 'even', year: 2000 + seed })
    await server.index(await jpeg(seed), { image_uri: uri(seed), metadata })
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

async function open(path: string, options: Parameters<typeof openPage>[1] = desk): Promise<void> {
  opened = await openPage(browser, options)
  page = opened.page
  await page.goto(`${server.url}${path}`)
}

const cards = () => page.getByRole('list', { name: 'Similar images' }).getByRole('listitem')
const asked = () => page.getByRole('group', { name: 'What is asked for together' })
const part = (name: string) => asked().getByRole('button', { name: `Less like ${name}` })
const parts = () =>
  asked()
    .getByRole('button', { name: /^Less like/ })
    .evaluateAll((all) =>
      all.map((one) => (one.ariaPressed === 'true' ? '-' : '+') + one.textContent.trim()),
    )
const select = async (label: string, option: string) => {
  const field = page.getByLabel(label, { exact: true })
  if (!(await field.isVisible())) await page.getByRole('button', { name: 'Filter' }).click()
  await field.selectOption({ label: option })
}
const address = () => decodeURIComponent(new URL(page.url()).search)

/** On a phone and on a desk; it is left as it was. */
async function expectGood(): Promise<void> {
  const before = page.viewportSize()!
  for (const { viewport } of [phone, desk]) {
    await page.setViewportSize(viewport)
    expect(await violations(page), `${viewport.width}`).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  }
  await page.setViewportSize(before)
}

test('pictures, words and what is not wanted are one question, put together bit by bit', async () => {
  await open('/', { ...phone, colorScheme: 'dark' })
  const input = page.getByLabel('Image file')
  await input.setInputFiles([await file(1, 'one.jpg'), await file(2, 'two.jpg')])
  await expect.poll(() => page.title()).toBe('Like one.jpg and two.jpg – Lookalike')
  expect(await parts()).toEqual(['+one.jpg', '+two.jpg'])

  const name = await cards().nth(1).getByRole('heading').textContent()
  await cards()
    .nth(1)
    .getByRole('button', { name: `Less like ${name}` })
    .click()
  await expect.poll(() => page.title()).toBe(`Like one.jpg and two.jpg, unlike ${name} – Lookalike`)
  await page.getByLabel('Search by words').fill('fox')
  await page.keyboard.press('Enter')
  await expect.poll(parts).toEqual(['+one.jpg', '+two.jpg', `-${name}`, '+“fox”'])
  expect(address()).toMatch(
    /^\?picture=[0-9a-f]{64}&picture=[0-9a-f]{64}&unlike=[0-9a-f-]{36}&q=fox$/,
  )
  await cards().first().waitFor()
  await expectGood()

  await part('two.jpg').click()
  await expect.poll(() => page.title()).toMatch(/^Like one\.jpg and “fox”, unlike two\.jpg and /)
  await asked().getByRole('button', { name: 'Remove one.jpg' }).click()
  await expect.poll(() => page.title()).toMatch(/^Like “fox”, unlike two\.jpg and /)
  await page.goBack()
  await expect.poll(parts).toEqual(['+one.jpg', '-two.jpg', `-${name}`, '+“fox”'])
  await expect.poll(() => page.title()).toMatch(/^Like one\.jpg and “fox”, unlike/)

  await page.goto(`${server.url}/?like=${idOf(3)}&like=${idOf(4)}&unlike=${idOf(5)}&q=fox`)
  await cards().first().waitFor()
  const sent = page.waitForRequest((request) => !!request.postData()?.includes('"combine":"all"'))
  await page.getByLabel('Like each of them').check()
  await sent
  expect(address()).toMatch(/&all=1$/)
  // Parts that count by themselves are no sum that a judgement could move.
  await expect
    .poll(() =>
      cards()
        .first()
        .getByRole('button', { name: /is right/ })
        .count(),
    )
    .toBe(0)
  await page.getByLabel('Like each of them').uncheck()
  await cards()
    .first()
    .getByRole('button', { name: /is right/ })
    .waitFor()
  expect(await parts()).toEqual(['+3.jpg', '+4.jpg', '-5.jpg', '+“fox”'])
  expect(await layoutShift(page)).toBeLessThan(0.01)
})

test('results are put in groups and in order, and the address says so', async () => {
  await open(`/?like=${idOf(3)}&like=${idOf(4)}`, { ...desk, colorScheme: 'light' })
  await cards().first().waitFor()
  await select('Group', 'album')
  const heading = page.getByRole('heading', { name: 'album odd' })
  await heading.waitFor()
  await select('Sort', 'year, descending')
  const list = page.getByRole('list', { name: 'odd', exact: true })
  const years = () =>
    list
      .getByRole('heading')
      .evaluateAll((all) => all.map((one) => Number.parseInt(one.textContent)))
  await expect.poll(async () => (await years())[0]).toBeGreaterThan(20)
  expect(await years()).toEqual((await years()).toSorted((a, b) => b - a))
  expect(address()).toContain('&sort=-year&group=album')
  await expectGood()
  await page.reload()
  await heading.waitFor()
  expect(await layoutShift(page)).toBeLessThan(0.01)

  await page.getByRole('button', { name: 'Only these odd' }).click()
  await page.getByRole('heading', { name: 'album even' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /odd.*do not ask/ }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'album even' }).waitFor()
})

test('what was asked once is answered without the server too', async () => {
  await open(`/?like=${idOf(3)}&unlike=${idOf(4)}`)
  await expect.poll(() => page.title()).toBe('Like 3.jpg, unlike 4.jpg – Lookalike')
  await part('4.jpg').click()
  await expect.poll(() => page.title()).toBe('Like 3.jpg and 4.jpg – Lookalike')
  await page.context().setOffline(true)
  await part('4.jpg').click()
  await expect.poll(() => page.title()).toBe('Like 3.jpg, unlike 4.jpg – Lookalike')
  opened.complaints.length = 0
})

test('of pictures that are none it is said which, and the others are asked about without them', async () => {
  await open('/')
  const broken = { ...(await file(1, 'broken.jpg')), buffer: (await jpeg(1)).subarray(0, 2000) }
  const note = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') }
  await page
    .getByLabel('Image file')
    .setInputFiles([await file(1, 'one.jpg'), broken, note, await file(2, 'two.jpg')])
  await page.getByText(/Part 2 of 3 \(broken\.jpg\): .*cut short/).waitFor()
  await page.getByText(/note\.txt left out\. This does not look like a picture/).waitFor()
  expect(await part('broken.jpg').innerText()).toContain('cannot be asked about')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Search without broken.jpg' }).click()
  await cards().first().waitFor()
  expect(await parts()).toEqual(['+one.jpg', '+two.jpg'])
  await page.getByLabel('Image file').setInputFiles(note)
  await page.getByRole('heading', { name: 'This file cannot be searched for' }).waitFor()
  await page.getByText('Drop a picture').waitFor()
  expect(await violations(page)).toEqual([])
})

test('by keyboard alone: a question is turned, further results are reached, and one of them is not wanted', async () => {
  await open(`/?like=${idOf(3)}&like=${idOf(4)}&unlike=${idOf(5)}`)
  await cards().first().waitFor()
  await part('4.jpg').focus()
  await page.keyboard.press('Space')
  await expect.poll(() => page.title()).toBe('Like 3.jpg, unlike 4.jpg and 5.jpg – Lookalike')
  expect(await part('4.jpg').evaluate((one) => one === document.activeElement)).toBe(true)
  await page.keyboard.press('Delete')
  await expect.poll(() => page.title()).toBe('Like 3.jpg, unlike 5.jpg – Lookalike')
  expect(await part('5.jpg').evaluate((one) => one === document.activeElement)).toBe(true)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByText('So far this says only what results should not be like').waitFor()
  await page.goBack()
  await cards().first().waitFor()

  const asks: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/api/images/search')) asks.push(request.postData() ?? '')
  })
  const links = () => page.locator('a[data-picture]')
  await page.getByRole('button', { name: 'Show more' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => links().count()).toBe(24)
  expect(asks).toHaveLength(1)
  expect(asks[0]).toContain('"offset":10')
  await expect
    .poll(() =>
      links()
        .nth(10)
        .evaluate((link) => link === document.activeElement),
    )
    .toBe(true)
  await expect.poll(address).toMatch(/&limit=30$/)
  await page.keyboard.press('Enter')
  const lightbox = page.getByRole('dialog')
  await lightbox.getByText('11 of 24').waitFor()
  const name = await lightbox.getByRole('heading', { level: 2 }).innerText()
  await page.keyboard.press('u')
  await expect.poll(() => page.title()).toContain(name)
  expect(await parts()).toEqual(['+3.jpg', '-5.jpg', `-${name}`])
})

test('pictures are dropped to be asked about by themselves, or together with what is there', async () => {
  await open(`/?like=${idOf(3)}`)
  await cards().first().waitFor()
  const transfer = await page.evaluateHandle(
    async ([one, other]) => {
      const data = new DataTransfer()
      for (const [name, base64] of [
        ['one.jpg', one!],
        ['two.jpg', other!],
      ] as const) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        data.items.add(new File([bytes], name, { type: 'image/jpeg' }))
      }
      return data
    },
    [(await jpeg(1)).toString('base64'), (await jpeg(2)).toString('base64')],
  )
  const drop = async (on: string) => {
    await page.locator('body').dispatchEvent('dragover', { dataTransfer: transfer })
    await page.locator('.drop-overlay').waitFor()
    await page.locator(on).dispatchEvent('drop', { dataTransfer: transfer })
  }
  await drop('[data-added]')
  await expect.poll(parts).toEqual(['+3.jpg', '+one.jpg', '+two.jpg'])
  await drop('body')
  await expect.poll(parts).toEqual(['+one.jpg', '+two.jpg'])
  await cards().first().waitFor()
})
