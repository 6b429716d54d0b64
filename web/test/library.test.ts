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
  browser = await launchBrowser()
  server = await startServer()
  for (let seed = 0; seed < pictures; seed++) {
    await server.index(await jpeg(seed, 160, seed % 3 === 0 ? 240 : 120), {
      image_uri: `http://example.org/${seed}.jpg`,
      metadata: JSON.stringify({ album: seed % 2 ? 'odd' : 'even' }),
      description: seed === 7 ? 'A lighthouse' : 'A pattern',
    })
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
  opened.page.setDefaultTimeout(20_000)
  await opened.page.goto(`${server.url}${path}`)
  await cells(opened.page).first().waitFor()
  return opened.page
}

const cells = (page: Page) =>
  page.getByRole('grid', { name: 'Pictures of the library' }).getByRole('gridcell')
const selected = (page: Page) => page.locator('[role=gridcell][aria-selected=true]')
const name = (number: number) => new RegExp(`^Select ${number}\\.jpg$`)
const check = (page: Page, number: number) => page.getByRole('button', { name: name(number) })

async function images(): Promise<number> {
  const { body } = await getJson<{ images: number }>(`${server.url}/api/info`)
  return body.images
}

test('all pictures, by time, by text, and by what they have; the address says which', async () => {
  const page = await open('/library', { ...phone, colorScheme: 'dark' })
  await check(page, pictures - 1).waitFor({ state: 'attached' })
  expect(await violations(page)).toEqual([])
  expect(await layoutShift(page)).toBeLessThan(0.01)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)

  await page.getByRole('combobox', { name: 'Order' }).selectOption('oldest')
  await check(page, 0).waitFor({ state: 'attached' })
  expect(page.url()).toContain('?order=oldest')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('button', { name: 'odd 12' }).click()
  await page.getByText('12 pictures', { exact: true }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('searchbox').fill('LIGHTHOUSE')
  await page.getByText('1 picture', { exact: true }).waitFor()
  await check(page, 7).waitFor({ state: 'attached' })
  await page.getByRole('searchbox').fill('nothing has this')
  await page.getByText('No picture matches').waitFor()
  await page.goBack()
  await page.goBack()
  await page.getByText('24 pictures', { exact: true }).last().waitFor()

  // A finger that stays selects; then a tap does.
  await page.waitForFunction(() => document.querySelectorAll('[role=gridcell]').length > 4)
  const touch = (type: string) =>
    cells(page).first().locator('a').dispatchEvent(type, { pointerType: 'touch', button: 0 })
  await touch('pointerdown')
  await page.getByText('1 selected').waitFor()
  await touch('pointerup')
  await touch('click')
  expect(await selected(page).count()).toBe(1)
  await cells(page).nth(1).click()
  await page.getByText('2 selected').waitFor()
  expect(await violations(page)).toEqual([])
})

test('many are selected with the mouse, and what they have is changed together', async () => {
  const page = await open('/library?order=oldest', { ...desk, colorScheme: 'light' })
  await check(page, 3).click({ force: true })
  await cells(page)
    .nth(6)
    .click({ modifiers: ['Shift'] })
  await page.getByText('4 selected').waitFor()
  await cells(page)
    .nth(8)
    .click({ modifiers: ['Control'] })
  await page.getByText('5 selected').waitFor()

  // From beside the first row to below it.
  const [first, second] = await Promise.all([0, 1].map((at) => cells(page).nth(at).boundingBox()))
  await page.mouse.move(first!.x - 10, first!.y + 5)
  await page.mouse.down()
  await page.mouse.move(second!.x + 20, second!.y + 40, { steps: 4 })
  await page.mouse.up()
  await page.getByText('2 selected').waitFor()
  expect(await violations(page)).toEqual([])

  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: 'Metadata of 2 pictures' })
  await dialog.getByRole('textbox', { name: 'Key' }).fill('year')
  await dialog.getByRole('textbox', { name: 'Value' }).fill('2024')
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('2 pictures changed.').waitFor()
  const filter = encodeURIComponent('{"must":[{"key":"year","match":{"value":2024}}]}')
  const { body } = await getJson<{ images: { image_uri: string; metadata: unknown }[] }>(
    `${server.url}/api/images?sort=oldest&filter=${filter}`,
  )
  expect(body.images.map(({ metadata }) => metadata)).toEqual([
    { album: 'even', year: 2024 },
    { album: 'odd', year: 2024 },
  ])

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('lookalike.zip')
})

