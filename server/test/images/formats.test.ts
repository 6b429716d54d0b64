import { expect, test } from 'vitest'
import sharp from 'sharp'
import { decodeImage } from '../../src/images/decode.ts'
import { rawFormats } from '../../src/images/image.ts'
import { bmpFile, bmpKinds } from './making/bmp-file.ts'
import { encodedQuarters } from './making/encoded-quarters.ts'
import { codedPicture, heifFile, mirror, profile, rotation } from './making/heif-file.ts'
import { deviceValues, iccProfile, profiledPng, profiledTiff, spaces } from './making/profiled.ts'
import { quarters, quartersOf, turnedQuarters, upright, worstLevel } from './making/quarters.ts'
import { rawFile } from './making/raw-file.ts'

const coded = (name: keyof typeof encodedQuarters) => Buffer.from(encodedQuarters[name], 'base64')
const adobe = spaces[0]!
const icc = iccProfile(adobe)
const none = '-'

async function orientation(files: Record<number, Buffer>): Promise<string> {
  for (const [turn, file] of Object.entries(files)) {
    expect(quartersOf(await decodeImage(file, 50), 20)).toEqual(turnedQuarters[Number(turn)])
  }
  return 'upright'
}

const byExif = async (format: 'jpeg' | 'png' | 'webp' | 'tiff') =>
  orientation(
    Object.fromEntries(
      await Promise.all(
        [1, 2, 3, 4, 5, 6, 7, 8].map(async (turn) => [turn, await quarters().withMetadata({ orientation: turn }).toFormat(format).toBuffer()] as const), // prettier-ignore
      ),
    ),
  )

async function colours(...files: Buffer[]): Promise<string> {
  const off = await Promise.all(files.map(async (file) => worstLevel(await decodeImage(file, 50))))
  return `to sRGB, ${Math.max(...off)} of 255 off`
}

async function transparency(file: Buffer): Promise<string> {
  const image = await decodeImage(file, 50)
  expect(quartersOf(image, 20)).toEqual(['red', undefined, 'blue', undefined])
  return 'on a ground that contrasts'
}

async function depth(files: Record<string, Buffer>): Promise<string> {
  const read: string[] = []
  for (const [bits, file] of Object.entries(files)) {
    await decodeImage(file, 50).then(() => read.push(bits))
  }
  return `${read.join(', ')} bits`
}

async function damage(file: Buffer): Promise<string> {
  await expect(decodeImage(file.subarray(0, file.length * 0.6), 50)).rejects.toThrow(/damaged/)
  const hole = Buffer.from(file)
  const at = Math.floor(file.length * 0.6)
  hole.fill(0xff, at, at + 60)
  const noticed = await decodeImage(hole, 50).then(
    () => false,
    () => true,
  )
  return noticed ? 'refused' : 'refused where cut; a hole is not noticed'
}

async function animation(file: Buffer): Promise<string> {
  expect(quartersOf(await decodeImage(file, 50), 30)).toEqual(upright)
  return 'the first picture'
}

const png = (bits: 8 | 16) => profiledPng(deviceValues(adobe), bits, icc, 3)
const tiff = (bits: 8 | 16) => profiledTiff(deviceValues(adobe), bits, icc, 3)
const p3 = () => quarters().withIccProfile('p3')
const big = () => quarters(400, 300).blur(3)
const halved = async () => {
  const rgba = await quarters().ensureAlpha().raw().toBuffer()
  for (let at = 0; at < rgba.length; at += 4) if ((at / 4) % 64 >= 32) rgba[at + 3] = 0
  return sharp(rgba, { raw: { width: 64, height: 48, channels: 4 } })
}
const film = async () => {
  const frames = [await quarters().png().toBuffer(), await quarters().negate().png().toBuffer()]
  return sharp(frames, { join: { animated: true } })
}

