import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

/** A page as somebody writes one in an afternoon: it knows the answer's fields, and no client of ours. */
const html = `<!doctype html>
<input type="file" id="file" /><input id="limit" value="3" /><input id="threshold" value="0.5" />
<button>Search</button><pre></pre>
<script>
  document.querySelector('button').onclick = async () => {
    const data = new FormData()
    const [file] = document.querySelector('#file').files
    if (file) data.append('image_file', file)
    data.append('limit', document.querySelector('#limit').value)
    data.append('score_threshold', document.querySelector('#threshold').value)
    const response = await fetch('/api/images/search-similar', { method: 'POST', body: data })
    const answer = await response.json()
    document.querySelector('pre').textContent = response.ok
      ? ['Query: ' + answer.query_image, 'Found: ' + answer.total_found]
          .concat(answer.results.map((r) => (r.image_url || r.image_uri) + ' ' + r.score.toFixed(3)))
          .join('\\n')
      : 'Error: ' + answer.detail
  }
</script>`

let server: TestServer
let browser: Browser
let page: Page
beforeAll(async () => {
  server = await startServer()
  for (let seed = 0; seed < 5; seed++) {
    await server.index(await jpeg(seed), { image_uri: `http://example.org/${seed}` })
  }
  browser = await launchBrowser()
  page = await browser.newPage()
  await page.route('**/plain.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  )
  await page.goto(`${server.url}/plain.html`)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function shownAfterSearch(): Promise<string> {
  await page.evaluate(() => (document.querySelector('pre')!.textContent = ''))
  await page.getByRole('button', { name: 'Search' }).click()
  await page.waitForFunction(() => document.querySelector('pre')!.textContent !== '')
  return (await page.locator('pre').textContent())!
}

test('a plain page shows the description of its picture, and what was found', async () => {
  const buffer = await jpeg(2)
  await page.locator('#file').setInputFiles({ name: 'own.jpg', mimeType: 'image/jpeg', buffer })
  const [query, found, ...results] = (await shownAfterSearch()).split('\n')
  expect(query).toMatch(/^Query: \w.*picture/)
  expect(found).toBe(`Found: ${results.length}`)
  expect(results.length).toBeGreaterThan(0)
  expect(results.length).toBeLessThanOrEqual(3)
  expect(results[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/images\/[\w-]+\/file\?v=\w+ 1\.000$/)
})

test('and why a search failed', async () => {
  await page.locator('#file').setInputFiles([])
  expect(await shownAfterSearch()).toMatch(/^Error: .*image_file/)
  const buffer = Buffer.from('no picture')
  await page.locator('#file').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer })
  expect(await shownAfterSearch()).toMatch(/^Error: .+/)
})
