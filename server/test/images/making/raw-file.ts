import { box, u32 } from './heif-file.ts'
import { Block, long, tiffFile, type Directory } from './tiff-file.ts'
import type { RawFormat } from '../../../src/images/image.ts'

const jpegAt = (jpeg: Buffer): [number, Block | number][] => [
  [0x201, new Block(jpeg)],
  [0x202, long(jpeg.length)],
]
/** What a camera's sensor saw, which is not to be taken for a picture. */
const sensor = (): Directory =>
  new Map<number, number | Block>([
    [0x100, 96],
    [0x101, 72],
    [0x103, 1],
    [0x106, 32_803],
    [0x111, new Block(Buffer.alloc(96 * 72, 7))],
    [0x117, long(96 * 72)],
  ])

export interface RawOptions {
  /** The largest preview. */
  readonly preview: Buffer | null
  /** A smaller one, which must not be chosen. */
  readonly small: Buffer
  readonly orientation?: number
}

/** A file built as the format's cameras build theirs, as far as its previews are concerned. */
export function rawFile(
  format: RawFormat,
  { preview, small, orientation = 1 }: RawOptions,
): Buffer {
  const turn: [number, number] = [0x112, orientation]
  const thumbnail: Directory = new Map(preview ? jpegAt(small) : [])
  const inner: Directory = new Map(preview ? jpegAt(preview) : [])
  const classic = (make: string): Buffer =>
    tiffFile([new Map<number, never>([[0x10f, make], [0xfe, 1], turn, [0x14a, [inner, sensor()]]] as never), thumbnail]) // prettier-ignore
  switch (format) {
    case 'nef':
      return classic('NIKON CORPORATION')
    case 'pef':
      return classic('PENTAX Corporation')
    case 'srw':
      return classic('SAMSUNG')
    case 'arw':
      return tiffFile([
        new Map<number, never>([[0x10f, 'SONY'], turn, [0x14a, [sensor()]], ...(preview ? jpegAt(preview) : [])] as never), // prettier-ignore
        thumbnail,
      ])
    case 'dng': {
      const strip: Directory = preview ? new Map<number, never>([[0x103, 7], [0x106, 6], [0x111, new Block(preview)], [0x117, long(preview.length)]] as never) : new Map() // prettier-ignore
      return tiffFile([new Map<number, never>([[0x10f, 'Google'], [0xfe, 1], turn, [0xc612, Buffer.of(1, 4, 0, 0)], [0x14a, [sensor(), strip]]] as never)]) // prettier-ignore
    }
    case 'cr2':
      return tiffFile(
        [new Map<number, never>([[0x10f, 'Canon'], turn, [0x103, 6], ...(preview ? [[0x111, new Block(preview)], [0x117, long(preview.length)]] : [])] as never), thumbnail], // prettier-ignore
        { head: Buffer.from('II*\0\0\0\0\0CR\x02\0\0\0\0\0', 'latin1') },
      )
    case 'rw2':
      return tiffFile([new Map<number, never>([[0x10f, 'Panasonic'], turn, ...(preview ? [[0x2e, preview]] : [])] as never)], { head: Buffer.from('IIU\0\0\0\0\0', 'latin1') }) // prettier-ignore
    case 'orf':
      return orf(preview, turn)
    case 'raf':
      return raf(preview)
    case 'cr3':
      return cr3(preview, small, orientation)
  }
}

function orf(preview: Buffer | null, turn: [number, number]): Buffer {
  // Offsets within the maker's note count from its own beginning.
  const line = (tag: number, value: number) => {
    const entry = Buffer.alloc(12)
    entry.writeUInt16LE(tag)
    entry.writeUInt16LE(4, 2)
    entry.writeUInt32LE(1, 4)
    entry.writeUInt32LE(value, 8)
    return entry
  }
  const count = (entries: number) => Buffer.of(entries, 0)
  const settings = 12 + 2 + 12 + 4
  const at = settings + 2 + 24 + 4
  const note = Buffer.concat([
    Buffer.from('OLYMPUS\0II\x03\0', 'latin1'),
    count(1),
    line(0x2020, settings),
    Buffer.alloc(4),
    count(preview ? 2 : 0),
    ...(preview ? [line(0x101, at), line(0x102, preview.length)] : []),
    Buffer.alloc(4),
    preview ?? Buffer.alloc(0),
  ])
  const exif: Directory = new Map([[0x927c, note]])
  return tiffFile([new Map<number, never>([[0x10f, 'OLYMPUS'], turn, [0x8769, exif]] as never)], {
    head: Buffer.from('IIRO\0\0\0\0', 'latin1'),
  })
}

function raf(preview: Buffer | null): Buffer {
  const head = Buffer.alloc(148)
  head.write('FUJIFILMCCD-RAW 0201FF383501X-T2', 'latin1')
  head.writeUInt32BE(preview ? 148 : 0, 84)
  head.writeUInt32BE(preview?.length ?? 0, 88)
  return Buffer.concat([head, preview ?? Buffer.alloc(64), Buffer.alloc(5000, 9)])
}

function cr3(preview: Buffer | null, small: Buffer, orientation: number): Buffer {
  const uuid = (id: string, ...content: Buffer[]) => box('uuid', Buffer.from(id, 'hex'), ...content)
  const metadata = uuid(
    '85c0b687820f11e08111f4ce462b6a48',
    box('CMT1', tiffFile([new Map([[0x112, orientation]])])),
  )
  const ftyp = box('ftyp', Buffer.from('crx '), u32(1), Buffer.from('crx isom'))
  const track = (at: number) =>
    box('trak', box('mdia', box('minf', box('stbl', box('stsz', u32(0, preview!.length, 1)), box('co64', u32(0, 1, 0, at)))))) // prettier-ignore
  const moov = (at: number) => box('moov', metadata, ...(preview ? [track(at)] : []))
  const shown = preview ? uuid('eaf42b5e1c984b88b9fbb7dc406e4d16', Buffer.alloc(8), box('PRVW', Buffer.alloc(16), small)) : Buffer.alloc(0) // prettier-ignore
  const at = ftyp.length + moov(0).length + shown.length + 8
  return Buffer.concat([ftyp, moov(at), shown, box('mdat', preview ?? Buffer.alloc(64), Buffer.alloc(3000, 9))]) // prettier-ignore
}