async function rows(): Promise<string[][]> {
  const turnedHeic = (...properties: Buffer[]) => heifFile([{ ...codedPicture(), properties }])
  return [
    ['JPEG', await byExif('jpeg'), await colours(await p3().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()), await depth({ 8: await quarters().jpeg().toBuffer() }), none, none, `${await damage(await big().jpeg().toBuffer())}; missing end and stray bytes are not damage`], // prettier-ignore
    ['PNG', await byExif('png'), await colours(png(8), png(16)), await depth({ 1: await quarters().png({ colours: 2 }).toBuffer(), 8: png(8), 16: png(16) }), await transparency(await (await halved()).png().toBuffer()), 'the still', await damage(await big().png().toBuffer())], // prettier-ignore
    ['WebP', await byExif('webp'), await colours(await p3().webp({ lossless: true }).toBuffer()), await depth({ 8: await quarters().webp().toBuffer() }), await transparency(await (await halved()).webp({ lossless: true }).toBuffer()), await animation(await (await film()).webp().toBuffer()), await damage(await big().webp().toBuffer())], // prettier-ignore
    ['GIF', none, none, await depth({ 8: await quarters().gif().toBuffer() }), await transparency(await (await halved()).gif().toBuffer()), await animation(await (await film()).gif().toBuffer()), await damage(await big().gif().toBuffer())], // prettier-ignore
    ['AVIF', 'upright', await colours(await p3().avif({ lossless: true }).toBuffer(), await p3().avif({ lossless: true, bitdepth: 10 }).toBuffer()), await depth({ 8: await quarters().avif().toBuffer(), 10: await quarters().avif({ bitdepth: 10 }).toBuffer(), 12: await quarters().avif({ bitdepth: 12 }).toBuffer() }), await transparency(await (await halved()).avif({ quality: 95 }).toBuffer()), 'the first picture', await damage(await big().avif().toBuffer())], // prettier-ignore
    ['TIFF', await byExif('tiff'), await colours(tiff(8), tiff(16)), await depth({ 1: await quarters().threshold().tiff({ bitdepth: 1 }).toBuffer(), 8: tiff(8), 16: tiff(16) }), await transparency(await (await halved()).tiff({ compression: 'lzw' }).toBuffer()), 'the first page', await damage(await big().tiff({ compression: 'lzw' }).toBuffer())], // prettier-ignore
    ['HEIC', await orientation({ 1: turnedHeic(), 2: turnedHeic(mirror(1)), 3: turnedHeic(rotation(2)), 4: turnedHeic(mirror(0)), 6: turnedHeic(rotation(3)), 8: turnedHeic(rotation(1)) }), await colours(coded('heic10AdobeRgb')), await depth({ 8: coded('heic'), 10: coded('heic10') }), await transparency(coded('heicAlpha')), 'the largest still', await damage(coded('heic'))], // prettier-ignore
    ['JPEG XL', await orientation({ 6: coded('jxlTurned') }), await colours(coded('jxlAdobeRgb')), await depth({ 8: coded('jxl'), 16: coded('jxlAdobeRgb') }), await transparency(coded('jxlAlpha')), await animation(coded('jxlAnimated')), await damage(coded('jxlAdobeRgb'))], // prettier-ignore
    ['BMP', none, 'not heeded', await depth(Object.fromEntries(bmpKinds.filter((kind) => Number(kind) <= 32).map((kind) => [kind, bmpFile(kind)]))), await transparency(bmpFile('alpha')), none, await damageOfBmp()], // prettier-ignore
  ]
}

async function damageOfBmp(): Promise<string> {
  const file = bmpFile('24')
  await expect(decodeImage(file.subarray(0, file.length * 0.6), 50)).rejects.toThrow(/damaged/)
  return 'refused where cut'
}

const lines = (cells: string[][]) => cells.map((row) => `| ${row.join(' | ')} |`).join('\n')

test('docs/formats.md says what was seen to happen', async () => {
  const preview = await quarters(640, 480).jpeg().toBuffer()
  const small = await quarters().jpeg().toBuffer()
  const raw = await Promise.all(
    rawFormats.map(async (format) => {
      const image = await decodeImage(rawFile(format, { preview, small, orientation: 1 }), 50)
      return [format.toUpperCase(), `${image.source.width} x ${image.source.height} of 640 x 480 and 64 x 48`] // prettier-ignore
    }),
  )
  expect(profile(icc).length).toBeGreaterThan(0)
  await expect(`# Formats

What Lookalike does with each format, by feature. Written by \`server/test/images/formats.test.ts\`, from what it saw
happen; \`-\` is what the format does not have. After a change, \`npx vitest run server/test/images/formats.test.ts -u\` writes it anew.

| format | orientation | colour profile | depth | transparency | animation | damage |
| --- | --- | --- | --- | --- | --- | --- |
${lines(await rows())}

The type is told by the bytes, never by the name. Motion photos, MPO and Ultra HDR are JPEG, and show their still. HEIC, JPEG XL
and BMP are decoded in processes of their own, two at a time, each killed after two minutes. Of HEVC, libde265 does not tell what it
conceals: a hole in a HEIC is seen only where it breaks the file's structure; one in an uncompressed TIFF or BMP, or in JPEG data that
still decode, is not seen by anything.

## RAW

Only the preview that the camera made is read, the largest that the file's directories name; the sensor's data are never developed.
Where a preview does not say how it is turned, the file does. A RAW without one is refused by name. Raise MAX_UPLOAD_MB for them.

| format | read, of previews |
| --- | --- |
${lines(raw)}
`).toMatchFileSnapshot('../../../docs/formats.md')
})
