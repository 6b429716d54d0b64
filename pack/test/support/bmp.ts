/** A picture in 24 bits a pixel, as Windows writes it: one that a process of its own decodes. */
export function bmp(width: number, height: number): Buffer<ArrayBuffer> {
  const row = Math.ceil((width * 3) / 4) * 4
  const file = Buffer.alloc(54 + row * height)
  file.write('BM')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  for (let at = 54; at < file.length; at++) file[at] = (at * 7) % 251
  return file
}
