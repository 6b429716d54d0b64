import { setTimeout } from 'node:timers/promises'
import type { Browser } from 'playwright-core'

/** How a page comes to a reader. */
export interface FirstLoad {
  /** On the wire, headers included; pictures are the library's own and are not counted. */
  readonly bytes: number
  /** Until something was drawn, in ms from the beginning. */
  readonly paintMs: number
  /** Until the field was there and no task kept the page from hearing for longer than 50 ms any more. */
  readonly interactiveMs: number
}

/** Lighthouse's phone: a slow 4G and a processor of a quarter of the speed. */
const phone = { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 }
const slower = 4
/** So long nothing happens when all has happened. */
const restMs = 2000

/** Opens the page in a browser that has never seen it. */
export async function firstLoad(
  browser: Browser,
  url: string,
  on: 'desk' | 'phone',
): Promise<FirstLoad> {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  try {
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    if (on === 'phone') {
      await devtools.send('Network.emulateNetworkConditions', { offline: false, ...phone })
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
    }
    const types = new Map<string, string | undefined>()
    let bytes = 0
    devtools.on('Network.requestWillBeSent', ({ requestId, type }) => types.set(requestId, type))
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (types.get(requestId) !== 'Image') bytes += encodedDataLength
    })
    await page.addInitScript(() => {
      const times = { field: 0, task: 0 }
      Object.assign(window, { times })
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) times.task = startTime + duration
      }).observe({ type: 'longtask', buffered: true })
      new MutationObserver((_, observer) => {
        if (!document.querySelector('.ask-bar__words')) return
        times.field = performance.now()
        observer.disconnect()
      }).observe(document, { childList: true, subtree: true })
    })
    await page.goto(url)
    await page.locator('.ask-bar__words').waitFor()
    await page.waitForLoadState('networkidle')
    await setTimeout(restMs)
    return await page
      .evaluate(() => {
        const { times } = window as unknown as { times: { field: number; task: number } }
        const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN
        return { paintMs: paint, interactiveMs: Math.max(times.field, times.task) }
      })
      .then((times) => ({ bytes, ...times }))
  } finally {
    await context.close()
  }
}
