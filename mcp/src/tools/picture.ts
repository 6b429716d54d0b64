import { z } from 'zod'
import type { McpOptions } from '../options.ts'

const sources = {
  image: z.base64().optional().describe('The bytes of a picture, in base64'),
  url: z.url().optional().describe('A public address that the server fetches a picture from'),
}
const path = z.string().min(1).optional().describe('A file on this machine')

interface GivenPicture {
  image?: string | undefined
  url?: string | undefined
  path?: string | undefined
}

/** The arguments that name a picture, and how they are read. */
export function pictureArguments({ readFile }: McpOptions) {
  // What is optional is right for both.
  const shape = (readFile ? { ...sources, path } : sources) as typeof sources & {
    path: typeof path
  }
  const names = Object.keys(shape).join(', ')
  return {
    shape,
    names,
    /** @throws Error unless exactly one is given */
    async read(given: GivenPicture): Promise<Blob | string> {
      const { image, url, path: file } = given
      const count = [image, url, file].filter((each) => each !== undefined).length
      if (count !== 1) throw new Error(`Give exactly one of ${names}; ${count} were given.`)
      if (url !== undefined) return url
      if (image !== undefined) return new Blob([Buffer.from(image, 'base64')])
      return readFile!(file!)
    },
  }
}
