import type { Browser, Page } from 'playwright-core'
import { randomNumbers } from '../../evals/random.ts'
import { jpeg } from '../../server/test/support/pictures.ts'

export type Renderer = 'webgl' | 'canvas'

export interface Part {
  name: string
  frames: number
  /** Between each frame and the one before it, in ms. */
  interval: number[]
  /** What the page itself did for each frame, in ms. */
  work: number[]
}

const pageSize = 20_000
const clusters = 60

/**
 * Moves and zooms over a map of so many places. The page is the real one; the places are made up, in clusters, since
 * laying out so many takes minutes and is measured by `bench -- map`.
 */
export async function flyOverMap(
  browser: Browser,
  url: string,
  count: number,
  renderer: Renderer,
): Promise<Part[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await answerWith(page, count)
  await page.addInitScript(watchFrames)
  if (renderer === 'canvas') await page.addInitScript(withoutWebgl)
  await page.goto(`${url}/map`)
  const stage = page.locator('.map-stage[role=application]')
  await stage.waitFor({ timeout: 60_000 })
  await page.waitForTimeout(2000)
  const { x, y, width, height } = (await stage.boundingBox())!
  const [left, top] = [x + width / 2, y + height / 2]

  const part = async (name: string, act: () => Promise<void>): Promise<Part> => {
    await page.evaluate(() => window.watchedFrames.splice(0))
    await act()
    const all = await page.evaluate(() => window.watchedFrames.splice(0))
    // Of a page that rests there are no frames to be late.
    const frames = all.filter(({ work, interval }) => work > 0 && interval < 1000)
    return {
      name,
      frames: frames.length,
      interval: frames.map(({ interval }) => interval),
      work: frames.map(({ work }) => work),
    }
  }

  const dragged = await part('dragging all of it', async () => {
    await page.mouse.move(left, top)
    await page.mouse.down()
    for (let step = 0; step < 60; step++) {
      await page.mouse.move(left + 120 * Math.sin(step / 6), top + 80 * Math.cos(step / 6))
    }
    await page.mouse.up()
  })
  const zoomed = await part('zooming in until pictures show', async () => {
    for (let step = 0; step < 60; step++) await page.mouse.wheel(0, -60)
  })
  await page.locator('.map-picture').first().waitFor()
  const near = await part('dragging among pictures', async () => {
    await page.mouse.down()
    for (let step = 0; step < 60; step++) {
      await page.mouse.move(left + 120 * Math.sin(step / 6), top + 80 * Math.cos(step / 6))
    }
    await page.mouse.up()
  })
  await context.close()
  return [dragged, zoomed, near]
}

interface Frame {
  interval: number
  work: number
}

declare global {
  interface Window {
    watchedFrames: Frame[]
  }
}

function watchFrames(): void {
  window.watchedFrames = []
  const request = window.requestAnimationFrame.bind(window)
  let work = 0
  window.requestAnimationFrame = (callback) =>
    request((now) => {
      const began = performance.now()
      callback(now)
      work += performance.now() - began
    })
  let last = performance.now()
  const frame = (now: number) => {
    window.watchedFrames.push({ interval: now - last, work })
    last = now
    work = 0
    request(frame)
  }
  request(frame)
}

function withoutWebgl(): void {
  const { getContext } = HTMLCanvasElement.prototype
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string) {
    return kind === '2d' ? getContext.call(this, kind) : null
  } as typeof getContext
}

async function answerWith(page: Page, count: number): Promise<void> {
  const random = randomNumbers(7)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const middles = Array.from({ length: clusters }, () => [random(), random(), 0.01 + 0.03 * random()]) // prettier-ignore
  const coordinate = (value: number) => Math.round(65_535 * Math.min(1, Math.max(0, value)))
  const places = Array.from({ length: count }, (_, at) => {
    // The corners keep the middle of the map in the middle of the window.
    if (at < 2) return [at * 65_535, at * 65_535] as const
    // Some lie in the middle, where one zooms in.
    const [x, y, wide] = at < 52 ? [0.5, 0.5, 0.0008] : middles[Math.floor(random() * clusters)]!
    return [coordinate(x! + wide! * normal()), coordinate(y! + wide! * normal())] as const
  })
  const idOf = (at: number) => `00000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}`
  const thumbnail = await jpeg(3, 384, 288)
  await page.route(/\/api\/map(\?|$)/, (route) => {
    const query = new URL(route.request().url()).searchParams
    const limit = Number(query.get('limit') ?? pageSize)
    const from = Number(query.get('cursor') ?? 0)
    const some = places.slice(from, from + limit)
    return route.fulfill({
      json: {
        version: '1-bench-1',
        phase: 'ready',
        detail: null,
        placed: count,
        images: count,
        size: 65_535,
        ids: some.map((_, at) => idOf(from + at)),
        versions: some.map(() => '0'),
        x: some.map(([x]) => x),
        y: some.map(([, y]) => y),
        next_cursor: from + limit < count ? String(from + limit) : null,
      },
    })
  })
  await page.route('**/api/images/*/thumbnail*', (route) =>
    route.fulfill({ body: Buffer.from(thumbnail), contentType: 'image/jpeg' }),
  )
}