test('the keyboard alone selects, deletes, and takes it back', async () => {
  const page = await open('/library?order=oldest', desk)
  await cells(page).first().locator('a').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press(' ')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  const chosen = await selected(page).count()
  expect(chosen).toBeGreaterThan(4)
  await page.keyboard.press('Control+a')
  await page.getByText(`${pictures} selected`).waitFor()
  await page.keyboard.press('Escape')
  expect(await selected(page).count()).toBe(0)
  await page.keyboard.press('End')
  await page.keyboard.press(' ')
  await page.keyboard.press('Delete')
  const note = page.getByRole('group', { name: '1 picture deleted' })
  await note.waitFor()
  await page.getByText('23 pictures', { exact: true }).waitFor()
  expect(await images()).toBe(pictures)

  // It waits for whoever is about to use it, over another view too.
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.getByText('More like this.').waitFor()
  await note.hover()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Control+z')
  await page.getByText('1 picture is back.').waitFor()
  expect(await images()).toBe(pictures)

  await page.goBack()
  await page.getByText('24 pictures', { exact: true }).last().waitFor()
  await check(page, pictures - 1).click({ force: true })
  await page.keyboard.press('Delete')
  await page.getByRole('button', { name: 'Delete for good now' }).click()
  await expect.poll(images).toBe(pictures - 1)
  await note.waitFor({ state: 'detached' })
  await page.getByText('23 pictures', { exact: true }).last().waitFor()
})

test('a picture is looked at by itself, by keyboard alone, and its address can be shared', async () => {
  const page = await open('/library?order=oldest', desk)
  const first = cells(page).first().locator('a')
  await first.focus()
  await page.keyboard.press('Enter')
  const lightbox = page.getByRole('dialog')
  await lightbox.getByText('1 of', { exact: false }).waitFor()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await lightbox.getByRole('heading', { name: '2.jpg' }).waitFor()
  expect(await lightbox.getByRole('status', { name: 'shown' }).innerText()).toMatch(/3 of \d+/)
  await page.keyboard.press('+')
  await lightbox.locator('.is-zoomed').waitFor()
  await page.keyboard.press('0')
  await lightbox.locator('.is-zoomed').waitFor({ state: 'detached' })
  expect(await violations(page)).toEqual([])

  await lightbox.getByRole('button', { name: 'Edit metadata' }).press('Enter')
  const form = page.getByRole('dialog', { name: 'Metadata of 1 picture' })
  const values = form.getByRole('textbox', { name: 'Value' })
  expect(await values.first().inputValue()).toBe('even')
  await form.getByRole('textbox', { name: 'Key' }).last().fill('place')
  await values.last().fill('Kyoto')
  await page.keyboard.press('Enter')
  await lightbox.getByText('Kyoto').waitFor()

  await lightbox.getByRole('button', { name: 'Edit description' }).press('Enter')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Grandmother’s curtain')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Enter')
  await lightbox.getByText('In somebody’s own words').waitFor()
  await lightbox.getByText('Grandmother’s curtain').waitFor()
  await lightbox.getByRole('button', { name: 'Edit description' }).press('Enter')
  await page.keyboard.press('Escape')
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent))
    .toBe('Edit description')

  const address = page.url()
  await page.keyboard.press('Escape')
  await lightbox.waitFor({ state: 'detached' })
  expect(page.url()).not.toContain('show=')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toContain(
    new URL(address).searchParams.get('show'),
  )
  await page.goForward()
  await lightbox.waitFor()
  await page.goBack()
  await lightbox.waitFor({ state: 'detached' })

  // Opened elsewhere, it closes to what lies under it.
  await page.goto(address)
  await lightbox.getByRole('heading', { name: '2.jpg' }).waitFor()
  await page.keyboard.press('Delete')
  await lightbox.getByRole('button', { name: 'Undo' }).press('Enter')
  await lightbox.getByText('1 picture is back.').waitFor()
  await page.keyboard.press('Escape')
  await lightbox.waitFor({ state: 'detached' })
  await page.getByText('Library', { exact: true }).first().waitFor()
})

