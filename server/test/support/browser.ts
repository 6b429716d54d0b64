import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser } from 'playwright-core'

interface BrowserOptions {
  /** Words of arguments that are left out, of those that the Chromium out of the registry is run with. */
  without?: string[]
  args?: string[]
  /** Whether pages may use WebGL. Here the processor draws for it, and then for everything, which doubles the work. */
  webgl?: boolean
}

const ofWebgl = ['use-gl', 'use-angle', 'in-process-gpu', 'ignore-gpu-blocklist', 'swiftshader']

/** A Chromium out of the registry on Linux; elsewhere the Chrome that is installed. */
export async function launchBrowser({
  without = [],
  args = [],
  webgl = false,
}: BrowserOptions = {}): Promise<Browser> {
  if (process.platform !== 'linux') return playwright.launch({ channel: 'chrome', args })
  // In a single process, closing a page takes the whole browser along.
  const unwanted = ['--single-process', ...without, ...(webgl ? [] : ofWebgl)]
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((arg) => !unwanted.some((word) => arg.includes(word))),
      ...(webgl ? [] : ['--disable-gpu']),
      ...args,
    ],
    headless: true,
  })
}
