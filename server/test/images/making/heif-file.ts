import { encodedQuarters } from './encoded-quarters.ts'

export interface HeifPicture {
  readonly data: Buffer
  readonly hvcC: Buffer
  readonly width?: number
  readonly height?: number
  /** Further properties, as whole boxes, in the order in which they apply. */
  readonly properties?: Buffer[]
  /** A thumbnail of the picture with this id. */
  readonly thumbnailOf?: number
}

/** A picture that is put together of others, as telephones write theirs; it becomes the primary one. */
export interface HeifGrid {
  readonly columns: number
  readonly rows: number
  readonly width: number
  readonly height: number
}

/** The coded picture in one of the fixtures, to be put into other files. */
export function codedPicture(name: 'heic' | 'heic10' = 'heic'): HeifPicture {
  const file = Buffer.from(encodedQuarters[name], 'base64')
  const boxOf = (type: string) => {
    const at = file.indexOf(type, 0, 'latin1')
    return file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4))
  }
  return { hvcC: Buffer.from(boxOf('hvcC')), data: Buffer.from(boxOf('mdat')) }
}

export function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

const full = (version = 0, flags = 0) => u32((version << 24) | flags)
const u16 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, index) => bytes.writeUInt16BE(value, index * 2))
  return bytes
}
export const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, index * 4))
  return bytes
}

function gridData({ columns, rows, width, height }: HeifGrid): Buffer {
  return Buffer.concat([Buffer.of(0, 0, rows - 1, columns - 1), u16(width, height)])
}

/** Quarter turns against the clock. */
export const rotation = (quarterTurns: number) => box('irot', Buffer.of(quarterTurns))
/** 0 swaps top and bottom, 1 left and right. */
export const mirror = (axis: 0 | 1) => box('imir', Buffer.of(axis))
export const profile = (icc: Buffer) => box('colr', Buffer.from('prof'), icc)

/** An HEIF file of coded pictures, whose ids count from 1; the first is the primary one unless said otherwise. */
export function heifFile(
  pictures: HeifPicture[],
  { primary = 1, brands = ['heic', 'mif1'], exif, grid }: { primary?: number; brands?: string[]; exif?: Buffer; grid?: HeifGrid } = {}, // prettier-ignore
): Buffer {
  const items = [
    ...pictures.map(({ data }) => ({ type: 'hvc1', data })),
    ...(grid ? [{ type: 'grid', data: gridData(grid) }] : []),
    ...(exif ? [{ type: 'Exif', data: Buffer.concat([u32(0), exif]) }] : []),
  ]
  const gridId = pictures.length + 1
  const properties: Buffer[] = []
  // Pictures share what is the same: a number has seven bits here.
  const placeOf = (property: Buffer): number => {
    const known = properties.findIndex((other) => other.equals(property))
    return known === -1 ? properties.push(property) : known + 1
  }
  const associations = pictures.map(({ hvcC, width = 128, height = 64, properties: more = [] }) => {
    const own = [box('hvcC', hvcC), box('ispe', full(), u32(width, height)), ...more]
    return own.map(placeOf)
  })
  if (grid) associations.push([placeOf(box('ispe', full(), u32(grid.width, grid.height)))])
  const infe = items.map(({ type }, index) => {
    const isTile = grid && index < pictures.length
    return box('infe', full(2, isTile ? 1 : 0), u16(index + 1, 0), Buffer.from(`${type}\0`))
  })
  const references = pictures.flatMap(({ thumbnailOf }, index) =>
    thumbnailOf ? [box('thmb', u16(index + 1, 1, thumbnailOf))] : [],
  )
  if (grid) {
    references.push(box('dimg', u16(gridId, pictures.length, ...pictures.map((_, at) => at + 1))))
  }
  if (exif) references.push(box('cdsc', u16(items.length, 1, primary)))
  const head = box('ftyp', Buffer.from(brands[0]!), u32(0), ...brands.map((b) => Buffer.from(b)))
  const meta = (dataAt: number) => {
    let at = dataAt
    const extents = items.map(({ data }, index) => {
      const entry = Buffer.concat([u16(index + 1, 0, 1), u32(at, data.length)])
      at += data.length
      return entry
    })
    return box(
      'meta',
      full(),
      box('hdlr', full(), u32(0), Buffer.from('pict'), Buffer.alloc(13)),
      box('pitm', full(), u16(grid ? gridId : primary)),
      box('iloc', full(), Buffer.of(0x44, 0), u16(items.length), ...extents),
      box('iinf', full(), u16(items.length), ...infe),
      ...(references.length > 0 ? [box('iref', full(), ...references)] : []),
      box(
        'iprp',
        box('ipco', ...properties),
        box(
          'ipma',
          full(),
          u32(associations.length),
          ...associations.map((own, index) =>
            Buffer.concat([u16(index + 1), Buffer.of(own.length, ...own)]),
          ),
        ),
      ),
    )
  }
  const dataAt = head.length + meta(0).length + 8
  return Buffer.concat([head, meta(dataAt), box('mdat', ...items.map(({ data }) => data))])
}
