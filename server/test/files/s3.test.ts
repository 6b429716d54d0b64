import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeS3, type S3Fault } from '../fakes/s3.ts'
import { wrongWithSignature } from '../fakes/signature-v4.ts'
import { describeFileStore } from '../conformance/files/file-store.ts'
import openS3Files from '../../src/files/s3/index.ts'
import type { S3Options } from '../../src/files/s3/settings.ts'

const optionsFor = (s3: FakeS3, changed: Partial<S3Options> = {}): S3Options => ({
  endpoint: s3.origin,
  region: s3.region,
  bucket: 'pictures',
  prefix: '',
  accessKeyId: s3.accessKeyId,
  secretAccessKey: s3.secretAccessKey,
  ...changed,
})

describeFileStore('s3', async () => {
  const s3 = await new FakeS3().start()
  // Patient, for a busy machine is no failure here.
  const patience = { timeoutMs: 60_000, uploadTimeoutMs: 60_000 }
  const options = optionsFor(s3, { prefix: 'lookalike/test', ...patience })
  return {
    files: openS3Files(options),
    reopen: async () => openS3Files(options),
    dispose: async () => {
      expect(s3.keys().every((key) => /^lookalike\/test\/(original|thumbnail)s\//.test(key))).toBe(
        true,
      )
      await s3.stop()
    },
  }
})

const { TEST_S3_ENDPOINT: endpoint = '', TEST_S3_BUCKET: bucket } = process.env

describe.skipIf(!bucket)('on the storage of TEST_S3_BUCKET', () => {
  describeFileStore('s3', async () => {
    const options: S3Options = {
      endpoint,
      bucket: bucket!,
      region: process.env['TEST_S3_REGION'] ?? 'us-east-1',
      prefix: 'lookalike-test',
      accessKeyId: process.env['TEST_S3_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: process.env['TEST_S3_SECRET_ACCESS_KEY'] ?? '',
    }
    const open = async () => openS3Files(options)
    return { files: await open(), reopen: open, dispose: async () => {} }
  })
})

// The fake is only worth something if it knows a good signature: this is the example of Amazon's own
// S3 API reference, "GET Object".
test('the fake checks signatures as Amazon documents them', () => {
  const headers = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  }
  const secret = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
  }
  const request = { method: 'GET', target: '/test.txt', headers }
  expect(wrongWithSignature(request, secret)).toBeNull()
  expect(wrongWithSignature({ ...request, target: '/other.txt' }, secret)).toBe(
    'SignatureDoesNotMatch',
  )
})

describe('failures', () => {
  const sha256 = 'ab'.repeat(32)
  const picture = Buffer.from('a thumbnail')
  const unavailable = (message: RegExp) =>
    expect.objectContaining({
      code: 'files_unavailable',
      status: 503,
      message: expect.stringMatching(message),
    })
  let s3: FakeS3
  beforeEach(async () => {
    s3 = await new FakeS3().start()
  })
  afterEach(() => s3.stop())
  const open = (changed: Partial<S3Options> = {}) => openS3Files(optionsFor(s3, changed))

  test('away: says so at once, and goes on when the storage is there', async () => {
    await s3.stop()
    const files = open()
    const gone = unavailable(/"pictures".*not reachable \(ECONNREFUSED\).*S3_ENDPOINT/)
    await expect(files.read('thumbnail', sha256)).rejects.toEqual(gone)
    await expect(files.put('thumbnail', sha256, picture)).rejects.toEqual(gone)
    await expect(files.delete(sha256)).rejects.toEqual(gone)
    expect(await files.health()).toMatchObject({ status: 'unavailable' })
    await s3.start()
    await files.put('thumbnail', sha256, picture)
    expect(await text((await files.read('thumbnail', sha256))!.stream)).toBe('a thumbnail')
    expect(await files.health()).toMatchObject({ status: 'ok' })
  })

  test.for<S3Fault>([
    { kind: 'status', status: 503, code: 'SlowDown' },
    { kind: 'status', status: 500, code: 'InternalError' },
    { kind: 'reset' },
  ])('what passes is tried again: %o', async (fault) => {
    const files = open()
    s3.fail(fault)
    await files.put('thumbnail', sha256, picture)
    s3.fail(fault)
    expect(await text((await files.read('thumbnail', sha256))!.stream)).toBe('a thumbnail')
    s3.fail(fault)
    await files.delete(sha256)
    expect(s3.keys()).toEqual([])
  })

  test.for<[string, S3Fault, RegExp]>([
    ['500', { kind: 'status', status: 500, code: 'InternalError' }, /failed \(InternalError\)/],
    ['resets', { kind: 'reset' }, /not reachable/],
  ])('nothing but %s is said to be so', async ([, fault, message]) => {
    const files = open()
    s3.fail(fault, 20)
    await expect(files.read('thumbnail', sha256)).rejects.toEqual(unavailable(message))
    await expect(files.put('thumbnail', sha256, picture)).rejects.toEqual(unavailable(message))
  })

  test('silence ends by the deadline', async () => {
    const files = open({ timeoutMs: 200, uploadTimeoutMs: 200 })
    s3.fail({ kind: 'hang' }, 20)
    const silent = unavailable(/did not answer in time/)
    await expect(files.read('thumbnail', sha256)).rejects.toEqual(silent)
    await expect(files.put('thumbnail', sha256, picture)).rejects.toEqual(silent)
    await expect(files.delete(sha256)).rejects.toEqual(silent)
    expect(await files.health()).toMatchObject({ status: 'unavailable' })
  })

  test('half a picture is an error to its reader, not a shorter picture', async () => {
    const files = open()
    await files.put('thumbnail', sha256, picture)
    s3.fail({ kind: 'cut' })
    const { stream } = (await files.read('thumbnail', sha256))!
    await expect(text(stream)).rejects.toThrow()
  })

  test.for<[string, Partial<S3Options>, RegExp]>([
    ['a wrong secret', { secretAccessKey: 'x' }, /refused \(SignatureDoesNotMatch\).*S3_SECRET/],
    ['an unknown key', { accessKeyId: 'x' }, /refused \(InvalidAccessKeyId\).*S3_ACCESS_KEY_ID/],
    ['another region', { region: 'us-east-1' }, /another region .*S3_REGION/],
    ['no such bucket', { bucket: 'other' }, /"other".*S3_BUCKET/],
  ])('%s is told apart from a file that is not there', async ([, changed, message]) => {
    const files = open(changed)
    await expect(files.read('thumbnail', sha256)).rejects.toEqual(unavailable(message))
    expect(await files.health()).toMatchObject({
      status: 'unavailable',
      detail: expect.stringMatching(message) as string,
    })
  })

  test('full storage is told as such', async () => {
    s3.fail({ kind: 'status', status: 507, code: 'XMinioStorageFull' })
    const put = open().put('thumbnail', sha256, picture)
    await expect(put).rejects.toMatchObject({ code: 'storage_full', status: 507 })
  })
})
