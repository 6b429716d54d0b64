import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildPage } from '../build.ts'
import { startFakeOpenAi } from '../../server/test/fakes/openai.ts'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { openAiSettings } from '../../server/test/support/openai-settings.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { desk, phone, violations } from './support/opened-page.ts'

let browser: Browser
/** Of all who only search. */
let library: TestServer
let page: Page
let complaints: string[]

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  library = await startServer()
  for (let seed = 0; seed < 14; seed++) {
    const metadata = JSON.stringify({ category: seed % 2 ? 'odd' : 'even' })
    await library.index(await jpeg(seed), { image_uri: `http://example.org/${seed}`, metadata })
  }
})
afterAll(async () => {
  await browser?.close()
  await library?.stop()
})

beforeEach(async () => {
  page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  complaints = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
})
afterEach(() => page.close())

const results = () => page.getByRole('list', { name: 'Similar images' }).getByRole('listitem')

async function setSlider(name: string, value: string): Promise<void> {
  await page.getByRole('slider', { name }).fill(value)
}

/** Drops a file on the page as a person does, from outside the browser. */
async function drop(bytes: Buffer, name: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([base64, fileName]) => {
      const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      const made = new DataTransfer()
      made.items.add(new File([data], fileName, { type: 'image/jpeg' }))
      return made
    },
    [bytes.toString('base64'), name] as const,
  )
  const body = page.locator('body')
  // A page that was just opened may not listen yet.
  const isListening = async () => {
    await body.dispatchEvent('dragover', { dataTransfer: transfer })
    return page.locator('.drop-overlay').count()
  }
  await expect.poll(isListening).toBe(1)
  await body.dispatchEvent('drop', { dataTransfer: transfer })
}

describe('a person searching', () => {
  beforeEach(async () => {
    await page.goto(library.url)
  })

  test('drops a file, sees it, searches, sees the ordered grid, and narrows it', async () => {
    await drop(await jpeg(3), 'three.jpg')
    await page.getByRole('img', { name: /three\.jpg/ }).waitFor()
    await results().nth(9).waitFor()
    expect(await results().count()).toBe(10)
    // What is not on the screen yet has a text, and no inner one.
    const first = await results().first().textContent()
    expect(first).toContain('http://example.org/3')
    expect(first).toMatch(/odd/)
    const status = page.getByRole('status', { name: 'Status' })
    await expect.poll(() => status.innerText()).toMatch(/10/)

    await setSlider('Minimum similarity', '0.98')
    await expect.poll(() => results().count()).toBe(1)
    await setSlider('Minimum similarity', '1')
    expect(await results().count()).toBe(1)
    await setSlider('Minimum similarity', '0')
    await expect.poll(() => results().count()).toBe(10)
    expect(complaints).toEqual([])
  })

  test('chooses a file, asks for fewer results, and goes on from one of them', async () => {
    await page.getByLabel('Image file').setInputFiles({
      name: 'four.jpg',
      mimeType: 'image/jpeg',
      buffer: await jpeg(4),
    })
    await setSlider('Results', '3')
    await expect.poll(() => results().count()).toBe(3)
    const second = (await results().nth(1).textContent())!.match(/http:\/\/example\.org\/\d+/)![0]
    await results()
      .nth(1)
      .getByRole('button', { name: /similar/i })
      .click()
    await expect
      .poll(async () => (await results().allTextContents()).some((text) => text.includes(second)))
      .toBe(false)
    expect(await results().count()).toBe(3)
  })

  test('looks at what was found beside the picture of their own, by keyboard alone', async () => {
    await page.setViewportSize(desk.viewport)
    await drop(await jpeg(3), 'three.jpg')
    await results().nth(9).waitFor()
    const second = results()
      .nth(1)
      .getByRole('link', { name: /in full/ })
    await second.focus()
    await page.keyboard.press('Enter')
    const lightbox = page.getByRole('dialog')
    await lightbox.getByText('2 of 10').waitFor()
    await page.keyboard.press('ArrowLeft')
    await lightbox.getByText('1 of 10').waitFor()
    await lightbox.getByText('Texture').waitFor()
    await page.keyboard.press('c')
    await expect.poll(() => lightbox.locator('.pane').count()).toBe(2)
    await page.keyboard.press('h')
    await lightbox.locator('.pane .heat').nth(1).waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('v')
    const slider = lightbox.getByRole('slider')
    await slider.press('ArrowRight')
    expect(await slider.inputValue()).toBe('51')
    await lightbox.getByText('1 of 10').waitFor()
    await page.setViewportSize(phone.viewport)
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await lightbox.waitFor({ state: 'detached' })
    const first = results()
      .first()
      .getByRole('link', { name: /in full/ })
    expect(await first.evaluate((link) => link === document.activeElement)).toBe(true)

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ])
    expect(file.suggestedFilename()).toBe('lookalike.csv')
    expect(complaints).toEqual([])
  })

  test('is told kindly that a file is no image', async () => {
    await page.getByLabel('Image file').setInputFiles({
      name: 'broken.jpg',
      mimeType: 'image/jpeg',
      buffer: (await jpeg(1)).subarray(0, 2000),
    })
    await page.getByText(/cut short/).waitFor()
    expect(await results().count()).toBe(0)
  })
})

