import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startFakeOpenAi } from '../../server/test/fakes/openai.ts'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { openAiSettings } from '../../server/test/support/openai-settings.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { getJson, startServer, type TestServer } from '../../server/test/support/server.ts'
import { buildPage } from '../build.ts'
import { desk, openPage, phone, violations } from './support/opened-page.ts'

let browser: Browser
let server: TestServer
let page: Page
let opened: Awaited<ReturnType<typeof openPage>>

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
afterEach(async () => {
  await opened.close()
  await server.stop()
})

async function open(
  env: Record<string, string> = {},
  options: Parameters<typeof openPage>[1] = {},
) {
  server = await startServer(env)
  opened = await openPage(browser, options)
  page = opened.page
  page.setDefaultTimeout(20_000)
}

async function files(from: number, count: number) {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => ({
      name: `${from + at}.jpg`,
      mimeType: 'image/jpeg',
      buffer: await jpeg(from + at, 64, 48),
    })),
  )
}

const add = (offered: Awaited<ReturnType<typeof files>>) =>
  page.getByLabel('Add pictures').and(page.locator('input')).setInputFiles(offered)
const panel = () => page.getByRole('region', { name: 'Add pictures' })

async function images(): Promise<number> {
  const { body } = await getJson<{ images: number }>(`${server.url}/api/info`)
  return body.images
}

test('pictures are brought in, and a list says what became of each', async () => {
  await open({}, { ...phone, colorScheme: 'dark' })
  await page.goto(`${server.url}/library`)
  await page.getByRole('heading', { name: 'Your library is empty' }).waitFor()
  const [first, second, third] = await files(0, 3)
  await server.index(first!.buffer)
  const broken = { ...third!, name: 'broken.jpg', buffer: Buffer.from('no picture at all') }
  const text = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') }
  const large = { ...third!, name: 'large.jpg', buffer: Buffer.alloc(21e6) }
  await add([first!, second!, third!, broken, text, large])
  await panel().getByText('2 added, 1 here already, 2 skipped, 1 failed').waitFor()
  await panel().getByRole('button', { name: 'List', exact: true }).click()
  await panel().getByText('This is no picture.').waitFor()
  await panel().getByText('It is larger than this server accepts.').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('gridcell').nth(2).waitFor()
  await page.getByRole('button', { name: 'Select 1.jpg' }).waitFor({ state: 'attached' })

  await panel().getByRole('button', { name: 'Try 1 again' }).click()
  await panel().getByText('1 failed').first().waitFor()
  await panel().getByRole('button', { name: 'Close the list' }).click()
  await panel().waitFor({ state: 'detached' })
  expect(await images()).toBe(3)
})

test('it goes on after a reload, and when a server that was away is there again', async () => {
  await open({}, desk)
  await page.goto(`${server.url}/library`)
  await page.route('**/api/**', (route) =>
    /api.images.(index|lookup)|api.health/.test(route.request().url())
      ? route.abort('connectionrefused')
      : route.continue(),
  )
  await add(await files(10, 12))
  await panel().getByText('No answer from Lookalike').waitFor()
  expect(await violations(page)).toEqual([])
  await page.reload()
  await panel().getByText('0 of 12 pictures').waitFor()
  await page.unroute('**/api/**')
  await panel().getByText('12 added').waitFor()
  expect(await images()).toBe(12)
})

test('what is paid for is said before anything is sent', async () => {
  const openai = await startFakeOpenAi()
  try {
    await open(openAiSettings(openai), desk)
    await page.goto(`${server.url}/library`)
    await add(await files(30, 2))
    await panel()
      .getByText(/2 new pictures will cost about/)
      .waitFor()
    expect(await violations(page)).toEqual([])
    expect(openai.calls()).toEqual([0, 0])
    await panel().getByRole('button', { name: 'Add them' }).click()
    await panel().getByText('2 added').waitFor()
  } finally {
    await openai.stop()
  }
})
