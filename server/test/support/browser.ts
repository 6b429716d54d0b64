import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser } from 'playwright-core'

interface BrowserOptions {
  /** Words of arguments that are left out, of those that the Chromium out of the registry is run with. */
  without?: string[]
  args?: string[]
}

/** A Chromium out of the registry on Linux; elsewhere the Chrome that is installed. */
export async function launchBrowser({
  without = [],
  args = [],
}: BrowserOptions = {}): Promise<Browser> {
  if (process.platform !== 'linux') return playwright.launch({ channel: 'chrome', args })
  // In a single process, closing a page takes the whole browser along.
  const unwanted = ['--single-process', ...without]
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args.filter((arg) => !unwanted.some((word) => arg.includes(word))), ...args],
    headless: true,
  })
}