async function withServer(env: Record<string, string>, use: (server: TestServer) => Promise<void>) {
  const server = await startServer(env)
  try {
    await use(server)
  } finally {
    await server.stop()
  }
}

test('an empty library says how to fill it', () =>
  withServer({}, async (server) => {
    await page.goto(server.url)
    await page.getByText(`lookalike import ~/Pictures --url ${server.url}`).waitFor()
  }))

test('a library with keys asks for one, and opens with it', () =>
  withServer({ API_KEYS: 'open-sesame' }, async (server) => {
    await server.index(await jpeg(1), {}, { headers: { 'x-api-key': 'open-sesame' } })
    await page.goto(server.url)
    const key = page.getByLabel(/key/i)
    await key.fill('open-sesame')
    await key.press('Enter')
    await expect.poll(() => page.locator('img').count()).toBeGreaterThan(0)
    await expect
      .poll(() =>
        page
          .locator('img')
          .first()
          .evaluate((img) => (img as HTMLImageElement).naturalWidth),
      )
      .toBeGreaterThan(0)
    await page.reload()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await key.waitFor()
    expect(await page.locator('main img').count()).toBe(0)
    await page.reload()
    await key.waitFor()
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
  }))

test('a person corrects the description and searches with it', async () => {
  const openai = await startFakeOpenAi()
  await withServer(openAiSettings(openai), async (server) => {
    await server.index(await jpeg(1), { image_uri: 'http://example.org/1', description: 'A fox' })
    await server.index(await jpeg(2), { image_uri: 'http://example.org/2', description: 'A boat' })
    await page.goto(server.url)
    await drop(await jpeg(3), 'three.jpg')
    const edit = page.getByRole('button', { name: 'Edit the description' })
    await edit.click()
    const words = page.getByRole('textbox', { name: 'Description' })
    expect(await words.inputValue()).toMatch(/^A picture of/)
    await words.press('Escape')
    await expect.poll(() => edit.evaluate((button) => button.matches(':focus'))).toBe(true)

    await edit.click()
    await words.fill('A boat')
    const vision = openai.chats.length
    await page.getByRole('button', { name: 'Search with this description' }).click()
    await page.getByRole('heading', { name: 'Your description' }).waitFor()
    expect(await results().first().textContent()).toContain('http://example.org/2')
    expect(await page.getByRole('img', { name: /three\.jpg/ }).count()).toBe(1)
    expect(openai.chats.length).toBe(vision)
    expect(complaints).toEqual([])
  }).finally(() => openai.stop())
})

test('what the built-in embedder says cannot be edited', async () => {
  await page.goto(library.url)
  await drop(await jpeg(1), 'one.jpg')
  await page.getByRole('heading', { name: 'What Lookalike sees' }).waitFor()
  expect(await page.getByRole('button', { name: 'Edit the description' }).count()).toBe(0)
})

test('a part of a picture is searched for by itself, chosen by keys', async () => {
  await page.goto(library.url)
  await drop(await jpeg(1), 'one.jpg')
  await results().first().waitFor()
  await page.getByRole('button', { name: 'Search a part' }).click()
  const corner = page.getByRole('button', { name: 'Lower right corner' })
  await corner.focus()
  for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowLeft')
  await page.getByRole('button', { name: 'Search this part' }).click()
  await page.getByRole('img', { name: /Part of one\.jpg/ }).waitFor()
  await results().first().waitFor()
  // Of a picture of the library too.
  await page
    .getByRole('button', { name: /^Find similar/ })
    .first()
    .click()
  await page.getByText('from the library').waitFor()
  await page.getByRole('button', { name: 'Search a part' }).click()
  const whole = (await page.locator('.crop__picture').boundingBox())!
  const at = (x: number, y: number) =>
    [whole.x + x * whole.width, whole.y + y * whole.height] as const
  await page.mouse.move(...at(0.98, 0.98))
  await page.mouse.down()
  await page.mouse.move(...at(0.5, 0.5))
  await page.mouse.up()
  const frame = (await page.locator('.crop__part').boundingBox())!
  expect(frame.x - whole.x).toBeCloseTo(whole.width / 2, 0)
  expect(frame.width).toBeCloseTo(whole.width * 0.48, 0)
  await page.getByRole('button', { name: 'Search this part' }).click()
  await page.getByRole('img', { name: /Part of / }).waitFor()
  await results().first().waitFor()
  expect(complaints).toEqual([])
})

test('a search that found no server goes on by itself when there is one', async () => {
  await page.goto(library.url)
  await page
    .getByRole('button', { name: /Find pictures like/ })
    .first()
    .waitFor()
  await page.context().setOffline(true)
  await drop(await jpeg(20), 'twenty.jpg')
  await page.getByText('It goes on by itself').waitFor()
  await page.context().setOffline(false)
  await results().first().waitFor()
})
