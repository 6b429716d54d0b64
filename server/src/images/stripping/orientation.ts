import { readTiffOrientation } from '../sniffing/jpeg.ts'

/** An EXIF block that says how a picture is to be turned, and nothing else. */
function orientationExif(orientation: number): Buffer {
  const exif = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex')
  exif.writeUInt16BE(orientation, 18)
  return exif
}

/** What is left of an EXIF block: null where the picture stands as it is. */
export function turnAlone(exif: Buffer): Buffer | null {
  // Some writers put the name of JPEG's segment in front.
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif
  const orientation = readTiffOrientation(tiff)
  return orientation === undefined || orientation === 1 ? null : orientationExif(orientation)
}
