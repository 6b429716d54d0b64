import type { ImageRecord } from './record.ts'

/** Whether a record's URI or description has a text in it, whatever the case of either. */
export function hasText(
  text: string,
): (record: Pick<ImageRecord, 'imageUri' | 'description'>) => boolean {
  const wanted = text.toLowerCase()
  return ({ imageUri, description }) =>
    description.toLowerCase().includes(wanted) || imageUri.toLowerCase().includes(wanted)
}