test('by keys alone one asks, looks, compares, selects, deletes, and takes it back', async () => {
  const page = await open('/library?order=oldest', desk)
  const before = await images()
  const tabTo = async (selector: string) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
    }
    throw new Error(`Tab does not come to ${selector}`)
  }
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.getByText('More like this.').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('bird')
  await page.keyboard.press('Enter')
  await page.locator('.results a[data-picture]').first().waitFor()
  await tabTo('.results a[data-picture]')
  await page.keyboard.press('Enter')
  const lightbox = page.getByRole('dialog')
  await lightbox.getByText('1 of').waitFor()
  const answered = page.waitForResponse((response) => response.url().includes('/similar'))
  await page.keyboard.press('s')
  await lightbox.waitFor({ state: 'detached' })
  // What was found before stays until then.
  await (await answered).finished()
  await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
  await tabTo('.results a[data-picture]')
  await page.keyboard.press('Enter')
  await lightbox.getByText('1 of').waitFor()
  await page.keyboard.press('v')
  await lightbox.locator('.stage__split').waitFor()
  await tabTo('.stage__split')
  await page.keyboard.press('ArrowRight')
  expect(await lightbox.getByRole('slider').inputValue()).toBe('51')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await lightbox.waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.matches('a[data-picture]'))).toBe(true)

  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await cells(page).first().waitFor()
  await tabTo('[role=gridcell] > a')
  await page.keyboard.press(' ')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press(' ')
  await page.getByText('2 selected').waitFor()
  await page.keyboard.press('Delete')
  await page.getByRole('group', { name: '2 pictures deleted' }).waitFor()
  await page.keyboard.press('Control+z')
  await page.getByText('2 pictures are back.').waitFor()
  expect(await images()).toBe(before)
})

test('Back finds the library as deep as it was left', async () => {
  const page = await open('/library', { viewport: { width: 390, height: 500 } })
  await page.mouse.wheel(0, 1200)
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(800)
  // By itself a click would scroll first.
  const depth = await page.evaluate(() => {
    const links = [...document.querySelectorAll<HTMLElement>('[role=gridcell] > a')]
    links.find((link) => link.getBoundingClientRect().top > 0)!.click()
    return scrollY
  })
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('s')
  await page.getByRole('list', { name: 'Similar images' }).waitFor()
  await page.goBack()
  await page.getByRole('dialog').waitFor()
  await page.goBack()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await cells(page).first().waitFor()
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(depth)
})

test('of copies the chosen one stays, and what goes can be had back', async () => {
  const [original, copy] = await Promise.all([jpeg(50, 640, 480), jpeg(50, 320, 240)])
  await server.index(original, { image_uri: 'http://example.org/large.jpg' })
  await server.index(copy, { image_uri: 'http://example.org/small.jpg' })
  const before = await images()
  opened = await openPage(browser, { ...phone, colorScheme: 'light' })
  const { page } = opened
  await page.goto(`${server.url}/duplicates`)
  const group = page.getByRole('group', { name: '2 copies of large.jpg' })
  await group.waitFor()
  expect(await group.getByRole('radio', { name: /large\.jpg/ }).isChecked()).toBe(true)
  expect(await violations(page)).toEqual([])
  await group.getByRole('link', { name: /^small\.jpg/ }).click()
  const lightbox = page.getByRole('dialog')
  await lightbox.getByText('2 of 2').waitFor()
  await page.keyboard.press('c')
  await lightbox.getByRole('img', { name: 'The copy that stays: large.jpg' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await lightbox.waitFor({ state: 'detached' })
  await group.getByRole('radio', { name: /small\.jpg/ }).check()
  await group.getByRole('button', { name: 'Delete the other' }).click()
  await group.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await group.waitFor()
  await group.getByRole('button', { name: 'Delete the other' }).click()
  await page.getByRole('button', { name: 'Delete for good now' }).click()
  await expect.poll(images).toBe(before - 1)
  const { body } = await getJson<{ images: { image_uri: string }[] }>(
    `${server.url}/api/images?q=example.org/small`,
  )
  expect(body.images).toHaveLength(1)
  await page.getByText('No picture is here more than once.').waitFor()
})
