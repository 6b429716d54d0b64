import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { getJson, startServer, type TestServer } from '../../server/test/support/server.ts'
import { buildPage } from '../build.ts'
import { desk, layoutShift, openPage, phone, violations } from './support/opened-page.ts'

const pictures = 24
let browser: Browser
let server: TestServer
let opened: Awaited<ReturnType<typeof openPage>>

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser({ webgl: true })
  server = await startServer()
  await add(0, 3)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})
afterEach(async () => {
  expect(opened.complaints).toEqual([])
  await opened.close()
})

async function add(from: number, to: number): Promise<void> {
  for (let seed = from; seed < to; seed++) {
    await server.index(await jpeg(seed, 64, 64), {
      image_uri: `http://example.org/${seed}.jpg`,
      metadata: JSON.stringify({ album: seed % 3 === 0 ? 'third' : 'other' }),
      description: 'A pattern',
    })
  }
}

async function open(path: string, options: Parameters<typeof openPage>[1]): Promise<Page> {
  opened = await openPage(browser, options)
  opened.page.setDefaultTimeout(20_000)
  await opened.page.goto(`${server.url}${path}`)
  return opened.page
}

const stage = (page: Page) => page.getByRole('application', { name: 'Map' })
const near = (page: Page) => stage(page).getByRole('link')
const isReady = async () =>
  (await getJson<{ phase: string; placed: number }>(`${server.url}/api/map?limit=1`)).body

test('a few pictures need no map, and it says so; more are laid out', async () => {
  const page = await open('/map', { ...desk, colorScheme: 'light' })
  await page.getByText('There is no map of 3 pictures').waitFor()
  expect(await violations(page)).toEqual([])
  await add(3, pictures)
  await page.reload()
  await page.getByText(`${pictures} pictures`, { exact: true }).last().waitFor()
  await stage(page).waitFor()
  await expect.poll(isReady).toMatchObject({ phase: 'ready', placed: pictures })
})

test('the map is moved, coloured and drawn around, by mouse and by keys', async () => {
  const page = await open('/map', { ...desk, colorScheme: 'light' })
  await near(page).first().waitFor()
  expect(await layoutShift(page)).toBeLessThan(0.01)
  expect(await page.locator('.map-stage canvas').count()).toBe(1)
  expect(await near(page).first().getAttribute('href')).toMatch(/\/map\?show=[0-9a-f-]{36}$/)

  await page.getByRole('combobox', { name: 'Colour by' }).selectOption('album')
  const legend = page.getByRole('list', { name: 'What the colours mean' })
  await legend.getByText('third').waitFor()
  expect(await legend.getByRole('listitem').allInnerTexts()).toEqual(['other\n16', 'third\n8'])
  expect(page.url()).toContain('colours=album')
  await near(page).first().focus()
  await page.locator('.map-preview').getByText('.jpg').waitFor()
  expect(await violations(page)).toEqual([])

  // Around everything, with Shift held.
  const { x, y, width, height } = (await stage(page).boundingBox())!
  const corners = [[4, 4], [width - 4, 4], [width - 4, height - 4], [4, height - 4]] as const // prettier-ignore
  await page.keyboard.down('Shift')
  await page.mouse.move(x + 4, y + 6)
  await page.mouse.down()
  for (const [across, down] of corners) await page.mouse.move(x + across, y + down)
  await page.mouse.up()
  await page.keyboard.up('Shift')
  await page.getByRole('heading', { name: '24 pictures selected on the map' }).waitFor()
  expect(await page.getByRole('grid').getByRole('gridcell').count()).toBeGreaterThan(3)
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: /selected on the map/ }).waitFor({ state: 'detached' })

  await stage(page).focus()
  for (const key of ['+', '+', '+', 'ArrowRight']) await page.keyboard.press(key)
  await page.getByText(/^\d+ of 24 pictures in view$/).waitFor()
  await page.keyboard.press('v')
  await page.getByText(/listed below the map|No picture lies there/).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: /selected on the map/ }).waitFor({ state: 'detached' })
  await page.keyboard.press('0')
  await page.getByText('24 pictures', { exact: true }).last().waitFor()
  await near(page).last().click()
  const lightbox = page.getByRole('dialog')
  await lightbox.getByText('1 of 24').waitFor()
  await page.keyboard.press('ArrowRight')
  await lightbox.getByText('2 of 24').waitFor()
  await page.keyboard.press('Escape')
  await lightbox.waitFor({ state: 'detached' })
  await near(page).last().press('Enter')
  await lightbox.waitFor()
  await page.keyboard.press('s')
  await page.getByRole('list', { name: 'Similar images' }).waitFor()
  expect(page.url()).toMatch(/\?like=/)
})

test('without WebGL it is drawn all the same, on a phone', async () => {
  opened = await openPage(browser, { ...phone, colorScheme: 'dark', hasTouch: true })
  const { page } = opened
  await page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string) {
      return kind === '2d' ? getContext.call(this, kind) : null
    } as typeof getContext
  })
  await page.goto(`${server.url}/map`)
  await near(page).first().waitFor()
  const drawn = () =>
    page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.map-stage canvas')!
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      return data.some((value) => value > 0)
    })
  await expect.poll(drawn).toBe(true)
  expect(await violations(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
})
