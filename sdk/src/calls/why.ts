import type { WhyResponse } from '../contract.ts'
import { form } from '../form.ts'
import { readJson, type Cancellable, type Http } from '../http.ts'
import { imagePath } from './images.ts'

/** What is asked about two pictures. */
export function whyCalls(http: Http) {
  return {
    /** Why two pictures are alike: ids of images of the library, or files. */
    async why(
      one: Blob | string,
      other: Blob | string,
      { signal }: Cancellable = {},
    ): Promise<WhyResponse> {
      if (typeof one === 'string' && typeof other === 'string') {
        return readJson(
          await http(`${imagePath(one)}/why`, { query: { to: other }, signal }),
          signal,
        )
      }
      // It is asked of a file; what both have in common is the same from either side.
      const [file, to] = typeof one === 'string' ? [other, one] : [one, other]
      const body = form({
        image_file: file,
        ...(typeof to === 'string' ? { to } : { to_file: to }),
      })
      const answer = await readJson<WhyResponse>(
        await http('/api/images/why', { method: 'POST', body, signal }),
        signal,
      )
      return typeof one === 'string' ? turned(answer) : answer
    },
  }
}

/** The same of the two pictures the other way round. */
function turned(answer: WhyResponse): WhyResponse {
  const { map } = answer
  return {
    ...answer,
    one: answer.other,
    other: answer.one,
    map: map && { ...map, one: map.other, other: map.one },
  }
}
