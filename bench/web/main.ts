import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { launchBrowser } from '../../server/test/support/browser.ts'
import { buildPage } from '../../web/build.ts'
import { fill } from '../library/fill.ts'
import { startServer } from '../server.ts'
import { firstLoad } from './first-load.ts'
import { flyOverMap } from './map.ts'
import { pictureOf, shownPictures, withThumbnails } from './wall.ts'

const screen = { width: 1440, height: 900 }
const scrollMs = 6000
/** CSS pixels a frame: some twelve screens a second at 60 Hz would be 180. */
const speeds = [20, 120]

/**
 * `npm run bench -- web [--images 100000] [--uploads 500]`: what the page takes in Chromium, over a server with so
 * many records: its first load, until the first pictures are on the wall, each frame while the library is scrolled, how long a key
 * waits to be heard while files are brought in, and each frame over a map of so many places.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string', default: '100000' },
      uploads: { type: 'string', default: '500' },
    },
  })
  const images = Number(values.images)
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  const settings = { EMBEDDER: 'visual', LOG_LEVEL: 'warn', PORT: '0', GRAPH: 'none' }
  await buildPage()
  const shown = await shownPictures()
  await fill({ ...settings, DATA_DIR: folder }, images, (record) => {
    const { width, height, thumbhash } = shown[pictureOf(record.id, shown)]!
    return { ...record, file: { ...record.file!, width, height, thumbhash } }
  })
  const server = await startServer(folder, settings)
  const front = await withThumbnails(server.url, shown)
  const browser = await launchBrowser({ webgl: true })
  try {
    const loads = [
      await loaded(browser, front.url, 'desk'),
      await loaded(browser, front.url, 'phone'),
    ]
    const page = await browser.newPage({ viewport: screen })
    const lines = [
      `The page in Chromium ${browser.version()} at ${screen.width} × ${screen.height}, ${images.toLocaleString('en')} records, on ` +
        `${cpus().length} cores of ${cpus()[0]!.model.trim()}, Node ${process.version}.`,
      '',
      '| | p50 ms | p95 ms | p99 ms | longest ms | |',
      '| --- | --- | --- | --- | --- | --- |',
    ]
    const started = performance.now()
    await page.goto(`${front.url}/library`)
    await page.locator('.wall__cell img.is-loaded').first().waitFor()
    const first = performance.now() - started
    await page.waitForFunction(
      (wanted) => document.querySelector('.toolbar__count')?.textContent?.includes(wanted),
      images.toLocaleString('en'),
    )
    await untilHeightRests(page)
    for (const speed of speeds) lines.push(await scrolled(page, speed))
    lines.push(await uploads(page, folder, Number(values.uploads)))
    await page.close()
    for (const renderer of ['webgl', 'canvas'] as const) {
      for (const { name, interval, work } of await flyOverMap(
        browser,
        front.url,
        images,
        renderer,
      )) {
        const [half, longest] = [
          work.toSorted((a, b) => a - b)[work.length >> 1]!,
          Math.max(...work),
        ]
        const note = `script ${half.toFixed(1)} ms in half of them, at most ${longest.toFixed(1)}`
        lines.push(row(`map by ${renderer}: ${name}`, interval, note))
      }
    }
    lines.push('', ...loads, `The first picture was on the wall after ${first.toFixed(0)} ms.`)
    console.log(lines.join('\n'))
  } finally {
    await browser.close()
    await front.stop()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function loaded(browser: Browser, url: string, on: 'desk' | 'phone'): Promise<string> {
  const { bytes, paintMs, interactiveMs } = await firstLoad(browser, url, on)
  const where = on === 'desk' ? 'here' : 'on slow 4G and a quarter of this processor'
  return (
    `The first load took ${(bytes / 1000).toFixed(0)} kB ${where}: drawn after ${paintMs.toFixed(0)} ms, ` +
    `interactive after ${interactiveMs.toFixed(0)} ms.`
  )
}

/** All are laid out. */
async function untilHeightRests(page: Page): Promise<void> {
  const height = () => page.evaluate(() => document.documentElement.scrollHeight)
  for (let before = 0, now = await height(); now !== before; now = await height()) {
    before = now
    await setTimeout(2000)
  }
}

/** Milliseconds between frames while the window scrolls so many CSS pixels in each. */
function scroll(page: Page, speed: number): Promise<number[]> {
  return page.evaluate(
    ([speed, lasting]) =>
      new Promise<number[]>((resolve) => {
        scrollTo(0, 0)
        const times: number[] = []
        let last = performance.now()
        const end = last + lasting
        const frame = (now: number) => {
          times.push(now - last)
          last = now
          scrollBy(0, speed)
          if (now < end) requestAnimationFrame(frame)
          else resolve(times.slice(2))
        }
        requestAnimationFrame(frame)
      }),
    [speed, scrollMs] as const,
  )
}

/** Frames while scrolling, and what of them the page itself took: the rest is decoding and drawing. */
async function scrolled(page: Page, speed: number): Promise<string> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const spent = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)!.value
    return {
      script: seconds('ScriptDuration'),
      layout: seconds('LayoutDuration') + seconds('RecalcStyleDuration'),
    }
  }
  const before = await spent()
  const times = await scroll(page, speed)
  const after = await spent()
  await devtools.detach()
  const late = times.filter((time) => time > 33.4).length
  const share = ((100 * late) / times.length).toFixed(1)
  const each = (name: keyof typeof after) =>
    ((1000 * (after[name] - before[name])) / times.length).toFixed(1)
  return row(
    `frames at ${speed} px each`,
    times,
    `${times.length} frames, ${share} % over two of 60 Hz; script ${each('script')} ms and layout ${each('layout')} ms in each`,
  )
}

/** Keys are pressed while files are brought in; how long each waited for the page to hear of it. */
async function uploads(page: Page, folder: string, count: number): Promise<string> {
  await page.evaluate(() => scrollTo(0, 0))
  const paths: string[] = []
  for (let number = 0; number < count; number++) {
    const path = join(folder, `new-${number}.jpg`)
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    const picture = sharp({
      create: { width: 320, height: 240, channels: 3, background: '#888', noise },
    })
    await writeFile(path, await picture.jpeg().toBuffer())
    paths.push(path)
  }
  await page.evaluate(() => {
    const heard: number[] = []
    Object.assign(window, { heard })
    // The stamp is of when the browser had the key, before anything of the page ran.
    addEventListener('keydown', ({ timeStamp }) => heard.push(performance.now() - timeStamp), true)
  })
  await page.getByLabel('Add pictures').and(page.locator('input')).setInputFiles(paths)
  const panel = page.getByRole('region', { name: 'Add pictures' })
  const started = performance.now()
  await page.getByRole('searchbox').focus()
  while (!(await panel.getByText(/added/).isVisible())) {
    await page.keyboard.press('Shift')
    await setTimeout(50)
  }
  const seconds = (performance.now() - started) / 1000
  const heard = await page.evaluate(() => (window as unknown as { heard: number[] }).heard)
  const note = `${heard.length} keys while ${count} files arrived in ${seconds.toFixed(0)} s`
  return row('a key is heard', heard, note)
}

function row(name: string, times: number[], note: string): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]! // prettier-ignore
  const cells = [at(0.5), at(0.95), at(0.99), sorted.at(-1)!].map((ms) => ms.toFixed(1))
  return `| ${name} | ${cells.join(' | ')} | ${note} |`
}
