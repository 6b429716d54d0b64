import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { box, codedPicture, heifFile } from './heif-file.ts'
import { encodedQuarters } from './encoded-quarters.ts'
import { quarters } from './quarters.ts'
import { rawFile } from './raw-file.ts'

/** Stands in every place of these files where something can be said beside the pixels. */
export const secret = 'LIVES-AT-10-HOME-STREET'

const exif = {
  IFD0: { Make: 'Maker', Artist: secret, Copyright: secret },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '13/1 24/1 0/1' }, // prettier-ignore
}
const xmp =
  '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights>${secret}</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

/** One record of IPTC in Photoshop's block of resources. */
function iptc(): Buffer {
  const text = Buffer.from(secret)
  const record = Buffer.concat([Buffer.of(0x1c, 2, 116, 0, text.length), text])
  const padded = Buffer.concat([record, Buffer.alloc(record.length % 2)])
  const head = Buffer.concat([Buffer.from('8BIM'), Buffer.of(4, 4, 0, 0, 0, 0, 0, record.length)])
  return Buffer.concat([head, padded])
}

function segment(marker: number, name: string, body: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const head = Buffer.of(0xff, marker, 0, 0)
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

function chunk(type: string, text: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), text])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(text.length)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}

/** A JPEG that says it in EXIF, GPS, XMP, IPTC, a comment, segments of makers, a thumbnail, and behind its end. */
async function tellingJpeg(image: Sharp, orientation = 1): Promise<Buffer> {
  const plain = await described(image, orientation).jpeg({ quality: 95 }).toBuffer()
  const more = [
    segment(0xed, 'Photoshop 3.0\0', iptc()),
    segment(0xe2, 'MPF\0', Buffer.from(secret)),
    segment(0xeb, 'JP', Buffer.from(secret)),
    segment(0xe0, 'JFXX\0', Buffer.from(secret)),
    segment(0xfe, '', Buffer.from(secret)),
  ]
  return Buffer.concat([plain.subarray(0, 2), ...more, plain.subarray(2), Buffer.from(secret)])
}

function described(image: Sharp, orientation = 1): Sharp {
  return image.withIccProfile('p3').withExif(exif).withMetadata({ orientation }).withXmp(xmp)
}

async function tellingPng(orientation: number): Promise<Buffer> {
  const plain = await described(quarters(), orientation).png().toBuffer()
  const text = (key: string) => Buffer.from(`${key}\0${secret}`)
  const more = [chunk('tEXt', text('Author')), chunk('tEXt', text('Raw profile type iptc')), chunk('prVt', text('x'))] // prettier-ignore
  return Buffer.concat([plain.subarray(0, 33), ...more, plain.subarray(33), Buffer.from(secret)])
}

async function tellingGif(): Promise<Buffer> {
  const frames = [await quarters().png().toBuffer(), await quarters().negate().png().toBuffer()]
  const plain = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer()
  const block = Buffer.concat([Buffer.of(secret.length), Buffer.from(secret), Buffer.of(0)])
  const at = 13 + (plain[10]! & 0x80 ? 3 * 2 ** ((plain[10]! & 7) + 1) : 0)
  const more = [Buffer.of(0x21, 0xfe), block, Buffer.of(0x21, 0xff, 11), Buffer.from('XMP DataXMP'), block] // prettier-ignore
  return Buffer.concat([plain.subarray(0, at), ...more, plain.subarray(at), Buffer.from(secret)])
}

async function exifBlock(): Promise<Buffer> {
  const { exif: block } = await sharp(await described(quarters()).webp().toBuffer()).metadata()
  return block!.subarray(block!.toString('latin1', 0, 4) === 'Exif' ? 6 : 0)
}

async function tellingJxl(): Promise<Buffer> {
  const boxes = [
    box('JXL ', Buffer.from('0d0a870a', 'hex')),
    box('ftyp', Buffer.from('jxl \0\0\0\0jxl ')),
    box('Exif', Buffer.alloc(4), await exifBlock()),
    box('xml ', Buffer.from(xmp)),
    box('jxlc', Buffer.from(encodedQuarters.jxl, 'base64')),
  ]
  return Buffer.concat(boxes)
}

/** A picture in each format that says where somebody lives wherever the format lets it. */
export async function tellingFiles(): Promise<Record<string, Buffer>> {
  const large = () => quarters(900, 700)
  return {
    'jpeg, its own thumbnail': await tellingJpeg(quarters()),
    'jpeg, its own thumbnail, to be turned': await tellingJpeg(quarters(), 6),
    jpeg: await tellingJpeg(large()),
    'jpeg, to be turned': await tellingJpeg(large(), 8),
    'jpeg, progressive': await tellingJpeg(quarters().jpeg({ progressive: true })),
    png: await tellingPng(1),
    'png, to be turned': await tellingPng(6),
    webp: await described(quarters()).webp({ lossless: true }).toBuffer(),
    'webp, to be turned': await described(quarters(), 3).webp({ lossless: true }).toBuffer(),
    gif: await tellingGif(),
    avif: Buffer.concat([await described(quarters()).avif().toBuffer(), box('uuid', Buffer.from(secret)), box('mpvd', Buffer.from(secret))]), // prettier-ignore
    heic: heifFile([codedPicture()], { exif: await exifBlock() }),
    jxl: await tellingJxl(),
  }
}

/** Those whose metadata cannot be taken out. */
export async function stubbornFiles(): Promise<Record<string, Buffer>> {
  const preview = await tellingJpeg(quarters(640, 480))
  return {
    tiff: await described(quarters()).tiff().toBuffer(),
    dng: rawFile('dng', { preview, small: preview }),
  }
}
