/** Edges of a part, each as a share of the whole picture's width or height, 0 to 1. */
export interface Part {
  left: number
  top: number
  right: number
  bottom: number
}

/** A part of a picture in its own pixels, upright, as a JPEG; rejects where the browser cannot read the picture. */
export async function cutOut(file: File, part: Part, name: string): Promise<File> {
  const whole = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const x = Math.round(part.left * whole.width)
  const y = Math.round(part.top * whole.height)
  const width = Math.max(1, Math.round((part.right - part.left) * whole.width))
  const height = Math.max(1, Math.round((part.bottom - part.top) * whole.height))
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.drawImage(whole, x, y, width, height, 0, 0, width, height)
  whole.close()
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })
  return new File([blob], `${name.replace(/\.[^.]*$/, '')}.jpg`, { type: blob.type })
}
