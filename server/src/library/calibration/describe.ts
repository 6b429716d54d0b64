import { leastPictures, type Sample, surePictures } from './sample.ts'

/** What the words of an answer rest on. */
export interface Calibrated {
  readonly sure: boolean
  /** Pictures that the query was compared with. */
  readonly pictures: number
  /** Why it is not sure, for people. */
  readonly detail: string | null
}

export function describeSample(sample: Sample | null): Calibrated {
  if (!sample) {
    return {
      sure: false,
      pictures: 0,
      detail: 'The store did not hand out pictures to compare with.',
    }
  }
  const { pictures, vectors } = sample
  const sure = pictures >= surePictures
  return { sure, pictures: vectors.length, detail: sure ? null : whyUnsure(pictures) }
}

function whyUnsure(pictures: number): string {
  const few = pictures === 1 ? 'There is only 1 picture' : `There are only ${pictures} pictures`
  return pictures < leastPictures
    ? `${few}: from ${leastPictures} on it can be told how alike two are, and from ${surePictures} on reliably.`
    : `${few}: how alike two are is a guess until there are ${surePictures}.`
}
