import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jpeg } from '../../../server/test/support/pictures.ts'
import { getJson, startServer, type TestServer } from '../../../server/test/support/server.ts'
import { buildPage } from '../../build.ts'
import { openFirefox } from './firefox.ts'
import { Tab, type Driver } from './tab.ts'
import { openWebKit } from './webkit.ts'

/** `npm run test:browsers` runs them: each takes seconds, and Chromium does all of this and more in every run. */
const wanted = process.env['TEST_BROWSERS'] !== undefined
const pictures = 24
let server: TestServer

beforeAll(async () => {
  if (!wanted) return
  await buildPage()
  server = await startServer()
  for (let seed = 0; seed < pictures; seed++) {
    await server.index(await jpeg(seed, 160, seed % 3 === 0 ? 240 : 120), {
      image_uri: `http://example.org/${seed}.jpg`,
    })
  }
})
afterAll(() => server?.stop())

const firefox = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path))
const programs = {
  screen: '/usr/bin/Xvfb',
  driver: '/usr/bin/WebKitWebDriver',
  browser: miniBrowser(),
}
const hasWebKit = Object.values(programs).every((path) => existsSync(path))

const browsers = [
  named('Firefox', firefox ? () => openFirefox(firefox) : null, 'firefox-esr'),
  named('WebKit', hasWebKit ? () => openWebKit(programs) : null, 'webkit2gtk-driver xvfb'),
]

/** @param packages of Debian, that bring what is missing */
function named(browser: string, open: (() => Promise<Driver>) | null, packages: string) {
  const name = open ? browser : `${browser} is not installed: apt-get install ${packages}`
  return { name, browser, open }
}

test.runIf(wanted).for(browsers)(
  '$name',
  { timeout: 120_000 },
  async ({ browser, open }, { skip }) => {
    if (!open) return skip()
    const driver = await open()
    try {
      expect(driver.version).toMatch(browser)
      await walk(new Tab(driver))
    } finally {
      await driver.close()
    }
  },
)

async function walk(tab: Tab): Promise<void> {
  // Ask in words, and look at what is found.
  await tab.open(server.url)
  await tab.see('h2', 'More like this.')
  await tab.click('.ask-bar__words')
  await tab.type('bird')
  // In WebKitGTK the first Enter only closes the suggestions.
  await tab.click('.ask-bar [type=submit]')
  await tab.see('.results a[data-picture]')
  await tab.until(`location.search.includes('q=bird')`)
  expect(await tab.complaints()).toEqual([])

  // A picture by itself, the next one, what is alike, and the two compared.
  await tab.open(`${server.url}/library?order=oldest`)
  await tab.until(`document.querySelectorAll('[role=gridcell] img').length > 4`)
  await tab.click('[data-index="0"] > a')
  await tab.see('dialog h2', '0.jpg')
  await tab.press('ArrowRight')
  await tab.see('dialog h2', '1.jpg')
  await tab.type('s')
  await tab.see('.results a[data-picture]')
  await tab.until(`location.search.includes('like=')`)
  await tab.click('.results a[data-picture]')
  await tab.type('c')
  await tab.see('.pane--asked img')
  await tab.press('Escape')
  await tab.gone('dialog.lightbox')
  expect(await tab.complaints()).toEqual([])

  // Select, delete, and have it back; then delete for good.
  await tab.open(`${server.url}/library?order=oldest`)
  await tab.click('[data-index="2"] > a')
  await tab.see('dialog h2', '2.jpg')
  await tab.press('Escape')
  await tab.gone('dialog.lightbox')
  await tab.press('Space')
  await tab.see('.selection-bar', '1 selected')
  await tab.press('Delete')
  await tab.see('.toolbar', `${pictures - 1} pictures`)
  await tab.click('.tray button', 'Undo')
  await tab.see('.toolbar', `${pictures} pictures`)
  expect(await images()).toBe(pictures)
  expect(await tab.complaints()).toEqual([])

  // The map is drawn, and leads to the lightbox.
  await tab.open(`${server.url}/map`)
  await tab.see('.map-stage canvas')
  await tab.click('.map-picture')
  await tab.see('dialog.lightbox')
  await tab.press('ArrowRight')
  await tab.see('.lightbox__position', `2 of ${pictures}`)
  await tab.press('Escape')
  await tab.gone('dialog.lightbox')
  expect(await tab.complaints()).toEqual([])
}

async function images(): Promise<number> {
  const { body } = await getJson<{ images: number }>(`${server.url}/api/info`)
  return body.images
}

/** Debian keeps it beside the library, by the machine's architecture and the API's version. */
function miniBrowser(): string {
  const root = '/usr/lib'
  const found = (existsSync(root) ? readdirSync(root) : [])
    .flatMap((machine) =>
      ['4.1', '4.0'].map((api) => join(root, machine, `webkit2gtk-${api}/MiniBrowser`)),
    )
    .find((path) => existsSync(path))
  return found ?? join(root, 'MiniBrowser')
}
