/** How tall rows want to be: two or three pictures across a phone, more on a wall of pixels. */
export function rowHeight(width: number): number {
  return Math.round(Math.min(280, 120 + width / 9))
}

export const rowGap = 12

/** Of a picture whose size is known; else a square. */
export function ratioOf(picture: { width: number | null; height: number | null }): number {
  return picture.width && picture.height ? picture.width / picture.height : 1
}
