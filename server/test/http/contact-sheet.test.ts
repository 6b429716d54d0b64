import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let ids: string[]
beforeAll(async () => {
  server = await startServer()
  const made = [1, 2, 3].map(async (seed) => server.index(await jpeg(seed)))
  ids = (await Promise.all(made)).map(({ body }) => body.id)
})
afterAll(() => server.stop())

const sheet = (list: string) => fetch(`${server.url}/api/contact-sheet?ids=${list}`)

test('a sheet is one JPEG of those asked for, also of what is not there', async () => {
  const answer = await sheet([...ids, '3b1b6d1e-7f0a-4c55-8f8b-6f0a2b9c1d10'].join(','))
  expect(answer.headers.get('content-type')).toBe('image/jpeg')
  const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
  expect({ width, height }).toEqual({ width: 1020, height: 252 })
})

test('no ids, what is none, and too many are refused', async () => {
  const many = Array.from({ length: 101 }, () => ids[0]).join(',')
  for (const list of ['', 'x', `${ids[0]},`, many]) {
    const answer = await sheet(list)
    expect(answer.status, list).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'invalid_parameter' })
  }
})
