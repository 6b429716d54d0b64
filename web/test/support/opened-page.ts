import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export const phone = { viewport: { width: 390, height: 844 } }
export const desk = { viewport: { width: 1440, height: 900 } }

/** A page in a browser of its own; `complaints` gathers what its console says, which should be nothing. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    locale: 'en-US',
    // What one test keeps in the browser is not for another, and nothing comes between a test and its server.
    serviceWorkers: 'block',
    ...options,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { page, context, complaints, close: () => context.close() }
}

/** What axe finds wrong with the page as it is now: rule and element. */
export async function violations(page: Page): Promise<string[]> {
  // What is still fading in has little contrast; some begins when other has ended.
  await page.evaluate(async () => {
    const moving = () =>
      document.getAnimations().filter(({ playState, effect }) => {
        return playState === 'running' && effect?.getComputedTiming().endTime !== Infinity
      })
    while (moving().length > 0) await Promise.allSettled(moving().map(({ finished }) => finished))
  })
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<Violations> } }
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  })
}

/** How far the page has moved of itself under its reader, as Chromium counts it; 0.1 is the most that passes as good. */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            sum += (entry as unknown as { value: number }).value
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => resolve(sum), 50)
      }),
  )
}

interface Violations {
  violations: { id: string; nodes: { html: string }[] }[]
}
