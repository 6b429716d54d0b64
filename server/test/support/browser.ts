import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser } from 'playwright-core'

/** A Chromium out of the registry on Linux; elsewhere the Chrome that is installed. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform !== 'linux') return playwright.launch({ channel: 'chrome' })
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    // In a single process, closing a page takes the whole browser along.
    args: chromium.args.filter((arg) => arg !== '--single-process'),
    headless: true,
  })
}
